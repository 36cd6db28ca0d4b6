"""Values as people and programs give them: what each type takes, and what it makes of it."""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Callable, Mapping
from dataclasses import replace
from datetime import UTC, date, datetime
from decimal import Decimal
from difflib import get_close_matches
from typing import Any, NamedTuple, TypeVar, cast

from procdef.expression.placeholders import bare
from procdef.expression.three_decimals import TWO_READINGS, WrittenNumber, two_readings
from procdef.expression.types import NUMBERS, TEXTS, FieldType, Kind, Scalar, Value
from procdef.unsafe_characters import trimmed, turning

_DECIMAL = re.compile(r"[-+]?[0-9]+(\.[0-9]+)?")
_whole = re.compile(r"-?[1-9][0-9]{0,14}|0").fullmatch
"""A whole number in the one form that it has: most numbers are, and of those nothing is left to ask."""
_DATE = re.compile(r"[0-9]{4}-[0-9]{2}-[0-9]{2}")
_OTHER_DATE = re.compile(r"(?P<day>[0-9]{1,2})(?P<sign>[./-])(?P<month>[0-9]{1,2})(?P=sign)(?P<year>[0-9]{4})")
_CLOCK = r"[0-9]{4}-[0-9]{2}-[0-9]{2}T[0-9]{2}:[0-9]{2}(:[0-9]{2}(\.[0-9]{1,6})?)?"
_OFFSET = r"(Z|[+-][0-9]{2}:[0-9]{2})"
_DATETIME = re.compile(_CLOCK + _OFFSET)
_MOMENT = re.compile(f"{_CLOCK}{_OFFSET}?")
_EMAIL = re.compile(r"[^\s@]+@[^\s@.]+(\.[^\s@.]+)+")
_URL = re.compile(r"https?://[^\s/]+\S*", re.IGNORECASE)
MOST_ROWS = 1000
LONGEST_TEXT = 20_000
"""Characters of a text: about ten pages."""
LONGEST_LIST = 200_000
"""Characters of all texts in a list together."""

MOST_TOLD = 5
"""So many faults of a list are told; of the others only how many they are."""


Bounded = TypeVar("Bounded", int, Decimal, date, datetime)
"""A value that may have limits."""


class BadValue(ValueError):
    """A value does not fit its field. ``column`` is the column of a list that the first fault stands in."""

    def __init__(self, message: str, column: str | None = None) -> None:
        super().__init__(message)
        self.message = message
        self.column = column


class _CellFault(NamedTuple):
    """What is wrong with a row, told after its number, and the column that it is about or was meant for."""

    told: str
    column: str | None


class PlaceholderGiven(BadValue):
    """A text is one that people type before they know what belongs there; ``written`` is the process's form of it."""

    def __init__(self, written: str) -> None:
        super().__init__(f"{written} is a placeholder; leave the field empty until you know")
        self.written = written

    def where_required(self, name: str, consequence: str) -> str:
        """What is said of it where an empty field would not do either."""
        return f"{self.written} is a placeholder; find out the {name}; {consequence}"


def coerce(of: FieldType, raw: object) -> Value | None:
    """The value that ``raw`` stands for, or ``None`` where it unsets the field; raises ``BadValue``.

    Blank is what shows nothing. A row without a value is left out.
    """
    if isinstance(raw, str):
        raw = raw.strip() if raw.isascii() else trimmed(unicodedata.normalize("NFC", raw))
        if len(raw) > LONGEST_TEXT:
            raise BadValue(f"must have at most {LONGEST_TEXT:,} characters, and has {len(raw):,}")
        if not raw:
            return None
    elif raw is None or (isinstance(raw, list | tuple | set | frozenset) and not raw and (of.many or of.kind is Kind.LIST)):
        return None
    value = _options(of, raw) if of.many else _COERCED[of.kind](of, raw)
    return None if type(value) is tuple and not value else value


def fitting_text(of: FieldType, raw: object) -> str:
    """The text, where a field of that type takes it; raises ``BadValue``."""
    if not isinstance(raw, str):
        raise BadValue("must be text")
    if not raw.isprintable():
        if any(unicodedata.category(c) in ("Cc", "Cs") and c not in "\n\r" for c in raw):
            raise BadValue("must not hold control characters")
        if turning(raw):
            raise BadValue("must not hold characters that turn the direction of writing around")
    if of.placeholders and (written := of.placeholders.get(bare(raw))) is not None:
        raise PlaceholderGiven(written)
    if of.kind is Kind.CHOICE and raw not in of.options:
        raise BadValue(f"must be one of: {', '.join(of.options)}{_meant(of, raw)}")
    if of.kind is Kind.EMAIL and not _EMAIL.fullmatch(raw):
        raise BadValue("must be an e-mail address, as name@example.com")
    if of.kind is Kind.URL and not _URL.fullmatch(raw):
        raise BadValue("must be an address that begins with http:// or https://")
    return raw


