"""What a definition allows of the word that something is overdue."""

from __future__ import annotations

from collections.abc import Iterator

from procdef.verification.legality.event_in_context import EventInContext, Objection
from procdef.verification.legality.event_rule import EventRule
from procdef.verification.legality.timers import by_itself, deadline_of, not_before_due, running, told_once


def objections(context: EventInContext) -> Iterator[Objection]:
    yield from by_itself(context)
    yield from running(context, deadline_of(context, context.data["of"]))
    yield from not_before_due(context)
    yield from told_once(context, "overdue")


RULE = EventRule(objections)
