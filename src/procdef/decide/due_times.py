"""By when a stage is to be left and its actions are to be done, and how long what was done counts."""

from __future__ import annotations

from collections.abc import Collection, Mapping
from datetime import date, datetime
from typing import Any

from procdef.calendar import due, end_of_day
from procdef.expression.stored_values import revive
from procdef.log.event import timestamp
from procdef.model import Action, ProcessDefinition, Sla


def due_time(definition: ProcessDefinition, sla: Sla | None, entered: datetime, values: Mapping[str, Any]) -> str | None:
    """When a deadline comes, of a stage that was entered then and with these values of the deal in the log's form.

    ``None`` where there is no deadline, or its field holds nothing yet. Raises ``CalendarUnknown``.
    """
    if sla is None:
        return None
    if sla.within is not None:
        return timestamp(due(definition.calendar, entered, sla.within))
    return _time_in(definition, sla.until, values) if sla.until is not None else None


def entry_due_times(
    definition: ProcessDefinition, stage: str, entered: datetime, values: Mapping[str, Any]
) -> dict[str, Any]:
    """What an event says that begins a visit to that stage: ``due`` and ``dues``, where anything is due."""
    slas = definition.deadlines[stage].items()
    times = {of: moment for of, sla in slas if (moment := due_time(definition, sla, entered, values)) is not None}
    return _as_told(stage, times)


def changed_due_times(
    definition: ProcessDefinition, stage: str, changed: Collection[str], values: Mapping[str, Any]
) -> dict[str, Any]:
    """What follows in that stage from changed fields: ``due`` and ``dues``, where they say when something is due. ``None``
    stands where nothing is due any more."""
    slas = definition.deadlines[stage]
    times = {of: _time_in(definition, sla.until, values) for of, sla in slas.items() if sla.until and sla.until in changed}
    return _as_told(stage, times)


def _as_told(stage: str, times: dict[str, Any]) -> dict[str, Any]:
    """Due times as an event has them: ``due`` is that of the stage, ``dues`` are those of its actions."""
    found: dict[str, Any] = {"due": times.pop(stage)} if stage in times else {}
    return {**found, "dues": times} if times else found


def lapse_time(definition: ProcessDefinition, action: Action, given: datetime) -> str | None:
    """Until when a completion counts that was given then; ``None`` is for ever. Raises ``CalendarUnknown``."""
    return None if action.valid_for is None else timestamp(due(definition.calendar, given, action.valid_for))


def _time_in(definition: ProcessDefinition, field: str, values: Mapping[str, Any]) -> str | None:
    stored = values.get(field)
    if stored is None:
        return None
    value = revive(definition.fields[field].type, stored)
    if isinstance(value, datetime):
        return timestamp(value)
    return timestamp(end_of_day(definition.calendar, value)) if isinstance(value, date) else None
