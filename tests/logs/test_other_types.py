"""A database takes anything in any column; verification says so instead of falling over it."""

from __future__ import annotations

import sqlite3
from pathlib import Path

import pytest
from forgery import findings

COLUMNS = {
    "event": ["stream", "n", "id", "type", "recorded", "hash", "body"],
    "leaf": ["stream", "n", "hash"],
    "private": ["stream", "n", "path", "salt", "value"],
    "deal": ["stream", "key", "version", "owner", "due", "active", "wake", "deadline", "n", "head", "fold", "state"],
    "stay": ["stream", "k", "stage", "left_at", "due"],
    "activity": ["stream", "n", "k", "process", "version", "item", "detail"],
    "gate": ["stream", "n", "version", "item"],
    "definition": ["sha256", "id", "version", "lang", "source"],
    "request": ["first", "last"],
}


@pytest.mark.parametrize("value", [b"\x00\xff", "text", 7, 2.5])
@pytest.mark.parametrize(("table", "column"), [(table, column) for table, names in COLUMNS.items() for column in names])
def test_something_of_another_type_is_a_finding(
    table: str, column: str, value: object, file: Path, log: sqlite3.Connection
) -> None:
    where = "1" if table == "definition" else f"stream = (SELECT max(stream) FROM {table} WHERE stream LIKE 'deal:%')"
    changed = log.execute(f"UPDATE OR IGNORE {table} SET {column} = ? WHERE {where}", (value,)).rowcount
    log.commit()
    assert changed > 0
    assert findings(file) != []
