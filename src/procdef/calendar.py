"""Business time: durations, and when something is due in working hours, holidays and daylight saving considered."""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from datetime import UTC, date, datetime, time, timedelta
from functools import lru_cache
from typing import Literal, cast
from zoneinfo import ZoneInfo

from procdef.errors import CalendarUnknown

Unit = Literal["hours", "days", "weeks", "business hours", "business days"]
_DURATION = re.compile(r"([0-9]{1,6}) (business )?(hour|day|week)s?")
_FARTHEST = 3660
"""How many days, the first included, a due time in working time is looked for."""


@dataclass(frozen=True, slots=True)
class Duration:
    """A length of time. A day is 24 hours; business units count working time only."""

    amount: int
    unit: Unit

    @property
    def business(self) -> bool:
        """Whether it needs a calendar."""
        return self.unit.startswith("business")

    def __str__(self) -> str:
        return f"{self.amount} {self.unit if self.amount != 1 else self.unit[:-1]}"


def parse_duration(text: str) -> Duration | None:
    """``3 days``, ``1 hour``, ``10 business days``; ``None`` for anything else."""
    match = _DURATION.fullmatch(text.strip())
    if match is None or (match[2] and match[3] == "week"):
        return None
    return Duration(int(match[1]), cast(Unit, f"{match[2] or ''}{match[3]}s"))


def elapsed(duration: Duration) -> timedelta:
    """A duration that needs no calendar. Raises ``ValueError`` for business units."""
    if duration.business:
        raise ValueError("a business duration has no fixed length")
    return timedelta(**{duration.unit: duration.amount})


Ranges = tuple[tuple[time, time], ...]
OFFICE: Mapping[int, Ranges] = {day: ((time(9), time(17)),) for day in range(5)}
"""Working hours where a calendar names none: Monday (0) to Friday, 09:00 to 17:00."""


@dataclass(frozen=True, slots=True)
class Calendar:
    """Where and when people work. ``hours`` by weekday from Monday (0); ``country`` and ``region`` name its holidays.

    ``given`` is false where a definition has no calendar.
    """

    timezone: str = "UTC"
    country: str | None = None
    region: str | None = None
    hours: Mapping[int, Ranges] = field(default_factory=lambda: OFFICE)
    closed: frozenset[date] = frozenset()
    given: bool = True

    @property
    def zone(self) -> ZoneInfo:
        """The time zone; instances are shared."""
        return _zone(self.timezone)


@lru_cache(maxsize=256)
def _zone(name: str) -> ZoneInfo:
    return ZoneInfo(name)


def due(calendar: Calendar, start: datetime, within: Duration) -> datetime:
    """When ``within`` from ``start`` (aware) is over, in UTC, never before ``start``.

    After N business days: the end of working hours on the Nth working day after the day of ``start``. After 0 of them:
    the next end of working hours, on that day where it is still to come. Raises ``CalendarUnknown`` for a year whose
    holidays the library does not know, when no working time comes, and for a duration too long to be looked up.
    """
    try:
        if within.unit == "business days":
            return _after_days(calendar, start, within)
        if within.unit == "business hours":
            return _after_hours(calendar, start, within)
        return start.astimezone(UTC) + elapsed(within)
    except OverflowError as far:
        raise CalendarUnknown(
            f"{within} from {start.date()} is later than the year 9999; choose a shorter time"
        ) from far


def _after_days(calendar: Calendar, start: datetime, within: Duration) -> datetime:
    left, begin = within.amount, start.astimezone(UTC)
    first = start.astimezone(calendar.zone).date()
    for day, spans in _working(calendar, first):
        end = spans[-1][1]
        if end < begin or (day == first and within.amount):
            continue
        left -= 1
        if left <= 0:
            return end
    raise _too_far(within, first, left < within.amount)


def _after_hours(calendar: Calendar, start: datetime, within: Duration) -> datetime:
    left, begin = timedelta(hours=within.amount), start.astimezone(UTC)
    first, found = start.astimezone(calendar.zone).date(), False
    for _, spans in _working(calendar, first):
        for opens, closes in spans:
            free = closes - max(opens, begin)
            if free < timedelta(0):
                continue
            if left <= free:
                return max(opens, begin) + left
            left, found = left - free, True
    raise _too_far(within, first, found)


def _too_far(within: Duration, first: date, found: bool) -> CalendarUnknown:
    last = first + timedelta(days=_FARTHEST - 1)
    if found:
        return CalendarUnknown(
            f"{within} from {first} is later than {last}, the last day looked at; choose a shorter time"
        )
    return CalendarUnknown(f"nobody works from {first} to {last}; mend the calendar's hours or closed days")


Spans = tuple[tuple[datetime, datetime], ...]


def _working(calendar: Calendar, first: date) -> Iterator[tuple[date, Spans]]:
    """The working days from ``first`` on, each with its hours in UTC, in order and apart."""
    for ahead in range(_FARTHEST):
        day = first + timedelta(days=ahead)
        hours = calendar.hours.get(day.weekday(), ())
        if not hours or day in calendar.closed or is_holiday(calendar, day):
            continue
        spans = _spans(calendar.timezone, hours, day)
        if spans:
            yield day, spans


@lru_cache(maxsize=8192)
def _spans(timezone: str, hours: Ranges, day: date) -> Spans:
    """The hours of a day in UTC: overlapping ones are merged, those that the clock jumps over are left out."""
    zone, spans = _zone(timezone), list[tuple[datetime, datetime]]()
    for opens, closes in sorted((_moment(day, opens, zone), _moment(day, closes, zone)) for opens, closes in hours):
        if closes <= opens:
            continue
        if spans and opens <= spans[-1][1]:
            spans[-1] = (spans[-1][0], max(spans[-1][1], closes))
        else:
            spans.append((opens, closes))
    return tuple(spans)


def _moment(day: date, at: time, zone: ZoneInfo) -> datetime:
    """The first moment, in UTC, when the clock of the day shows ``at`` or, where it jumps over that, a later time."""
    shown = datetime.combine(day, at, zone)
    late, early = shown.astimezone(UTC), shown.replace(fold=1).astimezone(UTC)
    if early >= late:
        return late
    # The clock jumps over this time, at a moment between the two readings: halve the way to it.
    while late - early > timedelta(seconds=1):
        middle = early + timedelta(seconds=(late - early) // timedelta(seconds=2))
        if middle.astimezone(zone).utcoffset() == shown.utcoffset():
            early = middle
        else:
            late = middle
    return late


def is_holiday(calendar: Calendar, day: date) -> bool:
    """Whether the day is a public holiday there. Raises ``CalendarUnknown`` for a year that the library does not know."""
    if calendar.country is None:
        return False
    return day in _holidays(calendar.country, calendar.region, day.year)


@lru_cache(maxsize=256)
def _holidays(country: str, region: str | None, year: int) -> frozenset[date]:
    import holidays

    try:
        kind = holidays.country_holidays(country, subdiv=region, years=year)
    except NotImplementedError as unknown:
        raise CalendarUnknown(f"the holidays of {' '.join(filter(None, (country, region)))} are not known") from unknown
    if not kind.start_year <= year <= kind.end_year or not len(kind):
        raise CalendarUnknown(f"the holidays of {country} in {year} are not known; update the package `holidays`")
    return frozenset(kind)


def known_country(country: str, region: str | None = None) -> bool:
    """Whether the holidays of a country (ISO 3166 code), and of a region of it where one is named, are known."""
    import holidays

    regions = holidays.list_supported_countries(include_aliases=True).get(country)
    return regions is not None and (region is None or region in regions)
