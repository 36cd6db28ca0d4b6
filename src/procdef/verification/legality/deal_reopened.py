"""What a definition allows of the reopening of a lost deal; whether it came in time, only a calendar tells."""

from __future__ import annotations

from collections.abc import Iterator

from procdef.verification.legality.due_times import due_on_entry
from procdef.verification.legality.event_in_context import EventInContext, Objection
from procdef.verification.legality.event_rule import REASON, EventRule


def objections(context: EventInContext) -> Iterator[Objection]:
    lost = context.definition.lost
    if context.deal.mode != "lost":
        yield "a lost deal", context.deal.mode
    if lost is None or lost.reopen is None:
        yield "a process that reopens deals", "another"
        return
    yield from context.by_a_role(lost.reopen.by)
    yield from due_on_entry(context, context.deal.stage, context.deal.values)
    if not context.sealed("/reason"):
        yield "a reason", "none"


RULE = EventRule(objections, modes=("lost",), personal=REASON)
