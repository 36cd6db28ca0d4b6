"""The types of fields, what a value of each type may be, and its one canonical form."""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from datetime import UTC, date, datetime
from decimal import Decimal
from difflib import get_close_matches
from enum import StrEnum
from typing import cast

from procdef.errors import LogBroken
from procdef.unsafe_characters import trimmed, turning


class Kind(StrEnum):
    """The type of a field, as written in a definition."""

    TEXT = "text"
    EMAIL = "email"
    PHONE = "phone"
    URL = "url"
    INTEGER = "integer"
    NUMBER = "number"
    MONEY = "money"
    PERCENT = "percent"
    BOOLEAN = "boolean"
    DATE = "date"
    DATETIME = "datetime"
    CHOICE = "choice"
    LIST = "list"


NUMBERS = (Kind.INTEGER, Kind.NUMBER, Kind.MONEY, Kind.PERCENT)
"""The kinds that can be counted with."""
_DECIMALS = frozenset((Kind.NUMBER, Kind.MONEY, Kind.PERCENT))
_TEXTS = frozenset((Kind.TEXT, Kind.EMAIL, Kind.PHONE, Kind.URL, Kind.CHOICE))

Scalar = str | int | Decimal | bool | date | datetime
Value = Scalar | tuple[Mapping[str, Scalar], ...]
"""A value in Python: text, ``int``, ``Decimal``, ``bool``, ``date``, aware ``datetime`` in UTC, or the rows of a list."""

Json = None | bool | int | str | list["Json"] | dict[str, "Json"]
"""A value as the log holds it. Decimals are text; there are no floats."""


@dataclass(frozen=True, slots=True)
class FieldType:
    """What a field may hold. ``private``: its values are personal data and never stand in facts or messages."""

    kind: Kind
    private: bool = False
    minimum: Decimal | date | datetime | None = None
    maximum: Decimal | date | datetime | None = None
    options: tuple[str, ...] = ()
    columns: Mapping[str, FieldType] = field(default_factory=dict)


_DECIMAL = re.compile(r"[-+]?[0-9]+(\.[0-9]+)?")
_PLAIN = re.compile(r"(?!-0$)-?(0|[1-9][0-9]{0,14})(\.[0-9]{0,5}[1-9])?")
"""A decimal in its one form, with at most 15 digits before the point and 6 after."""
_DATE = re.compile(r"[0-9]{4}-[0-9]{2}-[0-9]{2}")
_CLOCK = r"[0-9]{4}-[0-9]{2}-[0-9]{2}T[0-9]{2}:[0-9]{2}(:[0-9]{2}(\.[0-9]{1,6})?)?"
_OFFSET = r"(Z|[+-][0-9]{2}:[0-9]{2})"
_DATETIME = re.compile(_CLOCK + _OFFSET)
_MOMENT = re.compile(f"{_CLOCK}{_OFFSET}?")
_EMAIL = re.compile(r"[^\s@]+@[^\s@.]+(\.[^\s@.]+)+")
_URL = re.compile(r"https?://[^\s/]+\S*", re.IGNORECASE)
_MOST_ROWS = 1000


class BadValue(ValueError):
    """A value does not fit its field. ``column`` is the column of a list that it stands in."""

    def __init__(self, message: str, column: str | None = None) -> None:
        super().__init__(message)
        self.message = message
        self.column = column


def coerce(of: FieldType, raw: object) -> Value | None:
    """The value that ``raw`` stands for, or ``None`` where it unsets the field; raises ``BadValue``.

    Blank is what shows nothing. A row without a value is left out.
    """
    if isinstance(raw, str):
        raw = trimmed(unicodedata.normalize("NFC", raw))
    if raw is None or (isinstance(raw, str | list | tuple) and not raw):
        return None
    value = _COERCED[of.kind](of, raw)
    return None if value == () else value


