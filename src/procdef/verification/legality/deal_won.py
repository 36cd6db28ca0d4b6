"""What a definition allows of a win."""

from __future__ import annotations

from collections.abc import Iterator

from procdef.verification.legality.event_in_context import EventInContext, Objection
from procdef.verification.legality.event_rule import EventRule


def objections(context: EventInContext) -> Iterator[Objection]:
    stage = context.definition.stages[context.deal.stage]
    if not stage.wins or context.data["stage"] != stage.id or context.deal.won:
        yield "a win on entering the won stage", context.data["stage"]


RULE = EventRule(objections)
