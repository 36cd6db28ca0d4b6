"""Business time: durations, and when something is due in working hours, holidays and daylight saving considered."""

from __future__ import annotations

import re
from calendar import monthrange
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from datetime import MAXYEAR, MINYEAR, UTC, date, datetime, time, timedelta, tzinfo
from functools import lru_cache
from typing import Literal, cast

from procdef.errors import CalendarDataMissing, CalendarUnknown
from procdef.time_zones import jumped_over, zone

Unit = Literal[
    "minutes", "hours", "days", "weeks", "months", "years", "business minutes", "business hours", "business days"
]
_DURATION = re.compile(r"([0-9]{1,6}) (?:(business )?(minute|hour|day)|(week|month|year))s?")
_MONTHS = {"months": 1, "years": 12}
_FARTHEST = 3660
"""How many days, the first included, a due time in working time is looked for."""
_DAY = timedelta(days=1)


@dataclass(frozen=True, slots=True)
class Duration:
    """A length of time. A day is 24 hours, months and years are those of the calendar; business units count working
    time only."""

    amount: int
    unit: Unit

    @property
    def business(self) -> bool:
        """Whether it needs a calendar."""
        return self.unit.startswith("business")

    def __str__(self) -> str:
        return f"{self.amount} {self.unit if self.amount != 1 else self.unit[:-1]}"


def parse_duration(text: str) -> Duration | None:
    """``3 days``, ``1 hour``, ``2 months``, ``10 business days``; ``None`` for anything else."""
    match = _DURATION.fullmatch(text.strip())
    if match is None:
        return None
    return Duration(int(match[1]), cast(Unit, f"{match[2] or ''}{match[3] or match[4]}s"))


def elapsed(duration: Duration) -> timedelta:
    """A duration that needs no calendar. Raises ``ValueError`` for business units, months and years."""
    if duration.business or duration.unit in _MONTHS:
        raise ValueError(f"{duration} has no fixed length")
    return timedelta(**{duration.unit: duration.amount})


Ranges = tuple[tuple[time, time], ...]
"""Working hours: each with its begin and its end. One that ends no later than it begins runs into the next day, and ends
there at the latest 24 hours on: ``(00:00, 00:00)`` is a whole day."""
OFFICE: Mapping[int, Ranges] = {day: ((time(9), time(17)),) for day in range(5)}
"""Working hours where a calendar names none: Monday (0) to Friday, 09:00 to 17:00."""


@dataclass(frozen=True, slots=True)
class Calendar:
    """Where and when people work. ``hours`` by weekday from Monday (0); ``country`` and ``region`` name its holidays.

    Hours that run into the next day belong to the day on which they begin: that is the working day, and its holiday or
    closed day is what they lapse on. ``given`` is false where a definition has no calendar, ``hours_given`` where it names no
    hours and people work as everywhere.
    """

    timezone: str = "UTC"
    country: str | None = None
    region: str | None = None
    hours: Mapping[int, Ranges] = field(default_factory=lambda: OFFICE)
    closed: frozenset[date] = frozenset()
    given: bool = True
    hours_given: bool = False

    @property
    def zone(self) -> tzinfo:
        """The time zone; instances are shared. Where this machine has no data of it, what asks it for a time raises
        ``CalendarDataMissing``."""
        return zone(self.timezone)


def due(calendar: Calendar, start: datetime, within: Duration) -> datetime:
    """When ``within`` from ``start`` (aware) is over, in UTC, never before ``start``.

    After N business days: the end of working hours on the Nth working day after the one that ``start`` is part of. After
    0 of them: the next end of working hours. After N months or years: the same day of the month, or its last, at the same
    time of the calendar's zone. Raises ``CalendarUnknown`` for a year whose holidays the library does not know, when no
    working time comes, and for a duration too long to be looked up.
    """
    try:
        if within.unit == "business days":
            return _after_days(calendar, start.astimezone(UTC), within)
        if within.business:
            return _after_working_time(calendar, start.astimezone(UTC), within)
        if within.unit in _MONTHS:
            return max(start.astimezone(UTC), _months_on(calendar, start, within.amount * _MONTHS[within.unit]))
        return start.astimezone(UTC) + elapsed(within)
    except OverflowError as far:
        raise CalendarUnknown(
            f"{within} from {start.date()} is later than the year 9999; choose a shorter time"
        ) from far


