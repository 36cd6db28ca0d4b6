"""What a definition allows of a return to an earlier stage."""

from __future__ import annotations

from collections.abc import Iterator

from procdef.verification.legality.due_times import due_on_entry
from procdef.verification.legality.event_in_context import EventInContext, Objection
from procdef.verification.legality.event_rule import REASON, EventRule


def objections(context: EventInContext) -> Iterator[Objection]:
    stage, data = context.definition.stages[context.deal.stage], context.data
    if data["from"] != stage.id or data["to"] not in stage.back or data["to"] not in context.deal.passed:
        yield f"a way back from {stage.id}", f"{data['from']} to {data['to']}"
        return
    yield from context.by_a_role(stage.back[data["to"]].by or stage.owner)
    yield from due_on_entry(context, data["to"], context.deal.values)
    if not context.sealed("/reason"):
        yield "a reason", "none"


RULE = EventRule(objections, personal=REASON)
