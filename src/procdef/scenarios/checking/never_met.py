"""Expectations that no deal of the process can ever meet."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import Any

from procdef.diagnostics import Finding, Route
from procdef.events.types import EVENT_TYPES
from procdef.expression.given_values import BadValue, coerce
from procdef.expression.three_decimals import WrittenNumber, two_readings
from procdef.expression.types import Kind
from procdef.graph import reachable
from procdef.language.value_forms import ids
from procdef.model import ProcessDefinition, Stage
from procdef.scenarios.checking.never_applied import never
from procdef.scenarios.times import NoTime, moment
from procdef.scenarios.values import localized

_EVENTS = frozenset(each.name for each in EVENT_TYPES)
_MOVES = {"start": "stage", "advance": "to", "back": "to"}
"""Of a step that leads to a stage: the key that names it."""


def never_met(step: Mapping[str, Any], route: Route, definition: ProcessDefinition) -> Iterator[Finding]:
    """What a step expects and can never come true."""
    then = step.get("then")
    if not isinstance(then, dict):
        return
    here = (*route, "then")
    refused = "refused" in step
    stage = definition.stages.get(then["stage"]) if isinstance(then.get("stage"), str) else None
    if stage is not None:
        yield from _other_stage(step, then, here, refused, definition)
    yield from _outcome(None if refused else step.get("do"), then, here, definition, stage)
    yield from _due(then, here, definition, stage)
    yield from _actions(then, here, definition, stage)
    yield from _values(then, here, definition)
    yield from _events(step, then, here, refused)


def _other_stage(
    step: Mapping[str, Any], then: Mapping[str, Any], route: Route, refused: bool, definition: ProcessDefinition
) -> Iterator[Finding]:
    verb, stage = step.get("do"), then.get("stage")
    led = step.get(_MOVES[verb]) if isinstance(verb, str) and verb in _MOVES else None
    if led in definition.stages and not refused and stage != led:
        yield never((*route, "stage"), f"this step leads to {led}, so the deal is never in {stage} after it", stage)


def _outcome(
    applied: object, then: Mapping[str, Any], route: Route, definition: ProcessDefinition, stage: Stage | None
) -> Iterator[Finding]:
    outcome, place = then.get("outcome"), (*route, "outcome")
    if outcome == "lost" and definition.lost is None:
        yield never(place, "the process has no `lost`, so no deal of it is ever lost", outcome)
    elif applied == "lose" and outcome in ("open", "won"):
        yield never(place, f"a deal that was lost just now is never {outcome}", outcome)
    elif applied in ("start", "advance", "do", "record", "waive", "reopen") and outcome == "lost":
        yield never(place, f"once `{applied}` was applied, a deal is not lost", outcome)
    elif outcome == "won" and stage is not None and stage.id in _before_win(definition):
        yield never(place, f"a deal in {stage.id} is not won yet", outcome)
    elif outcome == "open" and stage is not None and stage.id not in _before_win(definition):
        yield never(place, f"a deal in {stage.id} is won, and no longer open", outcome)


def _before_win(definition: ProcessDefinition) -> frozenset[str]:
    """The stages in which a deal is not won: those to which one comes without passing the win."""
    ways = {stage.id: () if stage.wins else tuple(stage.next) for stage in definition.stages.values()}
    wins = {stage.id for stage in definition.stages.values() if stage.wins}
    return frozenset(reachable(ways, *definition.starts) | set(definition.starts)) - wins


def _due(then: Mapping[str, Any], route: Route, definition: ProcessDefinition, stage: Stage | None) -> Iterator[Finding]:
    due, dues = then.get("due"), then.get("dues")
    if stage is not None and stage.sla is None and isinstance(due, str):
        yield never((*route, "due"), f"{stage.id} has no `sla`, so nothing is ever due there; write null", due)
    for name, time in dues.items() if isinstance(dues, dict) else ():
        named = [each for path, each in definition.actions.items() if name in (path, each.id)]
        if named and isinstance(time, str) and all(each.sla is None for each in named):
            yield never((*route, "dues", name), f"{name} has no `sla`, so it is never due; write null", time)
    if then.get("overdue") is True and stage is not None and stage.sla is None:
        actions = stage.actions
        if all(each.sla is None for each in actions):
            why = f"neither {stage.id} nor an action in it has an `sla`, so no deal is ever overdue there"
            yield never((*route, "overdue"), why, "true")


def _actions(then: Mapping[str, Any], route: Route, definition: ProcessDefinition, stage: Stage | None) -> Iterator[Finding]:
    open_, done = ids(then.get("open")), ids(then.get("done"))
    for name in open_:
        if name in done:
            yield never((*route, "open", name), f"{name} is never open and done at once", name)
        homes = {each.stage for path, each in definition.actions.items() if name in (path, each.id)}
        if stage is not None and homes and stage.id not in homes:
            home = " and ".join(sorted(homes))
            yield never((*route, "open", name), f"{name} is an action of {home}, and is never open in {stage.id}", name)


def _values(then: Mapping[str, Any], route: Route, definition: ProcessDefinition) -> Iterator[Finding]:
    values = then.get("values")
    for name, value in values.items() if isinstance(values, dict) else ():
        field = definition.fields.get(name)
        if field is None or (isinstance(value, WrittenNumber) and two_readings(str(value))):
            continue  # of a number that can be read in two ways that is told
        try:
            if field.type.kind is Kind.DATETIME and isinstance(value, str):
                moment(value, definition.calendar.zone)
            coerce(field.type, localized(definition, {name: value})[name])
        except BadValue as bad:
            yield never((*route, "values", name), f"{name} never holds this: it {bad}", value)
        except NoTime as bad:
            yield never((*route, "values", name), f"{name} never holds this: {bad}", value)


def _events(step: Mapping[str, Any], then: Mapping[str, Any], route: Route, refused: bool) -> Iterator[Finding]:
    events = then.get("events")
    if not isinstance(events, list):
        return
    own = [name for name in events if not str(name).startswith("timer.")]
    if refused and own != ["step.refused"]:
        yield never((*route, "events"), "a step that is refused writes step.refused, and nothing else")
    elif not refused and "step.refused" in own:
        yield never((*route, "events"), "only a step that is refused writes step.refused; say what it is refused for")
    elif "do" not in step and own and own[0] in _EVENTS:
        yield never((*route, "events"), f"nobody does anything in this step, so nothing writes {own[0]}", own[0])
