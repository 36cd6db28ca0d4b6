"""A database that was damaged or emptied is told in one line, never with a traceback, and is never called clean."""

from __future__ import annotations

import sqlite3
from contextlib import closing
from pathlib import Path
from typing import TYPE_CHECKING

import pytest

if TYPE_CHECKING:
    from conftest import Procdef


@pytest.mark.parametrize(
    ("damage", "expected"),
    [("UPDATE deal SET state = x'ff'", "cannot be read"), ("UPDATE tree SET layout = 'x'", "is damaged")],
)
def test_a_damaged_cell_is_told(office: Procdef, tmp_path: Path, damage: str, expected: str) -> None:
    with closing(sqlite3.connect(tmp_path / "procdef.db")) as plain:
        plain.execute(damage)
        plain.commit()
    code, _, complaint = office("status", "A-1")
    assert code in (1, 3)
    assert expected in complaint


def test_an_emptied_database_holds_no_log(procdef: Procdef, tmp_path: Path) -> None:
    (tmp_path / "procdef.db").touch()
    code, _, complaint = procdef("audit", "verify")
    assert code == 3
    assert "holds no log" in complaint


@pytest.mark.parametrize("table", ["deal", "event", "leaf", "private", "stay", "gate", "request", "definition", "node", "note"])
def test_a_table_that_is_gone_is_a_finding_with_its_name(office: Procdef, tmp_path: Path, table: str) -> None:
    with closing(sqlite3.connect(tmp_path / "procdef.db")) as plain:
        plain.execute(f"DROP TABLE {table}")
    code, told, complaint = office("audit", "verify")
    assert (code, complaint) == (1, "")
    assert f"expected the table {table}, found none [layout-differs]" in told
    assert f"is damaged: it has no table {table}; restore it from a backup [unreadable]" in told


@pytest.mark.parametrize(
    ("column", "code"),
    [
        ("deal.owner", "deal-differs"), ("deal.stream", "unreadable"), ("deal.key", "deal-differs"),
        ("event.type", "unreadable"), ("event.stream", "unreadable"), ("leaf.hash", "unreadable"),
        ("private.path", "unreadable"), ("stay.stage", "unreadable"), ("definition.id", "unreadable"),
        ("request.key", "unreadable"),
    ],
)  # fmt: skip
def test_a_text_that_is_none_is_a_finding(office: Procdef, tmp_path: Path, column: str, code: str) -> None:
    table, name = column.split(".")
    assert office("note", "A-1", "Hello", "--request", "r-1")[0] == 0
    with closing(sqlite3.connect(tmp_path / "procdef.db")) as plain:
        plain.execute(f"UPDATE {table} SET {name} = CAST(x'ff' AS TEXT) WHERE rowid = 1" if table in ("event", "leaf", "deal")
                      else f"UPDATE {table} SET {name} = CAST(x'ff' AS TEXT)")  # fmt: skip
        plain.commit()
    exit_code, told, complaint = office("audit", "verify")
    assert (exit_code, complaint) == (1, "")
    assert f"[{code}]" in told


def test_a_text_that_is_none_is_told_to_others_as_what_it_is(office: Procdef, tmp_path: Path) -> None:
    with closing(sqlite3.connect(tmp_path / "procdef.db")) as plain:
        plain.execute("UPDATE deal SET owner = CAST(x'ff' AS TEXT)")
        plain.commit()
    expected = "procdef: the database procdef.db is damaged: a text in it is no UTF-8; restore it from a backup\n"
    assert office("deals")[0::2] == (3, expected)
