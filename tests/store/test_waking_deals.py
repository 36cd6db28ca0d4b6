"""The index by which deals are found in which something falls due, and what a step costs where nothing does."""

from __future__ import annotations

import sqlite3
from contextlib import closing
from pathlib import Path

from rows import DEAL, event

from procdef.store import Batch, Waking, open_store
from procdef.store.sql_statements import STATEMENTS


def test_deals_are_found_by_the_index(tmp_path: Path) -> None:
    file = tmp_path / "log.db"
    open_store(f"sqlite:///{file}").close()
    statement = STATEMENTS[Waking](Waking("2026-01-01", ("2025-12-31", "deal:1"), 10))
    with closing(sqlite3.connect(file)) as log:
        plan = [row[3] for row in log.execute(f"EXPLAIN QUERY PLAN {statement.sql}", statement.parameters)]
    assert len(plan) == 1  # and nothing is sorted
    assert "USING INDEX deal_wake" in plan[0]


def test_what_another_program_corrected_is_written_over(tmp_path: Path) -> None:
    """Of the same event, so that the row is still taken for the one that this store wrote."""
    url = f"sqlite:///{tmp_path / 'log.db'}"
    row = DEAL._replace(wake="2026-01-02", deadline="2026-01-03")
    with closing(open_store(url)) as here, closing(open_store(url)) as there:
        with here.transaction(write=True) as tx:
            tx.append(Batch(events=[event()], deals=[(row, 0)]))
        with there.transaction(write=True) as tx:
            assert tx.load([row.key]).deals == {row.key: row}
            tx.append(Batch(deals=[(row._replace(wake="2026-01-03"), 1)]))
        with here.transaction(write=True) as tx:
            tx.load([row.key])
            tx.append(Batch(events=[event(2)], deals=[(row._replace(n=2), 1)]))
        with there.transaction(write=False) as tx:
            assert [found.wake for found in tx.scan(Waking("2026-01-02"))] == ["2026-01-02"]