def _after_days(calendar: Calendar, begin: datetime, within: Duration) -> datetime:
    left, first = within.amount, _working_day(calendar, begin)
    for day, spans in _working(calendar, _first_day(calendar, begin)):
        end = spans[-1][1]
        if day <= first if within.amount else end < begin:
            continue
        left -= 1
        if left <= 0:
            return end
    raise _too_far(calendar, within, begin, left < within.amount)


def _after_working_time(calendar: Calendar, begin: datetime, within: Duration) -> datetime:
    left, reached = _working_time(within), begin
    for _, spans in _working(calendar, _first_day(calendar, begin)):
        for opens, closes in spans:
            free = closes - max(opens, reached)
            if free < timedelta(0):
                continue
            if left <= free:
                return max(opens, reached) + left
            left, reached = left - free, closes
    raise _too_far(calendar, within, begin, reached > begin)


def end_of_day(calendar: Calendar, day: date) -> datetime:
    """When what is due on a day is due, in UTC: at the end of its working hours.

    Where the calendar names no hours, or nobody works that day, the day's own end: midnight there. In a year whose holidays the
    library does not know, each day counts as none.
    """
    try:
        spans = _hours_of(calendar, day) if calendar.hours_given else ()
    except CalendarDataMissing:
        raise
    except CalendarUnknown:
        spans = _spans(calendar.timezone, calendar.hours.get(day.weekday(), ()), day) if day not in calendar.closed else ()
    except OverflowError:  # the first day of all, which begins before the year 1 in UTC
        spans = ()
    try:
        return spans[-1][1] if spans else _moment(day + _DAY, time(), calendar.zone)
    except OverflowError:
        return datetime.max.replace(tzinfo=UTC)


def reminder(calendar: Calendar, since: datetime, end: datetime, before: Duration) -> datetime:
    """When to remind of what is due at ``end``, in UTC: ``before`` it, counted backwards, and not before ``since``.

    Business time is counted backwards in working time. N business days before: the beginning of working hours on the Nth
    working day before the one that ``end`` is part of; 0 of them before: the last beginning of working hours. Raises
    ``CalendarUnknown`` for a year whose holidays the library does not know.
    """
    since, end = since.astimezone(UTC), end.astimezone(UTC)
    try:
        if before.unit == "business days":
            found = _days_before(calendar, since, end, before.amount)
        elif before.business:
            found = _working_time_before(calendar, since, end, _working_time(before))
        elif before.unit in _MONTHS:
            found = min(end, _months_on(calendar, end, -before.amount * _MONTHS[before.unit]))
        else:
            found = end - elapsed(before)
    except OverflowError:  # before the year 1, or longer than anything is
        return since
    return max(since, found)


def _days_before(calendar: Calendar, since: datetime, end: datetime, amount: int) -> datetime:
    left, last = amount, _working_day(calendar, end, ending=True)
    for day, spans in _worked(calendar, since, end):
        begin = spans[0][0]
        if day >= last if amount else begin > end:
            continue
        left -= 1
        if left <= 0:
            return begin
    return since


def _working_time_before(calendar: Calendar, since: datetime, end: datetime, left: timedelta) -> datetime:
    reached = end
    for _, spans in _worked(calendar, since, end):
        for opens, closes in reversed(spans):
            free = min(closes, reached) - opens
            if free < timedelta(0):
                continue
            if left <= free:
                return min(closes, reached) - left
            left, reached = left - free, opens
    return since


def _working_time(duration: Duration) -> timedelta:
    return timedelta(**{duration.unit.removeprefix("business "): duration.amount})


def _months_on(calendar: Calendar, start: datetime, months: int) -> datetime:
    """The same day of the month so many months on, or the month's last, at the same time of day there.

    Where the clock shows that time twice, the first; where it jumps over it, as much later, as in expressions.
    """
    local = start.astimezone(calendar.zone)
    year, month = divmod(local.year * 12 + local.month - 1 + months, 12)
    if not MINYEAR <= year <= MAXYEAR:
        raise OverflowError("beyond the calendar")
    day = date(year, month + 1, min(local.day, monthrange(year, month + 1)[1]))
    return datetime.combine(day, local.time().replace(fold=0), calendar.zone).astimezone(UTC)


def _too_far(calendar: Calendar, within: Duration, begin: datetime, found: bool) -> CalendarUnknown:
    first = begin.astimezone(calendar.zone).date()
    last = first + (_FARTHEST - 1) * _DAY
    if found:
        return CalendarUnknown(
            f"{within} from {first} is later than {last}, the last day looked at; choose a shorter time"
        )
    return CalendarUnknown(f"nobody works from {first} to {last}; mend the calendar's hours or closed days")


