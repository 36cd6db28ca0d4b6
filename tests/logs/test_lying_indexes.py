"""An index that does not hold what its table holds is a finding: lists and look-ups would show other rows than the log."""

from __future__ import annotations

import sqlite3
from contextlib import closing
from pathlib import Path

import pytest
from forgery import findings
from story import SELLER

from procdef import Engine, open_store
from procdef.log.checkpoint import HeldNote
from procdef.log.signed_note import Signer
from procdef.verification import Irregularity, Tally
from procdef.verification.since_note import verify_since
from procdef.verification.tree.assurance import Assurance


def behind(file: Path, index: str, statement: str) -> None:
    """Run a statement while SQLite does not know of an index, as anybody can who may write to the file."""
    with closing(sqlite3.connect(file, isolation_level=None)) as log:
        (was,) = log.execute("SELECT sql FROM sqlite_master WHERE name = 'deal'").fetchone()
        row = log.execute("SELECT * FROM sqlite_master WHERE name = ?", (index,)).fetchone()
        log.execute("PRAGMA writable_schema = ON")
        log.execute("DELETE FROM sqlite_master WHERE name = ?", (index,))
        if index.startswith("sqlite_autoindex"):
            log.execute("UPDATE sqlite_master SET sql = replace(sql, ' UNIQUE', '') WHERE name = 'deal'")
        log.execute("PRAGMA schema_version = 1000")
    with closing(sqlite3.connect(file, isolation_level=None)) as log:
        log.execute(statement)
        log.execute("PRAGMA writable_schema = ON")
        log.execute("UPDATE sqlite_master SET sql = ? WHERE name = 'deal'", (was,))
        log.execute("INSERT INTO sqlite_master VALUES (?, ?, ?, ?, ?)", row)
        log.execute("PRAGMA schema_version = 1001")


def told(wrong: list[Irregularity]) -> set[str]:
    return {f"{each.code}: {each.stream} {each.found}" for each in wrong}


@pytest.mark.parametrize("index", ["deal_owner", "sqlite_autoindex_deal_2"])
def test_a_row_that_an_index_lacks_is_found_and_named(index: str, file: Path) -> None:
    with closing(sqlite3.connect(file)) as log:
        rowid, stream = log.execute("SELECT rowid, stream FROM deal ORDER BY stream LIMIT 1").fetchone()
    behind(file, index, f"UPDATE deal SET rowid = 99 WHERE rowid = {rowid}")
    wrong = findings(file)
    assert {each.code for each in wrong} == {"index-differs"}
    assert any(f"{stream} row " in line and line.endswith(f"missing from index {index}") for line in told(wrong))


def test_a_row_that_only_an_index_has_is_found(file: Path) -> None:
    with closing(sqlite3.connect(file)) as log:
        row = log.execute("SELECT * FROM deal ORDER BY stream LIMIT 1").fetchone()
    behind(file, "deal_owner", f"DELETE FROM deal WHERE stream = '{row[0]}'")
    with closing(sqlite3.connect(file)) as log:
        log.execute(f"INSERT INTO deal (rowid, {columns(log)}) VALUES (99, {', '.join('?' * len(row))})", row)
        log.commit()
    assert told(findings(file)) == {"index-differs: log wrong # of entries in index deal_owner"}


def columns(log: sqlite3.Connection) -> str:
    return ", ".join(column[1] for column in log.execute("PRAGMA table_info(deal)"))


def test_an_increment_looks_at_the_indexes_too(file: Path) -> None:
    with closing(open_store(f"sqlite:///{file}")) as store:
        engine = Engine(store)
        signer = Signer(engine.origin, bytes([1] * 32))
        engine.rekey(signer, by=SELLER)
        note = HeldNote("held", str(engine.checkpoint(signer)).encode())
        with store.inspect() as tx:
            assert list(verify_since(tx, note, (), Tally(), Assurance())) == []
    behind(file, "deal_owner", "UPDATE deal SET rowid = 99 WHERE rowid = 1")
    with closing(open_store(f"sqlite:///{file}")) as store, store.inspect() as tx:
        wrong = list(verify_since(tx, note, (), Tally(), Assurance()))
    assert {each.code for each in wrong} == {"index-differs"}
