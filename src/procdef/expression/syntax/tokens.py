"""The words, values and signs of an expression."""

from __future__ import annotations

import re
from dataclasses import dataclass

from procdef.diagnostics import Finding, Place
from procdef.expression.syntax.unexpected_characters import foreign, stray
from procdef.lookalikes import lookalike

MOST_CHARACTERS = 1000
MOST_TOKENS = 250
_TOKEN = re.compile(
    r"""(?P<blank>\s+)
      | (?P<date>[0-9]{4}-[0-9]{2}-[0-9]{2}(?![0-9A-Za-z_]))
      | (?P<number>[0-9]+(\.[0-9]+)?(?![A-Za-z_]))
      | (?P<word>[A-Za-z_][A-Za-z0-9_]*(\.[A-Za-z_][A-Za-z0-9_]*)*)
      | (?P<text>"(\\["\\]|[^"\\\n])*")
      | (?P<sign>==|!=|<=|>=|[-<>+*%()\[\],=])""",
    re.VERBOSE,
)


_LETTERS = re.compile(r"[^\W\d][\w\u0300-\u036f]*(?:\.[^\W\d][\w\u0300-\u036f]*)*")


@dataclass(frozen=True, slots=True)
class Token:
    """A word, value or sign, and where it stands. ``kind`` is the name of its group above, or ``end``."""

    kind: str
    text: str
    start: int
    end: int


class SyntaxFault(Exception):
    """The text is no expression; ``fault`` says where and why."""

    def __init__(
        self, code: str, start: int, end: int, sentence: str, fix: str | None = None, **details: object
    ) -> None:
        super().__init__(code)
        self.fault = Finding(code, Place((), "value", start, end), sentence, fix=fix, details=details)


def tokenize(text: str) -> list[Token]:
    """The tokens of an expression, and the end; raises ``SyntaxFault``."""
    tokens: list[Token] = []
    place = 0
    while place < len(text):
        match = _TOKEN.match(text, place)
        letters = _LETTERS.match(text, place) if not text.isascii() else None
        if letters is not None and not letters[0].isascii() and lookalike(letters[0]) is None:
            tokens.append(Token("word", letters[0], place, letters.end()))  # no name has such letters; it is told as a whole
            place = letters.end()
            continue
        wrong = foreign(text, place)
        if wrong is None and (match is None or text.startswith(("<>", "=>", "=<"), place)):
            wrong = stray(text, place)
        if wrong is not None:
            written = text[place : wrong.end]
            shown = written if written.isprintable() else f"U+{ord(written[0]):04X}"
            start = place if wrong.start is None else wrong.start
            odd = {"name": wrong.odd.name, "sign": wrong.odd.sign} if wrong.odd else {}
            details = {"written": shown, "readings": " or ".join(wrong.readings), **odd}
            raise SyntaxFault("expression-syntax", start, wrong.end, wrong.sentence, wrong.fix, **details)
        assert match is not None
        if match.lastgroup != "blank":
            tokens.append(Token(str(match.lastgroup), match.group(), place, match.end()))
        place = match.end()
    if len(tokens) > MOST_TOKENS:
        sentence = "an expression has at most {most} words and signs, this one {here}: split it"
        raise SyntaxFault("too-long", 0, len(text), sentence, most=MOST_TOKENS, here=len(tokens))
    tokens.append(Token("end", "", len(text), len(text)))
    return tokens
