"""What a definition allows of the events of a deal: who, in which stage, after what. Each type of event has a module here.

It is written from docs/meaning.md and docs/log.md, and shares nothing with what decides. No expression is evaluated and no
calendar asked: what a condition came to stands in the event's facts, which are held against the deal as far as that tells.
"""

from __future__ import annotations

from collections.abc import Iterator

from procdef.verification.legality.envelope import in_time, names, reported_time
from procdef.verification.legality.event_in_context import EventInContext, Objection
from procdef.verification.legality.facts import contradictions
from procdef.verification.legality.personal_values import apart
from procdef.verification.legality.rules import RULES


def objections(context: EventInContext) -> Iterator[Objection]:
    """What the definition does not allow of an event after the first."""
    deal, step, event = context.deal, context.step, context.event
    rule = RULES.get(step.type)
    definition = context.after or context.definition
    if not names(event, definition):
        yield "the definition that the deal is pinned to", str(event.get("definition"))
    yield from in_time(context)
    if step.type.startswith("x-"):
        return
    if deal.mode != "open" and (rule is None or deal.mode not in rule.modes):
        yield "an open deal", deal.mode
    if step.type != "privacy.erased":
        if (event["via"] == "import") is (step.happened is None):
            yield from reported_time(context)
        yield from apart(definition, step.type, rule, step.data, event.get("private", ()))
    if rule is None:
        yield "an event of a deal", step.type
    else:
        yield from rule.objections(context)
    if "facts" in step.data and step.type != "step.refused":
        yield from contradictions(context.definition, step, event, deal, context.fields.filled, context.active)
