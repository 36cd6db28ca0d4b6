"""Plays scenarios: each in a log of its own in memory, by the engine itself, on a clock that only the scenario moves."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import UTC, datetime
from time import perf_counter

from procdef.calendar import due
from procdef.commands import Actor
from procdef.directory import Directory
from procdef.engine import Engine
from procdef.errors import InvalidArgument, ProcdefError, UnknownDeal
from procdef.log.event import instant, timestamp
from procdef.model import ProcessDefinition
from procdef.results.done import Done
from procdef.results.event import Event
from procdef.results.refusal import StepRefused
from procdef.results.timer_told import TimerTold
from procdef.scenarios.coverage import Coverage, Item
from procdef.scenarios.expectations import differences
from procdef.scenarios.judged_items import covered_by
from procdef.scenarios.model import Scenario, ScenarioStep
from procdef.scenarios.results import Outcome, UnmetExpectation, outcome
from procdef.scenarios.taken import Taken, not_started
from procdef.scenarios.times import written
from procdef.store import MemoryStore
from procdef.store.queries import Waking

_AUTHOR = Actor("procdef")


class Clock:
    """A clock that stands until it is set."""

    def __init__(self) -> None:
        self.now = datetime(2000, 1, 1, tzinfo=UTC)

    def __call__(self) -> datetime:
        return self.now


class Player:
    """Plays scenarios of one process, one after the other. ``coverage`` is what they tried so far."""

    def __init__(self, definition: ProcessDefinition, language: str | None = None) -> None:
        self._definition = definition
        self._clock = Clock()
        self._engine = Engine(MemoryStore(), self._clock).in_language(language)
        self.coverage = Coverage.of(definition)

    def play(self, scenario: Scenario, file: str = "") -> Outcome:
        """Play one scenario up to the first step that does not go as expected."""
        begun = perf_counter()
        engine = self.begin(scenario.begins, scenario.directory)
        found: tuple[UnmetExpectation, ...] = ()
        taken, last = Taken(), 0
        for step in scenario.steps:
            last = step.number
            taken, found = self._moved(engine, step)
            if not found:
                taken = self.take(engine, step, taken.timers)
                found = tuple(differences(self._definition, engine, step, taken, self._clock.now))
            if found:
                break
        self.coverage.add(scenario.id, covered_by(self._definition, self._events(engine)))
        return outcome(
            taken.refused if found else None,
            file=file,
            line=scenario.line,
            scenario=scenario.id,
            title=scenario.title,
            status="failed" if found else "passed",
            steps=len(scenario.steps),
            step=last if found else None,
            differences=found,
            refusal=str(taken.refused) if found and taken.refused is not None else None,
            seconds=perf_counter() - begun,
        )

    def rehearse(self, scenario: Scenario) -> frozenset[Item]:
        """What the steps of a scenario try, whatever comes of each. Raises ``ProcdefError`` where one cannot be taken."""
        engine = self.begin(scenario.begins, scenario.directory)
        for step in scenario.steps:
            taken = self.take(engine, step, self.move(engine, step))
            if taken.error is not None:
                raise ProcdefError(taken.error)
        return covered_by(self._definition, self._events(engine))

    def begin(self, at: datetime, directory: Directory | None = None) -> Engine:
        """An engine on a new log at that time, with the process published, and the directory of people where there is one: for
        steps that are taken one by one."""
        self._clock.now = at
        engine = self._engine.beside(MemoryStore())
        engine.publish(self._definition, by=_AUTHOR)
        if directory is not None:
            engine.people.publish(directory, by=_AUTHOR)
        return engine

    def take(self, engine: Engine, step: ScenarioStep, timers: tuple[TimerTold, ...] = ()) -> Taken:
        """Take a step, if it does anything, at the time that the clock shows; ``timers`` went off on the way there."""
        if step.verb is None or step.by is None:
            return Taken(timers)
        try:
            done: Done = getattr(engine, step.verb)(deal=step.deal, by=step.by, **step.given)
        except StepRefused as refused:
            return Taken(timers, refused=refused)
        except UnknownDeal:
            return Taken(timers, error=not_started(step.deal))
        except ProcdefError as error:
            return Taken(timers, error=str(error))
        return Taken(timers, done=done)

    def move(self, engine: Engine, step: ScenarioStep) -> tuple[TimerTold, ...]:
        """Set the clock as a step says; the timers that go off on the way, each at its time. Raises ``ProcdefError`` where
        that cannot be."""
        until = self._clock.now if step.at is None else step.at
        if until < self._clock.now:
            now = written(self._clock.now, self._definition.calendar.zone)
            raise InvalidArgument(f"it is {now} already, and no clock goes back")
        if step.after is not None:
            until = due(self._definition.calendar, until, step.after)
        told: list[TimerTold] = []
        before = None
        while until > self._clock.now and (wake := _next_wake(engine, until)) not in (None, before):
            before = wake
            self._clock.now = max(self._clock.now, instant(str(wake)))
            told += engine.tick(by=_AUTHOR)
        self._clock.now = until
        if before is not None:  # what is looked at all the time may have kept others from being seen
            told += engine.tick(by=_AUTHOR)
        return tuple(told)

    def _moved(self, engine: Engine, step: ScenarioStep) -> tuple[Taken, tuple[UnmetExpectation, ...]]:
        try:
            return Taken(self.move(engine, step)), ()
        except ProcdefError as error:
            zone = self._definition.calendar.zone
            key, expected = "after", f"{step.after} later"
            if step.at is not None and step.at < self._clock.now:
                key, expected = "at", written(step.at, zone)
            return Taken(), (UnmetExpectation(step.line_of(key), key, expected, str(error)),)

    def _events(self, engine: Engine) -> Iterator[Event]:
        return (item.event for item in engine.feed())


def _next_wake(engine: Engine, until: datetime) -> str | None:
    """When timers are to be looked at next, if that is by then."""
    with engine.store.transaction(write=False) as tx:
        row = next(iter(list(tx.scan(Waking(timestamp(until), limit=1)))), None)
    return None if row is None else row.wake
