"""``python -m benchmarks.simulation [DEALS]``: a run of the eight-stage process, by default of 10,000 deals, and beside it a
loop on bare SimPy that takes as many steps, and judges, writes and counts nothing. Each in a process of its own, which tells
its time and its largest memory."""

from __future__ import annotations

import resource
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path
from random import Random
from time import perf_counter, process_time
from typing import Any

DEALS, MOST_SECONDS = 10_000, 30.0
PROCESSES = Path(__file__).parents[1] / "processes"
FILE = "b2b-sales.assume.yaml"
"""The assumptions of the second run, by which deals come farther than by default."""
STEPS, PEOPLE = 7, 3
"""Steps of an average deal in the run beside it, refused ones among them, and people at work on them."""


def simulated(deals: int, assumed: Path | None = None) -> None:
    """The run: every step judged by the engine, in memory, and counted; without a file by default assumptions."""
    from procdef.language import load
    from procdef.simulation.assumptions.defaults import defaults
    from procdef.simulation.simulate import Simulation, SimulationPlan
    from procdef.simulation.what_if import file_assumptions

    definition = load(PROCESSES / "b2b-sales.yaml")
    assumptions = defaults(definition).assumptions if assumed is None else file_assumptions(definition, assumed)
    simulation = Simulation(definition, assumptions, SimulationPlan(deals=deals, runs=1))
    simulation.run(1)
    assert simulation.figures().figures.won_deals is not None


def bare(deals: int) -> None:
    """As many deals and steps on SimPy alone: a wait, a turn of one of the people, some work."""
    import simpy

    env, random = simpy.Environment(), Random(0)
    people = simpy.Resource(env, PEOPLE)

    def deal() -> Iterator[Any]:
        for _ in range(STEPS):
            yield env.timeout(random.expovariate(1 / 30))
            with people.request() as turn:
                yield turn
                yield env.timeout(random.triangular(0.5, 2.0, 1.0))

    def arrivals() -> Iterator[Any]:
        for _ in range(deals):
            yield env.timeout(random.expovariate(1 / 8))
            env.process(deal())  # type: ignore[arg-type]

    env.process(arrivals())  # type: ignore[arg-type]
    env.run()


def _alone(which: str, deals: int) -> None:
    begun, used = perf_counter(), process_time()
    if which == FILE:
        simulated(deals, PROCESSES / FILE)
    else:
        {"procdef": simulated, "simpy": bare}[which](deals)
    peak = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024
    print(f"{perf_counter() - begun:.1f} {process_time() - used:.1f} {peak:.0f}")


def main(deals: int) -> None:
    """Print the table as it goes along, in Markdown."""
    print("| run | deals | seconds | of the processor | peak, MiB |\n|---|---:|---:|---:|---:|")
    for which, number in (("procdef", deals // 10), ("procdef", deals), (FILE, deals), ("simpy", deals)):
        asked = [sys.executable, "-m", "benchmarks.simulation", which, str(number)]
        told = subprocess.run(asked, check=True, capture_output=True, text=True).stdout.split()
        print(f"| {which} | {number:,} | {' | '.join(told)} |", flush=True)
        if which != "simpy" and number == deals == DEALS:
            verdict = "reached" if float(told[1]) <= MOST_SECONDS else "missed"
            print(f"| | | {verdict}: at most {MOST_SECONDS:.0f} s of the processor | | |", flush=True)


if __name__ == "__main__":
    if len(sys.argv) == 3:
        _alone(sys.argv[1], int(sys.argv[2]))
    else:
        main(int(sys.argv[1]) if len(sys.argv) > 1 else DEALS)
