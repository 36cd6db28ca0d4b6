"""What a definition allows of bringing before others what is overdue."""

from __future__ import annotations

from collections.abc import Iterator

from procdef.verification.legality.event_in_context import EventInContext, Objection
from procdef.verification.legality.event_rule import EventRule
from procdef.verification.legality.timers import by_itself, deadline_of, not_before_due, running, told_once


def objections(context: EventInContext) -> Iterator[Objection]:
    sla, data = deadline_of(context, context.data["of"]), context.data
    yield from by_itself(context)
    yield from running(context, sla)
    yield from not_before_due(context)
    roles = [] if sla is None else [*sla.escalate_to]
    if data["to"] != roles or not roles:
        yield f"brought before {', '.join(roles) or 'nobody'}", ", ".join(data["to"])
    yield from told_once(context, "escalated")


RULE = EventRule(objections)
