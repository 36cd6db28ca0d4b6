"""A store shared by threads, by forked processes and with the application's own connection."""

from __future__ import annotations

import sqlite3
import threading
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from contextlib import closing
from pathlib import Path
from typing import Any

import pytest
from children import run
from rows import DEAL, event

from procdef.errors import ConcurrentChange, StoreError
from procdef.store import Batch, Deals, LogOrder, Store, open_store

AFTER_A_FORK = """
store = open_store("sqlite:///" + sys.argv[1])
append(store, 1)
child = os.fork()
for n in range(1, 21):
    append(store, n, stream="deal:child" if child == 0 else "deal:parent")
if child == 0:
    store.close()
    os._exit(0)
assert os.waitpid(child, 0)[1] == 0
append(store, 21, stream="deal:parent")
print(leaves(store))
"""
INSIDE_A_TRANSACTION = """
store = open_store("sqlite:///" + sys.argv[1])
child = -1
try:
    with store.transaction(write=True) as tx:
        tx.append(Batch(events=[event(1)]))
        child = os.fork()
        if child:
            assert os.waitpid(child, 0)[1] == 0
        else:
            tx.append(Batch(events=[event(1, "deal:child")]))
except StoreError as error:
    Path(sys.argv[2]).write_text(str(error))
    os._exit(0 if child == 0 else 1)
append(store, 2)
with store.transaction(write=False) as tx:
    print([(leaf.idx, leaf.event.stream, leaf.event.n) for leaf in tx.scan(LogOrder())])
"""
OPENED_TWICE = """
store = open_store("sqlite:///" + sys.argv[1])
append(store, 1)
again = open_store("sqlite:///" + sys.argv[1])
OTHER = '''
import sys
from procdef.store import LogOrder, open_store
store = open_store("sqlite:///" + sys.argv[1])
with store.transaction(write=False) as tx:
    print(len(list(tx.scan(LogOrder()))), flush=True)
store.close()
'''
for n in (2, 4):
    subprocess.run([sys.executable, "-c", OTHER, sys.argv[1]], check=True)
    append(store, n)
    append(again, n + 1)
subprocess.run([sys.executable, "-c", OTHER, sys.argv[1]], check=True)
"""


@pytest.fixture
def store(tmp_path: Path) -> Iterator[Store]:
    with closing(open_store(f"sqlite:///{tmp_path / 'log.db'}")) as opened:
        yield opened


@pytest.fixture
def file(tmp_path: Path) -> Path:
    return tmp_path / "log.db"


def test_parent_and_child_both_go_on_after_a_fork(file: Path) -> None:
    assert run(AFTER_A_FORK, file) == ["42"]


def test_a_transaction_that_was_open_at_the_fork_is_the_parents(file: Path, tmp_path: Path) -> None:
    assert run(INSIDE_A_TRANSACTION, file, tmp_path / "said") == ["[(0, 'deal:1', 1), (1, 'deal:1', 2)]"]
    assert "only the parent can end that" in (tmp_path / "said").read_text()


def test_another_process_that_leaves_takes_nothing_with_it(file: Path) -> None:
    assert run(OPENED_TWICE, file) == ["1", "3", "5"]


def test_many_threads_write_and_read_through_one_store(store: Store) -> None:
    def work(k: int) -> int:
        seen = 0
        for n in range(1, 11):
            with store.transaction(write=True) as tx:
                tx.append(Batch(events=[event(n, f"deal:{k}")]))
            with store.transaction(write=False) as tx:
                seen = len(list(tx.scan(LogOrder())))
        return seen

    with ThreadPoolExecutor(8) as threads:
        assert max(threads.map(work, range(8))) == 80


def test_a_transaction_may_go_from_one_thread_to_another(store: Store) -> None:
    counts: list[int] = []
    with store.transaction(write=True) as tx:
        writing = threading.Thread(target=tx.append, args=(Batch(events=[event()]),))
        writing.start()
        writing.join()
    with store.transaction(write=False) as tx:
        rows = tx.scan(LogOrder())
        reading = threading.Thread(target=lambda: counts.append(len(list(rows))))
        reading.start()
        reading.join()
    assert counts == [1]


def test_closing_while_another_thread_is_at_work_lets_it_end(store: Store) -> None:
    with store.transaction(write=True) as tx:
        closing_it = threading.Thread(target=store.close)
        closing_it.start()
        closing_it.join()
        tx.append(Batch(events=[event()]))
    with pytest.raises(StoreError, match="closed"), store.transaction(write=False):
        pass


NEW_MODES = hasattr(sqlite3.Connection, "autocommit")  # Python 3.12
OWN_MODES: list[dict[str, Any]] = [
    {},
    {"isolation_level": "IMMEDIATE"},
    *([{"autocommit": False}] if NEW_MODES else []),
]


