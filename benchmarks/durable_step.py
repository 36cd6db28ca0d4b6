"""One durable step on SQLite, against the same statements by hand on ``sqlite3``."""

from __future__ import annotations

import sqlite3
from collections.abc import Iterator
from itertools import count
from pathlib import Path

from benchmarks.ring import advance, engine_on
from benchmarks.rounds import Contender, Ratio, medians
from procdef.store import open_store

STEPS = 50
MOST = {"NORMAL": 2.0, "FULL": 1.2}


def measure(folder: Path) -> Iterator[Ratio]:
    """The table's lines, for both settings of ``synchronous``."""
    for synchronous, most in MOST.items():
        contenders = {
            "procdef": _procdef(folder / f"{synchronous}.db", synchronous),
            "by hand": _by_hand(folder / f"{synchronous}-by-hand.db", synchronous),
        }
        found = medians(contenders, rounds=25, pieces=STEPS)
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
    """The rows of a real step, written again and again under the next number."""
    store = open_store(f"sqlite:///{file}")
    advance(engine_on(store), 2)
    store.close()
    connection = sqlite3.connect(file, isolation_level=None)
    connection.execute(f"PRAGMA synchronous = {synchronous}")
    event = connection.execute("SELECT * FROM event WHERE type = 'stage.advanced' AND n = 3").fetchone()
    deal = connection.execute("SELECT * FROM deal").fetchone()
    stay = connection.execute("SELECT * FROM stay WHERE k = 2").fetchone()
    columns = [row[1] for row in connection.execute("PRAGMA table_info(deal)")]
    update = f"UPDATE deal SET {', '.join(f'{name} = ?' for name in columns)} WHERE stream = ?"
    numbers = count(4)

    def work() -> None:
        for _ in range(STEPS):
            n = next(numbers)
            connection.execute("BEGIN IMMEDIATE")
            connection.execute(update, (*deal, event[0]))
            connection.execute("INSERT INTO event VALUES (?, ?, ?, ?, ?, ?, ?)", (event[0], n, *event[2:]))
            connection.execute("INSERT INTO leaf VALUES (?, ?, ?, ?)", (n + 10, event[0], n, event[5]))
            connection.execute("UPDATE tree SET size = ?", (n + 11,))
            for k in (n - 1, n):
                connection.execute("INSERT OR REPLACE INTO stay VALUES (?, ?, ?, ?, ?, ?)", (stay[0], k, *stay[2:]))
            connection.execute("COMMIT")

    return lambda: work
