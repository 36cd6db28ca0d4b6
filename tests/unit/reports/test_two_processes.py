"""Two processes count what one would count, and one does it alone where the other cannot."""

from __future__ import annotations

import json
import os
import sqlite3
import sys
from collections.abc import Iterator
from contextlib import closing
from datetime import UTC, datetime
from functools import partial
from pathlib import Path
from typing import Any

import pytest

from procdef import Actor, Engine, open_store
from procdef.language import load
from procdef.reports import report, two_processes
from procdef.store.port import Tx
from procdef.store.queries import DealFacts

ROOT = Path(__file__).parents[3]
NOW = datetime(2026, 11, 1, tzinfo=UTC)


class Streams(list[str]):
    """What is counted here: which deals a process saw."""

    def merge(self, other: Streams) -> None:
        self.extend(other)


def seen(tx: Tx, first: str | None, end: str | None, process: str = "b2b-sales") -> Streams:
    return Streams(row.stream for row in tx.scan(DealFacts(process, (), first, end)))


def ended(tx: Tx, first: str | None, end: str | None, alone: int) -> Streams:
    """Fails in any process but that one."""
    if os.getpid() != alone:
        raise SystemExit(1)
    return seen(tx, first, end)


def talking(tx: Tx, first: str | None, end: str | None, alone: int) -> Streams:
    """Prints among the answer in any process but that one, as what is run at the start of Python can."""
    if os.getpid() != alone:
        sys.stdout.write("Hello")
        sys.stdout.flush()
    return seen(tx, first, end)


def answering(tx: Tx, first: str | None, end: str | None, alone: int) -> Any:
    """Answers with something else in any process but that one."""
    return seen(tx, first, end) if os.getpid() == alone else 42


@pytest.fixture(scope="module")
def engine(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Engine]:
    """The deals of the demonstration."""
    steps = (ROOT / "processes" / "demo.steps.jsonl").read_text(encoding="utf-8").splitlines()
    with closing(open_store(tmp_path_factory.mktemp("large") / "deals.db")) as store:
        engine = Engine(store)
        played = engine.run(load(ROOT / "processes" / "b2b-sales.yaml"), map(json.loads, steps[:1500]), by=Actor("import"))
        assert {result.status for result in played} <= {"applied", "refused"}
        yield engine


@pytest.fixture(autouse=True)
def _large(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(two_processes, "LARGE", 2)
    monkeypatch.setattr("os.cpu_count", lambda: 2)


def begun(monkeypatch: pytest.MonkeyPatch) -> list[object]:
    """The second processes that are begun from here on."""
    commands: list[object] = []
    popen = two_processes.subprocess.Popen

    def noted(command: list[str], **more: object) -> object:
        commands.append(command)
        return popen(command, **more)

    monkeypatch.setattr(two_processes.subprocess, "Popen", noted)
    return commands


def test_two_processes_come_to_the_same_report_as_one(engine: Engine, monkeypatch: pytest.MonkeyPatch) -> None:
    commands = begun(monkeypatch)
    two = report(engine, now=NOW, by="owner").as_dict()
    assert len(commands) == 1
    monkeypatch.setattr(two_processes, "LARGE", 10**9)
    assert json.dumps(two) == json.dumps(report(engine, now=NOW, by="owner").as_dict())
    assert len(commands) == 1


def test_each_deal_is_counted_once_and_in_order(engine: Engine, monkeypatch: pytest.MonkeyPatch) -> None:
    commands = begun(monkeypatch)
    with engine.store.transaction(write=False) as tx:
        assert seen(tx, None, None) == two_processes.side_by_side(tx, partial(seen, process="b2b-sales"))
    assert len(commands) == 1


def test_one_counts_all_where_the_second_fails(engine: Engine, monkeypatch: pytest.MonkeyPatch) -> None:
    commands = begun(monkeypatch)
    with engine.store.transaction(write=False) as tx:
        assert seen(tx, None, None) == two_processes.side_by_side(tx, partial(ended, alone=os.getpid()))
        assert seen(tx, None, None) == two_processes.side_by_side(tx, partial(talking, alone=os.getpid()))
        assert seen(tx, None, None) == two_processes.side_by_side(tx, partial(answering, alone=os.getpid()))
        monkeypatch.setattr(sys, "executable", str(Path(sys.executable).with_name("python-that-is-not-there")))
        assert seen(tx, None, None) == two_processes.side_by_side(tx, seen)
        monkeypatch.setattr(sys, "executable", "/usr/sbin/server")
        assert seen(tx, None, None) == two_processes.side_by_side(tx, seen)
    assert len(commands) == 4


def test_one_counts_all_where_the_log_went_on_meanwhile(engine: Engine, monkeypatch: pytest.MonkeyPatch) -> None:
    commands = begun(monkeypatch)
    with engine.store.transaction(write=False) as tx:
        before = seen(tx, None, None)
        engine.note("B2B-001", by=Actor("maija", roles={"seller"}), text="called")
        assert before == two_processes.side_by_side(tx, seen)
    assert len(commands) == 1


def test_what_only_an_application_sees_yet_is_counted_by_itself(engine: Engine, monkeypatch: pytest.MonkeyPatch) -> None:
    commands = begun(monkeypatch)
    with engine.store.transaction(write=False) as tx:
        file = tx.file
    assert file is not None
    with closing(sqlite3.connect(file, isolation_level=None)) as connection:
        connection.execute("BEGIN IMMEDIATE")
        with engine.store.transaction(write=False, connection=connection) as tx:
            assert tx.file is None
            assert seen(tx, None, None) == two_processes.side_by_side(tx, seen)
        connection.execute("ROLLBACK")
    assert not commands