@pytest.mark.parametrize("mode", OWN_MODES)
@pytest.mark.parametrize(("expected", "end"), [(1, "commit"), (0, "rollback")])
def test_a_connection_as_sqlite3_makes_it_joins_without_an_explicit_begin(
    expected: int, end: str, mode: dict[str, Any], store: Store, file: Path
) -> None:
    with closing(sqlite3.connect(file, **mode)) as theirs:
        theirs.execute("CREATE TABLE customer (name TEXT)")
        theirs.commit()
        with store.transaction(write=True, connection=theirs) as tx:
            tx.append(Batch(events=[event()], deals=[(DEAL, 0)]))
        assert theirs.in_transaction
        theirs.execute("INSERT INTO customer VALUES ('Acme')")
        with store.transaction(write=True, connection=theirs) as tx:
            tx.append(Batch(events=[event(2)]))
        getattr(theirs, end)()
    with closing(sqlite3.connect(file)) as plain:
        there = [plain.execute("SELECT count(*) FROM customer").fetchone()[0]]
        if expected:
            there += [plain.execute(f"SELECT count(*) FROM {table}").fetchone()[0] for table in ("deal", "leaf")]
    assert there == ([1, 1, 2] if expected else [0])


@pytest.mark.parametrize("mode", [{"isolation_level": None}, *([{"autocommit": True}] if NEW_MODES else [])])
def test_a_connection_that_begins_nothing_by_itself_must_have_begun(
    mode: dict[str, Any], store: Store, file: Path
) -> None:
    with closing(sqlite3.connect(file, **mode)) as theirs:
        with pytest.raises(StoreError, match="execute BEGIN first"), store.transaction(write=True, connection=theirs):
            pass
        assert not theirs.in_transaction
        theirs.execute("BEGIN")
        with store.transaction(write=True, connection=theirs) as tx:
            tx.append(Batch(events=[event()]))
        theirs.execute("COMMIT")
        with store.transaction(write=False, connection=theirs) as tx:
            assert tx.size == 1


@pytest.mark.parametrize("factory", [sqlite3.Row, lambda cursor, row: {"row": row}])
def test_the_applications_row_factory_changes_nothing(factory: Any, store: Store, file: Path) -> None:
    with closing(sqlite3.connect(file)) as theirs:
        theirs.row_factory = factory
        with store.transaction(write=True, connection=theirs) as tx:
            tx.append(Batch(events=[event()], deals=[(DEAL, 0)]))
            assert tx.load(["ACME-1"]).deals == {"ACME-1": DEAL}
            assert list(tx.scan(Deals())) == [DEAL]


@pytest.mark.parametrize("mode", OWN_MODES)
@pytest.mark.parametrize("write", [True, False])
@pytest.mark.parametrize("log", [True, False])
def test_a_connection_to_another_database_is_refused_and_leaves_nothing_there(
    log: bool, write: bool, mode: dict[str, Any], store: Store, tmp_path: Path
) -> None:
    other = tmp_path / "other.db"
    if log:
        open_store(f"sqlite:///{other}").close()
    with closing(sqlite3.connect(other, **mode)) as theirs:
        theirs.execute("CREATE TABLE customer (name TEXT)")
        theirs.commit()
        before = list(theirs.iterdump())
        theirs.rollback()
        refused = pytest.raises(StoreError, match=r"is not to the database .*log\.db; connect to that file")
        with refused, store.transaction(write=write, connection=theirs) as tx:
            tx.append(Batch(events=[event()]))
        theirs.commit()
        assert list(theirs.iterdump()) == before


def test_a_transaction_that_others_overtook_is_told_to_begin_again(store: Store, file: Path) -> None:
    with closing(sqlite3.connect(file, isolation_level=None)) as theirs:
        theirs.execute("BEGIN")
        theirs.execute("SELECT count(*) FROM deal").fetchone()
        with store.transaction(write=True) as tx:
            tx.append(Batch(events=[event()]))
        with pytest.raises(ConcurrentChange, match="begin again"), store.transaction(write=True, connection=theirs) as tx:
            tx.append(Batch(events=[event(2)]))
        theirs.execute("ROLLBACK")
        theirs.execute("BEGIN IMMEDIATE")
        with store.transaction(write=True, connection=theirs) as tx:
            tx.append(Batch(events=[event(2)]))
        theirs.execute("COMMIT")


def test_a_connection_that_changes_text_is_refused(store: Store, file: Path) -> None:
    with closing(sqlite3.connect(file)) as theirs:
        theirs.text_factory = bytes
        with pytest.raises(StoreError, match="text_factory"), store.transaction(write=True, connection=theirs):
            pass


def test_a_connection_of_another_thread_is_refused_in_words(store: Store, file: Path) -> None:
    said: list[str] = []

    def join(theirs: sqlite3.Connection) -> None:
        try:
            with store.transaction(write=True, connection=theirs):
                pass
        except StoreError as error:
            said.append(str(error))

    with closing(sqlite3.connect(file)) as theirs:
        other = threading.Thread(target=join, args=(theirs,))
        other.start()
        other.join()
    assert said == ["the application's database cannot be used as a store: it was closed, or belongs to another thread"]


def test_a_closed_connection_is_refused_in_words(store: Store, file: Path) -> None:
    theirs = sqlite3.connect(file)
    theirs.close()
    with pytest.raises(StoreError, match="closed"), store.transaction(write=True, connection=theirs):
        pass
