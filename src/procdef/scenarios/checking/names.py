"""Names in scenarios: each is one that the process declares, or that of one of the people."""

from __future__ import annotations

from collections.abc import Collection, Iterable, Iterator, Mapping
from functools import lru_cache
from typing import Any

from procdef.commands import ARGUMENTS, COMMANDS, Actor, ArgumentKind
from procdef.diagnostics import Finding, Place, Route, SubjectKind, nearest
from procdef.errors import InvalidArgument
from procdef.events.types import EVENT_TYPES
from procdef.events.types.step_refused import UNMET_CODES
from procdef.language.value_forms import ids
from procdef.model import ProcessDefinition
from procdef.scenarios.checking.refused_habits import switch

_OF_VERBS = ("note-missing", "reason-missing", "too-late", "not-yours")
"""Codes that are about the step itself."""
_WORDS = ("decision", "evidence", "note", "kind", "reason")
"""What a refusal may name that no process declares: arguments of steps."""


def in_people(people: Mapping[str, Any], definition: ProcessDefinition) -> Iterator[Finding]:
    """Ids that nobody can have, and roles that the process lacks."""
    for person, roles in people.items():
        try:
            Actor(person)
        except InvalidArgument as wrong:
            why = {"why": str(wrong)}
            yield Finding("bad-id", Place(("people", person), "key"), "{why}", subject=person, kind="person", details=why)
        for role in _ids(roles):
            if role not in definition.roles:
                yield lacking(("people", person, role), role, "role", definition.roles)


def in_step(
    step: Mapping[str, Any], route: Route, definition: ProcessDefinition, people: Collection[str] | None
) -> Iterator[Finding]:
    """What a step, and what is expected of it, name and the process lacks."""
    by = step.get("by")
    if people is not None and isinstance(by, str) and by not in people:
        yield _unknown_person((*route, "by"), by, people)
    command = COMMANDS.get(step["do"]) if isinstance(step.get("do"), str) else None
    for argument in ARGUMENTS[command] if command is not None else ():
        given = step.get(argument.written)
        if argument.kind is ArgumentKind.FIELD_VALUES:
            yield from _fields(given, (*route, argument.written), definition)
        elif isinstance(given, str):
            known, kind = _known(argument.kind, definition, step)
            if kind is not None and given not in known:
                yield lacking((*route, argument.written), given, kind, known)
    yield from _in_refused(step, (*route, "refused"), definition)
    then = step.get("then")
    if isinstance(then, dict):
        yield from _in_then(then, (*route, "then"), definition)


def _known(
    kind: ArgumentKind, definition: ProcessDefinition, step: Mapping[str, Any]
) -> tuple[Collection[str], SubjectKind | None]:
    """What an argument of that kind may name, and what that is; of others nothing is said."""
    match kind:
        case ArgumentKind.START_STAGE | ArgumentKind.NEXT_STAGE | ArgumentKind.EARLIER_STAGE:
            return definition.stages, "stage"
        case ArgumentKind.ACTION:
            return _both(definition.actions), "action"
        case ArgumentKind.CRITERION:
            return _both(definition.criteria), "criterion"
        case ArgumentKind.LOSS_REASON:
            return definition.lost.reasons if definition.lost else (), "reason"
        case ArgumentKind.WAY:
            named = [each for path, each in definition.actions.items() if step.get("action") in (path, each.id)]
            return [way for action in named for way in action.ways], "way" if named else None
        case ArgumentKind.OBJECTION:
            playbooks = [stage.playbook for stage in definition.stages.values() if stage.playbook]
            return [name for playbook in playbooks for name in playbook.objections], "objection"
    return (), None


def _both(paths: Iterable[str]) -> tuple[str, ...]:
    """Paths, and their last parts."""
    return _split(tuple(paths))


@lru_cache(maxsize=64)
def _split(paths: tuple[str, ...]) -> tuple[str, ...]:
    """Every step asks for those of its process."""
    return tuple(dict.fromkeys(name for path in paths for name in (path.partition(".")[2], path)))


def _fields(given: Any, route: Route, definition: ProcessDefinition) -> Iterator[Finding]:
    for name in given if isinstance(given, dict) else ():
        if name not in definition.fields:
            yield lacking((*route, name), name, "field", definition.fields, part="key")


