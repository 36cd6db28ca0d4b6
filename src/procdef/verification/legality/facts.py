"""The facts of a decision, held against what the events before it tell."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from collections.abc import Set as AbstractSet
from datetime import date, timedelta
from functools import lru_cache
from typing import Any, NamedTuple

from procdef.deal import Deal
from procdef.events.opened_event import OpenedEvent
from procdef.expression.evaluation.scores import Scoring
from procdef.expression.stored_values import is_canonical
from procdef.expression.types import FieldType, Kind
from procdef.log.event import Data, instant
from procdef.model import Action, ApproverRow, ProcessDefinition
from procdef.verification.legality.event_in_context import Objection

_MICROSECOND = timedelta(microseconds=1)
_ELSE = "else"
_DAY = timedelta(days=1)
_WORDS = (
    ("actions", frozenset(("done", "not_applicable", "open", "unknown"))),
    ("criteria", frozenset(("met", "unmet", "unknown", "waived"))),
    ("branches", frozenset(("met", "unmet", "unknown"))),
)
_DECLARED = {
    "actions": "a declared action",
    "criteria": "a declared criterion",
    "branches": "a way on from the stage",
}


class Given(NamedTuple):
    """The ``values`` that come with a step, and the ``fields`` of the deal that it would set or empty, if only in vain: the
    decision may have seen them as they were, or as they would be."""

    values: Mapping[str, Any]
    fields: AbstractSet[str] = frozenset()


_NOTHING_GIVEN = Given({})


def contradictions(
    definition: ProcessDefinition,
    step: OpenedEvent,
    event: Mapping[str, Any],
    deal: Deal | None,
    filled: AbstractSet[str],
    active: str | None = None,
    given: Given = _NOTHING_GIVEN,
) -> Iterator[Objection]:
    """Where the facts of ``step`` contradict the deal as it was just before (``None``: at its start).

    ``active`` is when somebody had last acted before the command that it came from.
    """
    facts = step.data["facts"]
    yield from times(step, event, deal, active)
    yield from outcomes(definition, facts, deal)
    yield from _else_ways(definition, facts, deal)
    yield from _values(definition, facts, deal.values if deal else {}, given.values)
    yield from rows_taken(definition, facts, deal.values if deal else {}, given.fields)
    declared = definition.actions
    counting = deal.counting_at(facts["now"]) if deal else None
    for path, told in facts.get("actions", {}).items():
        action = declared.get(path)
        row = facts.get("rows", {}).get(path)
        if action is not None and told not in (possible := _statuses(action, counting, given.fields, row)):
            yield f"{path} {' or '.join(possible)}", str(told)
    for path, told in facts.get("criteria", {}).items():
        criterion = definition.criteria.get(path)
        if criterion is None or criterion.check is not None or not given.fields.isdisjoint(criterion.require):
            continue
        if (told == "met") is not (filled >= {*criterion.require}):
            yield f"{path} {'unmet' if told == 'met' else 'met'}", str(told)


def outcomes(definition: ProcessDefinition, facts: Data, deal: Deal | None) -> Iterator[Objection]:
    """Facts about something that is not declared, or with an outcome that does not exist."""
    for name, words in _WORDS:
        told = facts.get(name)
        if not told:
            continue
        declared = _declared(definition, name, deal)
        if declared.keys() >= told.keys() and words.issuperset(told.values()):
            continue
        for path, word in told.items():
            if path not in declared:
                yield _DECLARED[name], path
            elif word not in words:
                yield f"{path} {' or '.join(sorted(words))}", str(word)


def _declared(definition: ProcessDefinition, name: str, deal: Deal | None) -> Mapping[str, object]:
    if name == "branches":
        return definition.stages[deal.stage].next if deal else {}
    return definition.actions if name == "actions" else definition.criteria


def _else_ways(definition: ProcessDefinition, facts: Data, deal: Deal | None) -> Iterator[Objection]:
    """A way with ``when: else`` that is told to be open or shut against what is told of the other ways."""
    told = facts.get("branches")
    if not told or deal is None:
        return
    asked = {target: way.when.text for target, way in definition.stages[deal.stage].next.items() if way.when is not None}
    others = {told.get(target) for target, text in asked.items() if text != _ELSE}
    for target in told:
        if asked.get(target) == _ELSE and told[target] not in (possible := _else_outcomes(others)):
            yield f"{target} {' or '.join(possible)}", str(told[target])


def _else_outcomes(others: set[str | None]) -> tuple[str, ...]:
    """The outcomes that ``else`` can have beside those of the other ways; ``None``: one of them is not told."""
    if "met" in others:
        return ("unmet",)
    if None in others:
        return ("unmet", "unknown") if "unknown" in others else ("met", "unmet", "unknown")
    return ("unknown",) if "unknown" in others else ("met",)


def _statuses(action: Action, deal: Deal | None, uncertain: AbstractSet[str], row: Any = None) -> tuple[str, ...]:
    """The outcomes that an action can have had, by the completions that counted; its ``when`` is not evaluated, and which
    ``row`` of its table held is told."""
    if action.table and taken(action, row) is None:
        return ("unknown",) if action.when is None else ("unknown", "not_applicable")
    undone = ("open",) if action.when is None else ("open", "not_applicable", "unknown")
    if deal is None or not is_done(action, deal, uncertain, row):
        return undone
    if not uncertain.isdisjoint((*action.records, *action.voided_by)):
        return ("done", *undone)
    return ("done",) if action.when is None else ("done", "unknown")


def is_done(action: Action, deal: Deal, filling: AbstractSet[str] = frozenset(), row: Any = None) -> bool:
    """Whether enough completions stand, and the fields of the action's ``records`` are filled in, or among ``filling``.

    Of an action with a table, under that ``row``, which facts tell: where none is told, it is not known to be done.
    """
    held = taken(action, row)
    if action.table and held is None:
        return False
    enough = len(counted(action, deal, row)) >= (held.at_least if held else action.at_least)
    return enough and all(name in filling or deal.was_filled(name) for name in action.records)


def taken(action: Action, row: Any) -> ApproverRow | None:
    """The row of an action's table that this number names."""
    return action.table[row - 1] if type(row) is int and 0 < row <= len(action.table) else None


