"""Values that change: what they void, and the gate that stays shut behind a deal."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from procdef.decide.context import Sight
from procdef.decide.input_values import private_values
from procdef.graph import reachable
from procdef.log.event import Entry, pointer_to


def changed_fields(sight: Sight, taken: Mapping[str, Any]) -> tuple[str, ...]:
    """The fields whose value really differs from what stands there."""
    return tuple(name for name, value in taken.items() if sight.raw.get(name) != value)


def record(sight: Sight, taken: Mapping[str, Any], *, correct: bool = False, reason: str | None = None) -> list[Entry]:
    """Set the values: first recorded, then voided. A correction voids nothing. The gate may block it."""
    changed = changed_fields(sight, taken)
    assert sight.deal is not None
    values = {name: value for name, value in taken.items() if value is not None}
    data: dict[str, Any] = {
        "values": values,
        "unset": sorted(name for name, value in taken.items() if value is None),
        "changed": sorted(changed),
    }
    private = private_values(sight.definition, values, "values")
    if correct and reason is not None:
        data["reason"] = reason
        private.append(pointer_to("reason"))
    entries = [Entry("deal.corrected" if correct else "deal.recorded", data, tuple(private))]
    voided = _voided(sight, changed)
    if correct:
        _spared(sight, voided)
        voided = {}
    entries += [Entry("action.voided", {"action": path, "by_fields": fields}) for path, fields in voided.items()]
    _apply(sight, taken, changed, voided, check_gate=not correct)
    return entries


def _voided(sight: Sight, changed: tuple[str, ...]) -> dict[str, list[str]]:
    """The actions whose completions these changes end, each with the fields that do; in order, whatever the store's is."""
    found = {}
    for path in sorted(sight.standing):
        action = sight.definition.actions.get(path)
        by = sorted(name for name in changed if action is not None and name in action.voided_by)
        if by:
            found[path] = by
    return found


def _spared(sight: Sight, voided: Mapping[str, list[str]]) -> None:
    """A correction must not spare a completion of the present stage: that would be a decision, not a typing error."""
    for path, fields in voided.items():
        if sight.definition.actions[path].stage == sight.stage.id:
            for name in fields:
                sight.block("gate-shut", name, path, why="record it instead, so that the action is done again")


def _apply(
    sight: Sight,
    taken: Mapping[str, Any],
    changed: tuple[str, ...],
    voided: Mapping[str, list[str]],
    *,
    check_gate: bool,
) -> None:
    before = _passed_statuses(sight) if check_gate and changed else {}
    values = {**sight.raw, **{name: value for name, value in taken.items() if value is not None}}
    for name, value in taken.items():
        if value is None:
            values.pop(name, None)
    standing = {path: people for path, people in sight.standing.items() if path not in voided}
    sight.change(values, standing, {**sight.changed_by, **dict.fromkeys(changed, sight.person.id)})
    after = _passed_statuses(sight) if before else {}
    for path, status in after.items():
        if status in ("open", "unknown") and before[path] in ("done", "not_applicable"):
            _shut(sight, path, changed, voided)


def _passed_statuses(sight: Sight) -> dict[str, str]:
    assert sight.deal is not None
    read = set(sight.read)
    found = {
        action.path: sight.status(action)
        for stage in sight.deal.passed
        for action in sight.definition.stages[stage].required_actions.values()
    }
    sight.read = read
    return found


def _shut(sight: Sight, path: str, changed: tuple[str, ...], voided: Mapping[str, list[str]]) -> None:
    """Name the fields that would reopen a passed action, and the way to change them all the same."""
    action = sight.definition.actions[path]
    reads, asks = (action.when.fields, action.when.actions) if action.when else (frozenset(), frozenset())
    guilty = reads.union(*(voided.get(ended, ()) for ended in (path, *asks)))
    back = {stage.id: tuple(stage.back) for stage in sight.definition.stages.values()}
    way = (
        f"go back to {action.stage} first"
        if action.stage in reachable(back, sight.stage.id)
        else "only a correction can change it"
    )
    for name in (name for name in changed if name in guilty):
        sight.block("gate-shut", name, path, roles=sight.definition.deal.correct_by, why=way)
