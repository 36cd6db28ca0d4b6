"""Criteria, conditions of ways and of actions, and rows of approval tables, worked out again from the facts of decisions.

It is advice and not proof: a later procdef, or other rules of a time zone, may come to another outcome than the one that
was right then. What reads a personal value is not judged, as the facts have none.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date, timedelta

from procdef.audit.deal_histories import History, folded, told
from procdef.audit.export import Exported
from procdef.audit.export.exported_events import ExportTally
from procdef.audit.rules_of_event import RuleOutcome, rules
from procdef.commands import Do
from procdef.deal import Deal
from procdef.engine.definition_cache import DefinitionCache
from procdef.events.types import step_refused
from procdef.expression import Expression, Situation
from procdef.expression.stored_values import revive
from procdef.expression.types import Kind
from procdef.log.event import instant
from procdef.model import Action, Criterion, ProcessDefinition
from procdef.store.port import Tx

_KINDS = (("criteria", "criterion"), ("branches", "way"), ("actions", "action"))
NOT_JUDGED = "not judged"


@dataclass(frozen=True, slots=True)
class Judged:
    """A rule of a decision whose outcome ``again`` differs from the one ``stored``, or that is ``not judged``; ``why`` tells
    which values it reads that the facts do not have."""

    verdict: str
    stream: str
    n: int
    id: str
    event: str
    time: str
    kind: str
    rule: str
    stored: str
    again: str | None
    why: str | None
    text: str | None
    place: str | None


def judged(
    tx: Tx, streams: tuple[str, ...], counts: Counter[str], tally: ExportTally | None = None
) -> Iterator[Judged]:
    """What differs and what is not judged, of these deals, or of all and of the starts that were refused; ``counts``
    counts those that agree too."""
    library = DefinitionCache()

    def pinned(event: Exported) -> ProcessDefinition:
        return library.known(tx, event.event["definition"]["sha256"]).definition

    def counted(case: _Case) -> Iterator[Judged]:
        for found in case.outcomes():
            counts[found.verdict.replace(" ", "_")] += 1
            if found.verdict != "agrees":
                yield found

    def tell(history: History) -> Iterator[Judged]:
        for before, event, _ in folded(history):
            if "facts" in event.event["data"]:
                yield from counted(_Case(pinned(event), before, event))

    def aside(event: Exported) -> Iterator[Judged]:
        if event.type == step_refused.EVENT.name:
            yield from counted(_Case(pinned(event), None, event))

    return told(tx, tell, streams, aside=None if streams else aside, tally=tally)


class _Case:
    """One decision with its facts, under its definition. ``deal`` is the deal before it: none before a start."""

    def __init__(self, definition: ProcessDefinition, deal: Deal | None, row: Exported) -> None:
        self._definition, self._row, self._facts = definition, row, row.event["data"]["facts"]
        counting = deal.counting_at(self._facts["now"]) if deal else None
        self._deal, self._standing = deal, counting.standing if counting else {}
        self._given_under = counting.rows if counting else {}
        rows = self._facts.get("rows", {})
        now, known, seen = instant(self._facts["now"]), definition.fields, self._facts.get("values", {})
        self._seen = Situation(
            values={name: revive(known[name].type, value) for name, value in seen.items() if name in known},
            done=frozenset(path for path in self._standing if self._done(path)),
            now=now,
            today=date.fromisoformat(self._facts["today"]),
            age=now - instant(deal.started) if deal else timedelta(0),
            stage_age=timedelta(microseconds=self._facts.get("stage_age", 0)),
            idle=timedelta(microseconds=self._facts.get("idle", 0)),
            contact_age=timedelta(microseconds=self._facts.get("contact_age", 0)),
            unsure={action.path: "" for action in definition.actions.values() if action.table and action.path not in rows},
        )
        # A refused `do` looked at the deal as it would have been with the values that came along, and their consequences.
        self._tried = row.type == step_refused.EVENT.name and row.event["data"]["do"] == Do.verb

    def outcomes(self) -> Iterator[Judged]:
        """Every rule in the facts, judged."""
        written = {rule.rule: rule for rule in rules(self._definition, self._row.event, self._row.stage)}
        for key, kind in _KINDS:
            for name, stored in self._facts.get(key, {}).items():
                path = f"{self._row.stage} -> {name}" if kind == "way" else name
                missing, again = self._again(kind, name)
                yield self._row_of(kind, written.get(path) or RuleOutcome(path, stored, None, None), stored, missing, again)
        for path, number in self._facts.get("rows", {}).items():
            action = self._definition.actions[path]
            rows = action.table[number - 1 : number]
            text = rows[0].when.text if rows and rows[0].when else None
            place = f"{self._definition.name}, line {rows[0].line if rows else action.line}"
            told = RuleOutcome(path, f"row {number}", text, place)
            yield self._row_of("row", told, f"row {number}", *self._row_again(action))

    def _row_of(self, kind: str, rule: RuleOutcome, stored: str, missing: list[str], again: str) -> Judged:
        row = self._row
        agrees = again in ("unmet", "unknown") if stored == "waived" else again == stored
        verdict = NOT_JUDGED if missing else "agrees" if agrees else "differs"
        return Judged(
            verdict, row.case, row.n, row.id, row.type, row.time, kind, rule.rule, stored, None if missing else again,
            f"reads {', '.join(missing)}" if missing else None, rule.text, rule.place,
        )  # fmt: skip

    def _again(self, kind: str, name: str) -> tuple[list[str], str]:
        """What it reads that the facts do not have, or what it comes to."""
        definition = self._definition
        if kind == "criterion":
            return self._criterion(definition.criteria[name])
        if kind == "way":
            return self._truth(definition.stages[self._row.stage].next[name].when)
        missing, applies = self._truth(definition.actions[name].when)
        if self._tried and name in self._standing:
            missing = [*missing, name]
        told = not definition.actions[name].table or name in self._facts.get("rows", {})
        if applies == "unknown" or (applies == "met" and not told):
            return missing, "unknown"
        return missing, "done" if self._done(name) else "open" if applies == "met" else "not_applicable"

    def _row_again(self, action: Action) -> tuple[list[str], str]:
        """What the rows read that the facts do not have, or which row it comes to."""
        for number, row in enumerate(action.table, 1):
            missing, holds = self._truth(row.when)
            if missing or holds == "unknown":
                return missing, "unknown"
            if holds == "met":
                return [], f"row {number}"
        return [], "unknown"

    def _criterion(self, criterion: Criterion) -> tuple[list[str], str]:
        if criterion.check is not None:
            return self._truth(criterion.check)
        private = [name for name in criterion.require if self._definition.fields[name].type.private]
        if any(name not in self._seen.values for name in criterion.require if name not in private):
            return [], "unmet"
        return private, "met"

    def _truth(self, expression: Expression | None) -> tuple[list[str], str]:
        if expression is None:
            return [], "met"
        missing = [name for name in sorted(expression.fields) if self._hidden(name, expression.cells)]
        if self._tried:
            missing += sorted(expression.actions & self._standing.keys())
        truth = None if missing else expression.evaluate(self._seen)
        return missing, "met" if truth else "unknown" if truth is None else "unmet"

    def _hidden(self, name: str, cells: frozenset[str]) -> bool:
        """Whether what an expression reads of a field is personal: the field, or one of the columns that it reads."""
        kind = self._definition.fields[name].type
        if kind.kind is not Kind.LIST:
            return kind.private
        return kind.private or any(each.private and f"{name}.{column}" in cells for column, each in kind.columns.items())

    def _done(self, path: str) -> bool:
        action = self._definition.actions.get(path)
        if action is None or not self._completed(action):
            return False
        return self._deal is not None and all(map(self._deal.was_filled, action.records))

    def _completed(self, action: Action) -> bool:
        """Whether enough completions stood; of a table, under the row that the facts tell."""
        people = self._standing.get(action.path, ())
        if not action.table:
            return len(people) >= action.at_least
        number = self._facts.get("rows", {}).get(action.path)
        counted = self._given_under.get(action.path, ()).count(number) if number else 0
        return number is not None and counted >= min(row.at_least for row in action.table[number - 1 : number] or action.table)
