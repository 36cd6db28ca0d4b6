"""Formulas of spreadsheets, and capitals: ``=AND(price>3000,NOT(ISBLANK(need)))`` is ``price > 3000 and need is set``."""

from __future__ import annotations

import re
from typing import NamedTuple

_MARKS = re.compile(
    r"""^\s*=(?!=) | (?<![\w.])(?:AND|And|OR|Or|NOT|Not|TRUE|FALSE)(?![\w.])
      | (?<![\w.])(?:AND|OR|NOT|IF|ISBLANK|TODAY|NOW)\s*\(""",
    re.VERBOSE,
)
_CALLED = re.compile(r"(?<![\w.])(?:if|isblank|today|now)\s*\(", re.IGNORECASE)
_TOKEN = re.compile(r"""\s*("(?:[^"])*"|[\w.]+|<>|<=|>=|==|!=|[-+*/%(),;=<>\[\]])""")
_COMPARED = {"=": "==", "<>": "!=", "==": "==", "!=": "!=", "<": "<", ">": ">", "<=": "<=", ">=": ">="}
_SMALL = frozenset(["and", "or", "not", "true", "false", "in", "between", "contains", "is", "set", "done", "where"])
_CALLS = frozenset(["and", "or", "not", "if", "isblank", "today", "now"])
_DEEPEST = 12
_IN_LANGUAGES = {
    **dict.fromkeys(("SI", "WENN", "JOS", "SE", "OM", "ALS"), "IF"),
    **dict.fromkeys(("Y", "UND", "ET", "JA", "E", "OCH", "EN"), "AND"),
    **dict.fromkeys(("O", "ODER", "OU", "TAI", "ELLER", "OF"), "OR"),
    **dict.fromkeys(("NO", "NICHT", "NON", "EI", "ICKE", "NIET"), "NOT"),
    **dict.fromkeys(("ESBLANCO", "ISTLEER", "ESTVIDE", "VAL.VUOTO", "ONTYHJÄ"), "ISBLANK"),
    **dict.fromkeys(("HOY", "HEUTE", "AUJOURDHUI", "OGGI", "HOJE", "IDAG", "VANDAAG"), "TODAY"),
}
"""Functions as spreadsheets call them in other languages."""
_FOREIGN_CALL = re.compile(r"(?<![\w.])(" + "|".join(map(re.escape, _IN_LANGUAGES)) + r")(?=\s*\()")
_TRUTHS = {"VERDADERO": "TRUE", "WAHR": "TRUE", "VRAI": "TRUE", "TOSI": "TRUE", "VERO": "TRUE",
           "FALSO": "FALSE", "FALSCH": "FALSE", "FAUX": "FALSE", "EPÄTOSI": "FALSE"}  # fmt: skip
_TRUTH = re.compile(r"(?<![\w.])(" + "|".join(_TRUTHS) + r")(?![\w.(])")


class _Part(NamedTuple):
    """A part of the expression, and what joins it: ``and``, ``or``, ``not``, or nothing where it stands together anyhow."""

    text: str
    joint: str = ""


class _Unknown(Exception):
    """This is no formula that can be written as an expression."""


def respelt(text: str) -> str | None:
    """How to write what looks like a formula of a spreadsheet, or has its words in capitals; None for anything else."""
    if '"' not in text:
        text = _FOREIGN_CALL.sub(lambda found: _IN_LANGUAGES[found[1]], text)
        text = _TRUTH.sub(lambda found: _TRUTHS[found[1]], text)
    bare = re.sub(r'"[^"]*"', '""', text)
    if not (_MARKS.search(bare) or _CALLED.search(bare)):
        return None
    tokens = [found[1] for found in _TOKEN.finditer(text)]
    if "".join(tokens) != "".join(re.sub(r'\s+(?=(?:[^"]*"[^"]*")*[^"]*$)', "", text)) or len(tokens) > 250:
        return None
    if tokens[:1] == ["="]:
        tokens = tokens[1:]
    reader = _Reader(tokens)
    try:
        whole = reader.expression(0)
    except _Unknown:
        return None
    return whole.text if reader.at == len(tokens) else None


