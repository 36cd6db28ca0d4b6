"""Weeks, months, quarters and years on the calendar of a process, and the period before another one."""

from __future__ import annotations

import re
from datetime import UTC, date, datetime, timedelta, tzinfo
from typing import Literal, NamedTuple

from procdef.errors import InvalidArgument
from procdef.log.event import instant, timestamp
from procdef.reports.scope import Window

Per = Literal["week", "month", "quarter", "year"]
_MONTHS = {"month": 1, "quarter": 3, "year": 12}
_DAYS = re.compile(r"([1-9][0-9]{0,4})d")
_TICK = timedelta(microseconds=1)


class Period(NamedTuple):
    """``since <= t < until``, UTC text; ``None`` is without an end."""

    since: str | None = None
    until: str | None = None


def midnight(day: date, where: tzinfo) -> str:
    """The moment when a day begins there, as UTC text."""
    return timestamp(datetime(day.year, day.month, day.day, tzinfo=where))


def first_day(per: Per, day: date) -> date:
    """The first day of the week (a Monday), month, quarter or year that a day is part of."""
    if per == "week":
        return day - timedelta(days=day.weekday())
    months = _MONTHS[per]
    return date(day.year, (day.month - 1) // months * months + 1, 1)


def shifted(per: Per, first: date, by: int) -> date:
    """The first day of the period so many periods on. Raises ``OverflowError`` or ``ValueError`` beyond the calendar."""
    if per == "week":
        return first + timedelta(weeks=by)
    year, month = divmod(first.year * 12 + first.month - 1 + by * _MONTHS[per], 12)
    return date(year, month + 1, 1)


def containing(per: Per, moment: str, where: tzinfo) -> Window:
    """The week, month, quarter or year that a moment lies in."""
    first = first_day(per, instant(moment).astimezone(where).date())
    return Window(midnight(first, where), midnight(shifted(per, first, 1), where))


def whole(per: Per, since: str, until: str, where: tzinfo) -> int | None:
    """How many whole weeks, months, quarters or years a period is; ``None`` where it is not made of such."""
    first, end = _day(since, where), _day(until, where)
    if first is None or end is None or first_day(per, first) != first or first_day(per, end) != end:
        return None
    if per == "week":
        return (end - first).days // 7
    return ((end.year - first.year) * 12 + end.month - first.month) // _MONTHS[per]


def last(given: str, now: str, where: tzinfo) -> Period:
    """The period that ``--last`` names: ``90d`` is the last 90 days of 24 hours up to now, ``month``, ``quarter`` and ``year``
    the last one that is over. Raises ``InvalidArgument``."""
    match = _DAYS.fullmatch(given)
    try:
        if match:
            return Period(timestamp(instant(now) - timedelta(days=int(match[1]))))
        if given in _MONTHS:
            this = first_day(given, instant(now).astimezone(where).date())  # type: ignore[arg-type]
            return Period(midnight(shifted(given, this, -1), where), midnight(this, where))  # type: ignore[arg-type]
    except (OverflowError, ValueError) as far:
        raise InvalidArgument(f"{given} begins before the year 1; choose a shorter time", "last") from far
    raise InvalidArgument(f"{given} is no period; write 90d (so many days up to now), month, quarter or year", "last")


def before(since: str | None, until: str | None, now: str, where: tzinfo) -> Window | None:
    """The period of the same length that ends where another one begins: as many whole months where that is made of such, as
    many days where it is made of those, else as much time. ``None`` where it has no beginning, or nothing lies before."""
    if since is None:
        return None
    first, end = _day(since, where), None if until is None else _day(until, where)
    try:
        if first and end and (months := whole("month", since, until or now, where)):
            return Window(midnight(shifted("month", first, -months), where), since)
        if first and end:
            return Window(midnight(first - (end - first), where), since)
        length = instant(until or now) - instant(since)
        return Window(timestamp(instant(since) - length), since) if length > timedelta() else None
    except (OverflowError, ValueError):
        return None


def last_moment(until: str | None, now: str) -> str:
    """The last moment of a period that is not after ``now``."""
    return now if until is None or until > now else last_before(until)


def last_before(moment: str) -> str:
    """The last moment before another one."""
    return timestamp(instant(moment) - _TICK)


def last_day(until: str, where: tzinfo) -> date:
    """The last day there of a period that ends before that moment."""
    return (instant(until) - _TICK).astimezone(where).date()


def _day(moment: str, where: tzinfo) -> date | None:
    """The day that begins at that moment there; ``None`` where none does."""
    local = instant(moment).astimezone(where)
    return local.date() if midnight(local.date(), where) == moment else None


def month_of(moment: str, where: tzinfo) -> str:
    """The month of a moment there, as ``2026-03``."""
    return instant(moment).astimezone(where).date().isoformat()[:7] if where is not UTC else moment[:7]
