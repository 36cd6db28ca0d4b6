"""One durable step on SQLite, against the same statements by hand on ``sqlite3``."""

from __future__ import annotations

import sqlite3
from collections.abc import Iterator
from itertools import count
from pathlib import Path

from benchmarks.ring import advance, engine_on
from benchmarks.rounds import Contender, Ratio, medians
from procdef.store import open_store

STEPS = 500
"""So many that every round has its share of what SQLite puts off: a checkpoint of the write-ahead log comes about every 150
steps, and the median of shorter rounds would be of those without one."""
MOST = {"NORMAL": 2.5, "FULL": 1.2}


def measure(folder: Path) -> Iterator[Ratio]:
    """The table's lines, for both settings of ``synchronous``."""
    for synchronous, most in MOST.items():
        contenders = {
            "procdef": _procdef(folder / f"{synchronous}.db", synchronous),
            "by hand": _by_hand(folder / f"{synchronous}-by-hand.db", synchronous),
        }
        found = medians(contenders, rounds=7, pieces=STEPS)
        yield Ratio(
            f"durable step on SQLite, {synchronous}",
            "the same inserts by hand",
            found["procdef"],
            found["by hand"],
            most,
        )


def _procdef(file: Path, synchronous: str) -> Contender:
    engine = engine_on(open_store(f"sqlite:///{file}?synchronous={synchronous}"))
    return lambda: lambda: advance(engine, STEPS)


def _by_hand(file: Path, synchronous: str) -> Contender:
    """The rows of a real step, written again and again under the next number, and of the deal what such a step changes."""
    store = open_store(f"sqlite:///{file}")
    advance(engine_on(store), 2)
    store.close()
    connection = sqlite3.connect(file, isolation_level=None)
    connection.execute(f"PRAGMA synchronous = {synchronous}")
    event = connection.execute("SELECT * FROM event WHERE type = 'stage.advanced' AND n = 3").fetchone()
    (state,) = connection.execute("SELECT state FROM deal").fetchone()
    (size,) = connection.execute("SELECT size FROM tree").fetchone()
    stream, _, _, _, entered, head, _ = event
    steps = count(1)

    def work() -> None:
        for _ in range(STEPS):
            step = next(steps)
            n, idx, stage = step + 3, size + step - 1, "two" if step % 2 else "one"
            connection.execute("BEGIN IMMEDIATE")
            connection.execute(
                "UPDATE deal SET stage = ?, entered = ?, active = ?, n = ?, head = ?, state = ? WHERE stream = ?",
                (stage, f"{entered[:-7]}{n:06}Z", f"{entered[:-7]}{n:06}Z", n, f"{n:064}", state[:-9] + b"%09d" % n, stream),
            )
            connection.execute("INSERT INTO event VALUES (?, ?, ?, ?, ?, ?, ?)", (stream, n, *event[2:]))
            connection.execute("INSERT INTO leaf VALUES (?, ?, ?, ?)", (idx, stream, n, head))
            frontier = b"%032d" % n * (idx + 1).bit_count()
            connection.execute("UPDATE tree SET size = ?, frontier = ?", (idx + 1, frontier))
            left = "UPDATE stay SET left_at = ?, how = 'advanced' WHERE stream = ? AND k = ?"
            connection.execute(left, (entered, stream, n - 1))
            connection.execute("INSERT INTO stay VALUES (?, ?, ?, ?, NULL, NULL, NULL)", (stream, n, stage, entered))
            connection.execute("COMMIT")

    return lambda: work
