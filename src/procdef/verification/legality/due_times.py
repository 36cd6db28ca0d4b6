"""Due times: that one is there where something has to be due, and nowhere else. When that is, only a calendar could tell; what
can be told without one is when it cannot be."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from datetime import date, timedelta
from typing import Any

from procdef.expression.types import Kind
from procdef.log.envelope import is_time
from procdef.model import ProcessDefinition, Sla
from procdef.verification.legality.event_in_context import EventInContext, Objection

_APART = timedelta(days=3)
"""In whatever time zone a day is, it and the working hours that begin on it are over within so many days of its date in UTC."""


def due_in(
    definition: ProcessDefinition, stage: str, data: Mapping[str, Any], values: Mapping[str, Any], entered: str
) -> Iterator[Objection]:
    """What is wrong with the due times of an event that tells all of them, of a stage that was entered then, in a deal with
    these values."""
    due = {of: sla for of, sla in definition.deadlines[stage].items() if sla.until is None or sla.until in values}
    yield from _judged(definition, due, _told(data, stage), values, entered)


def due_on_entry(context: EventInContext, stage: str, values: Mapping[str, Any]) -> Iterator[Objection]:
    """As ``due_in``, of an event that brings the deal into that stage."""
    yield from due_in(context.definition, stage, context.data, values, context.step.occurred)


def due_when_changed(context: EventInContext) -> Iterator[Objection]:
    """What is wrong with the due times of an event that sets values: it tells those that hang on a field it changed, and no
    others; of a field that holds nothing any more, that nothing is due."""
    data, stage, changed = context.data, context.deal.stage, context.data["changed"]
    hanging = {of: sla for of, sla in context.definition.deadlines[stage].items() if sla.until in changed}
    told = _told(data, stage)
    if not hanging and not told:
        return
    for of, sla in hanging.items():
        if sla.until not in data["values"] and told.pop(of, "none") is not None:
            yield f"that {of} is not due any more", "another due time, or none"
    due = {of: sla for of, sla in hanging.items() if sla.until in data["values"]}
    yield from _judged(context.definition, due, told, data["values"], "")


def _told(data: Mapping[str, Any], stage: str) -> dict[str, Any]:
    """What an event says to be due, and when."""
    own = {stage: data["due"]} if "due" in data else {}
    return {**own, **data.get("dues", {})}


def _judged(
    definition: ProcessDefinition, due: Mapping[str, Sla], told: Mapping[str, Any], values: Mapping[str, Any], entered: str
) -> Iterator[Objection]:
    for of, sla in due.items():
        expected = _expected(definition, sla, told.get(of), values, entered)
        if expected is not None:
            yield f"a due time of {of} {expected}", str(told.get(of))
    for of in told:
        if of not in due:
            yield f"no due time of {of}", str(told[of])


def _expected(
    definition: ProcessDefinition, sla: Sla, found: Any, values: Mapping[str, Any], entered: str
) -> str | None:
    """Where a due time should be instead; ``None`` where it may be as it is."""
    if sla.until is None:
        return None if is_time(found) and found >= entered else f"from {entered} on"
    stored, field = values[sla.until], definition.fields[sla.until]
    if field.type.kind is Kind.DATETIME:
        return None if found == stored else f"at {stored}"
    return None if is_time(found) and _is_near(found, stored) else f"on {stored}"


def _is_near(found: str, day: Any) -> bool:
    try:
        return abs(date.fromisoformat(found[:10]) - date.fromisoformat(day)) <= _APART
    except (ValueError, TypeError):  # no date, which is told of as a value
        return True
