"""What was likely meant where the text of an expression holds something that is no word, value or sign of it."""

from __future__ import annotations

import re
from dataclasses import dataclass
from datetime import date

_PLAIN = {
    '"': "a quotation mark that nothing closes: end the text with another",
    "'": 'text stands in double quotes: write "..."',
    "“": 'text stands in straight double quotes: write "..."',
    "”": 'text stands in straight double quotes: write "..."',
    "/": "there is no division: multiply the other side, as in offer_value >= seats * 30",
    **dict.fromkeys("€$£", "an amount stands without its currency, which the process names: leave out the sign"),
    "!": 'write "not", or != between two values',
}
_SIGNS = re.compile(r"(?P<quoted>'[^'\"\\\n]*')|(?P<word>&&?|\|\|?)|(?P<sign><>|=>|=<|[≠≥≤])")
_MEANT = {"&": "and", "|": "or", "<>": "!=", "=>": ">=", "=<": "<=", "≠": "!=", "≥": ">=", "≤": "<="}
_FOREIGN = re.compile(
    r"""(?P<moment>[0-9]{4}-[0-9]{2}-[0-9]{2}[T ][0-9]{2}:[0-9]{2}(:[0-9]{2})?(Z|[+-][0-9]{2}:[0-9]{2})?)
      | (?P<date>[0-9]{1,2}\.[0-9]{1,2}\.[0-9]{4})
      | (?P<duration>(?P<amount>[0-9]+)(?P<unit>(minute|hour|day|week|month|year)s?)(?![0-9A-Za-z_-]))
      | (?P<glued>[0-9][0-9A-Za-z_.]*[A-Za-z_][0-9A-Za-z_-]*)""",
    re.VERBOSE,
)


@dataclass(frozen=True, slots=True)
class Stray:
    """The end of what does not belong, what to say of it, and what to write instead where that is certain."""

    end: int
    message: str
    fix: str | None = None


def foreign(text: str, place: int) -> Stray | None:
    """What begins with a digit at a place and is no value: a date, a time, a duration or an id in another notation.

    Read as a number and what follows it, it would be told at a character in its midst.
    """
    found = _FOREIGN.match(text, place)
    if found is None:
        return None
    if found["moment"]:
        fix = f'"{found[0].replace(" ", "T")}"'
        return Stray(found.end(), f"a date and time stands in double quotes: write {fix}", fix)
    if found["date"]:
        return Stray(found.end(), *_day(found[0]))
    if found["duration"]:
        fix = f"{found['amount']} {found['unit']}"
        return Stray(found.end(), f"a number and its unit stand apart: write {fix}", fix)
    message = f'"{found[0]}" is no number, which has digits only; if it is an option, write it in quotes, "{found[0]}"'
    return Stray(found.end(), message)


def _day(written: str) -> tuple[str, str | None]:
    day, month, year = (int(part) for part in written.split("."))
    try:
        fix = date(year, month, day).isoformat()
    except ValueError:
        return f"{written} is no date, which is written with the year first, as 2026-01-31", None
    return f"a date is written with the year first: write {fix}", fix


def stray(text: str, place: int) -> Stray:
    """What is wrong with a character that begins no word, value or sign."""
    other = _SIGNS.match(text, place)
    if other is not None:
        fix = f'"{other[0][1:-1]}"' if other["quoted"] else _MEANT[other[0][0] if other["word"] else other[0]]
        message = 'text stands in double quotes: write "..."' if other["quoted"] else f"write {fix}"
        return Stray(other.end(), message, fix)
    sign = text[place]
    shown = sign if sign.isprintable() else f"U+{ord(sign):04X}"
    return Stray(place + 1, _PLAIN.get(sign, f'"{shown}" does not belong in an expression'))