def _in_refused(step: Mapping[str, Any], route: Route, definition: ProcessDefinition) -> Iterator[Finding]:
    given = step.get("refused")
    if given is None or given == "any":
        return
    known = refusable(definition)
    told = switch(given, route) if isinstance(given, str) and given not in known else None
    if told is not None:
        yield told
        return
    items = [(route, given)] if isinstance(given, str) else [((*route, n), each) for n, each in enumerate(given)]
    for place, item in items:
        for name, code in item.items() if isinstance(item, dict) else ((item, None),):
            at = (*place, name) if isinstance(item, dict) else place
            if code is None and name in UNMET_CODES:
                sentence = "{subject} is a code; write what it is about before it, as {example}: {subject}"
                example = {"example": _about(step, name, definition)}
                yield Finding("not-in-process", Place(at), sentence, subject=name, kind="value", details=example)
            elif isinstance(name, str) and name not in known:
                yield lacking(at, name, "value", known, part="key" if isinstance(item, dict) else "value")
            if isinstance(code, str) and code not in UNMET_CODES:
                near = nearest(code, UNMET_CODES)
                sentence = '"{subject}" is no code of a refusal' + ("{hint}" if near else "; docs/meaning.md lists them")
                yield Finding("unknown-word", Place(at), sentence, fix=near, subject=code, kind="value",
                              candidates=(near,) if near else ())


def _about(step: Mapping[str, Any], code: str, definition: ProcessDefinition) -> str:
    """What a refusal of this step may be about, for an example."""
    if code in _OF_VERBS and step.get("do") in COMMANDS:
        return str(step["do"])
    named = step.get("action") or step.get("criterion")
    return named if isinstance(named, str) else next(iter(definition.actions or definition.stages))


def refusable(definition: ProcessDefinition) -> list[str]:
    """Everything that a refusal may be about, by the ids that it may have."""
    lost = definition.lost.reasons if definition.lost else ()
    return [
        *_both((*definition.criteria, *definition.actions)), *definition.fields, *definition.stages, *lost, *COMMANDS, *_WORDS,
        *(name for stage in definition.stages.values() if stage.playbook for name in stage.playbook.objections),
        *(way for action in definition.actions.values() for way in action.ways),
    ]  # fmt: skip


def _in_then(then: Mapping[str, Any], route: Route, definition: ProcessDefinition) -> Iterator[Finding]:
    stage = then.get("stage")
    if isinstance(stage, str) and stage not in definition.stages:
        yield lacking((*route, "stage"), stage, "stage", definition.stages)
    actions = _both(definition.actions)
    for key in ("open", "done"):
        for name in _ids(then.get(key)):
            if name not in actions:
                yield lacking((*route, key, name), name, "action", actions)
    dues = then.get("dues")
    for name in dues if isinstance(dues, dict) else ():
        if name not in actions:
            yield lacking((*route, "dues", name), name, "action", actions, part="key")
    yield from _fields(then.get("values"), (*route, "values"), definition)
    events = then.get("events")
    known = [each.name for each in EVENT_TYPES]
    for number, name in enumerate(events if isinstance(events, list) else ()):
        if isinstance(name, str) and name not in known:
            yield lacking((*route, "events", number), name, "event", known, whose="the log")


def _ids(given: Any) -> tuple[str, ...]:
    return tuple(one for one in ids(given) if isinstance(one, str)) if isinstance(given, str | list) else ()


def lacking(
    route: Route, name: str, kind: SubjectKind, known: Collection[str], part: Any = "value", whose: str = "the process"
) -> Finding:
    """The finding on a name that stands for nothing: ``known`` are those that there are, of what ``whose`` tells."""
    near = nearest(name, known)
    has = f"; it has {_some(known)}" if known else ""
    return Finding(
        "not-in-process",
        Place(route, part),
        ("nothing in {whose} is called {subject}" if kind == "value" else "{whose} has no {what} {subject}")
        + ("{hint}" if near else "{has}"),
        fix=near,
        subject=name,
        kind=kind,
        candidates=(near,) if near else (),
        details={"whose": whose, "what": kind, "has": has},
    )


_MOST_NAMED = 12


def _some(known: Collection[str]) -> str:
    names = list(known)
    more = f" and {len(names) - _MOST_NAMED} more" if len(names) > _MOST_NAMED else ""
    return ", ".join(names[:_MOST_NAMED]) + more


def _unknown_person(route: Route, person: str, people: Collection[str]) -> Finding:
    near = nearest(person, people)
    known = ", ".join(people) or "nobody"
    return Finding(
        "unlisted-person",
        Place(route),
        "nothing says which roles {subject} has" + ("{hint}" if near else "; people has {known}, add {subject} there"),
        fix=near,
        subject=person,
        kind="person",
        candidates=(near,) if near else (),
        details={"known": known},
    )
