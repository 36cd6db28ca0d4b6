"""A deal that is led in memory, with what its steps tried of the process so far."""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import datetime
from typing import Any

from procdef.decide import Decision
from procdef.decide.timers import deadlines
from procdef.log.event import instant, timestamp
from procdef.proof.player import Player, Refused
from procdef.proof.told import Step
from procdef.scenarios.coverage import Item
from procdef.scenarios.judged_items import Known, judged
from procdef.scenarios.suggesting.casting import part_of

WAIT = ""
"""What is done in a step that lets time pass, and nothing else."""


@dataclass(slots=True)
class Rehearsal(Player):
    """One deal. ``tried`` is what its steps tried; ``waited`` is whether timers may have told of something since."""

    known: Known = field(default_factory=Known)
    tried: frozenset[Item] = frozenset()

    @classmethod
    def of(cls, player: Player) -> Rehearsal:
        """The steps of a player once more."""
        begun = cls(player.definition, player.machine, player.now)
        for step in player.steps:
            begun.again(step)
        begun.now = player.now
        return begun

    def again(self, step: Step) -> None:
        """Take a step that was taken before."""
        role, number = part_of(step)
        self.now = datetime.fromisoformat(step.at)
        self.take(role, step.do, number, **step.given)

    def copy(self) -> Rehearsal:
        """The same deal, to be led on in another way."""
        return Rehearsal(self.definition, self.machine, self.now, self.deal, list(self.steps), self.known, self.tried)

    def attempt(self, role: str, verb: str, number: int = 1, **given: Any) -> None:
        """Take a step that may be refused: then what it was judged by is what it is for."""
        try:
            self.take(role, verb, number, **given)
        except Refused as refused:
            entry = refused.refusal.entry
            self._hear(entry.type, entry.data)
            shown = {name: value for name, value in given.items() if value is not None}
            self.steps.append(Step(f"{role}{number}:{role}", verb, shown, at=timestamp(self.now)))

    def wait(self, until: datetime) -> None:
        """Let time pass, and timers tell what falls due meanwhile."""
        if until <= self.now:
            return
        before = None
        while (look := self._look()) is not None and look != before and instant(look) <= until:
            before, self.now = look, max(self.now, instant(look))
            self._tick()
        self.now = until
        self.steps.append(Step("", WAIT, at=timestamp(self.now)))

    def _look(self) -> str | None:
        """When there is something to tell next."""
        return deadlines(self.definition, self.deal, timestamp(self.now)).look if self.deal is not None else None

    def _tick(self) -> None:
        if self.deal is not None:
            ready = deadlines(self.definition, self.deal, timestamp(self.now)).ready
            self._apply(Decision(tuple(timer.entry() for timer in ready)), "procdef", timestamp(self.now))

    @property
    def closed(self) -> bool:
        """Whether the deal was lost or finished."""
        return self.deal is not None and self.deal.mode != "open"

    def _apply(self, decision: Decision, person: str, moment: str) -> None:
        Player._apply(self, decision, person, moment)
        for entry in decision.entries:
            self._hear(entry.type, entry.data)

    def _hear(self, kind: str, data: Any) -> None:
        self.known, found = judged(self.definition, self.known, kind, data)
        self.tried |= found
