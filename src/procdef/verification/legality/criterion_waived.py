"""What a definition allows of a waiver."""

from __future__ import annotations

from collections.abc import Iterator

from procdef.model import Criterion, ProcessDefinition
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
    full = _turns_on(context.definition, found[0])
    if context.data["reads"] not in (full, list(found[0].reads)):  # earlier logs name what the criterion itself reads
        yield f"reads {', '.join(full)}", ", ".join(context.data["reads"])
    if found[0].check is None and context.fields.filled.issuperset(found[0].require):
        yield f"{found[0].path} unmet", "met"
    if not context.sealed("/reason"):
        yield "a reason", "none"


def _turns_on(definition: ProcessDefinition, criterion: Criterion) -> list[str]:
    """What the criterion reads, and what the tables read of the decisions that it asks for, and so on."""
    found, waiting = set[str](), set(criterion.reads)
    while waiting:
        found |= waiting
        asked = [definition.actions[name] for name in waiting if name in definition.actions]
        whens = [row.when for action in asked for row in action.table if row.when is not None]
        waiting = {name for when in whens for name in (*when.fields, *when.actions)} - found
    return sorted(found)


RULE = EventRule(objections, personal=REASON)
