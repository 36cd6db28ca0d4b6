"""A process simulated: several runs of it under some assumptions, and what they come to together."""

from __future__ import annotations

import gc
import uuid
from collections.abc import Iterator
from contextlib import AbstractContextManager, contextmanager, nullcontext
from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from random import Random
from typing import TypeGuard

from procdef.engine import Engine
from procdef.errors import InvalidArgument
from procdef.log.event import timestamp
from procdef.model import ProcessDefinition
from procdef.simulation.assumptions.model import Assumptions
from procdef.simulation.comparison import differences
from procdef.simulation.counting import Counting, RunFigures
from procdef.simulation.course import Course
from procdef.simulation.passing_store import PassingStore
from procdef.simulation.ranges import (
    action_ranges,
    average,
    main_figures,
    main_ranges,
    month_ranges,
    places,
    queue_ranges,
    refusal_ranges,
    role_ranges,
    stage_ranges,
)
from procdef.simulation.requirements import refuse_impossible
from procdef.simulation.results import Compared, Simulated
from procdef.simulation.world import World, month_after
from procdef.store.port import Store

MONTHS, RUNS, WARM_UP = 12, 20, 6
START = date(2026, 1, 1)
_COLLECTED_EVERY = 50_000
MOST_MONTHS, MOST_DEALS, MOST_RUNS = 240, 1_000_000, 10_000


def _is_whole(value: object) -> TypeGuard[int]:
    """Whether it is a whole number; true and false only count as some."""
    return isinstance(value, int) and not isinstance(value, bool)


@dataclass(frozen=True, slots=True)
class SimulationPlan:
    """How much is simulated: either so many ``deals``, each to its end, or ``months`` from the first day of ``start``'s month,
    after ``warm_up`` months that do not count, in which deals come to be under way. ``seed`` decides what is left to chance."""

    deals: int | None = None
    months: int | None = None
    runs: int = RUNS
    seed: int = 0
    start: date = START
    warm_up: int | None = None

    def __post_init__(self) -> None:
        for name, value, least, most, left_out in (
            ("deals", self.deals, 1, MOST_DEALS, True),
            ("months", self.months, 1, MOST_MONTHS, True),
            ("runs", self.runs, 1, MOST_RUNS, False),
            ("warm_up", self.warm_up, 0, MOST_MONTHS, True),
        ):
            if (value is None and left_out) or (_is_whole(value) and least <= value <= most):
                continue
            raise InvalidArgument(f"{name} is a whole number from {least} to {most}, not {value!r}", name)
        if not _is_whole(self.seed):
            raise InvalidArgument(f"seed is a whole number, not {self.seed!r}", "seed")
        if not isinstance(self.start, date):
            raise InvalidArgument(f"start is a day, as date(2026, 1, 1), not {self.start!r}", "start")
        if self.deals is not None and self.months is not None:
            raise InvalidArgument("a simulation has so many deals, or so many months, not both", "months")

    @property
    def whole_months(self) -> int | None:
        """How many months count, where it is not so many deals."""
        return None if self.deals is not None else self.months or MONTHS

    @property
    def running_in(self) -> int:
        """How many months do not count."""
        if self.warm_up is not None:
            return self.warm_up
        return WARM_UP if self.deals is None else 0


