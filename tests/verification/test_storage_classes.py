"""Every cell of every table has one storage class, and what a verification calls clean every other command can read.

Each column of each table is written anew as text, as bytes, as a number, as nothing and as text that is no UTF-8.
"""

from __future__ import annotations

import shutil
import sqlite3
from collections.abc import Iterator
from contextlib import closing, suppress
from pathlib import Path

import pytest
from small_story import MANAGER, SELLER, SteadyClock, findings, tell

from procdef import Engine, StoreError, open_store
from procdef.audit.bundle.gathering import gather
from procdef.audit.export.exported_events import ExportTally, Selection, exported
from procdef.language import load_source
from procdef.store.sqlite.tables import migrations

CASTS = (
    "CAST({} AS TEXT)", "CAST({} AS BLOB)", "CAST({} AS REAL)", "NULL", "0.5", "CAST(x'ff' || CAST({} AS BLOB) AS TEXT)",
)  # fmt: skip


def columns() -> Iterator[tuple[str, str]]:
    with closing(sqlite3.connect(":memory:")) as empty:
        for statements in migrations():
            for statement in statements:
                empty.execute(statement)
        for (table,) in empty.execute("SELECT name FROM sqlite_master WHERE type = 'table'").fetchall():
            for row in empty.execute(f"PRAGMA table_info({table})").fetchall():
                yield table, row[1]


@pytest.fixture(scope="module")
def told(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The small story, with every kind of row but a node of the tree that is kept."""
    return write(tmp_path_factory.mktemp("story") / "log.db", 1)


@pytest.fixture(scope="module")
def long(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The same with so many notes that there is one."""
    return write(tmp_path_factory.mktemp("story") / "log.db", 220)


def write(file: Path, notes: int) -> Path:
    with closing(open_store(f"sqlite:///{file}?synchronous=NORMAL")) as store:
        engine = Engine(store, clock=SteadyClock())
        tell(engine)
        for n in range(notes):
            engine.note("back", f"{n}", by=SELLER)
        engine.note("back", "Once", by=SELLER, request="once")
    with closing(sqlite3.connect(file)) as log:
        log.execute("PRAGMA journal_mode = DELETE")
    return file


def use_everything(file: Path) -> None:
    """What the other commands do: read all of it, repeat a request, erase, and write."""
    with closing(open_store(f"sqlite:///{file}?synchronous=NORMAL")) as store:
        clock = SteadyClock()
        clock.now = clock.now.replace(year=2027)
        engine = Engine(store, clock=clock)
        for definition in engine.definitions():
            load_source(definition.source, definition.name)
        for deal in list(engine.deals()):
            engine.deal(deal.stream)
            engine.events(deal.stream)
            engine.options(deal.stream, by=SELLER)
            with store.transaction(write=False) as tx:
                gather(tx, deal.stream, personal=True)
        list(engine.feed())
        with store.transaction(write=False) as tx:
            list(exported(tx, Selection(personal=True), ExportTally(), asides=True))
        engine.requests_on("once")
        engine.erasures()
        engine.checkpoints()
        engine.note("back", "Once", by=SELLER, request="once")
        engine.note("back", "More", by=SELLER)
        assert engine.unreadable() == []
        engine.erase_person("anna@a.example", basis="art-17", by=MANAGER)
        engine.erase("sold", basis="art-17", by=MANAGER)


def test_what_a_verification_calls_clean_every_command_can_read(told: Path, tmp_path: Path) -> None:
    file = Path(shutil.copy(told, tmp_path / "copy.db"))
    assert not found_in(file)
    use_everything(file)


@pytest.mark.parametrize(("table", "column"), [*columns()], ids=str)
def test_a_cell_of_another_class_is_found(
    table: str, column: str, told: Path, long: Path, tmp_path: Path
) -> None:
    file, written = tmp_path / "copy.db", 0
    for cast in CASTS:
        shutil.copy(long if table == "node" else told, file)
        with closing(sqlite3.connect(file)) as log:
            cells = f"SELECT typeof({column}), hex({column}) FROM {table}"
            before = log.execute(cells).fetchall()
            with suppress(sqlite3.IntegrityError):
                log.execute(f"UPDATE {table} SET {column} = {cast.format(column)}")
            log.commit()
            assert before
            if before == log.execute(cells).fetchall():
                continue
        written += 1
        assert found_in(file), cast
    assert written or (table, column) == ("leaf", "idx"), "SQLite takes nothing but numbers there"


def found_in(file: Path) -> bool:
    """Whether a verification finds something, or cannot even begin."""
    try:
        with closing(open_store(f"sqlite:///{file}", read_only=True)) as store:
            return bool(findings(store))
    except StoreError:
        return True
