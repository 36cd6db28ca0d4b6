"""What a definition allows of a loss."""

from __future__ import annotations

from collections.abc import Iterator

from procdef.verification.legality.event_in_context import EventInContext, Objection
from procdef.verification.legality.event_rule import EventRule, leaves


def objections(context: EventInContext) -> Iterator[Objection]:
    lost, data = context.definition.lost, context.data
    if lost is None or data["reason"] not in lost.reasons:
        yield "a loss for a declared reason", data["reason"]
        return
    yield from context.by_a_role(context.definition.stages[context.deal.stage].owner)
    if lost.note_required and not context.sealed("/note"):
        yield "a note", "none"
    empty = lost.empty(data["reason"], context.fields.filled)
    if empty:
        yield f"what is recorded of {data['reason']} filled in", ", ".join(empty)
    if data.get("after_won", False) is not bool(context.deal.won):
        yield "after_won where the deal was won", str(data.get("after_won"))


RULE = EventRule(objections, personal=leaves("/note"))
