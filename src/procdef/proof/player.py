"""A deal that is played by the engine's own rules, in memory: what is shown as steps was taken."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from datetime import datetime, time, timedelta
from typing import Any

from transitions import Machine

from procdef.commands import ARGUMENTS, COMMANDS, Actor
from procdef.deal import Deal
from procdef.decide import Decision, Refusal, decide
from procdef.decide.context import Context
from procdef.events.fold import fold
from procdef.events.opened_event import OpenedEvent
from procdef.expression import Situation, Value, canonical, revive
from procdef.log.event import timestamp
from procdef.model import ProcessDefinition
from procdef.proof.domains import TODAY
from procdef.proof.told import Step


class Refused(Exception):
    """A step that was thought of is refused."""

    def __init__(self, refusal: Refusal) -> None:
        super().__init__(", ".join(f"{each.code} {' '.join(each.about)}" for each in refusal.obstacles))
        self.refusal = refusal


@dataclass(slots=True)
class Player:
    """One deal, with the steps that were taken so far."""

    definition: ProcessDefinition
    machine: Machine
    now: datetime
    deal: Deal | None = None
    steps: list[Step] = field(default_factory=list)

    @classmethod
    def at_noon(cls, definition: ProcessDefinition, machine: Machine) -> Player:
        """A player on the day on which examples are set."""
        return cls(definition, machine, datetime.combine(TODAY, time(12), definition.calendar.zone))

    def copy(self) -> Player:
        """The same deal, to be led on in another way."""
        return Player(self.definition, self.machine, self.now, self.deal, list(self.steps))

    def take(self, role: str, verb: str, number: int = 1, **given: Any) -> None:
        """Take a step as the ``number``-th person with a role. Raises ``Refused``."""
        person = f"{role}{number}"
        known = {argument: value for argument, value in given.items() if value is not None}
        if "values" in known:
            known["values"] = {name: self._stored(name, value) for name, value in known["values"].items()}
        if verb == "start":
            known["process"] = self.definition.id
        moment = timestamp(self.now)
        actor = Actor(person, frozenset((role,)))
        found = decide(
            self.definition, self.machine, self.deal, COMMANDS[verb](**known), actor, moment, "" if self.deal else "D1"
        )
        if isinstance(found, Refusal):
            raise Refused(found)
        self._apply(found, person, moment)
        known.pop("process", None)
        names = {argument.name: argument.written for argument in ARGUMENTS[COMMANDS[verb]]}
        told = {names.get(argument, argument): value for argument, value in known.items()}
        self.steps.append(Step(f"{person}:{role}", verb, told, at=moment))

    def _stored(self, name: str, value: Value | None) -> Any:
        return None if value is None else canonical(self.definition.fields[name].type, value)

    def _apply(self, decision: Decision, person: str, moment: str) -> None:
        for entry in decision.entries:
            n = self.deal.n + 1 if self.deal else 1
            event = OpenedEvent(
                entry.type, entry.data, "d1", n, "", moment, None, person, dict(self.definition.reference)
            )
            self.deal = fold(self.deal, event)

    @property
    def values(self) -> Mapping[str, Any]:
        """The values of the deal, as they are stored."""
        return self.deal.values if self.deal else {}

    def seen(self, fields: Iterable[str]) -> Situation:
        """What an expression that reads these fields sees of the deal now."""
        kinds = self.definition.fields
        values = {name: revive(kinds[name].type, self.values[name]) for name in fields if name in self.values}
        done = self.deal.standing if self.deal else {}
        today = self.now.astimezone(self.definition.calendar.zone).date()
        return Situation(values, frozenset(done), self.now, today, timedelta(0), timedelta(0))

    def context(self) -> Context:
        """What the engine sees of the deal now: what lapsed is not done, nor what another row of its table asks for."""
        found = Context(self.definition, self.deal, Actor("somebody", frozenset()), timestamp(self.now))
        kinds = self.definition.fields
        found.values |= {name: revive(kinds[name].type, value) for name, value in self.values.items()}
        return found
