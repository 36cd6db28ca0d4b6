"""Values as the log holds them: the one form of each, and the way back."""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Callable, Mapping
from datetime import UTC, date, datetime
from decimal import Decimal
from typing import cast

from procdef.errors import LogBroken
from procdef.expression.given_values import MOST_ROWS, BadValue, coerce, fitting_text, within
from procdef.expression.types import TEXTS, FieldType, Json, Kind, Scalar, Value

_PLAIN = re.compile(r"(?!-0$)-?(0|[1-9][0-9]{0,14})(\.[0-9]{0,5}[1-9])?")
"""A decimal in its one form, with at most 15 digits before the point and 6 after."""
_in_one_form = _PLAIN.fullmatch
_DECIMALS = frozenset((Kind.NUMBER, Kind.MONEY, Kind.PERCENT))


def canonical(of: FieldType, value: Value) -> Json:
    """The one form of a value in the log."""
    if type(value) is str:
        return value
    if of.many:
        return [*cast(tuple[str, ...], value)]
    if isinstance(value, tuple):
        rows = cast(tuple[Mapping[str, Scalar], ...], value)
        return [{name: canonical(of.columns[name], cell) for name, cell in row.items()} for row in rows]
    if isinstance(value, Decimal):
        return plain(value)
    if isinstance(value, datetime):
        return value.astimezone(UTC).isoformat(timespec="microseconds").replace("+00:00", "Z")
    if isinstance(value, date):
        return value.isoformat()
    return value


def plain(value: Decimal) -> str:
    """Decimal text without exponent, plus sign, needless zeros or a negative zero."""
    text = str(value)
    if text.isdecimal() or _in_one_form(text):  # most are whole
        return text
    text = format(value, "f")
    text = text.rstrip("0").rstrip(".") if "." in text else text
    return "0" if text in ("-0", "") else text


def is_canonical(of: FieldType, stored: Json) -> bool:
    """Whether this is a value that the field takes, in its one form.

    Text need not be NFC, for Unicode grows; nor need it show anything, as earlier versions did not ask for that.
    """
    if of.many:
        return _are_sorted_options(of, stored)
    if of.kind is Kind.LIST:
        if type(stored) is not list or not 0 < len(stored) <= MOST_ROWS:
            return False
        columns = of.columns
        return all(
            type(row) is dict and all(name in columns and is_canonical(columns[name], row[name]) for name in row)
            for row in stored
        )
    if of.kind is Kind.TEXT and not of.placeholders and type(stored) is str and stored.isascii() and stored.isprintable():
        return stored.strip() == stored != ""
    try:
        if of.kind in TEXTS:
            return type(stored) is str and _is_canonical_text(of, stored)
        if of.kind in _DECIMALS:  # the same as below, in a hurry
            if type(stored) is not str or not _in_one_form(stored):
                return False
            if of.minimum is not None or of.maximum is not None:
                within(of, Decimal(stored))
            return True
        value = coerce(of, stored)
    except BadValue:
        return False
    if value is None:
        return False
    form = canonical(of, value)
    return type(form) is type(stored) and form == stored


def _are_sorted_options(of: FieldType, stored: Json) -> bool:
    if type(stored) is not list or not stored or not all(type(each) is str and each in of.options for each in stored):
        return False
    words = cast(list[str], stored)
    return words == sorted(set(words))


def _is_canonical_text(of: FieldType, stored: str) -> bool:
    composed = unicodedata.normalize("NFC", stored)
    return composed.strip() in (stored, composed) and fitting_text(of, composed) != ""


def revive(of: FieldType, stored: Json) -> Value:
    """A value back from the log's form; bounds and options may have been others then.

    Raises ``LogBroken`` for what is no value of that type at all.
    """
    of_kind = _REVIVED[of.kind]
    try:
        if of.many and type(stored) is list and all(type(each) is str for each in stored):
            return tuple(cast(list[str], stored))
        if of_kind is not None and type(stored) is str:
            return of_kind(stored)
        if of.kind is Kind.LIST:
            rows = cast(list[dict[str, Json]], stored)
            return tuple({n: cast(Scalar, revive(of.columns[n], cell)) for n, cell in row.items()} for row in rows)
        if of_kind is None and not of.many and type(stored) is _STORED.get(of.kind, str):
            return cast(Scalar, stored)
    except (ValueError, TypeError, LookupError, AttributeError, ArithmeticError):
        pass
    raise LogBroken(f"the log holds a value that is no {of.kind}")


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