class _Reader:
    def __init__(self, tokens: list[str]) -> None:
        self.tokens = tokens
        self.at = 0

    @property
    def here(self) -> str:
        return self.tokens[self.at] if self.at < len(self.tokens) else ""

    def take(self, *signs: str) -> bool:
        if self.here.lower() in signs:
            self.at += 1
            return True
        return False

    def expression(self, depth: int) -> _Part:
        """Comparisons joined by ``and`` and ``or``."""
        if depth > _DEEPEST:
            raise _Unknown
        part = self.negation(depth)
        while self.here.lower() in ("and", "or"):
            joint = self.here.lower()
            self.at += 1
            part = _joined(joint, [part, self.negation(depth)])
        return part

    def negation(self, depth: int) -> _Part:
        if self.here.lower() == "not" and self.following() != "(":
            self.at += 1
            return _negated(self.negation(depth + 1))
        return self.comparison(depth)

    def comparison(self, depth: int) -> _Part:
        left = self.operand(depth)
        sign = _COMPARED.get(self.here)
        if sign is None:
            return left
        self.at += 1
        right = self.operand(depth)
        if left.joint or right.joint:
            raise _Unknown
        if right.text == '""' and sign in ("==", "!="):
            return _Part(f"{left.text} is {'not ' if sign == '==' else ''}set")
        return _Part(f"{left.text} {sign} {right.text}", "compare")

    def operand(self, depth: int) -> _Part:
        """A call, something in parentheses, or words and values up to the next sign that ends them."""
        word = self.here.lower()
        if word in _CALLS and self.following() == "(":
            self.at += 2
            return self.called(word, depth + 1)
        if self.take("("):
            inner = self.expression(depth + 1)
            self.need(")")
            return _Part(f"({inner.text})") if inner.joint else inner
        words: list[str] = []
        while self.here and self.here not in _COMPARED and self.here not in ("(", ")", ",", ";", "["):
            if self.here.lower() in ("and", "or", "not"):
                break
            words.append(self.here.lower() if self.here.lower() in _SMALL else self.here)
            self.at += 1
        if not words:
            raise _Unknown
        return _Part(" ".join(words))

    def called(self, word: str, depth: int) -> _Part:
        """What a function of the spreadsheet says, from behind its opening parenthesis on."""
        parts: list[_Part] = []
        while self.here != ")":
            parts.append(self.expression(depth))
            if not self.take(",", ";") and self.here != ")":
                raise _Unknown
        self.need(")")
        if word in ("today", "now") and not parts:
            return _Part(word)
        if word in ("and", "or") and parts:
            return _joined(word, parts)
        if word == "isblank" and len(parts) == 1:
            return _Part(f"{parts[0].text} is not set")
        if word == "not" and len(parts) == 1:
            return _negated(parts[0])
        if word == "if" and parts:
            return _branched(parts)
        raise _Unknown

    def following(self) -> str:
        return self.tokens[self.at + 1] if self.at + 1 < len(self.tokens) else ""

    def need(self, sign: str) -> None:
        if not self.take(sign):
            raise _Unknown


def _joined(joint: str, parts: list[_Part]) -> _Part:
    other = "or" if joint == "and" else "and"
    texts = [f"({part.text})" if part.joint == other else part.text for part in parts]
    return _Part(f" {joint} ".join(texts), joint if len(parts) > 1 else parts[0].joint)


def _negated(part: _Part) -> _Part:
    for state in ("set", "done"):
        if part.text.endswith(f" is not {state}") and part.joint == "":
            return _Part(f"{part.text.removesuffix(f' is not {state}')} is {state}")
    return _Part(f"not ({part.text})" if part.joint else f"not {part.text}", "not")


def _branched(parts: list[_Part]) -> _Part:
    """``IF(condition, yes, no)``, where yes and no are conditions, or true and false."""
    condition, *ends = parts
    if len(ends) > 2:
        raise _Unknown
    yes = ends[0].text if ends else "true"
    no = ends[1].text if len(ends) == 2 else "false"
    if (yes, no) in (("true", "false"), ("1", "0")):
        return condition
    if (yes, no) in (("false", "true"), ("0", "1")):
        return _negated(condition)
    if no == "false":
        return _joined("and", [condition, ends[0]])
    if yes == "true":
        return _joined("or", [condition, ends[1]])
    return _joined("or", [_joined("and", [condition, ends[0]]), _joined("and", [_negated(condition), ends[1]])])
