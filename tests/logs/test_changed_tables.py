"""Tables that somebody changed are a finding, and what a trigger keeps back is not acknowledged."""

from __future__ import annotations

import sqlite3
from contextlib import closing
from pathlib import Path

import pytest
from forgery import findings
from story import SELLER

from procdef import Engine, StoreError, open_store

PLANTED = {
    "a trigger": ["CREATE TRIGGER t BEFORE INSERT ON event BEGIN SELECT raise(ignore); END"],
    "a trigger on another spelling": ["CREATE TRIGGER t AFTER DELETE ON PRIVATE BEGIN SELECT 1; END"],
    "an index on another spelling": [
        "CREATE INDEX i ON event (type)",
        "PRAGMA writable_schema = ON",
        "UPDATE sqlite_master SET tbl_name = 'EVENT' WHERE name = 'i'",
    ],
    "an index": ["CREATE INDEX i ON event (type)"],
    "a lost index": ["DROP INDEX deal_owner"],
    "another table": ["ALTER TABLE stay ADD COLUMN mood TEXT"],
    "a second row in tree": ["INSERT INTO tree (log, size, layout) VALUES ('x', 0, 2)"],
}


@pytest.mark.parametrize("planted", PLANTED)
def test_what_is_planted_in_the_tables_is_found(planted: str, file: Path, log: sqlite3.Connection) -> None:
    for statement in PLANTED[planted]:
        log.execute(statement)
    log.commit()
    assert "layout-differs" in {wrong.code for wrong in findings(file)}


def test_a_database_in_another_encoding_is_found(file: Path, log: sqlite3.Connection, tmp_path: Path) -> None:
    """Copied statement by statement: every cell says the same."""
    other = tmp_path / "other.db"
    with closing(sqlite3.connect(other)) as copy:
        copy.execute("PRAGMA encoding = 'UTF-16le'")
        copy.executescript("\n".join(log.iterdump()))
        for name in ("application_id", "user_version"):
            copy.execute(f"PRAGMA {name} = {log.execute(f'PRAGMA {name}').fetchone()[0]}")
    assert [(wrong.code, wrong.found) for wrong in findings(other)] == [("layout-differs", "UTF-16le")]


def test_no_log_is_made_in_a_database_of_another_encoding(tmp_path: Path) -> None:
    with closing(sqlite3.connect(tmp_path / "app.db")) as plain:
        plain.execute("PRAGMA encoding = 'UTF-16be'")
        plain.execute("CREATE TABLE customer (name TEXT)")
    with pytest.raises(StoreError, match="keeps text in UTF-16be"):
        open_store(f"sqlite:///{tmp_path / 'app.db'}?beside=yes")


def test_tables_of_an_application_are_its_own(file: Path, log: sqlite3.Connection) -> None:
    log.execute("CREATE TABLE customer (name TEXT)")
    log.execute("CREATE INDEX customer_name ON customer (name)")
    log.execute("CREATE VIEW deals_open AS SELECT key FROM deal WHERE mode = 'open'")
    log.commit()
    assert findings(file) == []


def test_a_step_that_a_trigger_keeps_back_is_not_acknowledged(file: Path, log: sqlite3.Connection) -> None:
    log.execute(PLANTED["a trigger"][0])
    log.commit()
    with closing(open_store(f"sqlite:///{file}")) as store, pytest.raises(StoreError, match="look for triggers"):
        Engine(store).note("C", "Hello", by=SELLER)


ASKED = "SELECT stream, 'k', zeroblob(32), zeroblob(32), {} FROM request WHERE key = 'send-it'"
PUT_IN = {
    "a second key of a command": "INSERT INTO request " + ASKED.format("first, last"),
    "no whole command": "INSERT INTO request " + ASKED.format("first - 1, last"),
    "an event to come": "INSERT INTO request " + ASKED.format("9999, 9999"),
    "the first event of another stream": "INSERT INTO request VALUES ('system', 'k', zeroblob(32), zeroblob(32), 1, 1)",
    "a salt of another length": "UPDATE request SET salt = x'00' WHERE key = 'send-it'",
    "a key that none can be": "UPDATE request SET key = 'send it!' WHERE key = 'send-it'",
}


@pytest.mark.parametrize("put_in", PUT_IN)
def test_a_request_key_is_of_one_whole_step_at_most(put_in: str, file: Path, log: sqlite3.Connection) -> None:
    assert log.execute(PUT_IN[put_in]).rowcount == 1
    log.commit()
    assert {wrong.code for wrong in findings(file)} in ({"request-differs"}, {"events-missing"})


@pytest.mark.parametrize("event", ["n", "1"])
def test_no_request_key_is_of_an_erasure_or_from_before_that_of_the_name(
    event: str, file: Path, log: sqlite3.Connection
) -> None:
    with closing(open_store(f"sqlite:///{file}")) as store:
        engine = Engine(store)
        (stream,) = engine.erase("C", basis="art-17", by=SELLER).deals
        engine.note(stream, "Hello", by=SELLER, request="later")
        assert findings(file) == []
    put_in = "INSERT INTO request SELECT stream, 'k', zeroblob(32), zeroblob(32), {0}, {0} FROM event WHERE type = ?"
    log.execute(put_in.format(event), ("privacy.erased",))
    log.commit()
    assert {wrong.code for wrong in findings(file)} == {"request-differs"}


@pytest.mark.parametrize(("state", "codes"), [
    ("state", set()),
    ("x'00'", {"deal-differs"}),
    ("CAST('{}' AS BLOB)", {"deal-differs"}),
    ("'x'", {"deal-differs"}),
    ("CAST(replace(state, stream, 'deal:x') AS BLOB)", {"deal-differs"}),
])  # fmt: skip
def test_a_state_of_an_earlier_version_is_still_one_of_its_deal(
    state: str, codes: set[str], file: Path, log: sqlite3.Connection
) -> None:
    log.execute(f"UPDATE deal SET fold = 1, state = {state}")
    log.commit()
    assert {wrong.code for wrong in findings(file)} == codes
