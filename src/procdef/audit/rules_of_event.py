"""The rules that an event names, with what became of them and where the definition has them."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from typing import Any

from procdef.events.sentence_template import template
from procdef.events.types import BY_NAME, EVENT_TYPES
from procdef.model import Criterion, ProcessDefinition

_RULES = {
    kind.name: (template(kind.rule.rule), template(kind.rule.outcome)) for kind in EVENT_TYPES if kind.rule is not None
}
"""By type of event, the rule that it is an instance of, and what became of it."""
RULE_KEYS = {kind: rule.keys | outcome.keys for kind, (rule, outcome) in _RULES.items()}
"""By type of event, the keys of its data that its rule tells of."""


@dataclass(frozen=True, slots=True)
class RuleOutcome:
    """``rule`` is its id (``stage.id``; of a way ``from -> to``), ``outcome`` what it was found to be, ``text`` what the
    definition says, ``place`` the line of it. Text and place are ``None`` for what the definition lacks. ``roles`` are those
    who could have done what was refused."""

    rule: str
    outcome: str
    text: str | None
    place: str | None
    roles: tuple[str, ...] = ()


def rules(definition: ProcessDefinition, event: Mapping[str, Any], stage: str) -> Iterator[RuleOutcome]:
    """Every rule that the event names, once each; ``stage`` is the one that it was taken in. Of a refusal, each thing that
    stood in the way comes first, but for what the facts tell as well."""
    named, known = dict[str, str](), _known(event["data"].get("facts", {}))
    for item in event["data"].get("unmet", ()):
        for name in item.get("about", ()) or (event["data"]["do"],):
            if name not in known or item["code"] not in _OF_FACTS:
                named[name] = item["code"]
                yield RuleOutcome(name, item["code"], *_written(definition, name), tuple(item.get("roles", ())))
    for name, outcome in _named(event, stage):
        if name not in named:
            named[name] = outcome
            yield RuleOutcome(name, outcome, *_written(definition, name))


_OF_FACTS = ("criterion-unmet", "criterion-unknown", "action-open")


def _known(facts: Mapping[str, Any]) -> set[str]:
    return {*facts.get("criteria", {}), *facts.get("actions", {})}


def criterion_text(criterion: Criterion) -> str:
    """What a criterion says: its message, and what is checked."""
    asked = criterion.check.text if criterion.check else f"{', '.join(criterion.require)} filled in"
    return f"{criterion.message} ({asked})" if criterion.message else asked


def place_of(definition: ProcessDefinition, name: str) -> str | None:
    """The line of the definition that has this action or criterion (``stage.id``)."""
    return _written(definition, name)[1]


def _named(event: Mapping[str, Any], stage: str) -> Iterator[tuple[str, str]]:
    data, kind = event["data"], event["type"]
    if kind in _RULES:
        (rule, outcome), say = _RULES[kind], BY_NAME[kind].say(data)
        yield rule.filled(say), outcome.filled(say)
    facts = data.get("facts", {})
    yield from facts.get("criteria", {}).items()
    yield from facts.get("actions", {}).items()
    for target, outcome in facts.get("branches", {}).items():
        yield f"{stage} -> {target}", outcome


def _written(definition: ProcessDefinition, name: str) -> tuple[str | None, str | None]:
    criterion, action = definition.criteria.get(name), definition.actions.get(name)
    if criterion is not None:
        return criterion_text(criterion), f"{definition.name}, line {criterion.line}"
    if action is not None:
        when = f" (when {action.when.text})" if action.when else ""
        return f"{action.title}{when}", f"{definition.name}, line {action.line}"
    start, arrow, target = name.partition(" -> ")
    stage = definition.stages.get(start)
    if stage is None or not arrow:
        return None, f"{definition.name}, line {stage.line}" if stage else None
    way = stage.next.get(target)
    if way is not None:
        title = str(way.title) if way.title else None
        text = f"when {way.when.text}" if way.when else None
        return ", ".join(part for part in (title, text) if part) or None, f"{definition.name}, line {way.line}"
    back = stage.back.get(target)
    return (str(back.title) if back.title else None, f"{definition.name}, line {back.line}") if back else (None, None)
