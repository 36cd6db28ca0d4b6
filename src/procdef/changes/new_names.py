"""A version of a process under the ids that a plan of a migration gives its stages, fields and actions in the next one.

Held against the next version, what only has another id then shows no other difference.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field, replace
from typing import Any

from procdef.expression import Points, Scoring
from procdef.expression.syntax.tokens import tokenize
from procdef.model import (
    Action,
    ApproverRow,
    Criterion,
    Field,
    Lost,
    ProcessDefinition,
    Return,
    Score,
    Sla,
    Stage,
    Transition,
)

_BEFORE_AN_OPTION = frozenset(("==", "!=", "[", ",", "contains"))
"""Where an option may stand that has the id of a field."""


@dataclass(frozen=True, slots=True)
class NewNames:
    """New ids by the old ones, of those alone that change; no two become one. ``dropped`` are fields and actions (by their
    path) of which a plan keeps nothing, ``merged`` the stages that become one with another, by which one that is."""

    stages: Mapping[str, str] = field(default_factory=dict)
    fields: Mapping[str, str] = field(default_factory=dict)
    actions: Mapping[str, str] = field(default_factory=dict)
    dropped: frozenset[str] = frozenset()
    merged: Mapping[str, str] = field(default_factory=dict)

    @classmethod
    def of(
        cls, old: ProcessDefinition, new: ProcessDefinition, stages: Mapping[str, str], fields: Mapping[str, str | None],
        actions: Mapping[str, str | None],
    ) -> NewNames:  # fmt: skip
        """Those of a plan, in which ``None`` is what it drops; ``actions`` with those that come along with their stage."""
        moved, merged = _apart(stages, old.stages, new.stages)
        named, _ = _apart({name: now for name, now in fields.items() if now is not None}, old.fields, new.fields)
        there = {moved.get(name, name) for name in old.stages}
        kept = {path: now for path, now in actions.items() if now is not None and now.partition(".")[0] in there}
        done, _ = _apart(kept, old.actions, new.actions)
        dropped = {name for names in (fields, actions) for name, now in names.items() if now is None}
        return cls(moved, named, done, frozenset(dropped), merged)

    def action(self, path: str) -> str:
        """The path of an action; one of a stage with another id comes along with it."""
        stage, _, name = path.partition(".")
        return self.actions.get(path) or f"{self.stages.get(stage, stage)}.{name}"


def _apart(
    names: Mapping[str, str], old: Iterable[str], new: Iterable[str]
) -> tuple[dict[str, str], dict[str, str]]:  # fmt: skip
    """The new names, each of them once, and the names that become one with another that has it already."""
    there, kept = frozenset(new), {name for name in old if names.get(name, name) == name}
    found: dict[str, str] = {}
    merged: dict[str, str] = {}
    for name, now in names.items():
        if name not in old or now == name or now not in there:
            continue
        (merged if now in kept or now in found.values() else found)[name] = now
    return found, merged


def under_new_names(old: ProcessDefinition, names: NewNames) -> ProcessDefinition:
    """The definition as it would read under these ids; its conditions are texts to compare, and none to evaluate."""
    words = _Words(old, names)
    fields = {words.field(name): _field(each, words) for name, each in old.fields.items()}
    stages = {names.stages.get(name, name): each for name, each in old.stages.items()}
    taken: dict[str, list[Action]] = {}
    for action in old.actions.values():
        taken.setdefault(names.action(action.path).partition(".")[0], []).append(_action(action, names, words))
    stages = {name: _stage(name, each, taken.get(name, []), names, words) for name, each in stages.items()}
    value, close, title = (name and words.field(name) for name in (old.deal.value, old.deal.close, old.deal.title))
    deal = replace(old.deal, value=value, close=close, title=title)
    measures = {name: replace(each, field=words.field(each.field)) for name, each in old.measures.items()}
    scores = {name: _score(each, words) for name, each in old.scores.items()}
    lost = old.lost and _lost(old.lost, words)
    return replace(old, fields=fields, stages=stages, deal=deal, measures=measures, scores=scores, lost=lost)


class _Words:
    """New names for what stands in definitions: ids, and the conditions that name them."""

    def __init__(self, old: ProcessDefinition, names: NewNames) -> None:
        self._names = names
        self._options = frozenset(option for each in old.fields.values() for option in each.type.options)
        columns = [column for each in old.fields.values() for column in each.columns.values()]
        self._options |= {option for column in columns for option in column.type.options}

    def field(self, name: str) -> str:
        return self._names.fields.get(name, name)

    def fields(self, names: Iterable[str]) -> tuple[str, ...]:
        return tuple(map(self.field, names))

    def condition(self, given: Any) -> Any:
        """A condition under the new names."""
        if given is None:
            return None
        fields, actions = frozenset(map(self.field, given.fields)), frozenset(map(self._names.action, given.actions))
        text = self._text(given)
        return given if text == given.text else replace(given, text=text, fields=fields, actions=actions)

    def _text(self, given: Any) -> str:
        parts, end, before = [], 0, ""
        for token in tokenize(given.text):
            now = token.text
            if token.kind == "word" and not (token.text in self._options and before in _BEFORE_AN_OPTION):
                now = self._word(token.text, given)
            parts += [given.text[end : token.start], now]
            end, before = token.end, token.text
        return "".join(parts)

    def _word(self, word: str, given: Any) -> str:
        if word in given.actions:
            return self._names.action(word)
        name, dot, column = word.partition(".")
        return f"{self.field(name)}{dot}{column}" if name in given.fields else word


def _field(given: Field, words: _Words) -> Field:
    return replace(given, id=words.field(given.id))


def _sla(given: Sla | None, words: _Words) -> Sla | None:
    return given if given is None or given.until is None else replace(given, until=words.field(given.until))


def _row(given: ApproverRow, words: _Words) -> ApproverRow:
    return replace(given, when=words.condition(given.when))


def _action(given: Action, names: NewNames, words: _Words) -> Action:
    stage, _, name = names.action(given.path).partition(".")
    return replace(
        given, id=name, stage=stage, when=words.condition(given.when), records=words.fields(given.records),
        voided_by=words.fields(given.voided_by), needs=tuple(map(names.action, given.needs)), sla=_sla(given.sla, words),
        table=tuple(_row(row, words) for row in given.table),
    )  # fmt: skip


def _criterion(given: Criterion, stage: str, words: _Words) -> Criterion:
    return replace(given, stage=stage, check=words.condition(given.check), require=words.fields(given.require))


def _stage(name: str, given: Stage, actions: list[Action], names: NewNames, words: _Words) -> Stage:
    ways = [replace(each, target=_target(each, names), when=words.condition(each.when)) for each in given.next.values()]
    back = [replace(each, target=_target(each, names)) for each in given.back.values()]
    return replace(
        given, id=name, sla=_sla(given.sla, words),
        entry_criteria={each.id: _criterion(each, name, words) for each in given.entry_criteria.values()},
        exit_criteria={each.id: _criterion(each, name, words) for each in given.exit_criteria.values()},
        required_actions={each.id: each for each in actions if each.required},
        optional_actions={each.id: each for each in actions if not each.required},
        next={each.target: each for each in ways}, back={each.target: each for each in back},
    )  # fmt: skip


def _target(way: Transition | Return, names: NewNames) -> str:
    return names.stages.get(way.target, way.target)


def _score(given: Score, words: _Words) -> Score:
    points = tuple(Points(each.id, words.condition(each.when), each.points) for each in given.rule.points)
    return replace(given, rule=Scoring(given.rule.id, points))


def _lost(given: Lost, words: _Words) -> Lost:
    return replace(given, records={reason: words.fields(names) for reason, names in given.records.items()})
