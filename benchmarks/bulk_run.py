"""A bulk run in batches, against ``executemany`` of the very rows that it leaves behind."""

from __future__ import annotations

import sqlite3
from collections.abc import Callable, Iterator
from itertools import count
from pathlib import Path

from benchmarks.ring import PROCESS, SELLER, imported
from benchmarks.rounds import Ratio, medians
from procdef import Engine
from procdef.language import load_source
from procdef.store import open_store

DEALS = 1500
STEPS = 4 * DEALS
BATCH = 500
TABLES = ("deal", "event", "leaf", "private", "stay", "request")


def measure(folder: Path) -> Iterator[Ratio]:
    """The table's line for one step of a run."""
    rows = _rows(folder / "bulk-rows.db")
    names = count()

    def ours() -> Callable[[], object]:
        file = folder / f"bulk-{next(names)}.db"
        return lambda: play(file)

    def theirs() -> Callable[[], object]:
        file = folder / f"bulk-{next(names)}.db"
        open_store(f"sqlite:///{file}").close()
        connection = sqlite3.connect(file, isolation_level=None)
        return lambda: _insert(connection, rows)

    found = medians({"procdef": ours, "executemany": theirs}, rounds=5, pieces=STEPS)
    yield Ratio("bulk run, one step", "executemany of the same rows", found["procdef"], found["executemany"], 5.0)


def play(file: Path) -> None:
    """A whole run into a new file."""
    store = open_store(f"sqlite:///{file}")
    results = Engine(store).run(load_source(PROCESS.encode(), "ring.yaml"), imported(DEALS), by=SELLER, batch=BATCH)
    wrong = [result.message for result in results if result.status != "applied"]
    store.close()
    assert not wrong, wrong[0]


def _rows(file: Path) -> dict[str, list[tuple[object, ...]]]:
    play(file)
    connection = sqlite3.connect(file)
    rows = {table: connection.execute(f"SELECT * FROM {table}").fetchall() for table in TABLES}
    connection.close()
    return rows


def _insert(connection: sqlite3.Connection, rows: dict[str, list[tuple[object, ...]]]) -> None:
    batches = STEPS // BATCH
    for batch in range(batches):
        connection.execute("BEGIN IMMEDIATE")
        for table, every in rows.items():
            size = -(-len(every) // batches)
            part = every[batch * size : (batch + 1) * size]
            connection.executemany(f"INSERT INTO {table} VALUES ({', '.join('?' * len(every[0]))})", part)
        connection.execute("COMMIT")
    connection.close()
