"""Files of earlier layouts are brought up to date, and lose nothing by it."""

from __future__ import annotations

import sqlite3
from contextlib import closing
from pathlib import Path
from tempfile import TemporaryDirectory

import pytest
from children import WITHOUT_PRIVILEGES, run
from rows import DEAL, event

from procdef.errors import NewerLog, StoreError
from procdef.log.merkle import Frontier
from procdef.store import Batch, Deals, LogOrder, open_store
from procdef.store.layouts import LATEST
from procdef.store.sqlite import tables as sqlite_tables


def test_the_number_of_the_latest_layout_is_that_of_its_migrations() -> None:
    folder = Path(sqlite_tables.__file__).with_name("layouts")
    assert len(sqlite_tables.migrations()) == LATEST
    assert [int(file.name[:4]) for file in sorted(folder.glob("*.sql"))] == list(range(1, LATEST + 1))


def schema(file: Path) -> list[tuple[str, ...]]:
    with closing(sqlite3.connect(file)) as plain:
        return sorted(plain.execute("SELECT type, name, tbl_name, sql FROM sqlite_master").fetchall())


def earlier(file: Path, number: int) -> Path:
    """A file as the procdef of that layout made it, with a deal of one event."""
    with closing(sqlite3.connect(file, isolation_level=None)) as plain:
        plain.execute("PRAGMA journal_mode = WAL")
        for statements in sqlite_tables.migrations()[:number]:
            for statement in statements:
                plain.execute(statement)
        plain.execute("INSERT INTO tree (log, size, layout) VALUES ('6f1f0a5e-7f9a-4a43-9c3c-0d1c2f3a4b5c', 1, ?)", (number,))
        columns = [name for _, name, *_ in plain.execute("PRAGMA table_info(deal)")]
        row = [getattr(DEAL, name) for name in columns]
        plain.execute(f"INSERT INTO deal ({', '.join(columns)}) VALUES ({', '.join('?' * len(row))})", row)
        plain.execute("INSERT INTO event VALUES (?, ?, ?, ?, ?, ?, ?)", event())
        if number >= sqlite_tables.SEALED:
            tree = Frontier()
            tree.add(bytes.fromhex(event().hash))
            plain.execute("UPDATE tree SET frontier = ?", (tree.stored,))
        plain.execute("INSERT INTO leaf VALUES (0, ?, ?, ?)", (event().stream, event().n, event().hash))
        plain.execute(f"PRAGMA application_id = {sqlite_tables.APPLICATION_ID}")
        plain.execute(f"PRAGMA user_version = {number}")
    return file


@pytest.fixture(params=range(1, LATEST))
def old(request: pytest.FixtureRequest, tmp_path: Path) -> Path:
    return earlier(tmp_path / "old.db", request.param)


def test_an_earlier_file_is_brought_up_to_date_and_keeps_all(old: Path, tmp_path: Path) -> None:
    open_store(f"sqlite:///{tmp_path / 'new.db'}").close()
    with closing(open_store(f"sqlite:///{old}")) as store:
        with store.transaction(write=True) as tx:
            assert tx.log == "6f1f0a5e-7f9a-4a43-9c3c-0d1c2f3a4b5c"
            tx.append(Batch(events=[event(2)], deals=[(DEAL._replace(n=2, owner="olli"), 1)]))
        with store.transaction(write=False) as tx:
            assert [leaf.idx for leaf in tx.scan(LogOrder())] == [0, 1]
            assert [DEAL._replace(n=2, owner="olli")] == list(tx.scan(Deals(owner="olli")))
    assert schema(tmp_path / "new.db") == schema(old)
    with closing(sqlite3.connect(old)) as plain:
        assert plain.execute("SELECT layout FROM tree").fetchall() == [(LATEST,)]
        assert plain.execute("PRAGMA user_version").fetchone() == (LATEST,)


def test_an_earlier_file_that_may_not_be_written_is_read_as_it_is() -> None:
    with TemporaryDirectory() as name:
        folder = Path(name)
        file = earlier(folder / "old.db", sqlite_tables.READABLE)
        before = schema(file)
        file.chmod(0o444)
        folder.chmod(0o555)
        program = WITHOUT_PRIVILEGES + "print(leaves(open_store('sqlite:///' + sys.argv[1])))"
        assert run(program, file) == ["1"]
        folder.chmod(0o755)
        assert before == schema(file)


def test_a_failing_upgrade_leaves_the_file_as_it_was(old: Path) -> None:
    with closing(sqlite3.connect(old)) as plain:
        plain.execute("CREATE VIEW directory AS SELECT 1")
    before = schema(old)
    with pytest.raises(StoreError, match="has something called directory already"):
        open_store(f"sqlite:///{old}")
    assert before == schema(old)


@pytest.mark.parametrize("number", [-1, 0, 1, 2, 3])
def test_a_number_that_is_not_that_of_the_tables_changes_no_byte(number: int, tmp_path: Path) -> None:
    file = tmp_path / "log.db"
    open_store(f"sqlite:///{file}").close()
    with closing(sqlite3.connect(file)) as plain:
        plain.execute("UPDATE tree SET layout = ?", (number,))
        plain.commit()
        plain.execute("PRAGMA journal_mode = DELETE")
    before = file.read_bytes()
    with pytest.raises(StoreError, match=r"is damaged|a name that procdef needs"):
        open_store(f"sqlite:///{file}")
    assert file.read_bytes() == before


def test_a_later_layout_is_refused_in_the_applications_database_too(old: Path) -> None:
    with closing(open_store(f"sqlite:///{old}")) as store, closing(sqlite3.connect(old)) as theirs:
        theirs.execute("UPDATE tree SET layout = 99")
        with pytest.raises(NewerLog), store.transaction(write=True, connection=theirs):
            pass


def test_processes_that_open_an_earlier_file_at_once_upgrade_it_once(old: Path) -> None:
    program = """
child = os.fork()
with closing(open_store("sqlite:///" + sys.argv[1])) as store:
    append(store, 1, stream="deal:child" if child == 0 else "deal:parent")
if child == 0:
    os._exit(0)
assert os.waitpid(child, 0)[1] == 0
with closing(open_store("sqlite:///" + sys.argv[1])) as store:
    print(leaves(store))
"""
    assert run(program, old) == ["3"]