Spans = tuple[tuple[datetime, datetime], ...]


def _working(calendar: Calendar, first: date) -> Iterator[tuple[date, Spans]]:
    """The working days from ``first`` on, each with its hours in UTC, in order and apart."""
    for ahead in range(_FARTHEST):
        day = first + ahead * _DAY
        if spans := _hours_of(calendar, day):
            yield day, spans


def _worked(calendar: Calendar, since: datetime, end: datetime) -> Iterator[tuple[date, Spans]]:
    """The working days back from ``end`` until what began before ``since``."""
    day, first = end.astimezone(calendar.zone).date(), _first_day(calendar, since)
    while day >= first:
        if spans := _hours_of(calendar, day):
            yield day, spans
        day -= _DAY


def working_spans(calendar: Calendar, first: date, last: date) -> Iterator[tuple[datetime, datetime]]:
    """The working hours that begin on the days from ``first`` to ``last``, in UTC; those of two days may overlap.

    Raises ``CalendarUnknown`` for a year whose holidays the library does not know, and ``OverflowError`` at either end of
    the calendar.
    """
    for number in range(first.toordinal(), last.toordinal() + 1):
        yield from _hours_of(calendar, date.fromordinal(number))


def _first_day(calendar: Calendar, moment: datetime) -> date:
    """The first day whose hours may not be over at a moment: its date, or the day before where that runs past midnight."""
    day = moment.astimezone(calendar.zone).date()
    before = calendar.hours.get((day - _DAY).weekday(), ())
    return day - _DAY if any(closes <= opens for opens, closes in before) else day


def _working_day(calendar: Calendar, moment: datetime, *, ending: bool = False) -> date:
    """The day that a moment is part of: the one on which the hours then worked began, or its date.

    Where hours end and others begin, or none, the moment is part of what begins; if ``ending``, of what ends.
    """
    day = moment.astimezone(calendar.zone).date()
    before = _first_day(calendar, moment)
    for opens, closes in _hours_of(calendar, before) if before < day else ():
        if opens < moment <= closes if ending else opens <= moment < closes:
            return before
    return day


def _hours_of(calendar: Calendar, day: date) -> Spans:
    """The hours that begin on a day, in UTC; none where nobody works then."""
    hours = calendar.hours.get(day.weekday(), ())
    if not hours or day in calendar.closed or is_holiday(calendar, day):
        return ()
    return _spans(calendar.timezone, hours, day)


@lru_cache(maxsize=8192)
def _spans(timezone: str, hours: Ranges, day: date) -> Spans:
    """The hours of a day in UTC: overlapping ones are merged, those that the clock jumps over are left out."""
    where, spans = zone(timezone), list[tuple[datetime, datetime]]()
    for begin, end in hours:
        opens, closes = _moment(day, begin, where), _moment(day if begin < end else day + _DAY, end, where)
        if opens < closes:
            spans.append((opens, closes))
    merged = list[tuple[datetime, datetime]]()
    for opens, closes in sorted(spans):
        if merged and opens <= merged[-1][1]:
            merged[-1] = (merged[-1][0], max(merged[-1][1], closes))
        else:
            merged.append((opens, closes))
    return tuple(merged)


def _moment(day: date, at: time, where: tzinfo) -> datetime:
    """The first moment, in UTC, when the clock of the day shows ``at`` or, where it jumps over that, a later time."""
    shown = datetime.combine(day, at)
    jump = jumped_over(shown, where)
    return (jump[1] if jump else shown).replace(tzinfo=where).astimezone(UTC)


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
        raise CalendarDataMissing(
            f"this machine does not know the holidays of {', '.join(filter(None, (region, country)))}, which the process "
            "names; update the Python package `holidays`"
        ) from unknown
    if not kind.start_year <= year <= kind.end_year or not len(kind):
        raise CalendarUnknown(f"the holidays of {country} in {year} are not known; update the package `holidays`")
    return frozenset(kind)


def known_country(country: str, region: str | None = None) -> bool:
    """Whether the holidays of a country (ISO 3166 code), and of a region of it where one is named, are known."""
    import holidays

    regions = holidays.list_supported_countries(include_aliases=True).get(country)
    return regions is not None and (region is None or region in regions)