def _text(of: FieldType, raw: object) -> str:
    if not isinstance(raw, str):
        raise BadValue("must be text")
    if not raw.isprintable():
        if any(unicodedata.category(c) in ("Cc", "Cs") and c not in "\n\r" for c in raw):
            raise BadValue("must not hold control characters")
        if turning(raw):
            raise BadValue("must not hold characters that turn the direction of writing around")
    if of.kind is Kind.CHOICE and raw not in of.options:
        near = get_close_matches(raw, of.options, 1)
        hint = f' (did you mean "{near[0]}"?)' if near else ""
        raise BadValue(f"must be one of: {', '.join(of.options)}{hint}")
    if of.kind is Kind.EMAIL and not _EMAIL.fullmatch(raw):
        raise BadValue("must be an e-mail address, as name@example.com")
    if of.kind is Kind.URL and not _URL.fullmatch(raw):
        raise BadValue("must be an address that begins with http:// or https://")
    return raw


def _boolean(of: FieldType, raw: object) -> bool:
    if isinstance(raw, bool):
        return raw
    if isinstance(raw, str) and raw in ("true", "false"):
        return raw == "true"
    raise BadValue("must be true or false")


def _number(of: FieldType, raw: object) -> int | Decimal:
    if isinstance(raw, str):
        plain = raw[:-1].rstrip() if of.kind is Kind.PERCENT and raw.endswith("%") else raw
        if len(plain) > 100 or not _DECIMAL.fullmatch(plain):
            raise BadValue("must be a number, as 1054 or -3.5")
        value = Decimal(plain)
    elif isinstance(raw, bool) or not isinstance(raw, int | Decimal):
        raise BadValue("must be an exact number: a whole number, a Decimal or a decimal as text, not a float")
    else:
        value = Decimal(raw)
    value = _exact(value)
    if of.kind is Kind.INTEGER:
        if value != value.to_integral_value():
            raise BadValue("must be a whole number")
        return cast(int, _within(of, int(value)))
    return cast(Decimal, _within(of, value))


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
    raise BadValue("must be a date, as 2026-01-31")


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


def _within(of: FieldType, value: Scalar) -> Scalar:
    # The definition's bounds have the type of the field, so that they compare.
    low, high, seen = cast(Decimal | None, of.minimum), cast(Decimal | None, of.maximum), cast(Decimal, value)
    if low is not None and seen < low:
        raise BadValue(f"must be at least {low}")
    if high is not None and seen > high:
        raise BadValue(f"must be at most {high}")
    return value


def _rows(of: FieldType, raw: object) -> tuple[Mapping[str, Scalar], ...]:
    if not isinstance(raw, list | tuple) or not all(isinstance(row, Mapping) for row in raw):
        raise BadValue("must be a list of objects")
    if len(raw) > _MOST_ROWS:
        raise BadValue(f"must have at most {_MOST_ROWS} rows")
    return tuple(row for row in (_row(of, row, number) for number, row in enumerate(raw, 1)) if row)


def _row(of: FieldType, raw: Mapping[object, object], number: int) -> Mapping[str, Scalar]:
    row: dict[str, Scalar] = {}
    for name, cell in raw.items():
        column = of.columns.get(name) if isinstance(name, str) else None
        if column is None or not isinstance(name, str):
            near = get_close_matches(name[:100], of.columns, 1) if isinstance(name, str) else []
            hint = f'did you mean "{near[0]}"?' if near else f"the columns are {', '.join(of.columns)}"
            raise BadValue(f"row {number} has an unknown column ({hint})", near[0] if near else None)
        try:
            value = coerce(column, cell)
        except BadValue as bad:
            raise BadValue(f"row {number}, {name}: {bad.message}", name) from None
        if value is not None:
            row[name] = cast(Scalar, value)
    return row


_COERCED: Mapping[Kind, Callable[[FieldType, object], Value]] = {
    **dict.fromkeys(_TEXTS, _text),
    **dict.fromkeys(NUMBERS, _number),
    Kind.BOOLEAN: _boolean,
    Kind.DATE: lambda of, raw: _within(of, _date(raw)),
    Kind.DATETIME: lambda of, raw: _within(of, _datetime(raw)),
    Kind.LIST: _rows,
}
"""What makes a value of each kind. Every kind has its line here and in ``_REVIVED``."""


