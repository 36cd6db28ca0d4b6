"""What was likely meant where the text of an expression holds something that is no word, value or sign of it."""

from __future__ import annotations

import re
from dataclasses import dataclass
from datetime import date

from procdef.lookalikes import Lookalike, lookalike, plain_letters

_CURRENCY = "an amount is written without its currency, which the process names: leave out the sign"
_BEFORE = re.compile(r"[€$£]\s*(?P<amount>[0-9][0-9.,]*)")
_BEHIND = re.compile(r"(?P<amount>[0-9][0-9.,]*)\s*$")
_QUOTES = 'text is written in double quotes: write "..."'
_PLAIN = {
    '"': "this quotation mark is not closed: end the text with another one",
    "'": _QUOTES,
    "“": 'text is written in straight double quotes: write "..."',
    "”": 'text is written in straight double quotes: write "..."',
    "/": "there is no division: multiply the other side, as in offer_value >= seats * 30",
    **dict.fromkeys("€$£", _CURRENCY),
    "!": 'write "not", or != between two values',
}
_SIGNS = re.compile(r"(?P<quoted>'[^'\"\\\n]*')|(?P<word>&&?|\|\|?)|(?P<sign><>|=>|=<|[≠≥≤])")
_MEANT = {"&": "and", "|": "or", "<>": "!=", "=>": ">=", "=<": "<=", "≠": "!=", "≥": ">=", "≤": "<="}
_FOREIGN = re.compile(
    r"""(?P<moment>[0-9]{4}-[0-9]{2}-[0-9]{2}[T ][0-9]{2}:[0-9]{2}(:[0-9]{2})?(Z|[+-][0-9]{2}:[0-9]{2})?)
      | (?P<date>[0-9]{1,2}\.[0-9]{1,2}\.[0-9]{4})
      | (?P<slashed>[0-9]{1,2}/[0-9]{1,2}/[0-9]{4})
      | (?P<duration>(?P<amount>[0-9]+)(?P<unit>(minute|hour|day|week|month|year)s?)(?![0-9A-Za-z_-]))
      | (?P<thousands>[1-9][0-9]{0,2})[kK](?![0-9A-Za-z_-])
      | (?P<glued>[0-9][0-9A-Za-z_.]*[A-Za-z_][0-9A-Za-z_-]*)""",
    re.VERBOSE,
)


@dataclass(frozen=True, slots=True)
class Stray:
    """The end of what does not belong, what to say of it, and what to write instead where that is certain.

    In the sentence ``{written}`` is what does not belong, ``{readings}`` what it may mean. It may ``start`` before the place
    that was asked for; ``odd`` is the character in it that looks like another one.
    """

    end: int
    sentence: str
    fix: str | None = None
    start: int | None = None
    odd: Lookalike | None = None
    readings: tuple[str, ...] = ()


def foreign(text: str, place: int) -> Stray | None:
    """What begins with a digit at a place and is no value: a date, a time, a duration or an id in another notation.

    Read as a number and what follows it, it would be told at a character in its midst.
    """
    found = _FOREIGN.match(text, place)
    if found is None:
        return None
    if found["moment"]:
        fix = f'"{found[0].replace(" ", "T")}"'
        return Stray(found.end(), "a date and time is written in double quotes: write {fix}", fix)
    if found["date"]:
        return Stray(found.end(), *_day(found[0]))
    if found["slashed"]:
        return _slashed(found[0], found.end())
    if found["duration"]:
        fix = f"{found['amount']} {found['unit']}"
        return Stray(found.end(), "a number and its unit have a space between them: write {fix}", fix)
    if found["thousands"]:
        return Stray(found.end(), "a number is written in full: write {fix}", f"{found['thousands']}000")
    sentence = '"{written}" is not a number, which has digits only; if it is an option, write it in quotes, "{written}"'
    return Stray(found.end(), sentence)


def _day(written: str) -> tuple[str, str | None]:
    day, month, year = (int(part) for part in written.split("."))
    try:
        fix = date(year, month, day).isoformat()
    except ValueError:
        return "{written} is not a date, which is written with the year first, as 2026-01-31", None
    return "a date is written with the year first: write {fix}", fix


def _slashed(written: str, end: int) -> Stray:
    """A date with slashes: the month comes first in America and second elsewhere."""
    first, second, year = (int(part) for part in written.split("/"))
    days = []
    for month, day in ((first, second), (second, first)):
        try:
            days.append(date(year, month, day).isoformat())
        except ValueError:
            continue
    if not days:
        return Stray(end, "{written} is not a date, which is written with the year first, as 2026-01-31")
    if len(set(days)) == 1:
        return Stray(end, "a date is written with the year first: write {fix}", days[0])
    return Stray(end, "a date is written with the year first: write {readings}", readings=tuple(days))


_WORD = re.compile(r"[^\s\x00-\x2f:-@\[-^`{-~]+")
_ODD = "here is {name}, which only looks like \"{sign}\": write {fix}"
_UNSEEN = "here is {name}, which cannot be seen: write {fix}"


def _lookalike(text: str, place: int, odd: Lookalike) -> Stray:
    """A character that looks like another, or like nothing, with the word that it stands in."""
    word = next((one for one in _WORD.finditer(text) if one.start() <= place < one.end()), None)
    start, end = word.span() if word is not None else (place, place + 1)
    return Stray(end, _UNSEEN if odd.sign == "" else _ODD, plain_letters(text[start:end]), start, odd)


def _priced(text: str, place: int) -> Stray | None:
    """An amount with the sign of a currency before or behind it."""
    before, behind = _BEFORE.match(text, place), _BEHIND.search(text[:place])
    sentence = "an amount is written without its currency, which the process names: write {fix}"
    if before is not None:
        return Stray(before.end(), sentence, before["amount"])
    return None if behind is None else Stray(place + 1, sentence, behind["amount"], behind.start())


def stray(text: str, place: int) -> Stray:
    """What is wrong with a character that begins no word, value or sign."""
    other = _SIGNS.match(text, place)
    if other is not None:
        fix = f'"{other[0][1:-1]}"' if other["quoted"] else _MEANT[other[0][0] if other["word"] else other[0]]
        if other["word"]:
            fix = " " * (not text[:place][-1:].isspace()) + fix + " " * (not text[other.end() :][:1].isspace())
        return Stray(other.end(), _QUOTES if other["quoted"] else "write {fix}", fix)
    if text[place] in "€$£" and (priced := _priced(text, place)) is not None:
        return priced
    known = _PLAIN.get(text[place])
    odd = lookalike(text[place]) if known is None else None
    if odd is not None:
        return _lookalike(text, place, odd)
    return Stray(place + 1, known or '"{written}" does not belong in an expression')
