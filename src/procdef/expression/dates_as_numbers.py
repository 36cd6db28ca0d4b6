"""Dates as day numbers and times as microseconds since 1970, so that nothing can overflow."""

from __future__ import annotations

from calendar import monthrange
from datetime import UTC, date, datetime, timedelta, tzinfo
from decimal import Decimal
from math import floor

from procdef.expression.exact_decimals import EXACT

EPOCH = datetime(1970, 1, 1, tzinfo=UTC)
DAY = 86_400_000_000
"""Microseconds."""
_CYCLE_DAYS, _CYCLE_MONTHS = 146_097, 4_800
"""After 400 years the Gregorian calendar begins anew."""
_EPOCH_DAY = EPOCH.toordinal()


def microseconds(moment: datetime) -> int:
    """Microseconds since 1970, exactly."""
    gap = moment - EPOCH
    return (gap.days * 86_400 + gap.seconds) * 1_000_000 + gap.microseconds


def day_of(moment: int | Decimal, zone: tzinfo) -> int:
    """The day number of a moment in the time zone; beyond the calendar, of the moment in UTC."""
    whole = round(moment)
    try:
        return (EPOCH + timedelta(microseconds=whole)).astimezone(zone).toordinal()
    except OverflowError:
        return whole // DAY + _EPOCH_DAY


def day_months_later(day: int, months: int) -> int:
    """The same day of the month so many months later (or, below zero, earlier), or the last day of that month."""
    cycles, rest = divmod(day - 1, _CYCLE_DAYS)
    first = date.fromordinal(rest + 1)
    further, place = divmod((first.year - 1) * 12 + first.month - 1 + months, _CYCLE_MONTHS)
    year, month = place // 12 + 1, place % 12 + 1
    then = date(year, month, min(first.day, monthrange(year, month)[1]))
    return then.toordinal() + (cycles + further) * _CYCLE_DAYS


def moment_months_later(moment: int | Decimal, months: int, zone: tzinfo) -> int | Decimal:
    """The same time of the day by the clocks of the zone, so many months later; of two such times the earlier.

    A time that the clocks jump over is as much later. Beyond the calendar the clocks are those of UTC.
    """
    if not months:
        return moment
    whole = floor(moment)
    day, clock = _on_clocks(whole, zone)
    then = day_months_later(day, months)
    try:
        shown = datetime.fromordinal(then) + timedelta(microseconds=clock)
        later = microseconds(shown.replace(tzinfo=zone).astimezone(UTC))
    except (OverflowError, ValueError):
        later = (then - _EPOCH_DAY) * DAY + clock
    return later if moment == whole else EXACT.add(later, EXACT.subtract(Decimal(moment), whole))


def _on_clocks(moment: int, zone: tzinfo) -> tuple[int, int]:
    """The day number of a moment, and the microseconds that the clocks show since midnight."""
    try:
        shown = (EPOCH + timedelta(microseconds=moment)).astimezone(zone)
    except OverflowError:
        days, clock = divmod(moment, DAY)
        return days + _EPOCH_DAY, clock
    since = shown.replace(tzinfo=None) - datetime.fromordinal(shown.toordinal())
    return shown.toordinal(), since // timedelta(microseconds=1)
