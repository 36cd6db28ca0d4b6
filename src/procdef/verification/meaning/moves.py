"""What a definition allows of the events that move a deal."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping

from procdef.log.event import Data
from procdef.model import Criterion
from procdef.verification.meaning.event_in_context import EventInContext, Objection


def advanced(case: EventInContext) -> Iterator[Objection]:
    definition, data = case.definition, case.data
    stage = definition.stages[case.deal.stage]
    if data["from"] != stage.id or data["to"] not in stage.next:
        yield f"a way forward from {stage.id}", f"{data['from']} to {data['to']}"
        return
    way = stage.next[data["to"]]
    yield from case.by_a_role(way.by or stage.owner)
    branch = data["facts"].get("branches", {}).get(way.target)
    if way.when is not None and branch != "met":
        yield f"the way to {way.target} open", str(branch)
    if (way.reason_required or way.unfinished_allowed) and not case.sealed("/reason"):
        yield "a reason", "none"
    if data.get("unfinished") and not way.unfinished_allowed:
        yield "everything finished", ", ".join(data["unfinished"])
    yield from case.due_where_asked(way.target)
    used = _used(case)
    yield from _left(case, used)
    yield from criteria(definition.stages[way.target].entry_criteria.values(), data, used)


def finished(case: EventInContext) -> Iterator[Objection]:
    stage = case.definition.stages[case.deal.stage]
    if stage.next or not case.deal.won:
        yield "a won deal where the process ends", stage.id
    yield from case.by_a_role(stage.owner)
    yield from _left(case, _used(case))


def _left(case: EventInContext, used: Mapping[str, int]) -> Iterator[Objection]:
    """Everything done and met in the stage that is left, passed over where that is allowed, or waived."""
    stage, data = case.definition.stages[case.deal.stage], case.data
    unfinished = data.get("unfinished", [])
    if unfinished:
        here = {path for path in (*case.definition.actions, *case.definition.criteria) if path.startswith(f"{stage.id}.")}
        if len({*unfinished}) != len(unfinished) or not here.issuperset(unfinished):
            yield f"each at most once of what {stage.id} asks for", ", ".join(unfinished)
    actions = data["facts"].get("actions", {})
    for action in stage.required_actions.values():
        path, told = action.path, actions.get(action.path)
        if told not in ("done", "not_applicable") and path not in unfinished:
            yield f"{path} done", str(told)
    waived = {path for path, outcome in data["facts"].get("criteria", {}).items() if outcome == "waived"}
    if sorted(used.values()) != data.get("waivers", []) or set(used) != waived:
        yield "waivers that stand", str(data.get("waivers"))
    exits = (criterion for criterion in stage.exit_criteria.values() if criterion.path not in unfinished)
    yield from criteria(exits, data, used)


def _used(case: EventInContext) -> dict[str, int]:
    listed = case.data.get("waivers")
    if not listed:
        return {}
    return {waiver.criterion: waiver.n for waiver in case.deal.waivers if waiver.n in listed}


def criteria(wanted: Iterable[Criterion], data: Data, used: Mapping[str, int]) -> Iterator[Objection]:
    """Each criterion must be told as met, or as waived by a waiver that is used."""
    told = data["facts"].get("criteria", {})
    for criterion in wanted:
        outcome = told.get(criterion.path)
        if outcome != "met" and not (outcome == "waived" and criterion.path in used):
            yield f"{criterion.path} met or waived", str(outcome)


def returned(case: EventInContext) -> Iterator[Objection]:
    stage, data = case.definition.stages[case.deal.stage], case.data
    if data["from"] != stage.id or data["to"] not in stage.back or data["to"] not in case.deal.passed:
        yield f"a way back from {stage.id}", f"{data['from']} to {data['to']}"
        return
    yield from case.by_a_role(stage.back[data["to"]].by or stage.owner)
    yield from case.due_where_asked(data["to"])
    if not case.sealed("/reason"):
        yield "a reason", "none"


def won(case: EventInContext) -> Iterator[Objection]:
    stage = case.definition.stages[case.deal.stage]
    if not stage.wins or case.data["stage"] != stage.id or case.deal.won:
        yield "a win on entering the won stage", case.data["stage"]


def lost(case: EventInContext) -> Iterator[Objection]:
    lost, data = case.definition.lost, case.data
    if lost is None or data["reason"] not in lost.reasons:
        yield "a loss for a declared reason", data["reason"]
        return
    yield from case.by_a_role(case.definition.stages[case.deal.stage].owner)
    if lost.note_required and not case.sealed("/note"):
        yield "a note", "none"
    if data.get("after_won", False) is not bool(case.deal.won):
        yield "after_won where the deal was won", str(data.get("after_won"))


def reopened(case: EventInContext) -> Iterator[Objection]:
    lost = case.definition.lost
    if lost is None or lost.reopen is None:
        yield "a process that reopens deals", "another"
        return
    yield from case.by_a_role(lost.reopen.by)
    yield from case.due_where_asked(case.deal.stage)
    if not case.sealed("/reason"):
        yield "a reason", "none"
