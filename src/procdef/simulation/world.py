"""One run of a simulation: a clock that jumps from event to event, the engine on it, the people, and the deals that come in."""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable
from datetime import UTC, date, datetime, tzinfo
from functools import lru_cache
from itertools import count
from random import Random
from typing import TYPE_CHECKING

from procdef.commands import Actor, Command
from procdef.deal import Deal
from procdef.decide.context import Context
from procdef.decide.timers import NOBODY, open_items
from procdef.engine import Engine
from procdef.engine.step_by_step import StepByStep
from procdef.engine.steps import Step
from procdef.errors import InvalidArgument
from procdef.events.types import log_created
from procdef.log.event import instant, timestamp
from procdef.model import ProcessDefinition
from procdef.results.done import Done
from procdef.results.refusal import StepRefused
from procdef.results.timer_told import TimerTold
from procdef.simulation.assumptions.model import Assumptions
from procdef.simulation.assumptions.values import ValueSource
from procdef.simulation.assumptions.working_clock import WorkingClock
from procdef.simulation.desk import Desk, Person, Served
from procdef.simulation.shifts import Shift, shifts
from procdef.simulation.simpy_extra import environment
from procdef.store.port import Store

if TYPE_CHECKING:
    from simpy import Environment

RUNNER = Actor(log_created.SIMULATOR)
"""Who takes the steps of a simulation, on behalf of people that there are not."""
BATCH = 500
_MOST_STEPS = 1000
"""A deal that takes more steps than that goes round."""


@lru_cache(maxsize=64)
def _moment(now: float) -> datetime:
    return datetime.fromtimestamp(now, UTC)


class World:
    """Deals of one process that live under some assumptions, in one store. ``seed`` decides all that is left to chance: what
    comes of a deal depends on it and on the deal's place among those of its start stage, so that two processes with the same
    seed get the same deals as far as they can."""

    def __init__(
        self,
        definition: ProcessDefinition,
        assumptions: Assumptions,
        store: Store,
        start: datetime,
        seed: str,
        engine: Engine | None = None,
    ) -> None:
        self.definition, self.assumptions, self.seed = definition, assumptions, seed
        self.env: Environment = environment(start.timestamp())
        self.start = start
        self.clock = WorkingClock(definition.calendar)
        self.values = ValueSource(definition, assumptions, self.clock)
        self.served: list[Served] = []
        self.stuck: Counter[str] = Counter()
        self.overdue: set[tuple[str, str, float]] = set()
        """What went past its deadline in one visit to a stage: the stage or the action, the deal, and when it had come in."""
        self.failure: Exception | None = None
        """What ended the run."""
        self.started = self.dropped = self.lives = self.ends = 0
        self.arriving, self.last_arrival = True, start.timestamp()
        chance = Random(f"{seed}/ids")
        like = Engine(store, self.now) if engine is None else engine.at(store, self.now)
        self.engine = like.repeatable(chance.randbytes)
        self.office = Shift(definition.calendar)
        self.desk = Desk(self.env, self._people(), self.office, self.served.append)
        self._starters = {role: count() for role in definition.roles}
        self.steps: StepByStep = self.engine.step_by_step(batch=BATCH)
        self.stored: Callable[[], object] = lambda: None
        """Called whenever a batch was stored."""

    def now(self) -> datetime:
        """The time of the simulation."""
        return _moment(self.env.now)

    @property
    def text(self) -> str:
        """The same in the form of the log."""
        return timestamp(self.now())

    def _people(self) -> dict[str, list[Person]]:
        found = {}
        for role in self.definition.roles:
            people = self.assumptions.people[role]
            found[role] = [
                Person(name := f"{role}-{place}", role, shift, _claimed(name, role))
                for place, shift in enumerate(shifts(self.definition.calendar, people, self.start), 1)
            ]
        return found

    def ended(self, stuck: str | None = None) -> None:
        """A deal goes on no more: it is over, or ``stuck`` in something."""
        self.lives -= 1
        self.ends += 1
        if stuck is not None:
            self.stuck[stuck] += 1

    def take(self, name: str, command: Command, person: Person) -> Done | StepRefused:
        """What comes of a step that somebody takes now."""
        self._note_overdue(name)
        try:
            outcome = self.steps.take(Step(name, command, person.actor, imported=True))
            if self.steps.is_full():
                self.steps.store()
                self.stored()
        except Exception as error:
            self.failure = error
            raise
        return outcome

    def _note_overdue(self, name: str) -> None:
        """Note what of a deal is past its deadline before a step changes that: timers tell it only once a day."""
        deal, now = self.steps.deal(name), self.text
        if deal is None or min((due for due in (deal.due, *deal.dues.values()) if due), default=now) >= now:
            return
        entered = instant(deal.entered).timestamp()
        late = open_items(Context(self.definition, deal, NOBODY, now))
        self.overdue.update((of, name, entered) for of, due, _ in late if due < now)

    def tick(self) -> list[TimerTold]:
        """Tell what fell due by now."""
        try:
            return self.steps.tick(RUNNER)
        except Exception as error:
            self.failure = error
            raise

    def deal(self, name: str) -> Deal:
        """Where a deal stands."""
        found = self.steps.deal(name)
        assert found is not None
        return found

    def starter(self, roles: tuple[str, ...]) -> Person | None:
        """Who begins the next deal: the people of these roles take turns."""
        for role in roles:
            members = self.desk.people.get(role, ())
            if members:
                return members[next(self._starters[role]) % len(members)]
        return None

    def refuse_endless(self, deal: Deal) -> None:
        """Raise ``InvalidArgument`` for a deal that goes round."""
        if deal.n <= _MOST_STEPS:
            return
        by_way_of = ", ".join(dict.fromkeys(deal.path[-20:]))
        self.failure = InvalidArgument(
            f"the deal {deal.name} goes round: after {deal.n} events it is in {deal.stage}, by way of {by_way_of}; make going "
            "back, or the ways in this circle, less likely in the assumptions"
        )
        raise self.failure


def _claimed(name: str, role: str) -> Actor:
    person = Actor(name, frozenset((role,)), auth="claimed")
    return Actor(RUNNER.id, RUNNER.roles, RUNNER.auth, RUNNER.source, behalf=person)


def month_after(day: date, months: int, zone: tzinfo) -> datetime:
    """The first moment of the month so many months after that of a day, in a time zone. Raises ``InvalidArgument``."""
    whole = day.year * 12 + day.month - 1 + months
    try:
        return datetime(whole // 12, whole % 12 + 1, 1, tzinfo=zone).astimezone(UTC)
    except (ValueError, OverflowError):
        month = day.isoformat()[:7]
        told = f"{abs(months)} months {'before' if months < 0 else 'after'} {month}" if months else month
        raise InvalidArgument(f"{told} lies outside of the calendar; begin at another time", "start") from None
