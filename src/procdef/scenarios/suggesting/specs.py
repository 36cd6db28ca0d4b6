"""Suggested steps as scenarios write them."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import replace
from decimal import Decimal
from typing import Any

from procdef.expression.stored_values import canonical, revive
from procdef.expression.three_decimals import two_readings
from procdef.expression.types import FieldType, Kind
from procdef.log.event import instant
from procdef.model import ProcessDefinition
from procdef.proof.told import Step
from procdef.scenarios.suggesting.casting import Part, part_of
from procdef.scenarios.suggesting.rehearsal import WAIT
from procdef.scenarios.times import written


def begins(definition: ProcessDefinition, steps: Sequence[Step]) -> str:
    """When the first step is taken, on the clocks of the process."""
    return written(instant(steps[0].at), definition.calendar.zone)


def specs(definition: ProcessDefinition, steps: Sequence[Step], people: Mapping[Part, str]) -> Iterator[dict[str, Any]]:
    """The steps as mappings of what a scenario writes, with the time where it moves on."""
    before = steps[0].at
    for step in steps:
        at = {"at": written(instant(step.at), definition.calendar.zone)} if step.at != before else {}
        before = step.at
        if step.do == WAIT:
            if at:
                yield at
        else:
            yield {**at, "by": people[part_of(step)], "do": step.do, **_given(definition, step)}


def folded(definition: ProcessDefinition, steps: Sequence[Step]) -> tuple[Step, ...]:
    """The steps, with values handed in with the action that records them, where the same person does that right after."""
    found, record = list(steps), None
    for number, step in enumerate(steps):
        if step.do == "record":
            record = number
        elif record is None or step.do != "do" or (step.by, step.at) != (found[record].by, found[record].at):
            record = None
        else:
            given = found[record].given["values"]
            moved = {name: each for name, each in given.items() if each is not None and name in _records(definition, step)}
            rest = {name: each for name, each in given.items() if name not in moved}
            if moved:
                values = {**moved, **step.given.get("values", {})}
                found[number] = replace(step, given={**step.given, "values": values})
                found[record] = replace(found[record], given={**found[record].given, "values": rest})
    return tuple(step for step in found if step.do != "record" or step.given["values"])


def _records(definition: ProcessDefinition, step: Step) -> frozenset[str]:
    """The fields that an action of that id records; of which stage, the engine knows."""
    return frozenset(name for each in definition.actions.values() if each.id == step.given["action"] for name in each.records)


def _given(definition: ProcessDefinition, step: Step) -> dict[str, Any]:
    found: dict[str, Any] = {}
    for name, value in step.given.items():
        if name == "values":
            shown = {field: shown_value(definition, definition.fields[field].type, each) for field, each in value.items()}
            found |= {name: shown} if shown else {}
        elif name != "stage" or len(definition.starts) > 1:
            found[name] = value
    return found


def shown_value(definition: ProcessDefinition, of: FieldType, value: Any) -> Any:
    """A value as people write it. ``value`` is in the form of the log, or one that the field takes."""
    if value is None:
        return None
    stored: Any = value if isinstance(value, str | bool | int | list) else canonical(of, value)
    if of.kind is Kind.LIST:
        return [
            {name: shown_value(definition, of.columns[name], cell) for name, cell in row.items()} for row in stored
        ]
    if of.kind is Kind.DATETIME:
        return written(instant(str(stored)), definition.calendar.zone)
    typed = revive(of, stored)
    if isinstance(typed, Decimal):
        return f"{stored}0" if two_readings(str(stored)) else typed
    return list(stored) if isinstance(stored, list) else stored