def _options(of: FieldType, raw: object) -> tuple[str, ...]:
    """A set of options, given as a text with commas or as several texts; each is there once, and they are sorted."""
    given = raw.split(",") if isinstance(raw, str) else raw
    if not isinstance(given, list | tuple | set | frozenset) or not all(isinstance(each, str) for each in given):
        raise BadValue("must be a list of options, or their ids with commas between them")
    words = {trimmed(unicodedata.normalize("NFC", each)) for each in given} - {""}
    for word in sorted(words):
        if word not in of.options:
            raise BadValue(f"each must be one of: {', '.join(of.options)}{_meant(of, word)}")
    return tuple(sorted(words))


def _meant(of: FieldType, raw: str) -> str:
    """A hint at the option that was likely meant."""
    near = get_close_matches(raw[:100], of.options, 1)
    return f' (did you mean "{near[0]}"?)' if near else ""


def _boolean(of: FieldType, raw: object) -> bool:
    if isinstance(raw, bool):
        return raw
    if isinstance(raw, str) and raw in ("true", "false"):
        return raw == "true"
    raise BadValue("must be true or false")


def _number(of: FieldType, raw: object) -> int | Decimal:
    if type(raw) is str and _whole(raw):
        return within(of, int(raw)) if of.kind is Kind.INTEGER else within(of, Decimal(raw))
    value: Decimal
    if isinstance(raw, str):
        plain = raw[:-1].rstrip() if of.kind is Kind.PERCENT and raw.endswith("%") else raw
        if len(plain) > 100 or not _DECIMAL.fullmatch(plain):
            whole = of.kind is Kind.INTEGER
            raise BadValue("must be a whole number, as 1054" if whole else "must be a number, as 1054 or -3.5")
        value = WrittenNumber(plain)
    elif isinstance(raw, bool) or not isinstance(raw, int | Decimal):
        raise BadValue(_as_text_instead(of, raw))
    else:
        value = raw if isinstance(raw, Decimal) else Decimal(raw)
    if isinstance(value, WrittenNumber) and of.kind in (Kind.MONEY, Kind.INTEGER):
        _in_one_reading(of, str(value))
    value = _exact(value)
    if of.kind is Kind.INTEGER:
        if value != value.to_integral_value():
            raise BadValue("must be a whole number")
        return within(of, int(value))
    if of.whole_currency is not None and value != value.to_integral_value():
        raise BadValue(f"must be a whole number, as {of.whole_currency} has no decimals")
    return within(of, value)


def _as_text_instead(of: FieldType, raw: object) -> str:
    """How a number that is not exact is sent instead. A personal one is not repeated."""
    if not isinstance(raw, float):
        return "must be a number, as text or as a whole number or Decimal"
    written = "1250.5" if of.private or not _takes(of, repr(raw)) else repr(raw)
    return f'must be exact, which a number with decimals in JSON is not: send it as text, "{written}"'


def _in_one_reading(of: FieldType, written: str) -> None:
    """Raises ``BadValue`` for a number that can be read in two ways. A personal one is not repeated."""
    readings = two_readings(written)
    if readings is not None and of.private:
        raise BadValue("can be read in two ways: write it with fewer decimals, or without the point between thousands")
    fitting = [each for each in readings or () if _takes(of, each)]
    if len(fitting) == 1:
        raise BadValue(f"{written} can be read in two ways: write {fitting[0]} if you mean that")
    if readings is not None and fitting:
        raise BadValue(TWO_READINGS.format(subject=written, point=readings[0], thousands=readings[1]))


def _takes(of: FieldType, written: str) -> bool:
    try:
        _number(of, written)
    except BadValue:
        return False
    return True


def _exact(value: Decimal) -> Decimal:
    """The value without needless zeros, where it has at most 15 digits before the point and 6 after."""
    if value.is_finite() and not value:
        return Decimal(0)
    if value.is_finite() and -7 < value.adjusted() < 15 and len(value.as_tuple().digits) <= 100:
        text = format(value, "f")
        plain = text.rstrip("0").rstrip(".") if "." in text else text
        if len(plain.partition(".")[2]) <= 6:
            return Decimal(plain)
    raise BadValue("must have at most 15 digits before the point and 6 after")


def _date(raw: object) -> date:
    if isinstance(raw, date) and not isinstance(raw, datetime):
        return raw
    if isinstance(raw, str) and _DATE.fullmatch(raw):
        try:
            return date.fromisoformat(raw)
        except ValueError:
            raise BadValue("must be a day of the calendar") from None
    meant = _other_dates(raw) if isinstance(raw, str) else []
    if meant:
        raise BadValue(f"must be a date with the year first: write {' or '.join(meant)}")
    raise BadValue("must be a date, as 2026-01-31")


def _other_dates(raw: str) -> list[str]:
    """What a date in another notation means: with points or dashes the day comes first, with slashes perhaps the month."""
    found = _OTHER_DATE.fullmatch(raw)
    if found is None:
        return []
    orders = [(found["month"], found["day"])] + [(found["day"], found["month"])] * (found["sign"] == "/")
    days = []
    for month, day in orders:
        try:
            days.append(date(int(found["year"]), int(month), int(day)).isoformat())
        except ValueError:
            continue
    return list(dict.fromkeys(days))


