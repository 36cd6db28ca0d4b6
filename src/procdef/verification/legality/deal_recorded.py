"""What a definition allows of values that are recorded."""

from __future__ import annotations

from collections.abc import Iterator

from procdef.verification.legality.event_in_context import EventInContext, Objection
from procdef.verification.legality.event_rule import EventRule
from procdef.verification.legality.known_fields import given_fields
from procdef.verification.legality.recorded_values import values_set


def objections(context: EventInContext) -> Iterator[Objection]:
    given = given_fields(context.step, context.event)[0] | set(context.data["unset"])
    if context.completing is None or not given <= set(context.completing.records):
        yield from context.by_a_role(context.definition.stages[context.deal.stage].owner)
    yield from values_set(context)


RULE = EventRule(objections, values=("values",))
