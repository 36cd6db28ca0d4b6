"""The facts of a decision, held against what the events before it tell."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from datetime import date, timedelta
from functools import lru_cache
from typing import Any

from procdef.deal import Deal
from procdef.events.opened_event import OpenedEvent
from procdef.expression.evaluation.scores import Scoring
from procdef.expression.types import FieldType, Kind
from procdef.log.event import Data, instant
from procdef.model import Action, ProcessDefinition
from procdef.verification.legality.event_in_context import Objection

_MICROSECOND = timedelta(microseconds=1)
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


def contradictions(
    definition: ProcessDefinition,
    step: OpenedEvent,
    event: Mapping[str, Any],
    deal: Deal | None,
    filled: set[str],
    active: str | None = None,
) -> Iterator[Objection]:
    """Where the facts of ``step`` contradict the deal as it was just before (``None``: at its start).

    ``active`` is when somebody had last acted before the command that it came from.
    """
    facts = step.data["facts"]
    yield from times(step, event, deal, active)
    yield from outcomes(definition, facts, deal)
    yield from _values(definition, facts, deal.values if deal else step.data["values"])
    declared = definition.actions
    for path, told in facts.get("actions", {}).items():
        action = declared.get(path)
        if action is not None and told not in (possible := _statuses(action, deal)):
            yield f"{path} {' or '.join(possible)}", str(told)
    for path, told in facts.get("criteria", {}).items():
        criterion = definition.criteria.get(path)
        if criterion is None or criterion.check is not None:
            continue
        if (told == "met") is not filled.issuperset(criterion.require):
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


def _statuses(action: Action, deal: Deal | None) -> tuple[str, ...]:
    """The outcomes that an action can have had, by the completions that counted; its ``when`` is not evaluated."""
    if deal is not None and is_done(action, deal):
        return ("done",) if action.when is None else ("done", "unknown")
    return ("open",) if action.when is None else ("open", "not_applicable", "unknown")


def is_done(action: Action, deal: Deal) -> bool:
    """Whether enough completions stand, and the fields of the action's ``records`` are filled in."""
    return len(deal.standing.get(action.path, ())) >= action.at_least and all(map(deal.was_filled, action.records))


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


def _values(definition: ProcessDefinition, facts: Data, values: Mapping[str, Any]) -> Iterator[Objection]:
    for name, told in facts.get("values", {}).items():
        if name in definition.scores:
            yield from scored(definition, name, told)
            continue
        field = definition.fields.get(name)
        if field is None or field.type.private:
            yield "no personal value", f"{name} in the facts"
        elif name not in values or _public(field.type, values[name]) != told:
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


def _public(kind: FieldType, value: Any) -> Any:
    """A value as it stands in facts: a list without its personal cells."""
    if kind.kind is not Kind.LIST:
        return value
    personal = {name for name, column in kind.columns.items() if column.private}
    return [{name: row[name] for name in row if name not in personal} for row in value]
