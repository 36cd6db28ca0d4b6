"""The awkward log, a copy of it, and exports of that."""

from __future__ import annotations

import sqlite3
from collections.abc import Iterator
from contextlib import closing
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import pytest
from awkward import AWKWARD, MANAGER, PROCESS, Clock, Exporter, erase, tell

from procdef import Engine, load, open_store
from procdef.audit.export import FORMATS
from procdef.audit.export.exported_events import ExportTally, Selection
from procdef.audit.export.recorded_export import export
from procdef.store.port import Store


@pytest.fixture(scope="session")
def told(tmp_path_factory: pytest.TempPathFactory) -> Path:
    folder = tmp_path_factory.mktemp("export")
    (folder / "small.yaml").write_text(PROCESS, "utf-8")
    with closing(open_store(f"sqlite:///{folder / 'deals.db'}?synchronous=NORMAL")) as store:
        engine = Engine(store, clock=Clock())
        engine.publish(load(folder / "small.yaml"), by=MANAGER)
        tell(engine)
    erase(folder / "deals.db", AWKWARD[4])
    return folder / "deals.db"


@pytest.fixture
def store(told: Path, tmp_path: Path) -> Iterator[Store]:
    """A copy of that log."""
    copy = tmp_path / "copy.db"
    with closing(sqlite3.connect(told)) as before, closing(sqlite3.connect(copy)) as after:
        before.backup(after)
    with closing(open_store(f"sqlite:///{copy}")) as opened:
        yield opened


@pytest.fixture
def exporting(store: Store, tmp_path: Path) -> Exporter:
    """Exports that log in a format: the file, and what is told of it."""

    def make(form: str, *deals: str, selection: Selection | None = None, **asked: Any) -> tuple[Path, dict[str, Any]]:
        assert form in FORMATS
        path = tmp_path / f"out.{form}"
        clock = Clock()
        clock.now = datetime(2026, 7, 1, tzinfo=UTC)
        engine = Engine(store, clock=clock, via="cli")
        chosen = selection or Selection(**asked)
        return path, export(engine, form, path, chosen, deals, ExportTally(), by=MANAGER, clock=clock, force=True)

    return make
