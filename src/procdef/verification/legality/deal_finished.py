"""What a definition allows of the end of a deal."""

from __future__ import annotations

from collections.abc import Iterator

from procdef.verification.legality.event_in_context import EventInContext, Objection
from procdef.verification.legality.event_rule import EventRule
from procdef.verification.legality.leaving_a_stage import stage_complete, used_waivers


def objections(context: EventInContext) -> Iterator[Objection]:
    stage = context.definition.stages[context.deal.stage]
    if stage.next or not context.deal.won:
        yield "a won deal where the process ends", stage.id
    yield from context.by_a_role(stage.owner)
    yield from stage_complete(context, used_waivers(context))


RULE = EventRule(objections)
