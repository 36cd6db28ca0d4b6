"""What a definition allows of a correction."""

from __future__ import annotations

from collections.abc import Iterator

from procdef.verification.legality.event_in_context import EventInContext, Objection
from procdef.verification.legality.event_rule import REASON, EventRule
from procdef.verification.legality.recorded_values import values_set, voids


def objections(context: EventInContext) -> Iterator[Objection]:
    if not context.definition.deal.correct_by or not context.sealed("/reason"):
        yield "a correction with a reason, where corrections are allowed", "none of that"
    yield from context.by_a_role(context.definition.deal.correct_by)
    yield from values_set(context)
    for path in voids(context.definition, context.deal.counting_at(context.step.occurred), context.data["changed"]):
        if context.definition.actions[path].stage == context.deal.stage:
            yield f"{path} to be done again", "a correction that spares it"


RULE = EventRule(objections, personal=REASON, values=("values",))
