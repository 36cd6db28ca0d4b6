"""What must be done and met to leave a stage, or to enter one."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping

from procdef.log.event import Data
from procdef.model import Criterion
from procdef.verification.legality.event_in_context import EventInContext, Objection


def stage_complete(context: EventInContext, used: Mapping[str, int]) -> Iterator[Objection]:
    """Everything done and met in the stage that is left, passed over where that is allowed, or waived."""
    stage, data = context.definition.stages[context.deal.stage], context.data
    unfinished = data.get("unfinished", [])
    if unfinished:
        declared = (*context.definition.actions, *context.definition.criteria)
        here = {path for path in declared if path.startswith(f"{stage.id}.")}
        if len({*unfinished}) != len(unfinished) or not here.issuperset(unfinished):
            yield f"each at most once of what {stage.id} asks for", ", ".join(unfinished)
    actions = data["facts"].get("actions", {})
    outcomes = actions | data["facts"].get("criteria", {}) if unfinished else {}
    finished = [path for path in unfinished if outcomes.get(path) not in ("open", "unknown", "unmet")]
    if finished:
        yield "nothing unfinished that was done or met", ", ".join(finished)
    for action in stage.required_actions.values():
        path, told = action.path, actions.get(action.path)
        if told not in ("done", "not_applicable") and path not in unfinished:
            yield f"{path} done", str(told)
    waived = {path for path, outcome in data["facts"].get("criteria", {}).items() if outcome == "waived"}
    if sorted(used.values()) != data.get("waivers", []) or set(used) != waived:
        yield "waivers that stand", str(data.get("waivers"))
    exits = (criterion for criterion in stage.exit_criteria.values() if criterion.path not in unfinished)
    yield from criteria_hold(exits, data, used)


def used_waivers(context: EventInContext) -> dict[str, int]:
    """The waivers that stand and that the event lists, by criterion: the numbers of their events."""
    listed = context.data.get("waivers")
    if not listed:
        return {}
    counting = context.deal.counting_at(context.data["facts"]["now"])
    return {waiver.criterion: waiver.n for waiver in counting.waivers if waiver.n in listed}


def criteria_hold(wanted: Iterable[Criterion], data: Data, used: Mapping[str, int]) -> Iterator[Objection]:
    """Each criterion must be told as met, or as waived by a waiver that is used."""
    told = data["facts"].get("criteria", {})
    for criterion in wanted:
        outcome = told.get(criterion.path)
        if outcome != "met" and not (outcome == "waived" and criterion.path in used):
            yield f"{criterion.path} met or waived", str(outcome)
