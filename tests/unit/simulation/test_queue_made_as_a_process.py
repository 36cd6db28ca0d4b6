"""A queue of which everything is known in closed form, made as a process: what is simulated agrees with the formulas."""

from __future__ import annotations

from calendar import monthrange
from dataclasses import dataclass
from datetime import date
from math import factorial, sqrt
from random import Random
from statistics import fmean, stdev

import pytest

from procdef.language import load_source
from procdef.simulation.assumptions.defaults import defaults
from procdef.simulation.assumptions.distributions import Constant
from procdef.simulation.assumptions.model import (
    ActionAssumptions,
    Arrivals,
    Assumptions,
    People,
    StageAssumptions,
    Times,
)
from procdef.simulation.simulate import Simulation, SimulationPlan

PROCESS = b"""procdef: 1
id: counter
version: 1
title: A counter
languages: [en]
calendar: {timezone: UTC, hours: {mon-sun: "00:00-24:00"}}
roles: {clerk: {title: Clerk}}
fields: {ticket: {type: text, personal: false, title: Ticket}}
stages:
  queue:
    title: Queue
    start: true
    owner: clerk
    required_actions: {serve: {title: Serve}}
    next: served
  served: {title: Served, owner: clerk, outcome: won, optional_actions: {thank: {title: Thank}}}
"""
A_DAY, RUNS, MONTHS = 5, 5, 2
LOAD = 0.6
HOUR = 3600.0
T_99 = 4.6041
"""Student's t with 4 degrees of freedom, two-sided 99 %."""


@dataclass(frozen=True)
class Exponential:
    """Without memory: what M stands for in M/M/c."""

    mean: float

    def draw(self, random: Random) -> float:
        return random.expovariate(1 / self.mean)

    @property
    def spread(self) -> float:
        return self.mean


def erlang_c(people: int, offered: float) -> float:
    """The chance that whoever comes has to wait (A. K. Erlang, 1917)."""
    busy = offered**people / factorial(people) * people / (people - offered)
    return busy / (sum(offered**k / factorial(k) for k in range(people)) + busy)


def counter(people: int) -> Assumptions:
    """So many clerks, who are at work for 60 % of their time."""
    base = defaults(load_source(PROCESS, "counter.yaml")).assumptions
    at_once = Times(Constant(0.0))
    months = {month: float(A_DAY * monthrange(2026, month)[1]) for month in range(1, 13)}
    work = Times(Exponential(LOAD * people * 24 * HOUR / A_DAY))
    return Assumptions(
        process="counter",
        arrivals={"queue": Arrivals(A_DAY * 30, months)},
        values=base.values,
        actions={
            "queue.serve": ActionAssumptions(at_once, work),
            "served.thank": ActionAssumptions(at_once, at_once, done=0.0),
        },
        stages={
            "queue": StageAssumptions(at_once, ways=base.stages["queue"].ways),
            "served": StageAssumptions(at_once),
        },
        people={"clerk": People(people)},
    )


@pytest.mark.parametrize("people", [1, 2, 3])
def test_waiting_and_load_agree_with_erlang_c_within_the_runs_own_interval(people: int) -> None:
    simulation = Simulation(load_source(PROCESS, "counter.yaml"), counter(people), SimulationPlan(
        months=MONTHS, warm_up=0, runs=RUNS, seed=7, start=date(2026, 3, 1)))  # fmt: skip
    runs = [simulation.run(number) for number in range(1, RUNS + 1)]
    waits = [fmean(run.queues["clerk", "queue.serve"]) / HOUR for run in runs]
    loads = [run.busy["clerk"].at_work / run.busy["clerk"].there for run in runs]

    offered = LOAD * people
    service = LOAD * people * 24 / A_DAY
    expected = erlang_c(people, offered) * service / (people - offered)

    assert abs(fmean(waits) - expected) <= T_99 * stdev(waits) / sqrt(RUNS)
    assert abs(fmean(loads) - LOAD) <= T_99 * stdev(loads) / sqrt(RUNS)
    assert stdev(waits) < expected, "the interval is narrow enough to say something"
