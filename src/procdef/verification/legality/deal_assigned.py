"""What a definition allows of an assignment."""

from __future__ import annotations

from collections.abc import Iterator

from procdef.verification.legality.event_in_context import EventInContext, Objection
from procdef.verification.legality.event_rule import EventRule
from procdef.verification.legality.shown_text import is_person


def objections(context: EventInContext) -> Iterator[Objection]:
    owners = context.definition.stages[context.deal.stage].owner or tuple(context.definition.roles)
    yield from context.by_a_role((*owners, *context.definition.deal.assign_by))
    if not is_person(context.data["to"]):
        yield "the id of a person", "something else"


RULE = EventRule(objections, modes=("open", "lost"))
