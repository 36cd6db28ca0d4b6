"""Events in PostgreSQL are sealed in passing: while somebody else has the tree they wait, and nothing is sealed out of
order."""

from __future__ import annotations

import threading
from contextlib import closing
from pathlib import Path

import psycopg
import pytest
from rows import event

from postgresql import differences, schema_of, server
from procdef import Actor, Engine, LogBroken, load, open_store
from procdef.log.merkle import Frontier
from procdef.store import Batch, EventRow, Hashes, InspectableStore, LogOrder, Places
from procdef.store.port import Waiting
from procdef.verification import Tally, verify
from procdef.verification.tree.assurance import Assurance
from procdef.verification.tree.whole_tree import verify_tree

PROCESS = Path(__file__).parents[2] / "processes" / "b2b-sales.yaml"


class TreeHeld:
    """While the block runs, somebody else has the lock on the tree."""

    def __init__(self, url: str) -> None:
        self._other = psycopg.connect(server().url)
        self._tree = f"{schema_of(url)}.tree"

    def __enter__(self) -> None:
        self._other.execute(f"SELECT 1 FROM {self._tree} FOR UPDATE")

    def __exit__(self, *_: object) -> None:
        self._other.rollback()
        self._other.close()


def append(store: InspectableStore, *events: EventRow) -> None:
    with store.transaction(write=True) as tx:
        tx.append(Batch(events=events))


def in_order(store: InspectableStore) -> list[tuple[str, int]]:
    with store.transaction(write=False) as tx:
        leaves = list(tx.scan(LogOrder()))
        assert [leaf.idx for leaf in leaves] == list(range(tx.size))
        tree = Frontier()
        for digest in tx.scan(Hashes()):
            tree.add(bytes.fromhex(digest))
        assert tree == tx.tree
    return [(leaf.event.stream, leaf.event.n) for leaf in leaves]


def test_a_step_does_not_wait_for_the_tree(postgres_log: str) -> None:
    with closing(open_store(postgres_log)) as store:
        append(store, event(1))
        with TreeHeld(postgres_log):
            append(store, event(1, "deal:2"), event(2))
            append(store, event(3))
            with store.transaction(write=False) as tx:
                assert tx.size == 1
                assert tx.waiting == Waiting(3, "2026-01-01")
            assert store.seal() == 0
        append(store, event(4))
        assert in_order(store) == [("deal:1", 1), ("deal:2", 1), ("deal:1", 2), ("deal:1", 3), ("deal:1", 4)]
        with store.transaction(write=False) as tx:
            assert tx.waiting == Waiting()


def test_what_waits_beyond_one_batch_keeps_the_order_of_its_stream(
    postgres_log: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("procdef.store.postgres.writing.BATCH", 2)
    monkeypatch.setattr("procdef.store.postgres.store.BATCH", 1)
    monkeypatch.setattr("procdef.store.postgres.store.PASSING_SECONDS", 0.0)
    with closing(open_store(postgres_log)) as store:
        with TreeHeld(postgres_log):
            append(store, *(event(n) for n in range(1, 6)))
        append(store, event(6))
        with store.transaction(write=False) as tx:
            assert (tx.size, tx.waiting.events) == (3, 3)
        assert store.seal(2) == 2
        assert store.seal() == 1
        assert in_order(store) == [("deal:1", n) for n in range(1, 7)]


def test_an_application_that_holds_its_transaction_open_holds_up_no_sealing(postgres_log: str) -> None:
    with closing(open_store(postgres_log)) as store, psycopg.connect(server().url) as application:
        with store.transaction(write=True, connection=application) as tx:
            tx.append(Batch(events=[event(1)]))
        append(store, event(1, "deal:2"))
        assert in_order(store) == [("deal:2", 1)]
        application.commit()
        append(store, event(2, "deal:2"))
        assert in_order(store) == [("deal:2", 1), ("deal:1", 1), ("deal:2", 2)]


def test_many_threads_leave_nothing_unsealed_and_nothing_out_of_order(postgres_log: str) -> None:
    with closing(open_store(f"{postgres_log}&pool=9")) as store:

        def work(k: int) -> None:
            for n in range(1, 31):
                append(store, event(n, f"deal:{k}"))

        threads = [threading.Thread(target=work, args=(k,)) for k in range(8)]
        for thread in threads:
            thread.start()
        for thread in threads:
            thread.join()
        store.seal()
        order = in_order(store)
    assert len(order) == 240
    for k in range(8):
        assert [n for stream, n in order if stream == f"deal:{k}"] == list(range(1, 31))


def test_a_log_of_which_something_waits_is_verified_as_it_will_be(postgres_log: str) -> None:
    with closing(open_store(postgres_log)) as store:
        engine, by = Engine(store), Actor("maija", frozenset({"seller"}))
        engine.publish(load(PROCESS), by=by)
        engine.start("b2b-sales", "A-1", stage="prospecting", by=by)
        with TreeHeld(postgres_log):
            engine.note("A-1", "nobody there", by=by)
            engine.note("A-1", "called again", by=by)
        with store.inspect() as tx:
            sealed = tx.size
            assert tx.waiting.events == 2
            assert [place.idx for place in tx.scan(Places())][-1] < sealed + 2
            assert list(verify(tx, Tally())) == []
            assert list(verify_tree(tx, (), Assurance())) == []
        assert [item.position for item in engine.feed()] == list(range(sealed))
        server().execute(f"DELETE FROM {schema_of(postgres_log)}.pending WHERE hash = (SELECT max(hash) FROM "
                         f"{schema_of(postgres_log)}.pending)")  # fmt: skip
        with store.inspect() as tx:
            assert "leaf-missing" in {found.code for found in verify(tx, Tally())}


STRAY = {
    "sealed already": "SELECT stream, n, hash, recorded FROM {s}.event ORDER BY stream, n LIMIT 1",
    "never stored": "VALUES ('deal:x', 1, repeat('a', 64), '2026-01-01')",
    "of another hash": "SELECT stream, n + 100, 'x', recorded FROM {s}.event LIMIT 1",
}


@pytest.mark.parametrize("rows", STRAY.values(), ids=STRAY)
def test_a_row_of_pending_that_waits_for_nothing_holds_up_nobody_and_is_named(rows: str, postgres_log: str) -> None:
    with closing(open_store(postgres_log)) as store:
        engine, by = Engine(store), Actor("maija", frozenset({"seller"}))
        engine.publish(load(PROCESS), by=by)
        engine.start("b2b-sales", "A-1", stage="prospecting", by=by)
        s = schema_of(postgres_log)
        server().execute(f"INSERT INTO {s}.pending (stream, n, hash, recorded) {rows.format(s=s)}")
        with TreeHeld(postgres_log):
            engine.note("A-1", "waits", by=by)
        engine.note("A-1", "called", by=by)
        engine.start("b2b-sales", "A-2", stage="prospecting", by=by)
        assert store.seal() == 0
        with store.inspect() as tx:
            assert (tx.size, tx.waiting) == (6, Waiting())
            found = list(verify(tx, Tally()))
        assert [(each.code, "pending" in each.expected) for each in found] == [("layout-differs", True)]
        assert "pending" in differences(postgres_log)[0][0]


def test_a_place_in_the_tree_that_somebody_took_is_told_and_no_traceback(postgres_log: str) -> None:
    with closing(open_store(postgres_log)) as store:
        append(store, event(1))
        server().execute(f"INSERT INTO {schema_of(postgres_log)}.leaf VALUES (1, 'deal:x', 1, '')")
        with pytest.raises(LogBroken, match="in leaf or node"):
            append(store, event(2))
