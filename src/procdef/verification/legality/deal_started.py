"""What a definition allows of the start of a deal."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import Any

from procdef.events.opened_event import OpenedEvent
from procdef.model import ProcessDefinition
from procdef.verification.legality.due_times import due_on_entry
from procdef.verification.legality.envelope import names, reported_time
from procdef.verification.legality.event_in_context import EventInContext, Objection, in_no_deal
from procdef.verification.legality.event_rule import EventRule, leaves
from procdef.verification.legality.facts import Given, contradictions
from procdef.verification.legality.field_values import incomplete_rows, misfits
from procdef.verification.legality.leaving_a_stage import criteria_hold
from procdef.verification.legality.personal_values import apart


def again(context: EventInContext) -> Iterator[Objection]:
    """What is wrong with a start after the first event: all of it."""
    yield "an event of a deal", context.step.type


def objections(definition: ProcessDefinition, step: OpenedEvent, event: Mapping[str, Any]) -> Iterator[Objection]:
    """What is wrong with the first event of a deal, which should be its start."""
    data = step.data
    if not names(event, definition):
        yield "the definition as it was published", str(event.get("definition"))
    if step.type != "deal.started" or data.get("stage") not in definition.starts or data["process"] != definition.id:
        yield "a start in a start stage", f"{step.type} {data.get('stage')}"
        return
    stage, context = definition.stages[data["stage"]], in_no_deal(definition, step, event)
    context.fields.learn(step, event)
    yield from context.by_a_role(stage.owner)
    yield from due_on_entry(context, stage.id, data["values"])
    yield from reported_time(context)
    yield from apart(definition, step.type, RULE, data, event.get("private", {}))
    yield from misfits(definition, data["values"])
    yield from incomplete_rows(definition, data["values"], event.get("private", ()))
    yield from contradictions(definition, step, event, None, context.fields.filled, given=Given(data["values"]))
    yield from criteria_hold(stage.entry_criteria.values(), data, {})
    if not context.sealed("/key"):
        yield "the deal's name as a personal value", "none"


RULE = EventRule(again, modes=(), personal=leaves("/key"), values=("values",))
