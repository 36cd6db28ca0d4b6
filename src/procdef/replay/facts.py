"""The facts of a decision, held against what the events before it tell."""

from __future__ import annotations

from collections.abc import Collection, Iterator, Mapping
from datetime import date, timedelta
from typing import Any

from procdef.audit.events import Data, instant
from procdef.deal import Deal, Happening
from procdef.decide.sight import public
from procdef.model import Action, ProcessDefinition
from procdef.replay.case import Objection

_MICROSECOND = timedelta(microseconds=1)
_DAY = timedelta(days=1)


def contradictions(
    definition: ProcessDefinition,
    step: Happening,
    event: Mapping[str, Any],
    deal: Deal | None,
    filled: set[str],
) -> Iterator[Objection]:
    """Where the facts of ``step`` are not so on the deal as it was (``None``: at its start)."""
    facts = step.data["facts"]
    yield from _times(step, event, deal)
    yield from _values(definition, facts, deal.values if deal else step.data["values"])
    standing = deal.standing if deal else {}
    declared = definition.actions
    for path, told in facts.get("actions", {}).items():
        action = declared.get(path)
        if action is None:
            yield "a declared action", path
        elif told not in (possible := _statuses(action, standing.get(path, ()))):
            yield f"{path} {' or '.join(possible)}", str(told)
    for path, told in facts.get("criteria", {}).items():
        criterion = definition.criteria.get(path)
        if criterion is None:
            yield "a declared criterion", path
        elif criterion.check is None and (told == "met") is not filled.issuperset(criterion.require):
            yield f"{path} {'unmet' if told == 'met' else 'met'}", str(told)


def _statuses(action: Action, standing: Collection[str]) -> tuple[str, ...]:
    """What an action can have been, after the completions that stood; its ``when`` is not worked out again."""
    if len(standing) >= action.at_least:
        return ("done",) if action.when is None else ("done", "unknown")
    return ("open",) if action.when is None else ("open", "not_applicable", "unknown")


def _times(step: Happening, event: Mapping[str, Any], deal: Deal | None) -> Iterator[Objection]:
    facts = step.data["facts"]
    moments = (step.at, step.happened) if event["via"] == "import" else (step.at,)
    if facts["now"] not in moments:
        yield f"now: {step.at}", facts["now"]
        return
    now = instant(facts["now"])
    age = (now - instant(deal.entered)) // _MICROSECOND if deal else 0
    if facts.get("stage_age", age) != age:
        yield f"stage_age: {age}", str(facts["stage_age"])
    # The date is that of the process's time zone, whose rules may have been others then: a day either way is near enough.
    same = facts["today"] == facts["now"][:10]
    if not same and abs(date.fromisoformat(facts["today"]) - now.date()) > _DAY:
        yield f"today: {now.date()}", facts["today"]


def _values(definition: ProcessDefinition, facts: Data, values: Mapping[str, Any]) -> Iterator[Objection]:
    for name, told in facts.get("values", {}).items():
        field = definition.fields.get(name)
        if field is None or field.type.private:
            yield "no personal value", f"{name} in the facts"
        elif name not in values or public(field.type, values[name]) != told:
            yield f"the value of {name} as recorded", "another"
