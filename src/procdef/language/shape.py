"""Shape rules that no schema can say, over the bare values of a file that the schema has accepted."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import date, datetime
from typing import Any
from zoneinfo import ZoneInfo

from procdef.diagnostics import Finding, Place, Route

RESERVED = frozenset(
    [
        "and",
        "or",
        "not",
        "in",
        "between",
        "contains",
        "is",
        "set",
        "done",
        "where",
        "any",
        "all",
        "count",
        "true",
        "false",
        "today",
        "now",
        "deal",
        "hour",
        "hours",
        "day",
        "days",
        "week",
        "weeks",
        "month",
        "months",
        "year",
        "years",
        "minute",
        "minutes",
        "quarter",
        "quarters",
        "business",
        "if",
        "then",
        "else",
        "sum",
        "avg",
        "min",
        "max",
        "first",
        "last",
        "before",
        "after",
        "since",
        "matches",
        "starts",
        "ends",
        "null",
        "empty",
        "date",
        "lost",
    ]
)
_DAYS = ("mon", "tue", "wed", "thu", "fri", "sat", "sun")
_NUMBERS = frozenset({"integer", "number", "money", "percent"})


def own_findings(raw: Any) -> Iterator[Finding]:
    """The findings, in no particular order."""
    yield from _texts(raw, (), raw["languages"][0])
    yield from _fields(raw["fields"], ("fields",), raw.get("currency"))
    yield from _calendar(raw.get("calendar"))
    for name, stage in raw["stages"].items():
        yield from _reserved(name, ("stages", name))
        yield from _stage(stage, ("stages", name), "calendar" in raw)


def _reserved(name: str, route: Route) -> Iterator[Finding]:
    if name in RESERVED:
        message = f'"{name}" is a word of the expression language; choose another id, such as "{name}_1"'
        yield Finding("reserved-id", Place(route, "key"), message)


def _texts(raw: Any, route: Route, default: str) -> Iterator[Finding]:
    """Texts by language are told from other mappings by their place: what people read has these keys."""
    if isinstance(raw, dict):
        for key, value in raw.items():
            here = (*route, key)
            if key in _TEXT_KEYS and isinstance(value, dict) and not _is_entry(route) and default not in value:
                message = f'this text lacks the default language "{default}"; add it'
                yield Finding("missing-default-text", Place(here, "key"), message)
            yield from _texts(value, here, default)
    elif isinstance(raw, list):
        for index, value in enumerate(raw):
            yield from _texts(value, (*route, index), default)


_TEXT_KEYS = frozenset({"title", "description", "help", "message", "fix", "guide", "goal", "concern", "answer"})
_ENTRIES = frozenset(
    [
        "roles",
        "fields",
        "items",
        "options",
        "ways",
        "reasons",
        "measures",
        "stages",
        "entry_criteria",
        "exit_criteria",
        "required_actions",
        "optional_actions",
        "next",
        "back",
        "objections",
        "materials",
    ]
)


def _is_entry(route: Route) -> bool:
    """Whether the keys below a route are ids chosen by the author: ``fields: {title: ...}`` is a field, no text."""
    return bool(route) and route[-1] in _ENTRIES and (len(route) == 1 or not _is_entry(route[:-1]))


def _fields(fields: Any, route: Route, currency: str | None) -> Iterator[Finding]:
    for name, spec in fields.items():
        here = (*route, name)
        yield from _reserved(name, here)
        if spec["type"] == "money" and currency is None:
            message = f'the money field "{name}" needs a currency; add `currency: EUR` (or another) at the top'
            yield Finding("needs-currency", Place((*here, "type")), message)
        yield from _limits(spec, here)
        yield from _fields(spec.get("items", {}), (*here, "items"), currency)


def _limits(spec: Any, route: Route) -> Iterator[Finding]:
    limits = {}
    for key in ("min", "max"):
        if key not in spec:
            continue
        limits[key] = _limit(spec["type"], spec[key])
        if limits[key] is None:
            message = (
                f'"{key}" does not fit a field of type {spec["type"]}; numbers and dates take limits of their kind'
            )
            yield Finding("wrong-type", Place((*route, key)), message)
    low, high = limits.get("min"), limits.get("max")
    if low is not None and high is not None and low > high:
        yield Finding("min-over-max", Place((*route, "min")), "min is greater than max; exchange them")


def _limit(kind: str, raw: Any) -> Any:
    if kind in _NUMBERS:
        return raw if not isinstance(raw, str) else None
    try:
        if kind == "date":
            return date.fromisoformat(raw)
        found = datetime.fromisoformat(raw) if kind == "datetime" else None
    except (TypeError, ValueError):
        return None
    return found if found and found.tzinfo else None


def _calendar(raw: Any) -> Iterator[Finding]:
    if raw is None:
        return
    try:
        ZoneInfo(raw["timezone"])
    except (ValueError, OSError, LookupError):
        message = f'unknown time zone "{raw["timezone"]}"; write an IANA name such as "Europe/Helsinki"'
        yield Finding("unknown-time-zone", Place(("calendar", "timezone")), message)
    yield from _holidays(raw)
    for index, day in enumerate(raw.get("closed", ())):
        if _limit("date", day) is None:
            yield Finding("bad-calendar", Place(("calendar", "closed", index)), f'"{day}" is no day of the calendar')
    for days, ranges in raw.get("hours", {}).items():
        first, _, last = days.partition("-")
        if last and _DAYS.index(first) > _DAYS.index(last):
            message = f'"{days}" runs backwards; write the earlier day first'
            yield Finding("bad-calendar", Place(("calendar", "hours", days), "key"), message)
        for hours in [ranges] if isinstance(ranges, str) else ranges:
            start, _, end = hours.partition("-")
            if start >= end:
                message = f'"{hours}" ends before it begins; write the earlier time first'
                yield Finding("bad-calendar", Place(("calendar", "hours", days)), message)


def _holidays(raw: Any) -> Iterator[Finding]:
    country, region = raw.get("holidays"), raw.get("region")
    if country is None:
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


def _stage(raw: Any, route: Route, calendar: bool) -> Iterator[Finding]:
    for key in ("within", "remind"):
        if "business" in raw.get("sla", {}).get(key, "") and not calendar:
            message = "business hours and days need a calendar; add `calendar: {timezone: ...}` at the top"
            yield Finding("needs-calendar", Place((*route, "sla", key)), message)
    yield from _twice(raw, route, "entry_criteria", "exit_criteria")
    yield from _twice(raw, route, "required_actions", "optional_actions")
    for side in ("entry_criteria", "exit_criteria"):
        for name, spec in raw.get(side, {}).items():
            if isinstance(spec, dict) and ("check" in spec) == ("require" in spec):
                fault = "has both `check` and `require`; keep one" if "check" in spec else "needs `check` or `require`"
                yield Finding("check-or-require", Place((*route, side, name), "key"), f'criterion "{name}" {fault}')
    yield from _overruled(raw.get("next"), route)
    for side in ("required_actions", "optional_actions"):
        for name in raw.get(side, {}):
            yield from _reserved(name, (*route, side, name))


def _overruled(raw: Any, route: Route) -> Iterator[Finding]:
    for name, spec in raw.items() if isinstance(raw, dict) else ():
        if spec and spec.get("reason") == "optional" and spec.get("unfinished") == "allowed":
            message = (
                "`unfinished: allowed` always asks for a reason, whatever `reason` says; remove `reason: optional`"
            )
            yield Finding("reason-overruled", Place((*route, "next", name, "reason"), "key"), message)


def _twice(raw: Any, route: Route, one: str, other: str) -> Iterator[Finding]:
    for name in raw.get(other, {}):
        if name in raw.get(one, {}):
            first = (Place((*route, one, name), "key"), "first defined here")
            message = f'"{name}" stands in {one} too; ids are unique over both, rename one'
            yield Finding("duplicate-id", Place((*route, other, name), "key"), message, (first,))
