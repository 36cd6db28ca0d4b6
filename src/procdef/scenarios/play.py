"""Plays scenarios: each in a log of its own in memory, by the engine itself, on a clock that only the scenario moves."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import UTC, datetime
from time import perf_counter

from procdef.calendar import due
from procdef.commands import Actor
from procdef.engine import Engine
from procdef.errors import ProcdefError
from procdef.model import ProcessDefinition
from procdef.results.done import Done
from procdef.results.event import Event
from procdef.results.refusal import StepRefused
from procdef.scenarios.coverage import Coverage, covered_by
from procdef.scenarios.expectations import differences
from procdef.scenarios.model import Scenario, ScenarioStep
from procdef.scenarios.results import Difference, Outcome, outcome
from procdef.scenarios.taken import Taken
from procdef.scenarios.times import written
from procdef.store import MemoryStore

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
        self._clock.now = scenario.begins
        engine = self._engine.beside(MemoryStore())
        engine.publish(self._definition, by=_AUTHOR)
        found: tuple[Difference, ...] = ()
        taken, last = Taken(), 0
        for step in scenario.steps:
            taken, last = Taken(), step.number
            found = tuple(self._moved(step))
            if not found:
                taken = self.take(engine, step)
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

    def begin(self, at: datetime) -> Engine:
        """An engine on a new log at that time, with the process published: for steps that are taken one by one."""
        self._clock.now = at
        engine = self._engine.beside(MemoryStore())
        engine.publish(self._definition, by=_AUTHOR)
        return engine

    @property
    def now(self) -> datetime:
        """What the clock shows."""
        return self._clock.now

    def take(self, engine: Engine, step: ScenarioStep) -> Taken:
        """Take a step, if it does anything, at the time that the clock shows."""
        if step.verb is None or step.by is None:
            return Taken()
        try:
            done: Done = getattr(engine, step.verb)(deal=step.deal, by=step.by, **step.given)
        except StepRefused as refused:
            return Taken(refused=refused)
        except ProcdefError as error:
            return Taken(error=str(error))
        return Taken(done=done)

    def move(self, step: ScenarioStep) -> str | None:
        """Set the clock as a step says; why that cannot be, if it cannot."""
        if step.at is not None:
            if step.at < self._clock.now:
                return f"it is {written(self._clock.now, self._definition.calendar.zone)} already, and no clock goes back"
            self._clock.now = step.at
        if step.after is not None:
            try:
                self._clock.now = due(self._definition.calendar, self._clock.now, step.after)
            except ProcdefError as error:
                return str(error)
        return None

    def _moved(self, step: ScenarioStep) -> Iterator[Difference]:
        why = self.move(step)
        if why is not None:
            key = "at" if step.at is not None else "after"
            zone = self._definition.calendar.zone
            expected = written(step.at, zone) if step.at is not None else f"{step.after} later"
            yield Difference(step.line_of(key), key, expected, why)

    def _events(self, engine: Engine) -> Iterator[Event]:
        return (item.event for item in engine.feed())
