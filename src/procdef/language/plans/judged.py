"""A plan held against the versions that it leads from and to: every id, every kind, and the sides of the win."""

from __future__ import annotations

from collections.abc import Collection, Iterable, Iterator, Mapping, Sequence
from typing import Any, NamedTuple

from procdef.diagnostics import Finding, Place, SubjectKind, listed, nearest
from procdef.expression.given_values import BadValue, coerce
from procdef.expression.stored_values import canonical
from procdef.expression.types import FieldType, Kind
from procdef.language.plans.habits import means_dropped
from procdef.language.plans.plan import Plan
from procdef.model import ProcessDefinition

_UNKNOWN: Mapping[str, str] = {"stage": "unknown-stage", "field": "unknown-field", "action": "unknown-action"}
_TEXTS = frozenset((Kind.TEXT, Kind.EMAIL, Kind.PHONE, Kind.URL, Kind.CHOICE))
_MOST_LISTED = 12
_DECIMALS = frozenset((Kind.NUMBER, Kind.MONEY, Kind.PERCENT))


class Versions(NamedTuple):
    """The versions that a plan is about: ``published`` are the numbers of all that there are of the process."""

    process: str
    published: Collection[int]
    old: Sequence[ProcessDefinition]
    new: ProcessDefinition | None


def judged(plan: Plan, versions: Versions) -> Iterator[Finding]:
    """Everything that is wrong with a plan whose shape is sound. ``versions.old`` are those of its versions that there are."""
    if plan.process != versions.process:
        sentence = 'this is a plan for the process "{subject}", and the deals are of "{process}"; give the plan for that one'
        details = {"process": versions.process}
        yield Finding("plan-process", Place(("process",)), sentence, subject=plan.process, details=details)
        return
    yield from _unpublished(plan, versions)
    if versions.new is None or not versions.old:
        return
    yield from _stages(plan, versions.old, versions.new)
    yield from _fields(plan, versions.old, versions.new)
    yield from _actions(plan, versions.old, versions.new)
    yield from _set(plan, versions.new)
    for path in plan.void:
        if path not in versions.new.actions:
            yield _unknown("action", path, ("void", path), versions.new.actions, (versions.new,))


def within(plan: Plan) -> Iterator[Finding]:
    """What is wrong in a plan whatever its versions hold: it leads to where deals are, or makes one of two."""
    yield from _already(plan)
    yield from _twice("fields", plan.fields, plan.fields, ())
    yield from _twice("actions", plan.actions, plan.actions, ())


def values_to_set(plan: Plan, new: ProcessDefinition) -> dict[str, Any]:
    """The values of ``set`` as the log holds them, of a plan in which nothing is wrong."""
    found = {}
    for name, given in plan.set.items():
        value = coerce(new.fields[name].type, given)
        if value is not None:
            found[name] = canonical(new.fields[name].type, value)
    return found


def _unpublished(plan: Plan, versions: Versions) -> Iterator[Finding]:
    yield from _already(plan)
    for place, version in enumerate(plan.versions):
        if version != plan.to and version not in versions.published:
            yield _not_published(version, ("from", place), versions)
    if plan.to not in versions.published:
        yield _not_published(plan.to, ("to",), versions)


def _already(plan: Plan) -> Iterator[Finding]:
    if plan.to in plan.versions:
        sentence = "the deals are in version {subject} already; leave it out of `from`"
        yield Finding("plan-version", Place(("from",)), sentence, subject=str(plan.to), key="from")


def _not_published(version: int, route: tuple[str | int, ...], versions: Versions) -> Finding:
    there = f"; there are {listed([str(each) for each in sorted(versions.published)])}" if versions.published else ""
    return Finding(
        "plan-version",
        Place(route),
        "version {subject} of {process} is not published here{there}",
        subject=str(version),
        details={"process": versions.process, "there": there},
    )


def _unknown(
    kind: SubjectKind,
    name: str,
    route: tuple[str | int, ...],
    known: Iterable[str],
    of: Sequence[ProcessDefinition],
    part: Any = "value",
) -> Finding:
    known = list(known)
    near = nearest(name, known)
    where = listed([str(each.version) for each in of])
    beside = [each for each in known if each.partition(".")[0] == name.partition(".")[0]] if kind == "action" else known
    shown = beside or (known if len(known) <= _MOST_LISTED else [])
    has = "versions {where} have no" if len(of) > 1 else "version {where} has no"
    return Finding(
        _UNKNOWN[kind],
        Place(route, part),
        has + ' {what} "{subject}"' + ("{hint}" if near or not shown else " (there are {known})"),
        fix=near,
        subject=name,
        kind=kind,
        candidates=(near,) if near else (),
        details={"where": where, "what": kind, "known": listed(shown)},
    )  # fmt: skip


def _unnamed(
    kind: SubjectKind, key: str, name: str, now: str | None, known: Collection[str], old: Sequence[ProcessDefinition],
    there: Collection[str], new: ProcessDefinition,
) -> Finding | None:  # fmt: skip
    """What is wrong with the two ids of an entry, where one of them is none of its version."""
    if name not in known and now in known and name in there:
        sentence = "the old id stands before the colon and the new one behind it; write {form}"
        return Finding("plan-swapped", Place((key, name), "key"), sentence, subject=name, kind=kind,
                       details={"form": f"{now}: {name}"})  # fmt: skip
    if name not in known:
        return _unknown(kind, name, (key, name), known, old, "key")
    if now is None or now in there:
        return None
    if key != "stages" and means_dropped(now):
        sentence = 'there is no {what} "{subject}" in version {version}; to drop what is there, write {fix}'
        return Finding(_UNKNOWN[kind], Place((key, name)), sentence, fix="null", subject=now, kind=kind,
                       details={"what": kind, "version": new.version})  # fmt: skip
    return _unknown(kind, now, (key, name), there, (new,))