def canonical(of: FieldType, value: Value) -> Json:
    """The one form of a value in the log."""
    if isinstance(value, tuple):
        return [{name: canonical(of.columns[name], cell) for name, cell in row.items()} for row in value]
    if isinstance(value, Decimal):
        return plain(value)
    if isinstance(value, datetime):
        return value.astimezone(UTC).isoformat(timespec="microseconds").replace("+00:00", "Z")
    if isinstance(value, date):
        return value.isoformat()
    return value


def plain(value: Decimal) -> str:
    """Decimal text without exponent, plus sign, needless zeros or a negative zero."""
    text = format(value, "f")
    text = text.rstrip("0").rstrip(".") if "." in text else text
    return "0" if text in ("-0", "") else text


def is_canonical(of: FieldType, stored: Json) -> bool:
    """Whether this is a value that the field takes, in its one form.

    Text need not be NFC, for Unicode grows; nor need it show anything, as earlier versions did not ask for that.
    """
    if of.kind is Kind.LIST:
        if type(stored) is not list or not 0 < len(stored) <= _MOST_ROWS:
            return False
        columns = of.columns
        return all(
            type(row) is dict and all(name in columns and is_canonical(columns[name], row[name]) for name in row)
            for row in stored
        )
    if of.kind is Kind.TEXT and type(stored) is str and stored.isascii() and stored.isprintable():
        return stored.strip() == stored != ""
    try:
        if of.kind in _TEXTS:
            return type(stored) is str and _is_canonical_text(of, stored)
        if of.kind in _DECIMALS:  # the same as below, in a hurry
            if type(stored) is not str or not _PLAIN.fullmatch(stored):
                return False
            if of.minimum is not None or of.maximum is not None:
                _within(of, Decimal(stored))
            return True
        value = coerce(of, stored)
    except BadValue:
        return False
    if value is None:
        return False
    form = canonical(of, value)
    return type(form) is type(stored) and form == stored


def _is_canonical_text(of: FieldType, stored: str) -> bool:
    composed = unicodedata.normalize("NFC", stored)
    return composed.strip() in (stored, composed) and _text(of, composed) != ""


def revive(of: FieldType, stored: Json) -> Value:
    """A value back from the log's form; bounds and options may have been others then.

    Raises ``LogBroken`` for what is no value of that type at all.
    """
    of_kind = _REVIVED[of.kind]
    try:
        if of_kind is not None and type(stored) is str:
            return of_kind(stored)
        if of.kind is Kind.LIST:
            rows = cast(list[dict[str, Json]], stored)
            return tuple({n: cast(Scalar, revive(of.columns[n], cell)) for n, cell in row.items()} for row in rows)
        if of_kind is None and type(stored) is _STORED.get(of.kind, str):
            return cast(Scalar, stored)
    except (ValueError, TypeError, LookupError, AttributeError, ArithmeticError):
        pass
    raise LogBroken(f"the log holds a value that is no {of.kind}; `procdef audit verify` tells where")


_STORED: Mapping[Kind, type] = {Kind.INTEGER: int, Kind.BOOLEAN: bool}
_AS_IT_IS = (Kind.TEXT, Kind.EMAIL, Kind.PHONE, Kind.URL, Kind.CHOICE, Kind.INTEGER, Kind.BOOLEAN, Kind.LIST)
_REVIVED: Mapping[Kind, Callable[[str], Scalar] | None] = {
    **dict.fromkeys(_AS_IT_IS),
    Kind.NUMBER: Decimal,
    Kind.MONEY: Decimal,
    Kind.PERCENT: Decimal,
    Kind.DATE: date.fromisoformat,
    Kind.DATETIME: lambda stored: datetime.fromisoformat(stored).astimezone(UTC),
}
"""What makes values of those that the log holds as text; ``None`` where it holds the value itself, or a list of rows."""
