"""What a definition allows of the events of a deal: who, in which stage, after what. Each type of event has a module here.

It is written from docs/meaning.md and docs/log.md, and shares nothing with what decides. No expression is evaluated and no
calendar asked: what a condition came to stands in the event's facts, which are held against the deal as far as that tells.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping

from procdef.verification.legality import (
    action_completed,
    action_voided,
    criterion_waived,
    deal_assigned,
    deal_corrected,
    deal_finished,
    deal_lost,
    deal_noted,
    deal_recorded,
    deal_reopened,
    deal_won,
    privacy_erased,
    stage_advanced,
    stage_returned,
    step_refused,
)
from procdef.verification.legality.envelope import names, reported_time
from procdef.verification.legality.event_in_context import EventInContext, Objection
from procdef.verification.legality.facts import contradictions
from procdef.verification.legality.personal_values import apart

RULES: Mapping[str, Callable[[EventInContext], Iterator[Objection]]] = {
    "deal.recorded": deal_recorded.objections,
    "deal.corrected": deal_corrected.objections,
    "action.voided": action_voided.objections,
    "action.completed": action_completed.objections,
    "criterion.waived": criterion_waived.objections,
    "stage.advanced": stage_advanced.objections,
    "stage.returned": stage_returned.objections,
    "deal.won": deal_won.objections,
    "deal.lost": deal_lost.objections,
    "deal.reopened": deal_reopened.objections,
    "deal.finished": deal_finished.objections,
    "deal.assigned": deal_assigned.objections,
    "deal.noted": deal_noted.objections,
    "step.refused": step_refused.of_a_deal,
    "privacy.erased": lambda context: privacy_erased.objections(context.step),
}
"""What is wrong with an event of each type, but for what goes for all of them."""
ON_CLOSED = frozenset(("deal.noted", "step.refused", "privacy.erased"))
"""What a deal that is lost or done still takes."""
ON_LOST = ON_CLOSED | {"deal.assigned", "deal.reopened"}


def objections(context: EventInContext) -> Iterator[Objection]:
    """What the definition does not allow of an event after the first."""
    deal, step, event = context.deal, context.step, context.event
    if not names(event, context.definition):
        yield "the definition that the deal is pinned to", str(event.get("definition"))
    if step.occurred < deal.latest:
        yield f"nothing that happened before {deal.latest}", step.occurred
    if step.type.startswith("x-"):
        return
    if deal.mode != "open" and step.type not in (ON_LOST if deal.mode == "lost" else ON_CLOSED):
        yield "an open deal", deal.mode
    if step.type != "privacy.erased":
        if (event["via"] == "import") is (step.happened is None):
            yield from reported_time(context)
        yield from apart(context.definition, step.type, step.data, event.get("private", ()))
    rule = RULES.get(step.type)
    if rule is None:
        yield "an event of a deal", step.type
    else:
        yield from rule(context)
    if "facts" in step.data and step.type != "step.refused":
        yield from contradictions(context.definition, step, event, deal, context.fields.filled)
