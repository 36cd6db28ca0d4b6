"""Whatever stands in the tables that figures are counted from: an answer, or one line that says it, never a traceback."""

from __future__ import annotations

import re
import sqlite3
from collections.abc import Iterator
from contextlib import closing
from pathlib import Path
from typing import TYPE_CHECKING

import pytest

if TYPE_CHECKING:
    from conftest import Procdef

ODD = (None, "", "~", "2026-01-10T00:00:00Z", -1, float("inf"), b"\x00\xff", "NaN", "1E+999999", "[]", '"x"', "\x1b[31m")
ASKED = (
    ("report", "--from", "2026-11-01", "--to", "2026-11-26"),
    ("report", "--by", "month", "--format", "json"),
    ("report", "--by", "discount", "--format", "csv"),
    ("report", "--as-of", "2026-11-26"),
    ("report", "--deals", "deals.started"),
    ("report", "--html", "report.html", "--force"),
    ("forecast",),
    ("diagram", "office", "--counts"),
    ("casefile", "A-1", "-o", "case.html", "--force"),
)


@pytest.fixture
def told(office: Procdef, tmp_path: Path) -> Procdef:
    """A lost deal with a refused step, notes and an action, so that each table has rows, and an open one."""
    for step in (
        ("start", "office", "A-2", "company=Beta", "email=b@beta.example"),
        ("do", "A-1", "call", "phone", "--note", "x"),
        ("note", "A-1", "Hello", "--kind", "call"),
        ("note", "A-1", "Hello again", "--objection", "lead.busy"),
        ("advance", "A-1", "offer"),
        ("lose", "A-1", "price", "--note", "x"),
    ):
        office(*step)
    with closing(sqlite3.connect(tmp_path / "procdef.db")) as plain:
        plain.execute("PRAGMA wal_checkpoint(TRUNCATE)")
        for table in ("deal", "stay", "gate", "activity"):
            assert plain.execute(f"SELECT count(*) FROM {table}").fetchone()[0] > 0, table
    return office


def columns(file: Path) -> Iterator[tuple[str, str]]:
    with closing(sqlite3.connect(file)) as plain:
        for table in ("deal", "stay", "gate", "activity"):
            yield from [(table, row[1]) for row in plain.execute(f"PRAGMA table_info({table})")]


@pytest.mark.parametrize("asked", ASKED, ids=lambda asked: "-".join(asked).replace(".html", ""))
def test_odd_cells_end_no_answer_with_a_traceback(asked: tuple[str, ...], told: Procdef, tmp_path: Path) -> None:
    file = tmp_path / "procdef.db"
    places = [*columns(file)]  # read to its end: an open connection would keep what is written beside the file
    whole, tried, refused = file.read_bytes(), 0, 0
    for place, (table, column) in enumerate(places):
        for value in ODD[place % 6 :: 6]:
            file.write_bytes(whole)
            with closing(sqlite3.connect(file)) as plain:
                try:
                    plain.execute(f"UPDATE OR REPLACE {table} SET {column} = ?", (value,))
                except sqlite3.IntegrityError:
                    continue  # NULL where none may stand
                plain.commit()
            code, _, complaint = told(*asked)
            assert code in (0, 1, 2, 3), (table, column, value)
            assert (code == 0) or re.search(r"procdef: \S", complaint), (table, column, value)
            tried, refused = tried + 1, refused + (code != 0)
    assert tried > 50
    assert refused > 0


def test_a_kind_of_note_that_nobody_knows_stands_as_it_is(told: Procdef, tmp_path: Path) -> None:
    with closing(sqlite3.connect(tmp_path / "procdef.db")) as plain:
        plain.execute("UPDATE activity SET item = '<fax>' WHERE kind = 'note' AND item = 'call'")
        plain.commit()
    assert told("report", "--html", "report.html")[::2] == (0, "")
    assert "&lt;fax&gt;" in (tmp_path / "report.html").read_text("utf-8")
