"""What only a file can do, or suffer."""

from __future__ import annotations

import sqlite3
import subprocess
import sys
from contextlib import closing
from pathlib import Path

import pytest
from rows import DEAL, event

from procdef.errors import InvalidArgument, NewerLog, StoreBusy, StoreError
from procdef.store import Batch, Conflict, Deals, DefinitionRow, Events, LogOrder, Store, open_store
from procdef.store.sqlite import tables as sqlite_tables

WRITER = """
import sys
sys.path.insert(0, sys.argv[3])
from rows import event
from procdef.store import Batch, open_store
store = open_store(sys.argv[1])
for n in range(1, 16):
    with store.transaction(write=True) as tx:
        tx.append(Batch(events=[event(n, sys.argv[2])]))
store.close()
"""


def leaves(store: Store) -> int:
    with store.transaction(write=False) as tx:
        return len(list(tx.scan(LogOrder())))


@pytest.fixture
def file(tmp_path: Path) -> Path:
    return tmp_path / "log.db"


def url(file: Path) -> str:
    return f"sqlite:///{file}"


def test_a_new_file_is_its_owners_only_and_keeps_what_was_written(file: Path) -> None:
    with closing(open_store(url(file))) as store, store.transaction(write=True) as tx:
        log = tx.log
        tx.append(Batch(events=[event()]))
    assert file.stat().st_mode & 0o777 == 0o600
    with closing(open_store(url(file) + "?synchronous=NORMAL")) as store, store.transaction(write=False) as tx:
        assert (log, 1) == (tx.log, len(list(tx.scan(LogOrder()))))


@pytest.mark.parametrize(
    "address", ["mysql://x", "sqlite:///", "sqlite:///x.db?mode=ro", "sqlite:///x.db?synchronous=OFF"]
)
def test_an_address_that_is_not_understood_is_refused(address: str) -> None:
    with pytest.raises(InvalidArgument):
        open_store(address)


def test_a_missing_folder_is_named(tmp_path: Path) -> None:
    with pytest.raises(StoreError, match=r"folder .*nowhere.* does not exist"):
        open_store(url(tmp_path / "nowhere" / "log.db"))


def test_a_file_that_is_no_database_is_left_alone(file: Path) -> None:
    file.write_bytes(b"stage,deal\n" * 500)
    with pytest.raises(StoreError, match="is not a database"):
        open_store(url(file))
    assert file.read_bytes() == b"stage,deal\n" * 500


def test_a_database_of_something_else_is_refused(file: Path) -> None:
    with closing(sqlite3.connect(file)) as other:
        other.execute("CREATE TABLE customer (name TEXT)")
    with pytest.raises(StoreError, match="something else"):
        open_store(url(file))


def test_a_later_layout_is_a_newer_log(file: Path) -> None:
    open_store(url(file)).close()
    with closing(sqlite3.connect(file)) as other:
        other.execute("UPDATE tree SET layout = 99")
        other.commit()
    with pytest.raises(NewerLog):
        open_store(url(file))


def test_a_truncated_file_is_damaged(file: Path) -> None:
    open_store(url(file)).close()
    file.write_bytes(file.read_bytes()[:5000])
    with pytest.raises(StoreError, match="damaged"):
        open_store(url(file))


def test_two_processes_append_without_gaps(file: Path) -> None:
    with closing(open_store(url(file))) as store:
        command = [sys.executable, "-c", WRITER, url(file)]
        here = str(Path(__file__).parent)
        running = [subprocess.Popen([*command, f"deal:{i}", here]) for i in (1, 2)]
        assert [process.wait(60) for process in running] == [0, 0]
        assert leaves(store) == 30


def test_a_step_may_be_written_while_rows_are_read_in_the_same_thread(file: Path) -> None:
    with closing(open_store(url(file))) as store:
        with store.transaction(write=True) as tx:
            tx.append(Batch(events=[event(1), event(2)]))
        with store.transaction(write=False) as reading:
            rows = reading.scan(LogOrder())
            next(rows)
            with store.transaction(write=True) as writing:
                writing.append(Batch(events=[event(3)], deals=[(DEAL, 0)]))
            assert len(list(rows)) == 1
        assert leaves(store) == 3


def test_a_scan_left_in_the_middle_does_not_stand_in_the_way_of_the_next_write(file: Path) -> None:
    with closing(open_store(url(file))) as store:
        with store.transaction(write=True) as tx:
            tx.append(Batch(events=[event(1), event(2)]))
        with store.transaction(write=False) as tx:
            rows = tx.scan(LogOrder())
            next(rows)
        with closing(open_store(url(file))) as other, other.transaction(write=True) as tx:
            tx.append(Batch(events=[event(3)]))
        with store.transaction(write=True) as tx:
            tx.append(Batch(events=[event(4)]))
        assert leaves(store) == 4


LOCKING = """
import sqlite3, sys
connection = sqlite3.connect(sys.argv[1], isolation_level=None)
connection.execute("BEGIN IMMEDIATE")
print("locked", flush=True)
sys.stdin.read()
"""