def written_moment(raw: str) -> datetime | None:
    """A date and time in the one notation there is, ``2026-01-31T12:00``, with an offset or naive; ``None`` if it is none."""
    try:
        return datetime.fromisoformat(raw) if _MOMENT.fullmatch(raw) else None
    except ValueError:
        return None


def _datetime(raw: object) -> datetime:
    try:
        if isinstance(raw, str) and _DATETIME.fullmatch(raw):
            return datetime.fromisoformat(raw).astimezone(UTC)
        if isinstance(raw, datetime) and raw.utcoffset() is not None:
            return raw.astimezone(UTC)
    except (ValueError, OverflowError):
        raise BadValue("must be a time of the calendar") from None
    raise BadValue("must be a date and time with its offset, as 2026-01-31T12:00+02:00")


def within(of: FieldType, value: Bounded) -> Bounded:
    """The value, where it lies between the limits of the field; raises ``BadValue``."""
    low: Any = of.minimum  # the definition's bounds have the type of the field, so that they compare
    high: Any = of.maximum
    if low is not None and value < low:
        raise BadValue(f"must be at least {low}{_unit(of)}")
    if high is not None and value > high:
        raise BadValue(f"must be at most {high}{_unit(of)}")
    return value


def _unit(of: FieldType) -> str:
    return " %" if of.kind is Kind.PERCENT else ""


def _rows(of: FieldType, raw: object) -> tuple[Mapping[str, Scalar], ...]:
    if not isinstance(raw, list | tuple) or not all(isinstance(row, Mapping) for row in raw):
        cells = ", ".join(f'"{name}": ...' for name in of.columns)
        raise BadValue(f"must be a list of rows, each with its columns, as [{{{cells}}}]")
    if len(raw) > MOST_ROWS:
        raise BadValue(f"must have at most {MOST_ROWS} rows")
    taken = [_row(of, row) for row in raw]
    faults = [(number, fault) for number, (_, found) in enumerate(taken, 1) for fault in found]
    if faults:
        told = [f"row {number}{fault.told}" for number, fault in faults[:MOST_TOLD]]
        more = [f"and {len(faults) - MOST_TOLD} more"] if len(faults) > MOST_TOLD else []
        raise BadValue("; ".join(told + more), faults[0][1].column)
    if sum(len(cell) for row, _ in taken for cell in row.values() if isinstance(cell, str)) > LONGEST_LIST:
        raise BadValue(f"must have at most {LONGEST_LIST:,} characters in all its rows together")
    return tuple(row for row, _ in taken if row)


def _row(of: FieldType, raw: Mapping[object, object]) -> tuple[Mapping[str, Scalar], list[_CellFault]]:
    """A row's cells that are filled in, and what is wrong with the others."""
    row: dict[str, Scalar] = {}
    faults: list[_CellFault] = []
    wrong: set[object] = set()
    for name, cell in raw.items():
        column = of.columns.get(name) if isinstance(name, str) else None
        if column is None or not isinstance(name, str):
            near = get_close_matches(name[:100], of.columns, 1) if isinstance(name, str) else []
            hint = f'did you mean "{near[0]}"?' if near else f"the columns are {', '.join(of.columns)}"
            wrong.update(near)
            faults.append(_CellFault(f" has an unknown column ({hint})", near[0] if near else None))
            continue
        try:
            value = coerce(cell_type(of, name), cell)
        except BadValue as bad:
            wrong.add(name)
            faults.append(_CellFault(f", {name}: {_of_cell(column, name, bad)}", name))
        else:
            row |= {} if value is None else {name: cast(Scalar, value)}
    if row or wrong:
        lacking = (name for name, column in of.columns.items() if column.required and name not in {*row, *wrong})
        faults += (_CellFault(f", {name}: must be filled in", name) for name in lacking)
    return row, faults


def cell_type(of: FieldType, column: str) -> FieldType:
    """The type of a column of a list: in a private list every cell is private."""
    return replace(of.columns[column], private=True) if of.private else of.columns[column]


def _of_cell(column: FieldType, name: str, bad: BadValue) -> str:
    if column.required and isinstance(bad, PlaceholderGiven):
        return bad.where_required(name, "a row without it is refused")
    return bad.message


_COERCED: Mapping[Kind, Callable[[FieldType, object], Value]] = {
    **dict.fromkeys(TEXTS, fitting_text),
    **dict.fromkeys(NUMBERS, _number),
    Kind.BOOLEAN: _boolean,
    Kind.DATE: lambda of, raw: within(of, _date(raw)),
    Kind.DATETIME: lambda of, raw: within(of, _datetime(raw)),
    Kind.LIST: _rows,
}
"""What makes a value of each kind. Every kind has its line here and in ``_REVIVED`` of the stored ones."""
