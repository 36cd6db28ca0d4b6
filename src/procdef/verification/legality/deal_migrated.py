"""What two versions allow of the way of a deal from the one to the other: all that it has is there under the new names, and
nothing else; no stage is reached that the path does not lead to, and no win is won or lost by it."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from itertools import pairwise
from typing import Any

from procdef.deal import Deal
from procdef.expression.stored_values import is_canonical
from procdef.expression.types import FieldType, Kind
from procdef.model import ProcessDefinition
from procdef.verification.legality.due_times import due_in
from procdef.verification.legality.event_in_context import EventInContext, Objection
from procdef.verification.legality.event_rule import REASON, EventRule
from procdef.verification.legality.field_values import incomplete_rows, misfits

Names = Mapping[str, str | None]


def objections(context: EventInContext) -> Iterator[Objection]:
    old, new, data, deal = context.definition, context.after, context.data, context.deal
    assert new is not None
    if (new.id, data["from"], data["to"]) != (old.id, old.version, new.version) or new.sha256 == old.sha256:
        yield f"from version {old.version} of {old.id} to another", f"{data['from']} to {data['to']} of {new.id}"
        return
    fields, actions = data.get("fields", {}), data.get("actions", {})
    yield from _path(context, new)
    yield from _names("field", fields, _fields_of(deal), old.fields, new.fields)
    yield from _names("action", actions, _actions_of(deal), old.actions, new.actions)
    yield from _values(context, new, fields)
    yield from _completions(context, new, actions)
    yield from _waived(context, new, {*fields, *_put(context, fields), *actions})
    yield from _due(context, new)


def _path(context: EventInContext, new: ProcessDefinition) -> Iterator[Objection]:
    data, deal, old = context.data, context.deal, context.definition
    stages, path = data.get("stages", {}), data["path"]
    for was, now in stages.items():
        if was not in old.stages or now not in new.stages or was == now:
            yield "a stage of the version before with another id in the new one", f"{was} as {now}"
            return
    expected = [stages.get(stage, stage) for stage in deal.path]
    expected = [stage for place, stage in enumerate(expected) if place == 0 or expected[place - 1] != stage]
    if path != expected or data["stage"] != path[-1] or not new.stages.keys() >= {*path} or len({*path}) != len(path):
        yield f"the path {', '.join(expected)}", ", ".join(path)
        return
    for before, stage in pairwise(path):
        if not _leads(new, before, stage):
            yield f"a way from {before} to {stage}", "none"
    if any(new.stages[stage].wins for stage in path) is (deal.won is None):
        yield "a deal that is won if it was won before", data["stage"]


def _leads(definition: ProcessDefinition, before: str, stage: str) -> bool:
    """Whether ways on lead from the one stage to the other, in however many steps."""
    seen, waiting = set[str](), [before]
    while waiting:
        for target in definition.stages[waiting.pop()].next:
            if target == stage:
                return True
            if target not in seen:
                seen.add(target)
                waiting.append(target)
    return False


def _fields_of(deal: Deal) -> set[str]:
    """The fields that a deal has anything to do with."""
    return {*deal.values, *deal.erased, *deal.changed_by, *(name for names in deal.former.values() for name in names)}


def _actions_of(deal: Deal) -> set[str]:
    return {*deal.standing, *deal.rejected, *(of for of, *_ in deal.told if "." in of)}


def _names(
    what: str, names: Names, used: set[str], old: Mapping[str, object], new: Mapping[str, object]
) -> Iterator[Objection]:
    """Each in use has one name in the new version, or is dropped; no two have the same."""
    if not names.keys() <= used:
        yield f"what the deal has of {what}s", ", ".join(sorted(names.keys() - used))
    unknown = sorted(str(now) for now in names.values() if now is not None and now not in new)
    if unknown:
        yield f"a {what} of the new version", ", ".join(unknown)
    left = sorted(name for name in used if name not in names and name not in new)
    if left:
        yield f"what becomes of each {what} that the new version has not", ", ".join(left)
    taken = [now for name in used if (now := names.get(name, name)) is not None]
    if len({*taken}) != len(taken):
        yield f"one {what} under each id", ", ".join(sorted({name for name in taken if taken.count(name) > 1}))
    strange = sorted(name for name in names if name not in old)
    if strange:
        yield f"a {what} of the version before", ", ".join(strange)


def _given(context: EventInContext) -> set[str]:
    """The fields of which the event gives a value, or gave one until it was erased."""
    sealed = {pointer.split("/")[2] for pointer in context.event.get("private", ()) if pointer.startswith("/values/")}
    return {*context.data["values"], *sealed}


def _put(context: EventInContext, fields: Names) -> set[str]:
    """The fields that were set, rather than carried over."""
    return _given(context) - {*fields.values()}


def _values(context: EventInContext, new: ProcessDefinition, fields: Names) -> Iterator[Objection]:
    data, deal, old = context.data, context.deal, context.definition
    carried = {name: now for name, now in fields.items() if now is not None and name in deal.values}
    lost = context.fields.lost
    unsure = {*deal.erased, *lost}
    given, put = _given(context), _put(context, fields)
    if not {*carried.values()} <= given or (given - put) - {fields.get(name) for name in unsure} - {*carried.values()}:
        yield "the values that changed their field", ", ".join(sorted(given))
    for name, now in carried.items():
        if now in data["values"] and data["values"][now] != deal.values[name] and name not in unsure:
            yield f"the value of {name} in {now}", "another"
    yield from misfits(new, data["values"])
    yield from incomplete_rows(new, data["values"], context.event.get("private", ()))
    emptied = sorted(name for name in fields if name in deal.values and name not in given)
    told = [name for name in data["unset"] if name not in unsure]
    if told != [name for name in emptied if name not in unsure] or sorted({*data["unset"]}) != data["unset"]:
        yield f"unset: {', '.join(emptied)}", ", ".join(data["unset"])
    kept = {name: value for name, value in deal.values.items() if name not in fields and name in new.fields}
    filled = {*kept, *(fields.get(name, name) for name in deal.erased)}
    if again := sorted(put & filled):
        yield "values set only where there were none", ", ".join(again)
    yield from _kept(kept, old, new)
    for name, now in (carried | {name: name for name in kept}).items():
        if name in old.fields and now in new.fields:
            yield from _still_personal(name, old.fields[name].type, new.fields[now].type)


def _kept(kept: Mapping[str, Any], old: ProcessDefinition, new: ProcessDefinition) -> Iterator[Objection]:
    """Values that stay where they are: the field must be able to hold them, whatever limits it has by now."""
    for name, value in kept.items():
        was, now = old.fields.get(name), new.fields[name].type
        if was is not None and was.type != now and not _holds(now, value) and not is_canonical(now, value):
            yield f"a value that {name} can hold in the new version", "another"


def _holds(kind: FieldType, value: Any) -> bool:
    if kind.kind is Kind.LIST:
        return type(value) is list and all(
            column in kind.columns and _holds(kind.columns[column], cell) for row in value for column, cell in row.items()
        )
    if kind.many or kind.kind is Kind.CHOICE:
        options = value if type(value) is list else [value]
        return (type(value) is list) is kind.many and {*kind.options}.issuperset(options)
    return is_canonical(FieldType(kind.kind), value)


def _still_personal(name: str, was: FieldType, now: FieldType) -> Iterator[Objection]:
    cells = [(was.columns[each], now.columns[each]) for each in was.columns if each in now.columns]
    shown = any((was.private or one.private) and not (now.private or other.private) for one, other in cells)
    if shown or (not cells and was.private and not now.private):
        yield f"what is personal of {name} to stay so", "a field that is not"


def _completions(context: EventInContext, new: ProcessDefinition, actions: Names) -> Iterator[Objection]:
    data, deal, old = context.data, context.deal, context.definition
    after = {now: name for name in deal.standing if (now := actions.get(name, name)) is not None}
    for now, name in after.items():
        was, action = old.actions.get(name), new.actions.get(now)
        if was is not None and action is not None and was.decision is not action.decision and now not in data.get("voided", ()):
            yield f"{now} a decision as {name} was", "another"
    voided = data.get("voided", [])
    if sorted({*voided}) != voided or not after.keys() >= {*voided}:
        yield "completions that end only where some stood", ", ".join(voided)
    fields = data.get("fields", {})
    otherwise = _put(context, fields) | {name for name, now in fields.items() if name in deal.values and now != name}
    ends = {path for path in after if path in new.actions and not otherwise.isdisjoint(new.actions[path].voided_by)}
    if not ends <= {*voided}:
        yield f"voided by other values: {', '.join(sorted(ends))}", ", ".join(voided)


def _waived(context: EventInContext, new: ProcessDefinition, touched: set[str]) -> Iterator[Objection]:
    data, deal, old = context.data, context.deal, context.definition
    ended = {name for name in deal.standing if data.get("actions", {}).get(name, name) in data.get("voided", ())}
    standing = []
    for waiver in deal.waivers:
        was, now = old.criteria.get(waiver.criterion), new.criteria.get(waiver.criterion)
        if was is None or now is None or was.stage in data.get("stages", {}) or not now.waivable_by:
            continue
        same = (was.side, was.check, was.require, was.reads) == (now.side, now.check, now.require, now.reads)
        if same and (touched | ended).isdisjoint(waiver.reads):
            standing.append(waiver.n)
    if sorted(standing) != data.get("waived", []):
        yield f"the waivers of what says the same of the same: {sorted(standing)}", str(data.get("waived"))


def _due(context: EventInContext, new: ProcessDefinition) -> Iterator[Objection]:
    """The stage, and each of its actions, has a due time if something asks for one; it counts from when the visit began."""
    data, deal = context.data, context.deal
    values = {name: value for name, value in deal.values.items() if name not in data.get("fields", {})} | data["values"]
    yield from due_in(new, data["stage"], data, values, deal.entered)


RULE = EventRule(objections, personal=REASON, values=("values",))
