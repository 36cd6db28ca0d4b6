"""What a definition allows of a waiver."""

from __future__ import annotations

from collections.abc import Iterator

from procdef.verification.legality.event_in_context import EventInContext, Objection
from procdef.verification.legality.event_rule import REASON, EventRule


def objections(context: EventInContext) -> Iterator[Objection]:
    named, here = context.data["criterion"], context.definition.stages[context.deal.stage]
    ahead = [context.definition.stages[target] for target in here.next]
    counting = [*here.exit_criteria.values(), *(c for stage in ahead for c in stage.entry_criteria.values())]
    found = [c for c in counting if (c.stage, c.side, c.id) == (named["stage"], named["side"], named["id"])]
    if not found or not found[0].waivable_by:
        yield "a criterion that counts now and may be waived", f"{named['stage']}.{named['id']}"
        return
    yield from context.by_a_role(found[0].waivable_by)
    if context.data["reads"] != list(found[0].reads):
        yield f"reads {', '.join(found[0].reads)}", ", ".join(context.data["reads"])
    if found[0].check is None and context.fields.filled.issuperset(found[0].require):
        yield f"{found[0].path} unmet", "met"
    if not context.sealed("/reason"):
        yield "a reason", "none"


RULE = EventRule(objections, personal=REASON)
