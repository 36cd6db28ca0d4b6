"""Interleaved rounds: the contenders take turns, so that a busy machine disturbs them all alike."""

from __future__ import annotations

import gc
import statistics
import subprocess
import sys
from collections.abc import Callable, Mapping, Sequence
from time import perf_counter
from typing import NamedTuple

Contender = Callable[[], Callable[[], object]]
"""Prepares one round, which is not timed, and returns the work, which is."""


class Ratio(NamedTuple):
    """One line of the table: our time and theirs (medians, in seconds for one piece of work), and what we aim at."""

    work: str
    against: str
    ours: float
    theirs: float
    most: float

    @property
    def times(self) -> float:
        """How many times longer ours takes; below 1, ours is the faster."""
        return self.ours / self.theirs


def medians(
    contenders: Mapping[str, Contender], rounds: int, pieces: int = 1, clock: Callable[[], float] = perf_counter
) -> dict[str, float]:
    """The median time of each contender over the rounds, in seconds for one of ``pieces``; a first round is thrown away.

    ``clock`` is the time that passes, or ``process_time`` for work that never waits: other programs then count for less.
    """
    taken: dict[str, list[float]] = {name: [] for name in contenders}
    for _ in range(rounds + 1):
        for name, prepare in contenders.items():
            work = prepare()
            gc.collect()
            began = clock()
            work()
            taken[name].append((clock() - began) / pieces)
    return {name: statistics.median(times[1:]) for name, times in taken.items()}


def program(*arguments: str) -> Contender:
    """A whole run of Python with these arguments, which must end well."""

    def run() -> None:
        subprocess.run([sys.executable, *arguments], check=True, capture_output=True)

    return lambda: run


def let_go(processes: Sequence[subprocess.Popen[str]]) -> None:
    """Wait until each process has said that it is ready, and let all of them begin at once."""
    for each in processes:
        assert each.stdout is not None
        assert each.stdout.readline() == "ready\n"
    for each in processes:
        assert each.stdin is not None
        each.stdin.write("go\n")
        each.stdin.flush()
