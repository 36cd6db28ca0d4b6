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
