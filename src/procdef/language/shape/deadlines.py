"""What a JSON Schema cannot express about durations and deadlines."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

from procdef.calendar import Duration, parse_duration
from procdef.diagnostics import Finding, Place, Route, SubjectKind
from procdef.language.shape.calendars import hours_are_sound, working_week

_DAY = 24 * 60
_MINUTES = {
    **{"minutes": 1, "hours": 60, "days": _DAY, "weeks": 7 * _DAY},
    **{"business minutes": 1, "business hours": 60},
}
_MONTHS = {"months": 1, "years": 12}
_LONGEST = {"months": 12_000, "years": 1_000}
_WEEKS = 418
"""Eight years: what is due later in working time might lie beyond the days that a due time is looked for."""
_OF_STAGE = 3
"""How many steps the route of a stage's deadline has; that of an action has more."""
_SIDES = ("required_actions", "optional_actions")


def deadline_findings(raw: Any) -> Iterator[Finding]:
    """Deadlines that come at no one time, reminders that never come or come twice, and escalations to nobody."""
    for route, sla in _deadlines(raw):
        if ("within" in sla) == ("until" in sla):
            sentence = (
                "this deadline has both `within` and `until`; keep one"
                if "within" in sla
                else "this deadline needs `within` a duration, or `until` a date field"
            )
            yield Finding("within-or-until", Place(route, "key"), sentence, subject=str(route[-2]), kind=_kind(route))
        if "escalate_after" in sla and "escalate_to" not in sla:
            place, sentence = Place((*route, "escalate_after"), "key"), "nobody is told then; name roles in `escalate_to`"
            yield Finding("escalates-to-nobody", place, sentence, subject=str(route[-2]), kind=_kind(route), key="escalate_to")
        yield from _late_reminders(route, sla)
        yield from _same_reminders(route, sla)


def _kind(route: Route) -> SubjectKind:
    return "stage" if len(route) == _OF_STAGE else "action"


def duration_findings(raw: Any, has_calendar: bool) -> Iterator[Finding]:
    """Durations that cannot be counted: in business weeks, without a calendar, or for so long that no day is found."""
    for route, written in _durations(raw):
        duration = parse_duration(written)
        if duration is None:
            sentence = (
                '"{subject}" is not a duration: business time is counted in minutes, hours and days; '
                'write "10 business days"'
            )
            yield Finding("bad-duration", Place(route), sentence, subject=written, kind="value")
        elif duration.business and not has_calendar:
            sentence = "business time needs a calendar; add `calendar: {timezone: ...}` at the top"
            yield Finding("needs-calendar", Place(route), sentence, subject=written, kind="value", key="calendar")
        elif duration.business and _for_ever(duration, raw.get("calendar", {}).get("hours", {})):
            sentence = '"{subject}" is more than eight years of working time, so it can never be due; shorten it'
            yield Finding("bad-duration", Place(route), sentence, subject=written, kind="value")
        elif duration.amount > _LONGEST.get(duration.unit, duration.amount):
            sentence = '"{subject}" is more than a thousand years, so it can never be due; shorten it'
            yield Finding("bad-duration", Place(route), sentence, subject=written, kind="value")
        elif route[-1] == "valid_for" and not duration.amount and duration.unit != "business days":
            sentence = 'what is done would lapse at once after "{subject}"; say how long it counts, such as 30 days'
            yield Finding("bad-duration", Place(route), sentence, subject=written, kind="value")


def _for_ever(duration: Duration, hours: Any) -> bool:
    if not hours_are_sound(hours):
        return False
    days, minutes = working_week(hours)
    return (duration.unit == "business days" and duration.amount > _WEEKS * days) or (
        duration.unit != "business days" and duration.amount * _MINUTES[duration.unit] > _WEEKS * minutes
    )


