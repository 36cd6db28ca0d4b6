"""Due times in working time against a slow oracle that watches the clock on the wall, minute by minute.

The oracle's rule: a range is open from the first minute of the day when the clock has shown its start, until the first
when it has shown its end, on the next day where the end is not after the start. An hour that the clock shows twice, or
jumps over, needs no rule of its own.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace
from datetime import UTC, date, datetime, time, timedelta
from functools import cache, partial
from itertools import takewhile
from zoneinfo import ZoneInfo

import holidays
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from procdef.calendar import Calendar, Duration, due, end_of_day, reminder

MINUTE, DAY = timedelta(minutes=1), timedelta(days=1)
PLACES = (("FI", None), ("US", "NY"), ("DE", "BY"), ("SA", None), (None, None))
CHANGES = {
    "Europe/Helsinki": ("2026-03-29", "2026-10-25"),
    "America/New_York": ("2026-03-08", "2026-11-01"),
    "Australia/Lord_Howe": ("2026-04-05", "2026-10-04"),
    "Asia/Beirut": ("2026-03-29", "2026-10-25"),
    "Asia/Riyadh": ("2026-03-19",),
}
"""Sundays when the clocks change, by half an hour on Lord Howe Island, at midnight in Beirut; in Riyadh, where they do not,
the eve of a holiday of several days."""
OTHERS = ("2026-04-02", "2026-06-18", "2026-12-23", "2026-12-30", "2025-07-15")
"""The eves of holidays and of a new year, and an ordinary day."""
Hours = dict[int, list[tuple[time, time]]]


@st.composite
def ranges(draw: st.DrawFn) -> list[tuple[time, time]]:
    """One to three ranges of a day, which may overlap, often at night, when clocks change; or a night shift or a whole day."""
    kind = draw(st.integers(0, 9))
    if kind == 0:
        return [(time(), time())]
    if kind < 5:
        return [(quarter(draw(st.integers(80, 95))), quarter(draw(st.integers(96, 126))))]
    found = []
    for _ in range(draw(st.sampled_from((1, 1, 2, 3)))):
        opens = draw(st.integers(8, 15) | st.integers(0, 90))
        closes = opens + draw(st.integers(1, 4) | st.integers(5, 20))
        found.append((quarter(opens), quarter(closes)))
    return found


def quarter(number: int) -> time:
    return time(number // 4 % 24, number % 4 * 15)


@st.composite
def calendars(draw: st.DrawFn, zone: str, eve: date) -> Calendar:
    """A calendar in which somebody works on three days of the week or more."""
    country, region = draw(st.sampled_from(PLACES))
    days = draw(st.just(range(7)) | st.sets(st.integers(0, 6), min_size=3))
    closed = draw(st.just(frozenset[int]()) | st.frozensets(st.integers(0, 9), max_size=5))
    hours = apart({day: draw(ranges()) for day in days})
    return Calendar(
        zone,
        country,
        region,
        {day: tuple(found) for day, found in hours.items()},
        frozenset(eve + timedelta(days=ahead) for ahead in closed),
    )


def apart(hours: Hours) -> Hours:
    """The hours, those that run into the hours of the next day cut off there."""
    first = {day: min(opens for opens, _ in found) for day, found in hours.items()}
    return {
        day: [
            (opens, min(closes, first.get((day + 1) % 7, closes)) if closes <= opens else closes)
            for opens, closes in found
        ]
        for day, found in hours.items()
    }


@st.composite
def situations(draw: st.DrawFn) -> tuple[Calendar, datetime, int]:
    zone = draw(st.sampled_from(sorted(CHANGES)))
    eve = date.fromisoformat(draw(st.sampled_from(CHANGES[zone]) | st.sampled_from(OTHERS))) - DAY
    calendar = draw(calendars(zone, eve))
    start = datetime.combine(eve, time(), UTC) + draw(st.integers(-12 * 60, 24 * 60)) * MINUTE
    if draw(st.integers(0, 3)):
        start = draw(moments(calendar, eve))
    return calendar, start, draw(st.integers(0, 3) | st.integers(4, 8))


@st.composite
def moments(draw: st.DrawFn, calendar: Calendar, eve: date) -> datetime:
    """A moment when hours begin or end, or one near it."""
    day = eve + draw(st.integers(-1, 1)) * DAY
    opens, closes = draw(st.sampled_from(calendar.hours.get(day.weekday(), ((time(9), time(17)),))))
    ends = day if opens < closes else day + DAY
    shown = draw(st.sampled_from((datetime.combine(day, opens), datetime.combine(ends, closes))))
    away = draw(st.sampled_from((0, 0, -1, 1)) | st.integers(-180, 180))
    return shown.replace(tzinfo=ZoneInfo(calendar.timezone)).astimezone(UTC) + away * MINUTE


def watch(calendar: Calendar, first: datetime) -> Iterator[tuple[datetime, date]]:
    """Each minute of working time from ``first`` on, with its working day."""
    zone = ZoneInfo(calendar.timezone)
    free = holidays.country_holidays(calendar.country, calendar.region) if calendar.country else {}
    moment, day, latest = first - 2 * DAY, date.min, -1
    today, overnight = list[tuple[int, int]](), list[int]()
    while True:
        local = moment.astimezone(zone)
        if local.date() != day:
            overnight = [closes for opens, closes in today if closes <= opens]
            day, latest = local.date(), -1
            work = () if day in free or day in calendar.closed else calendar.hours.get(day.weekday(), ())
            today = [(opens.hour * 60 + opens.minute, closes.hour * 60 + closes.minute) for opens, closes in work]
        latest = max(latest, local.hour * 60 + local.minute)
        if moment >= first:
            if overnight and any(latest < closes for closes in overnight):
                yield moment, day - DAY
            elif today and any(opens <= latest and (latest < closes or closes <= opens) for opens, closes in today):
                yield moment, day
        moment += MINUTE


def watched(calendar: Calendar, end: datetime, days: int) -> list[tuple[datetime, date]]:
    """Each minute of working time of so many days up to ``end``, and the one that begins there, the last first."""
    found = takewhile(lambda minute: minute[0] <= end, watch(calendar, end - days * DAY))
    return list(found)[::-1]


def slow_minutes(calendar: Calendar, start: datetime, amount: int) -> datetime:
    left = amount
    for minute, _ in watch(calendar, start - 2 * DAY):
        if not left and minute + MINUTE >= start:
            return max(start, minute)
        if minute >= start:
            left -= 1
            if not left:
                return minute + MINUTE
    raise AssertionError


def slow_days(calendar: Calendar, start: datetime, amount: int) -> datetime:
    now = next(watch(calendar, start))
    first, seen = now[1] if now[0] == start else start.astimezone(ZoneInfo(calendar.timezone)).date(), 0
    end, last = start, None
    for minute, day in watch(calendar, start - 2 * DAY):
        if last is not None and day != last:
            seen += last > first if amount else end >= start
            if seen >= max(amount, 1):
                return end
        end, last = minute + MINUTE, day
    raise AssertionError


def slow_minutes_before(minutes: list[tuple[datetime, date]], end: datetime, amount: int) -> datetime | None:
    left = amount
    for minute, _ in minutes:
        if not left:
            return min(end, minute + MINUTE)
        if minute < end:
            left -= 1
            if not left:
                return minute
    return None


def slow_days_before(calendar: Calendar, end: datetime, amount: int, days: int) -> datetime | None:
    minutes = watched(calendar, end, days)
    until = [minute for minute in minutes if minute[0] < end]
    last = until[0][1] if until and until[0][0] == end - MINUTE else end.astimezone(ZoneInfo(calendar.timezone)).date()
    begins = {day: minute for minute, day in minutes}
    before = [begin for day, begin in begins.items() if (day < last if amount else begin <= end)]
    # The first day that is looked at may have begun earlier.
    return before[:-1][max(amount, 1) - 1] if len(before) > max(amount, 1) else None


def slow_end_of_day(calendar: Calendar, day: date) -> datetime:
    """The end of the last minute worked on a day or, where nobody works then, of the last minute of which it is the date."""
    begin = datetime.combine(day, time(), UTC)
    minutes = takewhile(lambda each: each[0] < begin + 3 * DAY, watch(calendar, begin - DAY)) if calendar.hours_given else ()
    worked = [minute for minute, of in minutes if of == day]
    if worked:
        return worked[-1] + MINUTE
    moment = begin - DAY
    while moment.astimezone(ZoneInfo(calendar.timezone)).date() <= day:
        moment += MINUTE
    return moment


CAREFUL = settings(
    max_examples=160, derandomize=True, deadline=None, database=None, suppress_health_check=list(HealthCheck)
)


@CAREFUL
@given(situations())
def test_business_hours_end_when_so_many_minutes_were_worked(situation: tuple[Calendar, datetime, int]) -> None:
    calendar, start, amount = situation
    assert slow_minutes(calendar, start, amount * 60) == due(calendar, start, Duration(amount, "business hours"))


@CAREFUL
@given(situations(), st.integers(0, 600))
def test_business_minutes_end_when_so_many_were_worked(situation: tuple[Calendar, datetime, int], amount: int) -> None:
    calendar, start, _ = situation
    assert slow_minutes(calendar, start, amount) == due(calendar, start, Duration(amount, "business minutes"))


@CAREFUL
@given(situations())
def test_business_days_end_with_the_last_minute_worked_on_a_day(situation: tuple[Calendar, datetime, int]) -> None:
    calendar, start, amount = situation
    assert slow_days(calendar, start, amount) == due(calendar, start, Duration(amount, "business days"))


@CAREFUL
@given(situations(), st.integers(0, 600))
def test_a_reminder_in_business_time_leaves_so_many_minutes_to_work(
    situation: tuple[Calendar, datetime, int], amount: int
) -> None:
    calendar, end, hours = situation
    back = cache(partial(watched, calendar, end))
    for unit, minutes in (("business minutes", amount), ("business hours", hours * 60)):
        expected = next(filter(None, (slow_minutes_before(back(days), end, minutes) for days in (2, 6, 40))))
        before = Duration(amount if unit == "business minutes" else hours, unit)
        assert expected == reminder(calendar, end - 60 * DAY, end, before)


@CAREFUL
@given(situations())
def test_a_reminder_in_business_days_comes_with_the_first_minute_worked_on_a_day(
    situation: tuple[Calendar, datetime, int],
) -> None:
    calendar, end, amount = situation
    expected = next(filter(None, (slow_days_before(calendar, end, amount, days) for days in (5, 12, 60))))
    assert expected == reminder(calendar, end - 90 * DAY, end, Duration(amount, "business days"))


@CAREFUL
@given(situations(), st.booleans())
def test_a_date_is_over_with_the_last_minute_worked_on_it_or_at_its_midnight(
    situation: tuple[Calendar, datetime, int], hours: bool
) -> None:
    calendar, start, ahead = situation
    calendar, day = replace(calendar, hours_given=hours), start.date() + (ahead - 2) * DAY
    assert slow_end_of_day(calendar, day) == end_of_day(calendar, day)
