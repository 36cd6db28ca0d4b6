"""What people write in expressions from habit, and what they are to write instead."""

from __future__ import annotations

import re
from collections.abc import Sequence
from typing import NamedTuple, Protocol

from procdef.expression.syntax.spoken_comparisons import comparison
from procdef.words_of_languages import JOINTS, SWITCHES, UNITS, plain


class Token(Protocol):
    """A word, value or sign, and where it stands."""

    @property
    def kind(self) -> str: ...
    @property
    def text(self) -> str: ...
    @property
    def start(self) -> int: ...
    @property
    def end(self) -> int: ...


class Habit(NamedTuple):
    """From where to where it stands, what to say, and what to write instead where that is certain.

    In the sentence ``{fix}`` is what to write, and ``{word}`` the token at fault.
    """

    start: int
    end: int
    sentence: str
    fix: str | None = None


_CURRENCY = re.compile(r"[A-Z]{3}|euros?|eur|dollars?|pounds?")
_PERCENT = frozenset(["percent", "percents", "percentage", "pct", "procent", "prosenttia"])
_JOINTS = frozenset(["AND", "And", "OR", "Or", "NOT", "IN", "IS"])
_DAYS = frozenset(
    ["weekday", "weekend", "workday", "holiday", "monday", "tuesday", "wednesday", "thursday", "friday", "saturday", "sunday"]
)
_NO_DAYS = "expressions know dates, but not the days of the week: working days count in an sla only, as in 3 business days"
_FUNCTIONS = {
    **dict.fromkeys(("sum", "suma", "somme", "summe", "summa", "somma", "soma", "sumif", "sumifs"), "sum"),
    **dict.fromkeys(("count", "counta", "countif", "contar", "contara"), "count"),
    **dict.fromkeys(("anzahl", "nbval", "nb", "laske", "antal", "aantal"), "count"),
    **dict.fromkeys(("min", "minimum", "minimo"), "min"),
    **dict.fromkeys(("max", "maximum", "maximo", "maks"), "max"),
    **dict.fromkeys(("any", "some"), "any"),
    **dict.fromkeys(("all", "every"), "all"),
}
"""Functions on lists, in other programs and languages, by those of expressions."""
_NO_FUNCTION = 'there is no "{word}" in expressions: only any, all, count, sum, min and max look into a list'
_CLOCK = ("today", "now")
_IS = '"is" goes with set and done only: write {fix}'
_MOST_WORDS = 8
_STATES = {"empty": "set", "blank": "set", "null": "set", "missing": "set", "none": "set", "filled": "set"}


def habit(tokens: Sequence[Token], at: int) -> Habit | None:
    """What is known of the token at a place that fits nothing there."""
    here, before = tokens[at], tokens[max(at - 1, 0)]
    if before.text == "if" and at == 1:
        return Habit(before.start, before.end, 'an expression is a condition already: leave out "if" and "then"')
    if before.kind == "number" and here.kind in ("number", "word"):
        found = _after_number(before, here)
        if found is not None or here.kind == "number":
            return found
    if here.text == "(" and before.text.lower() in _CLOCK and tokens[at + 1].text == ")":
        sentence = "{word} stands alone, without parentheses: write {fix}"
        return Habit(before.start, tokens[at + 1].end, sentence, before.text.lower())
    if here.text == "(" and before.kind == "word" and before.text != "in" and at > 0:
        meant = _FUNCTIONS.get(plain(before.text))
        sentence = _NO_FUNCTION + (": write {fix}" if meant else "")
        return Habit(before.start, before.end, sentence, meant if meant != before.text else None)
    if here.text == "%" and before.text == "%":
        return Habit(here.start, here.end, "one % is enough: remove this one")
    if before.text == "is" or (before.text == "not" and at > 1 and tokens[at - 2].text == "is"):
        return _after_is(tokens, at)
    if before.text == "in" and (here.kind in ("word", "text") or here.text == "("):
        return _unlisted(tokens, at)
    if here.kind == "word" and (said := comparison(_words(tokens, at))):
        return Habit(here.start, tokens[at + said[1] - 1].end, "comparisons are written as signs: write {fix}", said[0])
    if here.kind == "word" and plain(here.text) in JOINTS and before.kind != "sign":
        sentence = 'conditions are joined by "and" and "or": write {fix}'
        return Habit(here.start, here.end, sentence, JOINTS[plain(here.text)])
    if at == 1 and here.kind == "word" and SWITCHES.get(plain(before.text), before.text.lower()) in ("false", "no"):
        return Habit(before.start, before.end, "what must not hold begins with not: write {fix}", "not")
    return None


