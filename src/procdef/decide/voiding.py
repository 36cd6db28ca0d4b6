"""Values that change: what they void, and the gate that stays shut behind a deal."""

from __future__ import annotations

from collections.abc import Collection, Mapping
from typing import Any

from procdef.deal import Deal
from procdef.decide.context import Context
from procdef.decide.decision import Remedy
from procdef.decide.due_times import changed_due_times
from procdef.decide.input_values import private_values
from procdef.events.types import action_voided, deal_corrected, deal_recorded
from procdef.graph import reachable
from procdef.log.event import Entry
from procdef.model import Action, ProcessDefinition


def changed_fields(context: Context, taken: Mapping[str, Any]) -> tuple[str, ...]:
    """The fields whose value really differs from what stands there."""
    raw = context.raw
    return tuple([name for name, value in taken.items() if raw.get(name) != value])


def record(context: Context, taken: Mapping[str, Any], *, correct: bool = False, reason: str | None = None) -> list[Entry]:
    """Set the values: first recorded, then voided. A correction voids nothing. The gate may block it."""
    changed = changed_fields(context, taken)
    assert context.deal is not None
    values = {name: value for name, value in taken.items() if value is not None}
    unset = sorted([name for name in taken if name not in values])
    after = {**context.raw, **values}
    for name in unset:
        after.pop(name, None)
    data: dict[str, Any] = {"values": values, "unset": unset, "changed": sorted(changed)}
    data |= changed_due_times(context.definition, context.stage.id, changed, after)
    private = private_values(context.definition, values, "values")
    if correct and reason is not None:
        data["reason"] = reason
    recorded = deal_corrected.EVENT if correct else deal_recorded.EVENT
    entries = [recorded.entry(data, private)]
    voided = _voided(context, changed)
    if correct:
        _spared(context, voided)
        voided = {}
    entries += [action_voided.EVENT.entry({"action": path, "by_fields": by}) for path, by in voided.items()]
    _apply(context, after, changed, voided, check_gate=not correct)
    return entries


def _voided(context: Context, changed: tuple[str, ...]) -> dict[str, list[str]]:
    """The actions whose completions these changes end, each with the fields that do; in order, whatever the store's is.

    Those that have lapsed end too: behind the gate they counted when the deal went through it.
    """
    assert context.deal is not None
    found = {}
    for path in sorted(context.deal.standing):
        action = context.definition.actions.get(path)
        by = sorted(name for name in changed if action is not None and name in action.voided_by)
        if by:
            found[path] = by
    return found


def _spared(context: Context, voided: Mapping[str, list[str]]) -> None:
    """A correction must not spare a completion of the present stage: that would be a decision, not a typing error."""
    for path, fields in voided.items():
        if path in context.standing and context.definition.actions[path].stage == context.stage.id:
            for name in fields:
                context.block("gate-shut", name, path, remedy="record_again")


def _apply(
    context: Context,
    values: Mapping[str, Any],
    changed: tuple[str, ...],
    voided: Mapping[str, list[str]],
    *,
    check_gate: bool,
) -> None:
    before = context.aside(lambda: _passed_statuses(context, ())) if check_gate and changed else {}
    standing = {path: people for path, people in context.standing.items() if path not in voided}
    context.change(values, standing, {**context.changed_by, **dict.fromkeys(changed, context.person.id)})
    after = context.aside(lambda: _passed_statuses(context, voided)) if before else {}
    for path, status in after.items():
        if status in ("open", "unknown") and before[path] in ("done", "not_applicable"):
            _shut(context, path, changed, voided)


def _passed_statuses(context: Context, voided: Collection[str]) -> dict[str, str]:
    """How the required actions stand that the deal passed. What counted when it did has not lapsed for their gate since."""
    assert context.deal is not None
    context.spare(context.deal.passed, voided)
    return {
        action.path: context.status(action)
        for stage in context.deal.passed
        for action in context.definition.stages[stage].required_actions.values()
    }


def _shut(context: Context, path: str, changed: tuple[str, ...], voided: Mapping[str, list[str]]) -> None:
    """Name the fields that would reopen a passed action, and the way to change them all the same."""
    action = context.definition.actions[path]
    assert context.deal is not None
    reads, asked = _turns_on(context.definition, action)
    ended = [each for each in (action, *asked) if each.path in context.deal.standing]
    guilty = reads.union(*((*voided.get(each.path, ()), *_refilled(context, each)) for each in ended))
    roles, remedy = context.definition.deal.correct_by, way_past_gate(context.definition, context.deal, action)
    for name in (name for name in changed if name in guilty):
        context.block("gate-shut", name, path, roles=roles, remedy=remedy)


def _refilled(context: Context, action: Action) -> tuple[str, ...]:
    """The fields that an action records and that were emptied, or filled in again: by either it may count no more, or again."""
    assert context.deal is not None
    empty = context.emptied(action)
    return tuple(name for name in action.records if context.deal.was_filled(name) is (name in empty))


def _turns_on(definition: ProcessDefinition, action: Action) -> tuple[frozenset[str], list[Action]]:
    """The fields that tell whether an action is needed and who decides on it, and the other actions that they ask for; of
    these too who decides on them."""
    whens = [action.when, *(row.when for row in action.table)]
    asked: list[Action] = []
    for when in whens:
        for other in sorted(when.actions) if when else ():
            each = definition.actions[other]
            if each is not action and each not in asked:
                asked.append(each)
                whens += [row.when for row in each.table]
    return frozenset[str]().union(*(when.fields for when in whens if when)), asked


def way_past_gate(definition: ProcessDefinition, deal: Deal, action: Action) -> Remedy:
    """How the deal may still change what would reopen an action that it passed. It goes back only to stages that it passed."""
    back = {
        stage: tuple(name for name in deal.path[:place] if name in definition.stages[stage].back)
        for place, stage in enumerate(deal.path)
    }
    return "go_back" if action.stage in reachable(back, deal.stage) else "correct"
