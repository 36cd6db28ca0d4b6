"""What of a process a step tried: what it was judged by, as the facts of its event tell, and what it brought about."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from typing import Any, NamedTuple

from procdef.commands.do import REJECT
from procdef.events.types import (
    BY_NAME,
    action_completed,
    action_voided,
    criterion_waived,
    deal_lost,
    deal_reopened,
    deal_started,
    stage_advanced,
    stage_returned,
    step_refused,
)
from procdef.model import ProcessDefinition
from procdef.results.event import Event
from procdef.scenarios.coverage import Item, way

_MOVES = (deal_started.EVENT.name, stage_advanced.EVENT.name, stage_returned.EVENT.name)


class Known(NamedTuple):
    """What the events of a deal so far say of it: its ``stage``, and by action until when what was done counts, each time."""

    stage: str = ""
    until: Mapping[str, tuple[str, ...]] = {}


def covered_by(definition: ProcessDefinition, events: Iterable[Event]) -> frozenset[Item]:
    """What the steps behind these events, in the order of the log, tried. What no step was judged by was not tried."""
    deals: dict[str, Known] = {}
    found: set[Item] = set()
    for event in events:
        known, tried = judged(definition, deals.get(event.stream, Known()), event.type, event.data)
        deals[event.stream] = known
        found.update(tried)
    return frozenset(found)


def judged(definition: ProcessDefinition, known: Known, kind: str, data: Mapping[str, Any]) -> tuple[Known, frozenset[Item]]:
    """What an event of a deal tried, and what is known of the deal after it."""
    facts = data.get("facts", {})
    found = {*_facts(known, facts), *_happened(kind, data)}
    if kind in _MOVES:
        known = known._replace(stage=data.get("to") or data["stage"])
    elif kind == action_voided.EVENT.name or data.get("decision") == REJECT:
        known = known._replace(until={path: ends for path, ends in known.until.items() if path != data["action"]})
    elif kind == action_completed.EVENT.name and data.get("until"):
        path = data["action"]
        counting = [end for end in known.until.get(path, ()) if end > facts["now"]]
        known = known._replace(until={**known.until, path: (*counting, data["until"])})
    return known, frozenset(item for item in found if item.kind != "when" or not _always(definition, item))


def _always(definition: ProcessDefinition, item: Item) -> bool:
    """Whether an action applies always: then nothing is to be tried of it."""
    action = definition.actions.get(item.of)
    return action is not None and action.when is None


def _facts(known: Known, facts: Mapping[str, Any]) -> Iterator[Item]:
    """What a decision looked at."""
    for path, answer in facts.get("criteria", {}).items():
        yield Item("criteria", path.partition(".")[0], path, "met" if answer == "met" else "unmet")
    for path, status in facts.get("actions", {}).items():
        if status != "unknown":
            yield Item("when", path.partition(".")[0], path, "false" if status == "not_applicable" else "true")
        if status == "open" and any(end <= facts["now"] for end in known.until.get(path, ())):
            yield Item("lapses", path.partition(".")[0], path, "")
    for path, row in facts.get("rows", {}).items():
        yield Item("rows", path.partition(".")[0], path, f"row {row}")
    for target, answer in facts.get("branches", {}).items():
        if answer != "unknown":
            yield Item("when", known.stage, way(known.stage, target), "true" if answer == "met" else "false")


def _happened(kind: str, data: Mapping[str, Any]) -> Iterator[Item]:
    match kind:
        case deal_started.EVENT.name:
            yield Item("stages", data["stage"], data["stage"], "")
            yield Item("starts", data["stage"], data["stage"], "")
        case stage_advanced.EVENT.name:
            yield Item("stages", data["to"], data["to"], "")
            yield Item("ways", data["from"], way(data["from"], data["to"]), "")
        case stage_returned.EVENT.name:
            yield Item("returns", data["from"], way(data["from"], data["to"]), "")
        case action_completed.EVENT.name:
            path, decision = data["action"], data.get("decision")
            stage = path.partition(".")[0]
            if decision != REJECT:
                yield Item("actions", stage, path, "")
            if decision is not None:
                yield Item("decisions", stage, path, "rejected" if decision == REJECT else "approved")
        case criterion_waived.EVENT.name:
            named = data["criterion"]
            yield Item("waivers", named["stage"], f"{named['stage']}.{named['id']}", "")
        case deal_lost.EVENT.name:
            yield Item("losses", "", data["reason"], "")
        case deal_reopened.EVENT.name:
            yield Item("reopenings", "", "reopen", "")
        case step_refused.EVENT.name:
            for unmet in data["unmet"]:
                if unmet["code"] == "when-false":
                    path = unmet["about"][0]
                    yield Item("when", path.partition(".")[0], path, "false")
        case _ if (known := BY_NAME.get(kind)) and known.timer and known.rule:
            yield Item("deadlines", data["of"].partition(".")[0], data["of"], known.rule.outcome)
