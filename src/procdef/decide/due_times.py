"""By when a stage is to be left and its actions are to be done."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date, datetime
from typing import Any

from procdef.calendar import due, end_of_day
from procdef.expression.stored_values import revive
from procdef.log.event import timestamp
from procdef.model import ProcessDefinition, Sla, Stage


def due_time(definition: ProcessDefinition, sla: Sla | None, entered: datetime, values: Mapping[str, Any]) -> str | None:
    """When a deadline comes, of a stage that was entered then and with these values of the deal in the log's form.

    ``None`` where there is no deadline, or its field holds nothing yet. Raises ``CalendarUnknown``.
    """
    if sla is None:
        return None
    if sla.within is not None:
        return timestamp(due(definition.calendar, entered, sla.within))
    return _time_in(definition, sla.until, values) if sla.until is not None else None


def action_due_times(
    definition: ProcessDefinition, stage: Stage, entered: datetime, values: Mapping[str, Any]
) -> dict[str, str]:
    """By the paths of the stage's actions when each is to be done, done or not."""
    actions = (*stage.required_actions.values(), *stage.optional_actions.values())
    found = {action.path: due_time(definition, action.sla, entered, values) for action in actions if action.sla}
    return {path: moment for path, moment in found.items() if moment is not None}


def _time_in(definition: ProcessDefinition, field: str, values: Mapping[str, Any]) -> str | None:
    stored = values.get(field)
    if stored is None:
        return None
    value = revive(definition.fields[field].type, stored)
    if isinstance(value, datetime):
        return timestamp(value)
    return timestamp(end_of_day(definition.calendar, value)) if isinstance(value, date) else None