class Simulation:
    """Runs of one process under some assumptions. Raises ``InvalidArgument`` where no run can come to anything."""

    def __init__(self, definition: ProcessDefinition, assumptions: Assumptions, plan: SimulationPlan) -> None:
        refuse_impossible(definition, assumptions)
        self.definition, self.assumptions, self.plan = definition, assumptions, plan
        zone = definition.calendar.zone
        self.since, self.begin = (month_after(plan.start, -months, zone) for months in (0, plan.running_in))
        self.until = None if plan.whole_months is None else month_after(plan.start, plan.whole_months, zone)
        self._engine = Engine(PassingStore(self.log(0)), via="import")
        self.runs: list[RunFigures] = []
        """What each run came to, as far as they are over."""

    def log(self, run: int) -> str:
        """The UUID of the log of a run."""
        return str(uuid.UUID(bytes=Random(f"{self._seed(run)}/log").randbytes(16), version=4))

    def _seed(self, run: int) -> str:
        return f"{self.plan.seed}/{run}"

    def run(self, number: int, store: Store | None = None) -> RunFigures:
        """One run, the ``number``-th from 1; in memory, where deals that are over are forgotten, unless a store is given."""
        counting = Counting(self.definition, self.since, self.until)
        passing = PassingStore(self.log(number)) if store is None else None
        used = store if store is not None else passing
        assert used is not None
        world = World(self.definition, self.assumptions, used, self.begin, self._seed(number), self._engine)
        if passing is not None:
            world.stored = lambda: counting.pass_over(passing, world.ends)
        with _rare_collections():
            ended = Course(world).run(deals=self.plan.deals, until=self.until)
        found = counting.figures(world, used, ended)
        self.runs.append(found)
        return found

    def whole(self, keeping: AbstractContextManager[Store] | None = None) -> Simulated:
        """All runs of the plan, and what they come to. The log of the first one goes into the store of ``keeping``, which ends
        before the next run begins."""
        for number in range(1, self.plan.runs + 1):
            with keeping if keeping is not None and number == 1 else nullcontext() as store:
                self.run(number, store)
        return self.figures()

    def figures(self) -> Simulated:
        """What the runs so far come to."""
        runs, plan, definition = self.runs, self.plan, self.definition
        return Simulated(
            process=definition.id,
            version=definition.version,
            currency=definition.currency,
            timezone=str(definition.calendar.timezone),
            seed=plan.seed,
            runs=len(runs),
            deals=plan.deals,
            months=plan.whole_months,
            warm_up=plan.running_in,
            since=timestamp(self.since),
            until=None if self.until is None else timestamp(self.until),
            figures=main_ranges(runs, definition),
            by_month=month_ranges(runs, definition.currency or ""),
            stages=stage_ranges(runs, definition),
            actions=action_ranges(runs, definition),
            roles=role_ranges(runs),
            queues=queue_ranges(runs),
            refusals=refusal_ranges(runs),
            stuck=average(runs, [run.stuck for run in runs]),
            dropped=_mean([run.dropped for run in runs]),
            open=_mean([run.open for run in runs]),
        )


def simulated(
    definition: ProcessDefinition,
    assumptions: Assumptions,
    plan: SimulationPlan | None = None,
    *,
    first: Store | None = None,
) -> Simulated:
    """All runs of a plan. The log of the first one is kept in ``first``, where that is given. Raises ``InvalidArgument``,
    ``ExtraMissing`` without SimPy, ``CalendarUnknown`` and what the store raises."""
    keeping = None if first is None else nullcontext(first)
    return Simulation(definition, assumptions, plan or SimulationPlan()).whole(keeping)


def compared(first: Simulation, second: Simulation) -> Compared:
    """Both simulated on the same seeds. Raises what ``simulated`` raises."""
    for number in range(1, first.plan.runs + 1):
        first.run(number)
        second.run(number)
    one, other = ([main_figures(run, each.definition) for run in each.runs] for each in (first, second))
    return Compared(first.figures(), second.figures(), differences(one, other))


@contextmanager
def _rare_collections() -> Iterator[None]:
    """Look for circles of unused objects less often than Python does: a run makes many objects and hardly any circles, and
    looking for them took a tenth of its time."""
    before = gc.get_threshold()
    gc.set_threshold(max(before[0], _COLLECTED_EVERY), *before[1:])
    try:
        yield
    finally:
        gc.set_threshold(*before)


def _mean(counts: list[int]) -> Decimal:
    return places(Decimal(sum(counts)) / len(counts))
