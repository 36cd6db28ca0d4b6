"""What a definition allows of an advance to another stage."""

from __future__ import annotations

from collections.abc import Iterator

from procdef.verification.legality.due_times import due_on_entry
from procdef.verification.legality.event_in_context import EventInContext, Objection
from procdef.verification.legality.event_rule import REASON, EventRule
from procdef.verification.legality.leaving_a_stage import criteria_hold, stage_complete, used_waivers


def objections(context: EventInContext) -> Iterator[Objection]:
    definition, data = context.definition, context.data
    stage = definition.stages[context.deal.stage]
    if data["from"] != stage.id or data["to"] not in stage.next:
        yield f"a way forward from {stage.id}", f"{data['from']} to {data['to']}"
        return
    way = stage.next[data["to"]]
    yield from context.by_a_role(way.by or stage.owner)
    branch = data["facts"].get("branches", {}).get(way.target)
    if way.when is not None and branch != "met":
        yield f"the way to {way.target} open", str(branch)
    if (way.reason_required or way.unfinished_allowed) and not context.sealed("/reason"):
        yield "a reason", "none"
    if data.get("unfinished") and not way.unfinished_allowed:
        yield "everything finished", ", ".join(data["unfinished"])
    yield from due_on_entry(context, way.target, context.deal.values)
    used = used_waivers(context)
    yield from stage_complete(context, used)
    yield from criteria_hold(definition.stages[way.target].entry_criteria.values(), data, used)


RULE = EventRule(objections, personal=REASON)