def _late_reminders(route: Route, sla: Any) -> Iterator[Finding]:
    """Reminders that would come before the time that they remind of has begun to run."""
    within = parse_duration(sla.get("within", ""))
    for place, written in _reminders(route, sla):
        remind = parse_duration(written)
        if within is not None and remind is not None and _longer(remind, within):
            sentence = '"{subject}" before the deadline is longer than "{within}", the time until it; shorten it'
            yield Finding("bad-duration", Place(place), sentence, subject=written, kind="value", details={"within": within})


def _same_reminders(route: Route, sla: Any) -> Iterator[Finding]:
    """Reminders that always come together, in other words: ``1 week`` and ``7 days``."""
    told: dict[tuple[int, str], str] = {}
    for place, written in _reminders(route, sla):
        remind = parse_duration(written)
        if remind is None:
            continue
        first = told.setdefault(_length(remind), written)
        if first != written:
            sentence, details = '"{subject}" is "{first}" once more; remove one', {"first": first}
            yield Finding("duplicate-item", Place(place), sentence, subject=written, kind="value", details=details)


def _length(duration: Duration) -> tuple[int, str]:
    """A duration in the smallest unit that it can always be told in."""
    if duration.unit in _MONTHS:
        return duration.amount * _MONTHS[duration.unit], "months"
    if duration.unit == "business days":
        return duration.amount, "business days"
    return duration.amount * _MINUTES[duration.unit], "business minutes" if duration.business else "minutes"


def _longer(one: Duration, other: Duration) -> bool:
    """Whether a duration is surely longer than another one, whenever they begin."""
    if one.unit in _MONTHS and other.unit in _MONTHS:
        return one.amount * _MONTHS[one.unit] > other.amount * _MONTHS[other.unit]
    if one.unit == other.unit == "business days":
        return one.amount > other.amount
    if one.business and other.business and "business days" not in (one.unit, other.unit):
        return one.amount * _MINUTES[one.unit] > other.amount * _MINUTES[other.unit]
    return not other.business and _least(one) > _most(other)


def _least(duration: Duration) -> int:
    """The fewest minutes that a duration can take on the clock; so many business days have all nights but one."""
    if duration.unit == "business days":
        return max(0, duration.amount - 1) * _DAY
    if duration.unit in _MONTHS:
        return duration.amount * _MONTHS[duration.unit] * 28 * _DAY
    return duration.amount * _MINUTES[duration.unit]


def _most(duration: Duration) -> int:
    """The most minutes that a duration without business time can take on the clock."""
    if duration.unit in _MONTHS:
        return duration.amount * _MONTHS[duration.unit] * 31 * _DAY
    return duration.amount * _MINUTES[duration.unit]


def _durations(raw: Any) -> Iterator[tuple[Route, str]]:
    reopen = raw.get("lost", {}).get("reopen", {})
    if reopen.get("within", "always") != "always":
        yield ("lost", "reopen", "within"), reopen["within"]
    for route, sla in _deadlines(raw):
        yield from (((*route, key), sla[key]) for key in ("within", "escalate_after") if key in sla)
        yield from _reminders(route, sla)
    for route, spec in _stages_and_actions(raw):
        if "valid_for" in spec:
            yield (*route, "valid_for"), spec["valid_for"]


def _deadlines(raw: Any) -> Iterator[tuple[Route, Any]]:
    """What stands under ``sla``, of stages and of their actions, with its route."""
    yield from (((*route, "sla"), spec["sla"]) for route, spec in _stages_and_actions(raw) if "sla" in spec)


def _stages_and_actions(raw: Any) -> Iterator[tuple[Route, Any]]:
    """Every stage, and behind it its actions, with their routes."""
    for name, stage in raw["stages"].items():
        yield ("stages", name), stage
        for side in _SIDES:
            yield from ((("stages", name, side, action), spec) for action, spec in stage.get(side, {}).items())


def _reminders(route: Route, sla: Any) -> Iterator[tuple[Route, str]]:
    remind = sla.get("remind", [])
    if isinstance(remind, str):
        yield (*route, "remind"), remind
    else:
        yield from (((*route, "remind", index), written) for index, written in enumerate(remind))
