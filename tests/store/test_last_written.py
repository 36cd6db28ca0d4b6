"""A row that was written last is not read again, and never taken for stored where something else is."""

from __future__ import annotations

import sqlite3
from collections.abc import Callable
from contextlib import closing
from pathlib import Path

import pytest
from rows import DEAL, event

from procdef.store import Batch, DealRow, Store, last_written, open_store

NEXT = DEAL._replace(n=2, head="bb", owner="olli", state=b'{"n":2}')


def append(store: Store, row: DealRow, expected: int) -> None:
    with store.transaction(write=True) as tx:
        tx.append(Batch(events=[event(row.n)], deals=[(row, expected)]))


def loaded(store: Store, name: str = "ACME-1") -> DealRow | None:
    with store.transaction(write=False) as tx:
        row = tx.load([name]).deals.get(name)
    return row if row is None else row._replace(state=bytes(row.state))


def by_another_program(file: Path) -> None:
    with closing(open_store(f"sqlite:///{file}")) as other:
        append(other, NEXT, 1)


def by_hand(file: Path) -> None:
    with closing(sqlite3.connect(file)) as plain:
        plain.execute("UPDATE deal SET n = 2, head = 'bb', owner = 'olli', state = ?", (NEXT.state,))
        plain.commit()


@pytest.mark.parametrize("change", [by_another_program, by_hand])
@pytest.mark.parametrize("name", ["ACME-1", "deal:1"])
def test_what_others_wrote_is_read(tmp_path: Path, change: Callable[[Path], None], name: str) -> None:
    with closing(open_store(f"sqlite:///{tmp_path / 'log.db'}")) as store:
        append(store, DEAL, 0)
        assert loaded(store, name) == DEAL
        change(tmp_path / "log.db")
        assert loaded(store, name) == NEXT


def test_what_an_application_rolled_back_is_not_taken_for_stored(tmp_path: Path) -> None:
    file = tmp_path / "log.db"
    with closing(open_store(f"sqlite:///{file}")) as store, closing(sqlite3.connect(file)) as application:
        append(store, DEAL, 0)
        with store.transaction(write=True, connection=application) as tx:
            tx.append(Batch(events=[event(2)], deals=[(NEXT, 1)]))
            assert tx.load(["ACME-1"]).deals == {"ACME-1": NEXT}
        application.rollback()
        assert loaded(store) == DEAL
        append(store, NEXT._replace(head="cc", owner="liisa"), 1)
        assert loaded(store) == NEXT._replace(head="cc", owner="liisa")


def test_a_key_that_is_gone_finds_nothing(tmp_path: Path) -> None:
    with closing(open_store(f"sqlite:///{tmp_path / 'log.db'}")) as store:
        append(store, DEAL, 0)
        append(store, NEXT._replace(key="deal:1"), 1)
        assert loaded(store) is None
        assert loaded(store, "deal:1") == NEXT._replace(key="deal:1")


def test_no_more_rows_are_kept_than_fit(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(last_written, "MOST", 3)
    rows = [DEAL._replace(stream=f"deal:{n}", key=f"K-{n}") for n in range(10)]
    with closing(open_store(f"sqlite:///{tmp_path / 'log.db'}")) as store:
        for row in rows:
            with store.transaction(write=True) as tx:
                tx.append(Batch(deals=[(row, 0)]))
        with store.transaction(write=False) as tx:
            assert tx.load([row.key for row in rows]).deals == {row.key: row for row in rows}
