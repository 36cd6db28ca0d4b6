"""When deals come in: in each month as many as are expected on average, each for itself."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import UTC, date, datetime, timedelta, tzinfo
from random import Random

from procdef.calendar import Calendar, working_spans
from procdef.errors import CalendarUnknown
from procdef.simulation.assumptions.model import Arrivals

Spans = list[tuple[float, float, float]]
"""Begin and end (seconds since 1970) and how much weight each second between them has."""


def moments(arrivals: Arrivals, calendar: Calendar, start: datetime, random: Random) -> Iterator[float]:
    """The moments (seconds since 1970) from ``start`` on, in order, without an end unless nothing comes in a whole year.

    A Poisson process: the times between arrivals are exponential, counted in the hours in which deals come.
    """
    zone = calendar.zone
    first = start.astimezone(zone).date().replace(day=1)
    since, idle, left = start.timestamp(), 0, random.expovariate(1.0)
    while idle < 12:
        expected = arrivals.in_month(first.month)
        following = (first + timedelta(days=31)).replace(day=1)
        idle = idle + 1 if expected <= 0 else 0
        if expected > 0:
            spans = _spans(arrivals, calendar, first, following, zone)
            whole = sum((end - begin) * weight for begin, end, weight in spans)
            for begin, end, weight in spans:
                rate = expected * weight / whole
                while rate > 0 and left <= (end - begin) * rate:
                    begin += left / rate
                    left = random.expovariate(1.0)
                    if begin >= since:
                        yield begin
                left -= (end - begin) * rate
        first = following


def _spans(arrivals: Arrivals, calendar: Calendar, first: date, following: date, zone: tzinfo) -> Spans:
    """The hours of a month in which deals come."""
    try:
        if not arrivals.weekdays:
            working = working_spans(calendar, first, following - timedelta(days=1))
            found = [(begin.timestamp(), end.timestamp(), 1.0) for begin, end in working]
            return found or [(_midnight(first, zone), _midnight(following, zone), 1.0)]
        days = [first + timedelta(days=ahead) for ahead in range((following - first).days)]
        found = []
        for day in days:
            share = arrivals.weekdays.get(day.weekday(), 0.0)
            if share > 0:
                hours = list(working_spans(calendar, day, day))
                ends = [(begin.timestamp(), end.timestamp()) for begin, end in hours]
                ends = ends or [(_midnight(day, zone), _midnight(day + timedelta(days=1), zone))]
                length = sum(end - begin for begin, end in ends)
                found += [(begin, end, share / length) for begin, end in ends]
        return found or [(_midnight(first, zone), _midnight(following, zone), 1.0)]
    except OverflowError:
        raise CalendarUnknown("the simulation runs beyond the calendar; simulate fewer deals or months") from None


def _midnight(day: date, zone: tzinfo) -> float:
    return datetime(day.year, day.month, day.day, tzinfo=zone).astimezone(UTC).timestamp()
