"""What a definition allows of values that are recorded."""

from __future__ import annotations

from collections.abc import Iterator

from procdef.verification.legality.event_in_context import EventInContext, Objection
from procdef.verification.legality.event_rule import EventRule
from procdef.verification.legality.facts import is_done
from procdef.verification.legality.known_fields import given_fields
from procdef.verification.legality.recorded_values import values_set


def objections(context: EventInContext) -> Iterator[Objection]:
    given = given_fields(context.step, context.event)[0] | set(context.data["unset"])
    if context.completing is None or not given <= set(context.completing.records):
        yield from context.by_a_role(context.definition.stages[context.deal.stage].owner)
    yield from values_set(context)
    yield from _emptied_behind_the_gate(context)


def _emptied_behind_the_gate(context: EventInContext) -> Iterator[Objection]:
    """A value that is gone, and with it what was done in a stage that the deal has left."""
    gone = set(context.data["unset"]) & set(context.data["changed"])
    for stage in context.deal.passed if gone else ():
        for action in context.definition.stages[stage].required_actions.values():
            if action.when is None and gone & set(action.records) and is_done(action, context.deal):
                yield f"{action.path} to stay done, as its stage was left", "emptied"


RULE = EventRule(objections, values=("values",))
