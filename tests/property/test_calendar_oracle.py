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
# Days shortly before clocks change in one of the zones, before holidays, and an ordinary one.
EVES = tuple(
    date.fromisoformat(day)
    for day in (
        *("2026-03-06", "2026-03-27", "2026-04-02", "2026-10-02", "2026-10-23", "2026-10-30"),
        *("2026-12-23", "2026-12-30", "2026-06-18", "2025-07-15"),
    )
)


@st.composite
def ranges(draw: st.DrawFn) -> tuple[tuple[time, time], ...]:
    """One to three ranges of a day, which may overlap, often at night, when clocks change."""
    found = []
    for _ in range(draw(st.integers(1, 3))):
        opens = draw(st.integers(0, 19) | st.integers(0, 90))
        closes = min(opens + draw(st.integers(1, 20)), 95)
        found.append((quarter(opens), quarter(closes)))
    return tuple(found)


def quarter(number: int) -> time:
    return time(number // 4, number % 4 * 15)


@st.composite
def calendars(draw: st.DrawFn, eve: date) -> Calendar:
    """A calendar in which somebody works on three days of the week or more."""
    country, region = draw(st.sampled_from(PLACES))
    days = draw(st.sets(st.integers(0, 6), min_size=3))
    closed = draw(st.frozensets(st.integers(0, 9), max_size=5))
    return Calendar(
        draw(st.sampled_from(("Europe/Helsinki", "America/New_York", "Australia/Lord_Howe"))),
        country,
        region,
        {day: draw(ranges()) for day in days},
        frozenset(eve + timedelta(days=ahead) for ahead in closed),
    )


@st.composite
def situations(draw: st.DrawFn) -> tuple[Calendar, datetime, int]:
    eve = draw(st.sampled_from(EVES))
    start = datetime.combine(eve, time(), UTC) + draw(st.integers(0, 4 * 24 * 60)) * MINUTE
    return draw(calendars(eve)), start, draw(st.integers(0, 8))


def watch(calendar: Calendar, start: datetime) -> Iterator[tuple[datetime, date]]:
    """Each minute of working time from two days before ``start`` on, with its day."""
    zone, day, latest, hours = ZoneInfo(calendar.timezone), None, -1, ()
    free = holidays.country_holidays(calendar.country, calendar.region) if calendar.country else {}
    moment = start - timedelta(days=2)
    while True:
        local = moment.astimezone(zone)
        if local.date() != day:
            day, latest = local.date(), -1
            off = day in free or day in calendar.closed
            hours = () if off else calendar.hours.get(day.weekday(), ())
            hours = [(a.hour * 60 + a.minute, b.hour * 60 + b.minute) for a, b in hours]
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
    max_examples=120, derandomize=True, deadline=None, database=None, suppress_health_check=list(HealthCheck)
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
