"""Values, times and ages as people read them in an explanation."""

from __future__ import annotations

from datetime import UTC, date, datetime, timedelta, tzinfo
from decimal import Decimal
from typing import Any

from procdef.expression.dates_as_numbers import EPOCH
from procdef.expression.evaluation import AGES, Seen
from procdef.expression.stored_values import canonical, plain
from procdef.expression.types import FieldType, Kind, Value


def shown(value: Value, kind: FieldType, zone: tzinfo) -> str:
    """A value of a field."""
    if isinstance(value, datetime):
        return _moment(value, zone)
    stored = canonical(kind, value)
    if isinstance(stored, list):
        return ", ".join(map(str, stored))
    word = str(stored).lower() if isinstance(stored, bool) else str(stored)
    return f"{word} %" if kind.kind is Kind.PERCENT else word


def figure(found: Any, column: FieldType, zone: tzinfo) -> str:
    """What a column came to, whose dates and times are numbers while they are worked with."""
    if column.kind is Kind.DATE:
        return date.fromordinal(found).isoformat()
    if column.kind is Kind.DATETIME:
        return _moment(EPOCH + timedelta(microseconds=found), zone)
    return f"{plain(Decimal(found))}{' %' if column.kind is Kind.PERCENT else ''}"


def clock(name: str, s: Seen, zone: tzinfo) -> str:
    """The present time or date, or an age."""
    if name == "today":
        return s.today.isoformat()
    if name == "now":
        return _moment(s.now, zone)
    age = AGES[name](s)
    minutes = age // timedelta(minutes=1)
    if minutes < 120:
        return f"{minutes} minute{'s' * (minutes != 1)}"
    return f"{minutes // 60} hours" if minutes < 48 * 60 else f"{age.days} days"


def _moment(moment: datetime, zone: tzinfo) -> str:
    """On the clocks of the process, or in UTC where those have run out of years."""
    try:
        return f"{moment.astimezone(zone):%Y-%m-%d %H:%M} {zone}"
    except OverflowError:
        return f"{moment.astimezone(UTC):%Y-%m-%d %H:%M} UTC"
