"""Where the parser stands among the tokens, and what is wrong with the one that fits nothing there."""

from __future__ import annotations

from procdef.expression.syntax.foreign_syntax import habit, split_sign
from procdef.expression.syntax.tokens import SyntaxFault, Token
from procdef.words_of_languages import JOINTS, plain

COMPARISONS = ("==", "!=", "<", "<=", ">", ">=")
KEYWORDS = frozenset(
    ("and", "or", "not", "in", "between", "contains", "is", "set", "done", "where", "any", "all", "count")
)
"""The words that are no name anywhere; the other reserved ones may still be an option's id."""
END = "the end of the expression"
"""What is wanted behind a whole expression."""
_UP_TO = frozenset(("to", "till", "until", "through", "a", "hasta", "bis", "tot"))
_MOST_DEPTH = 24


class Cursor:
    """A place among the tokens; ``take`` and ``need`` go on from it."""

    def __init__(self, tokens: list[Token], length: int) -> None:
        self.tokens = tokens
        self.at = 0
        self.depth = 0
        self.length = length

    @property
    def here(self) -> Token:
        """The next token."""
        return self.tokens[self.at]

    @property
    def following(self) -> Token:
        """The token after the next."""
        return self.tokens[min(self.at + 1, len(self.tokens) - 1)]

    def take(self, *texts: str) -> Token | None:
        """The next word or sign, where it is one of these."""
        token = self.here
        if token.kind in ("word", "sign") and token.text in texts:
            self.at += 1
            return token
        return None

    def need(self, text: str) -> Token:
        """The next word or sign, which is this; raises ``SyntaxFault``."""
        token = self.take(text)
        if token is not None:
            return token
        here = self.here
        if text == "and" and here.kind == "word" and (JOINTS.get(plain(here.text)) == "and" or here.text.lower() in _UP_TO):
            sentence = "between joins its two ends with and: write {fix}"
            raise SyntaxFault("expression-syntax", here.start, here.end, sentence, "and")
        raise self.unexpected(f'"{text}"')

    def unexpected(self, wanted: str) -> SyntaxFault:
        """What is wrong with the next token, which is not what was wanted."""
        token = self.here
        fix = None
        if token.text in ("=", "==") and (split := split_sign(self.tokens, self.at)) is not None:
            return SyntaxFault("expression-syntax", *split)
        if token.text == "=":
            sentence, fix = 'one "=" compares nothing: use ==', "=="
        elif (comma := self._comma()) is not None:
            return comma
        elif (known := habit(self.tokens, self.at)) is not None:
            return SyntaxFault("expression-syntax", *known, word=self.tokens[max(self.at - 1, 0)].text)
        elif token.text in COMPARISONS:
            sentence = "comparisons cannot be chained: use between, or join two comparisons with and"
        elif token.text.lower() in KEYWORDS and token.text not in KEYWORDS:
            sentence, fix = "write {fix} in lower case", token.text.lower()
        else:
            return self._misfit(wanted)
        end = token.end if token.kind != "end" else max(self.length, 1)
        start = token.start if token.kind != "end" else max(self.length - 1, 0)
        return SyntaxFault("expression-syntax", start, end, sentence, fix, wanted=wanted, found=token.text)

    def _misfit(self, wanted: str) -> SyntaxFault:
        """What is wrong with a token that fits nothing, in plain words, where no habit explains it."""
        token = self.here
        opened = self._unclosed()
        ended = token.kind == "end"
        if wanted in ('")"', '"]"') and ended and opened is not None:
            sentence = 'this "{opened}" is not closed: write {wanted} where it ends'
            return SyntaxFault("expression-syntax", opened.start, opened.end, sentence, opened=opened.text, wanted=wanted)
        start = token.start if not ended else max(self.length - 1, 0)
        end = token.end if not ended else max(self.length, 1)
        if ended:
            sentence = "the expression breaks off here: {wanted} is due"
        elif wanted == END:
            sentence = (
                'there is no "{found}" to go with this ")": remove it, or add the other one'
                if token.text == ")"
                else '"{found}" does not fit behind what stands before it: conditions are joined by "and" or "or", '
                "as in price >= 3000 and source == fair"
            )
        else:
            sentence = '"{found}" does not fit here: {wanted} is due'
        found = "(" if wanted == END and token.text == ")" else token.text
        return SyntaxFault("expression-syntax", start, end, sentence, wanted=wanted, found=found)

    def _unclosed(self) -> Token | None:
        """The innermost parenthesis or bracket before the next token that is still open."""
        opened: list[Token] = []
        for token in self.tokens[: self.at]:
            if token.kind == "sign" and token.text in ("(", "["):
                opened.append(token)
            elif token.kind == "sign" and token.text in (")", "]") and opened:
                opened.pop()
        return opened[-1] if opened else None

    def _comma(self) -> SyntaxFault | None:
        """The fault of a comma within a number: of a decimal, or between thousands."""
        before, token, after = self.tokens[self.at - 1], self.here, self.following
        joined = before.end == token.start and token.end == after.start
        if token.text != "," or not joined or (before.kind, after.kind) != ("number", "number"):
            return None
        thousands = len(after.text.partition(".")[0]) == 3 and before.text != "0" and "." not in before.text
        decimal = f"{before.text.replace('.', '')}.{after.text}"
        fix, end, at = before.text + after.text if thousands else decimal, after.end, self.at + 2
        while (
            thousands
            and [token.kind for token in self.tokens[at : at + 2]] == ["sign", "number"]
            and self.tokens[at].text == ","
        ):
            fix, end, at = fix + self.tokens[at + 1].text, self.tokens[at + 1].end, at + 2
        if self.tokens[at].text == "%":
            fix, end = f"{fix} %", self.tokens[at].end
        sentence = "a number has no thousands separators" if thousands else "a decimal is written with a point"
        return SyntaxFault("expression-syntax", before.start, end, sentence + ": write {fix}", fix)

    def deeper(self, token: Token) -> None:
        """Note that what follows nests; raises ``SyntaxFault`` where it nests too deep."""
        self.depth += 1
        if self.depth > _MOST_DEPTH:
            sentence = "an expression nests at most {most} deep: split it"
            raise SyntaxFault("too-long", token.start, token.end, sentence, most=_MOST_DEPTH)
