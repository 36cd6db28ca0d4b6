"""Dates as day numbers and times as microseconds since 1970, so that nothing can overflow."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta
from decimal import Decimal
from zoneinfo import ZoneInfo

EPOCH = datetime(1970, 1, 1, tzinfo=UTC)
DAY = 86_400_000_000
"""Microseconds."""
_EPOCH_DAY = EPOCH.toordinal()


def microseconds(moment: datetime) -> int:
    """Microseconds since 1970, exactly."""
    gap = moment - EPOCH
    return (gap.days * 86_400 + gap.seconds) * 1_000_000 + gap.microseconds


def day_of(moment: int | Decimal, zone: ZoneInfo) -> int:
    """The day number of a moment in the time zone; beyond the calendar, of the moment in UTC."""
    whole = round(moment)
    try:
        return (EPOCH + timedelta(microseconds=whole)).astimezone(zone).toordinal()
    except OverflowError:
        return whole // DAY + _EPOCH_DAY
