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
