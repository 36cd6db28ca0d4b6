"""One deal in the hands of people: what can be done with it, and how time passes over it."""

from __future__ import annotations

from collections.abc import Generator, Iterable
from random import Random
from typing import TYPE_CHECKING, Any

from procdef.commands import Command, Lose, Record
from procdef.deal import Deal
from procdef.decide.guards import MoveContext
from procdef.results.done import Done
from procdef.results.refusal import StepRefused
from procdef.simulation.assumptions.model import Times
from procdef.simulation.desk import Person
from procdef.simulation.world import World

if TYPE_CHECKING:
    from simpy import Event

NOTE = "Simulated"
"""What stands where people write something."""


class Over(Exception):
    """The deal is over, or goes on no more."""


class DealInHand:
    """The ``number``-th deal that came in by its start stage. ``chance`` is what it draws from at the moment."""

    def __init__(self, world: World, name: str, start: str, number: int) -> None:
        self.world, self.name, self.start, self.number = world, name, start, number
        self.definition = world.definition
        self.seed = f"{world.seed}/{start}/{number}"
        self.chance = Random(self.seed)
        self.values = world.values.deal(self.chance, number)
        self._last: Deal | None = None
        self._seen: tuple[Deal, float, MoveContext] | None = None
        self.lost_at: float | None = None
        """When it is lost whatever is going on, where that is known."""

    @property
    def deal(self) -> Deal:
        """Where it stands. Once it is over it changes no more, and may be forgotten elsewhere."""
        if self._last is not None and self._last.mode != "open":
            return self._last
        return self.world.deal(self.name)

    def context(self, person: Person | None = None) -> MoveContext:
        """What holds of it now."""
        deal, now, seen = self.deal, self.world.env.now, self._seen
        if person is None and seen is not None and seen[0] is deal and seen[1] == now:
            return seen[2]  # several things are asked at each moment, and nothing but a step changes what holds
        actor = (person or self.world.desk.anyone(tuple(self.definition.roles))).actor  # type: ignore[union-attr]
        found = MoveContext(self.definition, deal, actor.person, self.world.text)
        if person is None:
            self._seen = deal, now, found
        return found

    def take(self, command: Command, person: Person) -> Done | StepRefused:
        """Take a step now."""
        outcome = self.world.take(self.name, command, person)
        if isinstance(outcome, Done):
            self._last = outcome._state
        return outcome

    def holder(self, roles: tuple[str, ...]) -> Person | None:
        """Who takes a step that needs no work: the owner where they may, or somebody of these roles."""
        wanted, owner = roles or tuple(self.definition.roles), self.deal.owner
        for role in wanted:
            for person in self.world.desk.people.get(role, ()):
                if person.id == owner:
                    return person
        return self.world.desk.anyone(wanted)

    def record(self, values: dict[str, Any]) -> bool:
        """Set values; whether that was applied."""
        person = self.holder(self.definition.stages[self.deal.stage].owner)
        if not values or person is None:
            return False
        return isinstance(self.take(Record(self.world.values.recorded(values, self.world.now())), person), Done)

    def found(self, fields: Iterable[str]) -> dict[str, Any]:
        """Values of fields that were left empty: those of the deal, or others."""
        names = list(fields)
        self.values |= self.world.values.again(
            self.chance, self.number, [name for name in names if name not in self.values]
        )
        return {name: self.values[name] for name in names if name in self.values}

    def fill(self, fields: Iterable[str]) -> bool:
        """Fill these in; whether any of them was."""
        return self.record(self.found(fields))

    def lose(self) -> str:
        """Give the deal up, for one of the reasons of its stage. Raises ``Over``; where that is refused, it is stuck here."""
        lost = self.definition.lost
        assert lost is not None
        stage = self.definition.stages[self.deal.stage]
        reasons = self.world.assumptions.stages[stage.id].reasons
        reason = reasons.draw(self.chance) if reasons is not None else self.chance.choice(list(lost.reasons))
        person = self.holder(stage.owner)
        if person is not None:
            self.fill(lost.empty(reason, self.deal.values))
            if isinstance(self.take(Lose(reason, NOTE if lost.note_required else None), person), Done):
                raise Over
        return stage.id

    def length(self, times: Times) -> float:
        """A length of time from now on, in seconds of the clock."""
        now = self.world.now()
        return (self.world.clock.after(now, times.draw(self.chance)) - now).total_seconds()

    def wait(self, seconds: float) -> Generator[Event, Any, None]:
        """Let time pass, or be lost meanwhile."""
        env = self.world.env
        until = env.now + max(0.0, seconds)
        if self.lost_at is not None and self.lost_at <= until:
            yield env.timeout(max(0.0, self.lost_at - env.now))
            self.lost_at = None
            self.lose()
        elif seconds > 0:
            yield env.timeout(until - env.now)

    def worked(
        self, item: str, roles: tuple[str, ...], work: float, excluded: tuple[str, ...] = ()
    ) -> Generator[Event, Any, Person | None]:
        """Have somebody work on it; who it was, and ``None`` where nobody may. The deal may be lost before they begin."""
        world = self.world
        if world.desk.anyone(roles, excluded) is None:
            return None
        ticket = world.desk.ask(item, roles, work, excluded)
        if self.lost_at is not None and not ticket.begun:
            yield ticket.done | world.env.timeout(max(0.0, self.lost_at - world.env.now))
            if not ticket.begun:
                self.lost_at = None
                try:
                    self.lose()
                except Over:
                    world.desk.cancel(ticket)
                    raise
        if not ticket.done.processed:
            yield ticket.done
        person: Person | None = ticket.done.value
        return person
