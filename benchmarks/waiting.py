"""``python -m benchmarks.waiting [SECONDS]``: how long writers to one SQLite file wait for each other.

Every line is so many seconds (8) of threads and processes that write at once. ``note`` is a short step, as fast as it goes or,
where it is polite, five times a second; an import commits 500 steps at a time, one batch after the other.
"""

from __future__ import annotations

import json
import subprocess
import sys
import tempfile
import threading
from collections.abc import Sequence
from pathlib import Path
from time import perf_counter, sleep
from typing import NamedTuple

from benchmarks.ring import PROCESS, SELLER, VALUES, imported
from benchmarks.rounds import let_go
from procdef import Engine, StoreBusy, load, open_store

POLITE = 0.2
"""Seconds between two steps of a polite writer."""
IMPORTED = 100_000
"""Deals that an import has, which is more than it gets to in the time."""


class Writer(NamedTuple):
    """One process: so many threads, each of which has a deal of its own, and how many seconds it rests between steps."""

    name: str
    threads: int = 1
    rest: float = 0.0


IMPORT = "import"
BUSY, POLITE_ONE = Writer("busy"), Writer("polite", rest=POLITE)
SCENES: dict[str, Sequence[Writer]] = {
    "1 thread": [BUSY],
    "4 threads": [Writer("busy", 4)],
    "8 threads": [Writer("busy", 8)],
    "32 threads": [Writer("busy", 32)],
    "a busy process and a polite one": [BUSY, POLITE_ONE],
    "4 busy threads and a polite process": [Writer("busy", 4), POLITE_ONE],
    "4 busy processes": [BUSY] * 4,
    "4 polite processes beside an import": [Writer(IMPORT), *[POLITE_ONE] * 4],
    "4 busy processes beside an import": [Writer(IMPORT), *[BUSY] * 4],
}


def main(seconds: float) -> None:
    """Print the table, one line for each kind of writer in each scene."""
    print(
        "| who writes | of them | steps | a second | median wait, ms | worst wait, ms | fewest and most turns | failed |"
    )
    print("|---|---|---:|---:|---:|---:|---:|---:|")
    for scene, writers in SCENES.items():
        with tempfile.TemporaryDirectory(prefix="procdef-waiting-") as folder:
            _print(scene, _played(Path(folder) / "deals.db", writers, seconds), seconds)


def _played(file: Path, writers: Sequence[Writer], seconds: float) -> dict[str, list[tuple[list[float], int]]]:
    """The times of each thread's steps and how many failed, by the name of the writer."""
    (file.parent / "ring.yaml").write_text(PROCESS, encoding="utf-8")
    with open_store(file) as store:
        Engine(store).publish(load(file.parent / "ring.yaml"), by=SELLER)
    children = []
    for number, writer in enumerate(writers):
        what = [
            sys.executable,
            "-m",
            "benchmarks.waiting",
            "write",
            str(file),
            str(number),
            json.dumps(writer),
            str(seconds),
        ]
        children.append(subprocess.Popen(what, stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True))
    let_go(children)
    found: dict[str, list[tuple[list[float], int]]] = {}
    for writer, child in zip(writers, children, strict=True):
        out, _ = child.communicate()
        found.setdefault(writer.name, []).extend(json.loads(out))
    return found


def _print(scene: str, found: dict[str, list[tuple[list[float], int]]], seconds: float) -> None:
    for name, threads in found.items():
        times = sorted(time for of_one, _ in threads for time in of_one)
        turns = [len(of_one) for of_one, _ in threads]
        cells = (
            f"{len(times):,}", f"{len(times) / seconds:,.0f}", f"{times[len(times) // 2] * 1e3:.1f}", f"{times[-1] * 1e3:,.0f}",
            f"{min(turns):,} to {max(turns):,}", str(sum(failed for _, failed in threads)),
        )  # fmt: skip
        print(f"| {scene} | {name} | " + " | ".join(cells) + " |", flush=True)


def _write(file: str, number: int, writer: Writer, seconds: float) -> None:
    """Be one of the processes."""
    engine = Engine(open_store(file))
    deals = [f"P{number}-{thread}" for thread in range(writer.threads)]
    for deal in deals:
        engine.start("ring", deal, by=SELLER, values=VALUES)
    results: list[tuple[list[float], int]] = [([], 0)] * writer.threads
    print("ready", flush=True)
    sys.stdin.readline()
    end = perf_counter() + seconds

    def work(thread: int) -> None:
        results[thread] = (
            _imports(engine, end) if writer.name == IMPORT else _notes(engine, deals[thread], writer.rest, end)
        )

    threads = [threading.Thread(target=work, args=(thread,)) for thread in range(writer.threads)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    print(json.dumps(results))


def _notes(engine: Engine, deal: str, rest: float, end: float) -> tuple[list[float], int]:
    times, failed = [], 0
    while (began := perf_counter()) < end:
        try:
            engine.note(deal, "Called back", by=SELLER)
        except StoreBusy:
            failed += 1
        times.append(perf_counter() - began)
        sleep(rest)
    return times, failed


def _imports(engine: Engine, end: float) -> tuple[list[float], int]:
    """The times of whole batches."""
    times: list[float] = []
    began = perf_counter()
    for result in engine.run("ring", imported(IMPORTED), by=SELLER):
        if result.line % 500 == 1:  # the first of the batch that has just become durable
            times.append(perf_counter() - began)
            began = perf_counter()
            if began > end:
                break
    return times, 0


if __name__ == "__main__":
    if sys.argv[1:2] == ["write"]:
        _write(sys.argv[2], int(sys.argv[3]), Writer(*json.loads(sys.argv[4])), float(sys.argv[5]))
    else:
        main(float(sys.argv[1]) if sys.argv[1:] else 8)
