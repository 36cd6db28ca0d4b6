"""What a definition allows of a completion that ends; by which change, the history of the deal tells."""

from __future__ import annotations

from collections.abc import Iterator

from procdef.verification.legality.event_in_context import EventInContext, Objection
from procdef.verification.legality.event_rule import EventRule
from procdef.verification.legality.facts import is_done


def objections(context: EventInContext) -> Iterator[Objection]:
    action = context.definition.actions.get(context.data["action"])
    if action is None:
        yield "a declared action", context.data["action"]
        return
    if is_done(action, context.deal) and action.required and action.when is None and action.stage in context.deal.passed:
        yield f"{action.path} to stay done, as its stage was left", "voided"


RULE = EventRule(objections)
