"""What a JSON Schema cannot express about a calendar."""

from __future__ import annotations

import re
from collections.abc import Collection, Iterator
from datetime import date
from typing import Any

from procdef.calendar import OFFICE
from procdef.diagnostics import Finding, Place, Route, nearest
from procdef.language.countries import COUNTRIES
from procdef.language.shape.suggested_forms import identifier
from procdef.time_zones import MACHINE_NAMES, MissingZone, iana_names, is_iana_name, zone

DAYS = ("mon", "tue", "wed", "thu", "fri", "sat", "sun")
_DAY = 24 * 60
_HOURS: Route = ("calendar", "hours")


def calendar_findings(raw: Any) -> Iterator[Finding]:
    """What is wrong in a ``calendar`` that the schema has accepted; ``None`` where there is none."""
    if raw is None:
        return
    yield from _time_zone(raw["timezone"])
    yield from _holidays(raw)
    for index, day in enumerate(raw.get("closed", ())):
        if not _is_day(day):
            place = Place(("calendar", "closed", index))
            yield Finding("bad-calendar", place, '"{subject}" is not a day of the calendar', subject=day, kind="value")
    yield from hours_findings(raw.get("hours", {}))


def _is_day(text: str) -> bool:
    try:
        date.fromisoformat(text)
    except ValueError:
        return False
    return True


def hours_findings(raw: Any, at: Route = _HOURS) -> Iterator[Finding]:
    """What is wrong in working hours by day that the schema has accepted, and that stand ``at`` a place."""
    told: dict[str, str] = {}
    for days, ranges in raw.items():
        twice = [day for day in covered(days) if day in told]
        if twice:
            yield Finding(
                "bad-calendar",
                Place((*at, days), "key"),
                '"{subject}" is in "{other}" too; give each day its hours once',
                subject=twice[0],
                kind="value",
                details={"other": told[twice[0]]},
            )
        told.update(dict.fromkeys(covered(days), days))
        for route, hours in _written(days, ranges, at):
            if _minutes(hours) is None:
                sentence = '"{subject}" ends when it begins; write "00:00-24:00" for a whole day'
                yield Finding("bad-calendar", Place(route), sentence, subject=hours, kind="value")
    yield from _overlaps(raw, at)


def _time_zone(name: str) -> Iterator[Finding]:
    """A name that is not written as IANA does, or that means another time on each machine."""
    if is_iana_name(name) and not isinstance(zone(name), MissingZone):
        return
    names = iana_names()
    same = next((known for known in names if known.casefold() == name.casefold()), None)
    city = _of_city(name, names)
    near = same or city or (nearest(name, sorted(names)) if not _ABBREVIATED.match(name) else None)
    if not names or is_iana_name(name):
        sentence = (
            'this machine has no data of the time zone "{subject}", so nothing can be said of it; install or update the '
            "Python package `tzdata`"
        )
    elif name in MACHINE_NAMES or name.startswith(("right/", "posix/")):
        sentence = '"{subject}" is another time zone on each machine; write one such as "Europe/Helsinki"'
    elif near:
        sentence = 'unknown time zone "{subject}"; did you mean "{near}"?'
    else:
        sentence = 'unknown time zone "{subject}"; write it by continent and city, such as "Europe/Helsinki"'
    yield Finding(
        "unknown-time-zone",
        Place(("calendar", "timezone")),
        sentence,
        fix=near if near and near == city and "{near}" in sentence else None,
        subject=name,
        kind="value",
        candidates=(near,) if near and "{near}" in sentence else (),
        details={"near": near},
    )


_ABBREVIATED = re.compile(r"[A-Z]{2,5}(?:[-+ ]?[0-9:]+)?$")
"""CEST, GMT+1: not the name of a place, and its nearest name may be another zone's."""


def _of_city(name: str, names: Collection[str]) -> str | None:
    """The one time zone that is called after a city."""
    bare = identifier(name)
    found = [one for one in names if "/" in one and identifier(one.rpartition("/")[2]) == bare]
    found = [one for one in found if one.partition("/")[0] not in ("posix", "right", "US", "Etc")] if bare else []
    return found[0] if len(found) == 1 else None