def counted(action: Action, deal: Deal, row: Any) -> tuple[str, ...]:
    """Who completed the action so that it counts: of an action with a table, under that row."""
    people = deal.standing.get(action.path, ())
    if not action.table:
        return people
    return tuple(who for who, under in zip(people, deal.rows.get(action.path, ()), strict=False) if under == row)


def rows_taken(
    definition: ProcessDefinition, facts: Data, values: Mapping[str, Any], given: AbstractSet[str]
) -> Iterator[Objection]:
    """Rows that no table has, and rows whose facts leave out what they, or the rows before them, read.

    No row is worked out. A field that the step would set or empty (``given``) may have been empty, or filled in.
    """
    seen = facts.get("values", {})
    for path, row in facts.get("rows", {}).items():
        action = definition.actions.get(path)
        if action is None or not action.table:
            yield "an action with an approval table", path
            continue
        if taken(action, row) is None:
            yield f"a row of the table of {path}", str(row)
            continue
        read = {name for each in action.table[:row] if each.when for name in each.when.fields}
        for name in sorted(read - given):
            if name in values and name not in seen and not definition.fields[name].type.private:
                yield f"the value of {name}, by which row {row} of {path} was taken", "none"


def times(
    step: OpenedEvent, event: Mapping[str, Any], deal: Deal | None, active: str | None = None
) -> Iterator[Objection]:
    """Where ``now`` is not the time of the step, or the date and the times since something do not follow from it."""
    facts = step.data["facts"]
    true = step.occurred if event["via"] == "import" else step.at
    if facts["now"] != true:
        yield f"now: {true}", str(facts["now"])
        return
    now = instant(true)
    since = (("stage_age", "entered"), ("idle", "active"), ("contact_age", "contacted"))
    for name, began in since:
        if name not in facts:
            continue
        then = (active if name == "idle" else None) or (getattr(deal, began) or deal.started if deal else None)
        age = (now - instant(then)) // _MICROSECOND if then else 0
        if facts[name] != age:
            yield f"{name}: {age}", str(facts[name])
    # The date is that of the process's time zone, whose rules may have been others then: a day either way is near enough.
    same = facts["today"] == facts["now"][:10]
    if not same and abs(date.fromisoformat(facts["today"]) - now.date()) > _DAY:
        yield f"today: {now.date()}", facts["today"]


def _values(
    definition: ProcessDefinition, facts: Data, values: Mapping[str, Any], given: Mapping[str, Any]
) -> Iterator[Objection]:
    for name, told in facts.get("values", {}).items():
        if name in definition.scores:
            yield from scored(definition, name, told)
            continue
        field = definition.fields.get(name)
        if field is None:
            yield "declared fields", name
        elif field.type.private or (field.type.columns and _has_personal_cells(field.type, told)):
            yield "no personal value", f"{name} in the facts"
        elif not any(_tells_of(field.type, source[name], told) for source in (values, given) if name in source):
            yield f"the value of {name} as recorded", "another"


def scored(definition: ProcessDefinition, name: str, told: Any) -> Iterator[Objection]:
    """A score that is no sum of its points, or that facts must not tell as it depends on a personal value."""
    rule = definition.scores[name].rule
    if rule.private:
        yield "no score that tells of a personal value", f"{name} in the facts"
    elif type(told) is not int or told not in _sums(rule):
        yield f"a sum of the points of {name}", str(told)


@lru_cache(maxsize=64)
def _sums(rule: Scoring) -> frozenset[int]:
    return rule.possible()


def _has_personal_cells(kind: FieldType, told: Any) -> bool:
    return any(kind.columns[column].private for row in told for column in row if column in kind.columns)


def _tells_of(kind: FieldType, value: Any, told: Any) -> bool:
    """Whether this is what facts tell of a value: of a list the cells of its rows that are not personal."""
    if kind.kind is not Kind.LIST:
        return type(told) is type(value) and bool(told == value)
    personal = {name for name, column in kind.columns.items() if column.private}
    public = [{name: row[name] for name in row if name not in personal} for row in value]
    return public == told and is_canonical(kind, told)
