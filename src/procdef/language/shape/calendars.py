"""What no schema can say about a calendar and about the durations that are counted on it."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import date, time
from typing import Any
from zoneinfo import ZoneInfo

from procdef.calendar import OFFICE, Duration, parse_duration
from procdef.diagnostics import Finding, Place, Route
from procdef.language.countries import COUNTRIES

_DAYS = ("mon", "tue", "wed", "thu", "fri", "sat", "sun")
_WEEKS = 418
"""Eight years: what is due later in working time might lie beyond the days that a due time is looked for."""


def calendar_findings(raw: Any) -> Iterator[Finding]:
    """What is wrong in a ``calendar`` that the schema has accepted; ``None`` where there is none."""
    if raw is None:
        return
    try:
        ZoneInfo(raw["timezone"])
    except (ValueError, OSError, LookupError):
        message = f'unknown time zone "{raw["timezone"]}"; write an IANA name such as "Europe/Helsinki"'
        yield Finding("unknown-time-zone", Place(("calendar", "timezone")), message)
    yield from _holidays(raw)
    for index, day in enumerate(raw.get("closed", ())):
        if not _is_day(day):
            yield Finding("bad-calendar", Place(("calendar", "closed", index)), f'"{day}" is no day of the calendar')
    yield from _hours(raw.get("hours", {}))


def _is_day(text: str) -> bool:
    try:
        date.fromisoformat(text)
    except ValueError:
        return False
    return True


def _hours(raw: Any) -> Iterator[Finding]:
    told: dict[str, str] = {}
    for days, ranges in raw.items():
        route: Route = ("calendar", "hours", days)
        covered = _covered(days)
        twice = [day for day in covered if day in told]
        if not covered:
            yield Finding("bad-calendar", Place(route, "key"), f'"{days}" runs backwards; write the earlier day first')
        elif twice:
            message = f'"{twice[0]}" is in "{told[twice[0]]}" too; give each day its hours once'
            yield Finding("bad-calendar", Place(route, "key"), message)
        told.update(dict.fromkeys(covered, days))
        listed = isinstance(ranges, list)
        for index, hours in enumerate(ranges if listed else [ranges]):
            start, _, end = hours.partition("-")
            if start >= end:
                message = f'"{hours}" ends before it begins; write the earlier time first'
                yield Finding("bad-calendar", Place((*route, index) if listed else route), message)


def _covered(days: str) -> tuple[str, ...]:
    """The days that ``mon`` or ``mon-fri`` names; none where the range runs backwards."""
    first, _, last = days.partition("-")
    return _DAYS[_DAYS.index(first) : _DAYS.index(last or first) + 1]


def _holidays(raw: Any) -> Iterator[Finding]:
    country, region = raw.get("holidays"), raw.get("region")
    if country is None and region is not None:
        message = f'the region "{region}" is that of no country; add `holidays`, or leave it out'
        yield Finding("bad-calendar", Place(("calendar", "region"), "key"), message)
    if country is None or (country in COUNTRIES and region is None):
        return
    from holidays import country_holidays

    try:
        country_holidays(country)
    except NotImplementedError:
        message = f'the holidays of "{country}" are not known; leave `holidays` out and list the days as `closed`'
        yield Finding("unknown-country", Place(("calendar", "holidays")), message)
        return
    try:
        country_holidays(country, subdiv=region)
    except NotImplementedError:
        message = f'"{region}" is no region of {country} that has holidays of its own; leave it out or mend it'
        yield Finding("unknown-country", Place(("calendar", "region")), message)


def duration_findings(raw: Any) -> Iterator[Finding]:
    """Durations that cannot be counted: in business weeks, without a calendar, or for so long that no day is found."""
    for route, written in _durations(raw):
        duration = parse_duration(written)
        if duration is None:
            message = (
                f'"{written}" is no duration: business time is counted in hours and days; write "10 business days"'
            )
            yield Finding("bad-duration", Place(route), message)
        elif duration.business and "calendar" not in raw:
            message = "business hours and days need a calendar; add `calendar: {timezone: ...}` at the top"
            yield Finding("needs-calendar", Place(route), message)
        elif duration.business and _for_ever(duration, raw["calendar"].get("hours", {})):
            message = f'"{written}" is more than eight years of working time, so it can never be due; shorten it'
            yield Finding("bad-duration", Place(route), message)


def _for_ever(duration: Duration, hours: Any) -> bool:
    if any(_hours(hours)):
        return False  # hours with a fault of their own tell nothing
    week = _week(hours)
    return duration.amount > _WEEKS * (week[0] if duration.unit == "business days" else week[1])


def _durations(raw: Any) -> Iterator[tuple[Route, str]]:
    reopen = raw.get("lost", {}).get("reopen", {})
    if "within" in reopen:
        yield ("lost", "reopen", "within"), reopen["within"]
    for name, stage in raw["stages"].items():
        for key in ("within", "remind"):
            if key in stage.get("sla", {}):
                yield ("stages", name, "sla", key), stage["sla"][key]


def _week(hours: Any) -> tuple[int, float]:
    """How many days, and how many hours, people work in a week."""
    if not hours:
        return len(OFFICE), 8.0 * len(OFFICE)
    days, minutes = 0, 0
    for name, ranges in hours.items():
        covered = len(_covered(name))
        days += covered
        minutes += covered * sum(_minutes(span) for span in ([ranges] if isinstance(ranges, str) else ranges))
    return days, minutes / 60


def _minutes(span: str) -> int:
    start, end = (time.fromisoformat(part) for part in span.split("-"))
    return max(0, (end.hour - start.hour) * 60 + end.minute - start.minute)