def covered(days: str) -> tuple[str, ...]:
    """The days that ``mon``, ``mon-fri`` or, over the end of the week, ``sun-thu`` names."""
    first, _, last = days.partition("-")
    begin, end = DAYS.index(first), DAYS.index(last or first)
    return DAYS[begin : end + 1] if begin <= end else (*DAYS[begin:], *DAYS[: end + 1])


def _written(days: str, ranges: Any, at: Route = _HOURS) -> list[tuple[Route, str]]:
    """The working hours of an entry, each with its route."""
    route: Route = (*at, days)
    return [((*route, index), hours) for index, hours in enumerate(ranges)] if isinstance(ranges, list) else [(route, ranges)]


def _minutes(hours: str) -> tuple[int, int] | None:
    """When working hours begin and end, in minutes of the day on which they begin; None where they have no length."""
    begin, end = (int(part[:2]) * 60 + int(part[3:]) for part in hours.split("-"))
    return None if begin == end else (begin, end if begin < end else end + _DAY)


def _overlaps(raw: Any, at: Route) -> Iterator[Finding]:
    """Working hours that begin before those of the day before are over; each written range is told once."""
    week: dict[str, list[tuple[Route, str, int, int]]] = {}
    for days, ranges in raw.items():
        told = [(route, hours, *minutes) for route, hours in _written(days, ranges, at) if (minutes := _minutes(hours))]
        week |= dict.fromkeys(covered(days), told)
    found: dict[Route, Finding] = {}
    for day, hours in week.items():
        before = DAYS[DAYS.index(day) - 1]
        latest = max(week.get(before, ()), key=lambda one: one[3], default=None)
        for route, written, begin, _ in hours:
            if latest is not None and begin < latest[3] - _DAY:
                sentence = (
                    '"{subject}" on {day} begins before "{earlier}" on {day_before} is over; '
                    "let one end no later than the other begins"
                )
                details = {"day": day, "earlier": latest[1], "day_before": before}
                overlap = Finding("bad-calendar", Place(route), sentence, subject=written, kind="value", details=details)
                found.setdefault(route, overlap)
    yield from found.values()


def _holidays(raw: Any) -> Iterator[Finding]:
    country, region = raw.get("holidays"), raw.get("region")
    if country is None and region is not None:
        sentence = 'the region "{subject}" belongs to no country; add `holidays`, or leave it out'
        yield Finding("bad-calendar", Place(("calendar", "region"), "key"), sentence, subject=region, kind="value")
    if country is None or (country in COUNTRIES and region is None):
        return
    from holidays import country_holidays

    try:
        country_holidays(country)
    except NotImplementedError:
        sentence = 'the holidays of "{subject}" are not known; leave `holidays` out and list the days as `closed`'
        yield Finding("unknown-country", Place(("calendar", "holidays")), sentence, subject=country, kind="value")
        return
    try:
        country_holidays(country, subdiv=region)
    except NotImplementedError:
        yield Finding(
            "unknown-country",
            Place(("calendar", "region")),
            '"{subject}" is not a region of {country} with holidays of its own; leave it out or correct it',
            subject=region,
            kind="value",
            details={"country": country},
        )


def hours_are_sound(raw: Any) -> bool:
    """Whether the ``hours`` of a calendar have no fault of their own, which would make them tell nothing."""
    return not any(hours_findings(raw))


def working_week(hours: Any) -> tuple[int, int]:
    """How many days, and how many minutes, people work in a week."""
    if not hours:
        return len(OFFICE), 8 * 60 * len(OFFICE)
    days, minutes = 0, 0
    for name, ranges in hours.items():
        spans = [_minutes(written) or (0, 0) for _, written in _written(name, ranges)]
        days += len(covered(name))
        minutes += len(covered(name)) * sum(end - begin for begin, end in spans)
    return days, minutes