def split_sign(tokens: Sequence[Token], at: int) -> Habit | None:
    """A comparison of two signs, as ``> =`` and ``===``; ``at`` is the equals sign that fits nothing."""
    before, after = tokens[max(at - 1, 0)], tokens[min(at + 1, len(tokens) - 1)]
    sentence = "a comparison is one sign: write {fix}"
    if before.text in ("<", ">", "==", "!="):
        return Habit(before.start, tokens[at].end, sentence, f"{before.text[0]}=")
    if after.text in ("=", "==", "<", ">"):
        return Habit(tokens[at].start, after.end, sentence, f"{after.text.strip('=') or '='}=")
    return None


def _words(tokens: Sequence[Token], at: int) -> list[str]:
    """The words that follow one another from a place on."""
    found = []
    for token in tokens[at : at + _MOST_WORDS]:
        if token.kind != "word":
            break
        found.append(token.text)
    return found


def _unlisted(tokens: Sequence[Token], at: int) -> Habit:
    """Options behind ``in`` without brackets, or in parentheses."""
    opened = tokens[at].text == "("
    items, place = [], at + opened
    while tokens[place].kind in ("word", "text", "number"):
        items.append(tokens[place].text)
        if tokens[place + 1].text != ",":
            break
        place += 2
    end = tokens[place + 1] if opened and tokens[place + 1].text == ")" else tokens[place]
    return Habit(tokens[at].start, end.end, '"in" takes a list in brackets: write {fix}', f"[{', '.join(items)}]")


def _after_number(number: Token, here: Token) -> Habit | None:
    if here.kind == "number":
        if len(here.text) != 3 or not here.text.isdigit() or not number.text.isdigit():
            return None
        fix = number.text + here.text
        return Habit(number.start, here.end, "a number has no spaces in it: write {fix}", fix)
    if plain(here.text) in UNITS:
        fix = f"{number.text} {UNITS[plain(here.text)]}"
        return Habit(number.start, here.end, "units of time are English: write {fix}", fix)
    if here.text.lower() in _PERCENT:
        fix = f"{number.text} %"
        return Habit(number.start, here.end, "percent is written as a sign: write {fix}", fix)
    if here.text in _JOINTS:
        return Habit(here.start, here.end, "write {fix} in lower case", here.text.lower())
    if _CURRENCY.fullmatch(here.text):
        sentence = "an amount is written without its currency, which the process names: write {fix}"
        return Habit(number.start, here.end, sentence, number.text)
    return None


def _after_is(tokens: Sequence[Token], at: int) -> Habit | None:
    here, negated = tokens[at], tokens[at - 1].text == "not"
    word = tokens[at - 2 if negated else at - 1]
    if here.kind not in ("word", "text", "number"):
        return None
    said = comparison(_words(tokens, at), negated)
    if said is not None:
        sign, end = said[0], at + said[1] - 1
        if sign.endswith("in") and tokens[end + 1].text != "[":
            listed = _unlisted(tokens, end + 1)
            return Habit(word.start, listed.end, _IS, f"{sign} {listed.fix}")
        return Habit(word.start, tokens[end].end, _IS, sign)
    if here.text.lower().removesuffix("s") in _DAYS:
        return Habit(word.start, here.end, _NO_DAYS)
    if here.text in _STATES:
        lacking = (here.text != "filled") != negated
        fix = "is not set" if lacking else "is set"
    else:
        fix = f"{'!=' if negated else '=='} {here.text}"
    return Habit(word.start, here.end, _IS, fix)
