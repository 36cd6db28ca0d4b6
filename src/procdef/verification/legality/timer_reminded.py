"""What a definition allows of a reminder."""

from __future__ import annotations

from collections.abc import Iterator

from procdef.verification.legality.event_in_context import EventInContext, Objection
from procdef.verification.legality.event_rule import EventRule
from procdef.verification.legality.timers import by_itself, deadline_of, lapse_of, running, told_once


def objections(context: EventInContext) -> Iterator[Objection]:
    data = context.data
    yield from by_itself(context)
    lapse = lapse_of(context, data["of"], data["due"])
    sla = deadline_of(context, data["of"])
    before = [str(each) for each in sla.remind] if sla is not None else []
    if lapse:
        before = before or ["1 day"]
    else:
        yield from running(context, sla, "a deadline, or an approval that lapses then, of the present stage")
    if data["before"] not in before:
        yield f"a reminder {' or '.join(before) or 'of none'} before", data["before"]
    if context.event["at"] >= data["due"]:
        yield f"a reminder before {data['due']}", context.event["at"]
    yield from told_once(context, "reminded", data["before"])


RULE = EventRule(objections)
