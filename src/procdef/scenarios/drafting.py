"""A first scenario of a process that nobody has written one for: a deal that goes on as long as that needs no thought."""

from __future__ import annotations

from collections.abc import Mapping
from contextlib import suppress
from dataclasses import dataclass, field
from datetime import timedelta
from decimal import Decimal
from typing import Any

from procdef.commands import ARGUMENTS, COMMANDS, Actor, ArgumentKind
from procdef.engine import Engine
from procdef.errors import ProcdefError
from procdef.expression.types import FieldType, Kind
from procdef.model import ProcessDefinition
from procdef.results.options import Options
from procdef.results.suggestion import Suggestion
from procdef.scenarios.play import Player
from procdef.scenarios.reading import as_step
from procdef.scenarios.suggesting.casting import made_up
from procdef.scenarios.times import moment
from procdef.scenarios.writing import Spec, file_text, scenario_text

_BEGINS = "2026-03-02T09:00"
_NAME, _TITLE = "first_deal", "A deal goes as far as it can"
_MOST = 200
"""Steps; a process may lead round in a circle."""
_EVIDENCE = {"link": "https://example.com/1", "document": f"document.pdf sha256:{'0' * 64}"}


def drafted_file(definition: ProcessDefinition, process: str) -> str:
    """A file with a first scenario of a process, whose path from there is ``process``."""
    people = people_of(definition)
    steps = list(_Walk(definition, people).steps())
    text = scenario_text(definition, _NAME, steps, people=people, at=_BEGINS, title=_TITLE)
    return f"{_ABOUT}{file_text(process, people, [text])}"


_ABOUT = """\
# What this process is expected to do with a deal; `procdef test` plays it, and tells what is not tried yet.
# Write your own beside it: what has to be refused, and for what, is worth the most.
"""


def people_of(definition: ProcessDefinition) -> dict[str, list[str]]:
    """Somebody for each role, and one more, so that there is a second person for everything."""
    named = {made_up(number): [role] for number, role in enumerate(definition.roles)}
    named[made_up(len(named))] = list(definition.roles)
    return named


@dataclass(slots=True)
class _Walk:
    """Takes, one after the other, the steps that the engine suggests, with made-up values."""

    definition: ProcessDefinition
    people: Mapping[str, list[str]]
    taken: list[dict[str, Any]] = field(default_factory=list)

    def steps(self) -> list[Spec]:
        """The steps that were applied, up to where something stands in the way that takes thought."""
        player = Player(self.definition)
        engine = player.begin(moment(_BEGINS, self.definition.calendar.zone))
        if self._started(engine):
            visited: set[str] = set()
            while len(self.taken) < _MOST and self._went_on(engine, visited):
                pass
        return list(self.taken)

    def _started(self, engine: Engine) -> bool:
        starts = self.definition.starts
        for stage in starts:
            which = {"stage": stage} if len(starts) > 1 else {}
            needed = [name for each in self.definition.stages[stage].entry_criteria.values() for name in each.reads]
            for values in ({}, self._values(needed)):
                if self._take(engine, {"do": "start", **which, **({"values": values} if values else {})}):
                    return True
        return False

    def _went_on(self, engine: Engine, visited: set[str]) -> bool:
        options = engine.options(_NAME)
        visited.add(options.deal.stage)
        tasks = [each.suggestion for each in options.todo if each.required and each.suggestion is not None]
        ways = [each.suggestion for each in options.ways if each.suggestion is not None and self._leads_on(each, visited)]
        return any(self._take(engine, self._filled(options, suggestion)) for suggestion in (*tasks, *ways))

    @staticmethod
    def _leads_on(way: Any, visited: set[str]) -> bool:
        return way.move == "finish" or (way.move == "advance" and way.target not in visited)

    def _take(self, engine: Engine, spec: dict[str, Any]) -> bool:
        """Let the first person who may take a step."""
        for person, roles in self.people.items():
            whole = {"by": person, **spec}
            actors = {person: Actor(person, frozenset(roles))}
            step = as_step(self.definition, actors, _NAME, 1, whole)
            with suppress(ProcdefError):
                getattr(engine, step.verb or "")(deal=_NAME, by=step.by, **step.given)
                self.taken.append(whole)
                return True
        return False

    def _filled(self, options: Options, suggestion: Suggestion) -> dict[str, Any]:
        """A suggested step with its blanks filled in."""
        named = {each.written: each for each in ARGUMENTS[COMMANDS[suggestion.do]]}
        spec: dict[str, Any] = {"do": suggestion.do, **suggestion.arguments}
        fields = [blank.field for blank in suggestion.blanks if blank.field is not None]
        for blank in suggestion.blanks:
            kind = named[blank.argument].kind
            if blank.field is None and kind is ArgumentKind.EVIDENCE:
                spec[blank.argument] = _EVIDENCE.get(blank.type, "Told on the phone")
            elif blank.field is None:
                words = blank.options or named[blank.argument].words
                spec[blank.argument] = words[0] if words else "As agreed"
        if fields:
            spec["values"] = self._values(fields)
        return spec

    def _values(self, names: list[str]) -> dict[str, Any]:
        fields = self.definition.fields
        return {name: self._value(fields[name].type) for name in names if name in fields}

    def _value(self, kind: FieldType) -> Any:
        """A value that the field takes."""
        zone = self.definition.calendar.zone
        if kind.kind is Kind.CHOICE:
            return list(kind.options)[:1] if kind.many else next(iter(kind.options))
        if kind.kind is Kind.LIST:
            return [{name: self._value(column) for name, column in kind.columns.items()}]
        if kind.kind in (Kind.DATE, Kind.DATETIME):
            later = (moment(_BEGINS, zone) + timedelta(days=30)).astimezone(zone)
            return later.date().isoformat() if kind.kind is Kind.DATE else f"{later:%Y-%m-%dT%H:%M}"
        if kind.kind in _EXAMPLES:
            return _EXAMPLES[kind.kind]
        least, most = kind.minimum, kind.maximum
        usual: Any = 1000 if kind.kind is Kind.MONEY else 10
        usual = max(usual, least) if isinstance(least, int | Decimal) else usual
        return min(usual, most) if isinstance(most, int | Decimal) else usual


_EXAMPLES: Mapping[Kind, object] = {
    Kind.TEXT: "Something",
    Kind.EMAIL: "name@example.com",
    Kind.PHONE: "+358 9 123 4567",
    Kind.URL: "https://example.com/1",
    Kind.BOOLEAN: True,
}
