"""``python -m benchmarks.big_log [--keep FOLDER] [EVENTS ...]``: what the commands take on logs of up to two million events.

The engine grows each log, in batches; with ``--keep`` it stays in that folder, and the next run takes it up from there.
Every command is a program of its own, so that its time and its peak of memory are nobody else's.
"""

from __future__ import annotations

import argparse
import sqlite3
import subprocess
import sys
import tempfile
from collections.abc import Iterator
from contextlib import closing
from pathlib import Path
from time import time_ns
from typing import NamedTuple

from benchmarks.sales import PROCESS, steps
from procdef import Actor, Engine
from procdef.language import load_source
from procdef.store import open_store

SIZES = (10_000, 200_000, 2_000_000)
BATCH = 5000
"""Steps in one transaction of the run that grows a log."""
ROUNDS = 5
"""How often a command that is to be quick is run; the best time counts, as the machine has other work."""
_WATCH = """
import os, sys, time
began = time.perf_counter()
quiet = [(os.POSIX_SPAWN_OPEN, 1, os.devnull, os.O_WRONLY, 0)]
child = os.posix_spawn(sys.argv[1], sys.argv[1:], os.environ, file_actions=quiet)
_, status, used = os.wait4(child, 0)
print(time.perf_counter() - began, used.ru_utime + used.ru_stime, used.ru_maxrss / 1024)
sys.exit(os.waitstatus_to_exitcode(status))
"""
"""A small program that runs another one: the peak of a program is never below that of the one which began it."""
_BY = Actor("migration")
_ERASED = 500
"""Of so many deals one has its personal values erased."""


class Cost(NamedTuple):
    """What a command took: seconds that passed, seconds of the processor, and its peak of memory in MiB."""

    wall: float
    busy: float
    peak: int


def grow(file: Path, events: int) -> None:
    """A log of at least so many events; where the file holds some already, it grows on."""
    store = open_store(f"sqlite:///{file}?synchronous=NORMAL")
    engine, definition = Engine(store), load_source(PROCESS.encode(), "sales.yaml")
    while (missing := events - count(file, "leaf")) > 0:
        first = count(file, "deal")
        many = missing // 12 + 1
        for result in engine.run(definition, steps(many, first), by=_BY, batch=BATCH):
            assert result.status in ("applied", "refused"), result.message
        _erase(engine, file, range(first, first + many, _ERASED))
    store.close()


def count(file: Path, table: str) -> int:
    """How many rows a table of that database has."""
    with closing(sqlite3.connect(file)) as connection:
        (count,) = connection.execute(f"SELECT count(*) FROM {table}").fetchone()
    return int(count)


def _erase(engine: Engine, file: Path, numbers: range) -> None:
    """In a transaction from outside, which does not write the whole file anew after each of them."""
    with closing(sqlite3.connect(file, isolation_level=None)) as connection:
        connection.execute("BEGIN IMMEDIATE")
        for number in numbers:
            engine.on(connection).erase(f"Customer {number}", basis="art-17", by=_BY)
        connection.execute("COMMIT")


def run(file: Path, *arguments: str) -> Cost:
    """Run one command on the log, which must end well."""
    return watched([sys.executable, "-m", "procdef", *arguments, "--db", f"sqlite:///{file}", "--quiet"])


def watched(command: list[str]) -> Cost:
    """What this program takes, which must end well; the peak is of its largest process, the processor's time of all."""
    told = subprocess.run([sys.executable, "-IS", "-c", _WATCH, *command], check=True, capture_output=True)
    wall, busy, peak = map(float, told.stdout.split())
    return Cost(wall, busy, round(peak))


def best(file: Path, *arguments: str) -> Cost:
    """The same several times, and of each figure the lowest."""
    costs = [run(file, *(argument.format(time_ns()) for argument in arguments)) for _ in range(ROUNDS)]
    return Cost(*map(min, *costs))


def commands(file: Path, aside: Path) -> Iterator[tuple[str, Cost]]:
    """Every command with its cost. ``aside`` is a folder for what they write."""
    key, note, seller = file.with_suffix(".key"), str(aside / "before.note"), ("--as", "maija:seller")
    if not key.exists():
        run(file, "audit", "key", "new", str(key))
    middle = _deal(file, count(file, "deal") // 2)
    run(file, "audit", "checkpoint", "--key", str(key), "-o", note)
    old = str(count(file, "leaf"))
    yield "start", best(file, *seller, "start", "sales", "Customer {}", "company=Last Oy")
    last = _deal(file, count(file, "deal") - 1)
    yield "do", best(file, *seller, "do", last, "call", "--evidence", "Spoke with them")
    yield "status", best(file, "status", middle)
    yield "log", best(file, "log", middle)
    yield "audit checkpoint", best(file, "audit", "checkpoint", "--key", str(key))
    yield "audit proof", best(file, "audit", "proof", middle, "-o", str(aside / "proof.zip"))
    yield "audit inclusion", best(file, "audit", "inclusion", middle, "3")
    run(file, "audit", "checkpoint", "--key", str(key), "-o", str(aside / "after.note"))
    yield "audit consistency", best(file, "audit", "consistency", old, str(aside / "after.note"))
    yield "audit verify --since, the last few events", best(file, "audit", "verify", "--since", note)
    yield "audit verify", run(file, "audit", "verify")


def _deal(file: Path, place: int) -> str:
    """The name of the deal in that place, as they were begun."""
    with closing(sqlite3.connect(file)) as connection:
        (name,) = connection.execute("SELECT key FROM deal ORDER BY stream LIMIT 1 OFFSET ?", (place,)).fetchone()
    return str(name)


def main(sizes: list[int], folder: Path) -> None:
    """Print the table as it goes along, in Markdown."""
    folder.mkdir(parents=True, exist_ok=True)
    print("| events | command | seconds | of the processor | peak, MiB |\n|---:|---|---:|---:|---:|")
    for size in sizes:
        file = folder / f"{size}.db"
        grow(file, size)
        with tempfile.TemporaryDirectory(prefix="procdef-benchmarks-") as aside:
            for name, cost in commands(file, Path(aside)):
                print(f"| {size:,} | {name} | {cost.wall:,.2f} | {cost.busy:,.2f} | {cost.peak} |", flush=True)


if __name__ == "__main__":
    asked = argparse.ArgumentParser(prog="python -m benchmarks.big_log", description=__doc__)
    asked.add_argument("sizes", nargs="*", type=int, metavar="EVENTS")
    asked.add_argument("--keep", type=Path, metavar="FOLDER", help="where the logs stay for the next run")
    given = asked.parse_args()
    with tempfile.TemporaryDirectory(prefix="procdef-benchmarks-") as made:
        main(given.sizes or list(SIZES), given.keep or Path(made))
