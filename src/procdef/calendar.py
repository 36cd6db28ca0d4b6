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
"""How many days ahead a due time is looked for before the calendar counts as having no working time."""


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
        return ZoneInfo(self.timezone)


def due(calendar: Calendar, start: datetime, within: Duration) -> datetime:
    """When ``within`` from ``start`` (aware) is over, in UTC.

    After N business days: the end of working hours on the Nth working day after the day of ``start``. Raises
    ``CalendarUnknown`` for a year whose holidays the library does not know, or when no working time comes.
    """
    if within.unit == "business days":
        return _after_days(calendar, start, within.amount)
    if within.unit == "business hours":
        return _after_hours(calendar, start, timedelta(hours=within.amount))
    return start.astimezone(UTC) + elapsed(within)


def _after_days(calendar: Calendar, start: datetime, amount: int) -> datetime:
    left, end = amount, start.astimezone(UTC)
    first = start.astimezone(calendar.zone).date()
    for day, ranges in _working(calendar, first):
        if day == first and amount:
            continue
        end = max(finish for _, finish in ranges)
        left -= 1
        if left <= 0:
            return end
    raise CalendarUnknown(f"no {amount} working days come after {first}; look at the calendar's hours and closed days")


def _after_hours(calendar: Calendar, start: datetime, left: timedelta) -> datetime:
    begin = start.astimezone(UTC)
    for _, ranges in _working(calendar, start.astimezone(calendar.zone).date()):
        for opens, closes in sorted(ranges):
            free = closes - max(opens, begin)
            if free < timedelta(0):
                continue
            if left <= free and (free or not left):
                return max(opens, begin) + left
            left -= free
    raise CalendarUnknown("not enough working hours come; look at the calendar's hours and closed days")


def _working(calendar: Calendar, first: date) -> Iterator[tuple[date, list[tuple[datetime, datetime]]]]:
    """The working days from ``first`` on, each with its hours in UTC."""
    zone = calendar.zone
    for ahead in range(_FARTHEST):
        day = first + timedelta(days=ahead)
        hours = calendar.hours.get(day.weekday(), ())
        if not hours or day in calendar.closed or is_holiday(calendar, day):
            continue
        spans = [
            (datetime.combine(day, a, zone).astimezone(UTC), datetime.combine(day, b, zone).astimezone(UTC))
            for a, b in hours
        ]
        yield day, [(opens, max(opens, closes)) for opens, closes in spans]


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
        raise CalendarUnknown(f"the holidays of {country} {region or ''} are not known") from unknown
    if not kind.start_year <= year <= kind.end_year or not len(kind):
        raise CalendarUnknown(f"the holidays of {country} in {year} are not known; update the package `holidays`")
    return frozenset(kind)


def known_country(country: str, region: str | None = None) -> bool:
    """Whether the holidays of a country (ISO 3166 code), and of a region of it where one is named, are known."""
    import holidays

    regions = holidays.list_supported_countries(include_aliases=True).get(country)
    return regions is not None and (region is None or region in regions)