def _known(old: Sequence[ProcessDefinition], what: str) -> dict[str, list[Any]]:
    """The parts of these versions by id."""
    found: dict[str, list[Any]] = {}
    for definition in old:
        for name, part in getattr(definition, what).items():
            found.setdefault(name, []).append(part)
    return found


def _twice(key: str, names: Mapping[str, str | None], known: Collection[str], kept: Collection[str]) -> Iterator[Finding]:
    """New ids that two old ones would have: those of the plan, and one that keeps its name."""
    taken: dict[str, str] = {name: name for name in kept if name not in names}
    for old, new in names.items():
        if new is None or old not in known:
            continue
        if new in taken:
            yield Finding(
                "plan-twice",
                Place((key, old)),
                '"{other}" {becomes} "{subject}" too; a deal can have only one of them there, so drop one with null',
                subject=new,
                details={"other": taken[new], "becomes": "stays" if taken[new] == new else "becomes"},
            )
        taken[new] = old


def _stages(plan: Plan, old: Sequence[ProcessDefinition], new: ProcessDefinition) -> Iterator[Finding]:
    known = _known(old, "stages")
    won = {stage for definition in old for stage in definition.won_side}
    for name, now in plan.stages.items():
        if (fault := _unnamed("stage", "stages", name, now, known, old, new.stages, new)) is not None:
            yield fault
        elif (name in won) is not (now in new.won_side):
            sides = ("after", "before") if name in won else ("before", "after")
            yield Finding(
                "plan-win",
                Place(("stages", name)),
                'stage "{name}" lies {side} the win and "{subject}" {other} it; no deal is won, or not won any more, by going '
                "over to another version",
                subject=now,
                kind="stage",
                details={"name": name, "side": sides[0], "other": sides[1]},
            )


def _fields(plan: Plan, old: Sequence[ProcessDefinition], new: ProcessDefinition) -> Iterator[Finding]:
    known = _known(old, "fields")
    for name, now in plan.fields.items():
        if (fault := _unnamed("field", "fields", name, now, known, old, new.fields, new)) is not None:
            yield fault
        elif now is not None:
            yield from _types(name, now, [field.type for field in known[name]], new.fields[now].type)
    yield from _twice("fields", plan.fields, known, [name for name in known if name in new.fields])


def _types(name: str, now: str, old: Sequence[FieldType], new: FieldType) -> Iterator[Finding]:
    for kind in old:
        if not _can_fit(kind, new):
            yield Finding(
                "plan-type",
                Place(("fields", name)),
                'no value of "{name}" ({was}) can stand in "{subject}" ({kind}); drop it with null, or choose another field',
                subject=now,
                kind="field",
                details={"name": name, "was": _said(kind), "kind": _said(new)},
            )
            return
        if _shows_more(kind, new):
            yield Finding(
                "plan-personal",
                Place(("fields", name)),
                'the values of "{name}" are personal, and those of "{subject}" are not; drop them with null, or choose a field '
                "of personal values",
                subject=now,
                kind="field",
                details={"name": name},
            )
            return


def _said(kind: FieldType) -> str:
    return f"{kind.kind}, several" if kind.many else str(kind.kind)


def _can_fit(was: FieldType, now: FieldType) -> bool:
    """Whether any value of the one type could stand in the other as it is written."""
    if was.many or now.many or Kind.LIST in (was.kind, now.kind):
        return was.kind == now.kind and was.many == now.many
    if was.kind in _DECIMALS:
        return now.kind in _DECIMALS
    if was.kind in _TEXTS:
        return now.kind in _TEXTS
    return was.kind == now.kind


def _shows_more(was: FieldType, now: FieldType) -> bool:
    if was.kind is not Kind.LIST:
        return was.private and not now.private
    shared = [name for name in was.columns if name in now.columns]
    return any(
        (was.private or was.columns[each].private) and not (now.private or now.columns[each].private) for each in shared
    )


def _actions(plan: Plan, old: Sequence[ProcessDefinition], new: ProcessDefinition) -> Iterator[Finding]:
    known = _known(old, "actions")
    for path, now in plan.actions.items():
        if (fault := _unnamed("action", "actions", path, now, known, old, new.actions, new)) is not None:
            yield fault
        elif now is not None and any(action.decision is not new.actions[now].decision for action in known[path]):
            yield Finding(
                "plan-type",
                Place(("actions", path)),
                'one of "{name}" and "{subject}" is a decision and the other is none; drop it with null, so that it is done '
                "again",
                subject=now,
                kind="action",
                details={"name": path},
            )
    yield from _twice("actions", plan.actions, known, [path for path in known if path in new.actions])


def _set(plan: Plan, new: ProcessDefinition) -> Iterator[Finding]:
    for name, given in plan.set.items():
        if name not in new.fields:
            yield _unknown("field", name, ("set", name), new.fields, (new,), "key")
            continue
        kind = new.fields[name].type
        if kind.private or any(column.private for column in kind.columns.values()):
            sentence = 'the values of "{subject}" are personal, so that one value for many deals cannot be right; leave it out'
            yield Finding("plan-personal", Place(("set", name)), sentence, subject=name, kind="field")
            continue
        try:
            empty = coerce(kind, given) is None
        except BadValue as bad:
            yield Finding("plan-value", Place(("set", name)), "{name}: {why}", subject=name, kind="field",
                          details={"name": name, "why": bad})  # fmt: skip
            continue
        if empty:
            sentence = '"{subject}" is set to nothing; leave it out, as an empty field stays empty'
            yield Finding("plan-value", Place(("set", name)), sentence, subject=name, kind="field")
