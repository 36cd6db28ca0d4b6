"""Due times in working time against a slow oracle that watches the clock on the wall, minute by minute.

The oracle's rule: a range is open from the first minute of the day when the clock has shown its start, until the first
when it has shown its end. An hour that the clock shows twice, or jumps over, needs no rule of its own.
"""

from __future__ import annotations

from collections.abc import Iterator
from datetime import UTC, date, datetime, time, timedelta
from zoneinfo import ZoneInfo

import holidays
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from procdef.calendar import Calendar, Duration, due

MINUTE = timedelta(minutes=1)
PLACES = (("FI", None), ("US", "NY"), ("DE", "BY"), (None, None))
CHANGES = {
    "Europe/Helsinki": ("2026-03-29", "2026-10-25"),
    "America/New_York": ("2026-03-08", "2026-11-01"),
    "Australia/Lord_Howe": ("2026-04-05", "2026-10-04"),
}
"""Sundays when the clocks change, by half an hour on Lord Howe Island."""
OTHERS = ("2026-04-02", "2026-06-18", "2026-12-23", "2026-12-30", "2025-07-15")
"""The eves of holidays and of a new year, and an ordinary day."""


@st.composite
def ranges(draw: st.DrawFn) -> tuple[tuple[time, time], ...]:
    """One to three ranges of a day, which may overlap, often at night, when clocks change."""
    found = []
    for _ in range(draw(st.sampled_from((1, 1, 2, 3)))):
        opens = draw(st.integers(8, 15) | st.integers(0, 90))
        closes = min(opens + draw(st.integers(1, 4) | st.integers(5, 20)), 95)
        found.append((quarter(opens), quarter(closes)))
    return tuple(found)


def quarter(number: int) -> time:
    return time(number // 4, number % 4 * 15)


@st.composite
def calendars(draw: st.DrawFn, zone: str, eve: date) -> Calendar:
    """A calendar in which somebody works on three days of the week or more."""
    country, region = draw(st.sampled_from(PLACES))
    days = draw(st.just(range(7)) | st.sets(st.integers(0, 6), min_size=3))
    closed = draw(st.just(frozenset[int]()) | st.frozensets(st.integers(0, 9), max_size=5))
    return Calendar(
        zone,
        country,
        region,
        {day: draw(ranges()) for day in days},
        frozenset(eve + timedelta(days=ahead) for ahead in closed),
    )


@st.composite
def situations(draw: st.DrawFn) -> tuple[Calendar, datetime, int]:
    zone = draw(st.sampled_from(sorted(CHANGES)))
    eve = date.fromisoformat(draw(st.sampled_from(CHANGES[zone]) | st.sampled_from(OTHERS))) - timedelta(days=1)
    start = datetime.combine(eve, time(), UTC) + draw(st.integers(-12 * 60, 24 * 60)) * MINUTE
    return draw(calendars(zone, eve)), start, draw(st.integers(0, 3) | st.integers(4, 8))


def watch(calendar: Calendar, start: datetime) -> Iterator[tuple[datetime, date]]:
    """Each minute of working time from two days before ``start`` on, with its day."""
    zone, latest = ZoneInfo(calendar.timezone), -1
    free = holidays.country_holidays(calendar.country, calendar.region) if calendar.country else {}
    moment, day, hours = start - timedelta(days=2), date.min, list[tuple[int, int]]()
    while True:
        local = moment.astimezone(zone)
        if local.date() != day:
            day, latest = local.date(), -1
            work = () if day in free or day in calendar.closed else calendar.hours.get(day.weekday(), ())
            hours = [(opens.hour * 60 + opens.minute, closes.hour * 60 + closes.minute) for opens, closes in work]
        latest = max(latest, local.hour * 60 + local.minute)
        if any(opens <= latest < closes for opens, closes in hours):
            yield moment, day
        moment += MINUTE


def slow_hours(calendar: Calendar, start: datetime, amount: int) -> datetime:
    left = amount * 60
    for minute, _ in watch(calendar, start):
        if not left and minute + MINUTE >= start:
            return max(start, minute)
        if minute >= start:
            left -= 1
            if not left:
                return minute + MINUTE
    raise AssertionError


def slow_days(calendar: Calendar, start: datetime, amount: int) -> datetime:
    first, seen = start.astimezone(ZoneInfo(calendar.timezone)).date(), 0
    end, last = start, None
    for minute, day in watch(calendar, start):
        if last is not None and day != last:
            seen += (last > first) if amount else (last >= first and end >= start)
            if seen >= max(amount, 1):
                return end
        end, last = minute + MINUTE, day
    raise AssertionError


CAREFUL = settings(
    max_examples=160, derandomize=True, deadline=None, database=None, suppress_health_check=list(HealthCheck)
)


@CAREFUL
@given(situations())
def test_business_hours_end_when_so_many_minutes_were_worked(situation: tuple[Calendar, datetime, int]) -> None:
    calendar, start, amount = situation
    assert slow_hours(calendar, start, amount) == due(calendar, start, Duration(amount, "business hours"))


@CAREFUL
@given(situations())
def test_business_days_end_with_the_last_minute_worked_on_a_day(situation: tuple[Calendar, datetime, int]) -> None:
    calendar, start, amount = situation
    assert slow_days(calendar, start, amount) == due(calendar, start, Duration(amount, "business days"))
