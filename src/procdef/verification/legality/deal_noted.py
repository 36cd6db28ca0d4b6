"""What a definition allows of a note."""

from __future__ import annotations

from collections.abc import Iterator

from procdef.verification.legality.event_in_context import EventInContext, Objection
from procdef.verification.legality.event_rule import EventRule, leaves


def objections(context: EventInContext) -> Iterator[Objection]:
    yield from context.by_a_role(())
    playbook, data = context.definition.stages[context.deal.stage].playbook, context.data
    if "objection" in data and (playbook is None or data["objection"] not in playbook.objections):
        yield "an objection of the stage", data["objection"]
    if data.get("kind", "call") not in ("call", "email", "meeting") or not context.sealed("/text"):
        yield "a text, of a call, an email or a meeting", str(data.get("kind"))


RULE = EventRule(objections, modes=("open", "lost", "done"), personal=leaves("/text"))