def test_a_database_that_another_program_has_locked_is_said_to_be(file: Path) -> None:
    with open_store(f"{url(file)}?busy=0.01") as store:
        command = [sys.executable, "-c", LOCKING, str(file)]
        with subprocess.Popen(command, stdin=subprocess.PIPE, stdout=subprocess.PIPE) as other:
            assert other.stdout is not None
            other.stdout.readline()
            with pytest.raises(StoreBusy, match="locked by another program"), store.transaction(write=True):
                pass
            other.communicate()
        assert leaves(store) == 0


def test_a_lock_of_ones_own_is_not_blamed_on_others(file: Path) -> None:
    address = f"{url(file)}?busy=0.01"
    with closing(open_store(address)) as store, closing(sqlite3.connect(file, isolation_level=None)) as other:
        other.execute("BEGIN IMMEDIATE")
        with pytest.raises(StoreBusy, match="by another transaction of this process"), store.transaction(write=True):
            pass
        assert leaves(store) == 0


@pytest.mark.parametrize("seconds", ["", "-1", "soon", "1e3", "3601", "0.0001"])
def test_how_long_to_wait_is_a_number_of_seconds(seconds: str, file: Path) -> None:
    with pytest.raises(InvalidArgument, match="a number from 0 to 3600"):
        open_store(f"{url(file)}?busy={seconds}")
    assert not file.exists()


def test_a_closed_store_says_so(file: Path) -> None:
    store = open_store(url(file))
    store.close()
    with pytest.raises(StoreError, match="closed"), store.transaction(write=False):
        pass


@pytest.mark.parametrize(("expected", "end"), [(1, "COMMIT"), (0, "ROLLBACK")])
def test_a_joined_transaction_lives_and_dies_with_the_applications(file: Path, expected: int, end: str) -> None:
    with closing(open_store(url(file))) as store, closing(sqlite3.connect(file, isolation_level=None)) as theirs:
        theirs.execute("CREATE TABLE customer (name TEXT)")
        with store.transaction(write=True, connection=_begun(theirs)):
            pass
        theirs.execute("COMMIT")
        with store.transaction(write=True, connection=_begun(theirs)) as tx:
            tx.append(Batch(deals=[(DEAL, 0)]))
        with store.transaction(write=True, connection=theirs) as tx, pytest.raises(Conflict):
            tx.append(Batch(events=[event()], deals=[(DEAL, 0)]))
        theirs.execute(end)
        with store.transaction(write=False, connection=theirs) as tx:
            assert (expected, 0) == (len(list(tx.scan(Deals()))), len(list(tx.scan(LogOrder()))))


def _begun(connection: sqlite3.Connection) -> sqlite3.Connection:
    connection.execute("BEGIN")
    return connection


def test_joining_without_a_transaction_is_refused(file: Path) -> None:
    with closing(open_store(url(file))) as store, closing(sqlite3.connect(file, isolation_level=None)) as theirs:
        with pytest.raises(StoreError, match="BEGIN"), store.transaction(write=True, connection=theirs):
            pass
        with pytest.raises(InvalidArgument, match=r"sqlite3\.Connection"):
            store.transaction(write=True, connection=object())


def test_a_log_can_stand_among_the_tables_of_an_application_and_leaves_their_marks_alone(file: Path) -> None:
    with closing(sqlite3.connect(file)) as theirs:
        theirs.execute("CREATE TABLE customer (name TEXT)")
        theirs.execute("INSERT INTO customer VALUES ('Beta')")
        theirs.execute("PRAGMA application_id = 77")
        theirs.execute("PRAGMA user_version = 12")
        theirs.commit()
    with pytest.raises(StoreError, match="beside=yes"):
        open_store(url(file))
    for address in (url(file) + "?beside=yes", url(file)):
        with closing(open_store(address)) as store, closing(sqlite3.connect(file, isolation_level=None)) as theirs:
            theirs.execute("BEGIN IMMEDIATE")
            theirs.execute("INSERT INTO customer VALUES ('Gamma')")
            with store.transaction(write=True, connection=theirs) as tx:
                tx.append(Batch(events=[event(1 + leaves(store))]))
            theirs.execute("COMMIT")
            assert theirs.execute("PRAGMA application_id").fetchone() == (77,)
            assert theirs.execute("PRAGMA user_version").fetchone() == (12,)
    with closing(open_store(url(file))) as store:
        assert leaves(store) == 2


def test_the_tables_of_a_log_are_known_by_name(file: Path) -> None:
    open_store(url(file)).close()
    with closing(sqlite3.connect(file)) as plain:
        names = {name for (name,) in plain.execute("SELECT name FROM sqlite_master WHERE type = 'table'")}
    assert names <= set(sqlite_tables.TABLES)


def test_a_number_that_no_column_holds_is_refused(file: Path) -> None:
    with closing(open_store(url(file))) as store:
        with store.transaction(write=False) as tx, pytest.raises(InvalidArgument, match="a number is larger"):
            list(tx.scan(Events("system", 10**20)))
        with store.transaction(write=True) as tx, pytest.raises(InvalidArgument, match="a number is larger"):
            tx.append(Batch(definitions=[DefinitionRow("0" * 64, "sale", 2**63, 1, b"")]))
        assert leaves(store) == 0
