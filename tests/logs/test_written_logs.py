"""A log that some version wrote is verified and read by every later one."""

from __future__ import annotations

import shutil
import sqlite3
from contextlib import closing
from pathlib import Path

import pytest
from forgery import events, findings

from procdef import Engine, open_store
from procdef.audit.format import DATA

WRITTEN = sorted(Path(__file__).parent.glob("*/deals.sqlite"))
SINCE_THE_FIRST = set(DATA) - {
    *("privacy.erased", "privacy.purged", "log.exported", "log.rekeyed", "log.moved", "log.opened"),
}


@pytest.fixture(params=WRITTEN, ids=[file.parent.name for file in WRITTEN])
def written(request: pytest.FixtureRequest, tmp_path: Path) -> Path:
    return Path(shutil.copy(request.param, tmp_path / "deals.sqlite"))


def test_there_is_a_log_of_the_first_version() -> None:
    assert "0.1.0" in [file.parent.name for file in WRITTEN]


def test_a_written_log_verifies(written: Path) -> None:
    assert findings(written) == []


def test_a_written_log_has_every_type_of_event(written: Path) -> None:
    with closing(sqlite3.connect(written)) as log:
        assert {event["type"] for event in events(log)} >= SINCE_THE_FIRST


def test_the_deals_of_a_written_log_stand_where_they_stood(written: Path) -> None:
    store = open_store(f"sqlite:///{written}")
    engine = Engine(store)
    rows = {row.key: (row.stage, row.mode, row.outcome, row.owner, row.n) for row in engine.deals()}
    again = {name: engine.deal(name) for name in rows}
    store.close()
    assert rows == {
        "Anna Virtanen, Öljy": ("ring", "done", "won", "tero", 41),
        "B": ("lead", "lost", "lost", "matti", 20),
        "C": ("offer", "open", "open", "maija", 43),
        "D": ("shelf", "lost", "lost", "maija", 9),
        "I": ("offer", "open", "open", "maija", 6),
    }
    assert {name: (d.stage, d.mode, d.outcome, d.owner, d.n) for name, d in again.items()} == rows
