"""No forged event ends the check: it is a finding, and what is wrong with later streams is told too."""

from __future__ import annotations

import json
import sqlite3
from pathlib import Path
from typing import Any

import pytest
from forgery import Event, change, events, findings

from procdef.audit.canonical import canonical_bytes

OTHER = [None, True, 5, "x", [], {}, [["x"]], {"id": ["x"]}]
"""What stands where something else belongs."""


def nested(depth: int) -> Any:
    value: Any = "x"
    for _ in range(depth):
        value = [value]
    return value


def place(log: sqlite3.Connection, kind: str, which: int = 0) -> tuple[str, int]:
    return [(e["stream"], e["n"]) for e in events(log) if e["type"] == kind][which]


def plant(log: sqlite3.Connection) -> None:
    """Something wrong with the last event of the stream that is read last."""
    last = "(SELECT max(n) FROM event WHERE stream = 'system')"
    log.execute(f"UPDATE event SET id = 'planted' WHERE stream = 'system' AND n = {last}")
    log.commit()


def told(file: Path, log: sqlite3.Connection) -> set[tuple[str, str]]:
    """The findings by stream, but for the one that was planted, which has to be among them."""
    plant(log)
    found = {(wrong.stream, wrong.code) for wrong in findings(file)}
    assert ("system", "projection") in found
    return found - {("system", "projection")}


@pytest.mark.parametrize("value", OTHER)
@pytest.mark.parametrize("key", ["i", "of", "id"])
def test_a_place_in_a_command_that_is_none(key: str, value: Any, file: Path, log: sqlite3.Connection) -> None:
    stream, n = place(log, "deal.started")
    (body,) = log.execute("SELECT body FROM event WHERE stream = ? AND n = ?", (stream, n)).fetchone()
    event = json.loads(body)
    event["cmd"][key] = value
    log.execute("UPDATE event SET body = ? WHERE stream = ? AND n = ?", (canonical_bytes(event), stream, n))
    assert (stream, "hash") in told(file, log)


@pytest.mark.parametrize("value", OTHER)
@pytest.mark.parametrize("kind", ["deal.started", "deal.noted", "log.created", "x-mine"])
def test_a_definition_that_is_none(kind: str, value: Any, file: Path, log: sqlite3.Connection) -> None:
    where = place(log, "deal.noted" if kind == "x-mine" else kind)
    change(log, where, lambda event: event.update(definition=value, type=kind))
    assert {code for stream, code in told(file, log) if stream == where[0]} & {"unreadable", "illegal", "newer-log"}


@pytest.mark.parametrize("key", ["id", "version", "lang", "sha256"])
@pytest.mark.parametrize("value", [None, True, 5.0, "x", [], {}])
def test_a_definition_with_a_part_that_is_none(key: str, value: Any, file: Path, log: sqlite3.Connection) -> None:
    if key == "id" and value == "x":
        value = 7
    where = place(log, "deal.started")
    change(log, where, lambda event: event["definition"].update({key: value if value != 5.0 else -1}))
    assert {code for stream, code in told(file, log) if stream == where[0]} & {"unreadable", "newer-log", "illegal"}


@pytest.mark.parametrize("depth", [3, 300, 700])
@pytest.mark.parametrize("key", ["unmet", "arguments", "facts", "do"])
def test_what_stands_deep(key: str, depth: int, file: Path, log: sqlite3.Connection) -> None:
    where = place(log, "step.refused")

    def edit(event: Event) -> None:
        event["data"][key] = nested(depth)

    change(log, where, edit)
    assert {code for stream, code in told(file, log) if stream == where[0]} & {"unreadable", "not-canonical"}
