"""No forged event ends the check: it is a finding, and what is wrong with later streams is told too."""

from __future__ import annotations

import json
import sqlite3
from pathlib import Path
from typing import Any

import pytest
from forgery import events, findings

from procdef.audit.canonical import canonical_bytes

OTHER = [None, True, 5, "x", [], {}, [["x"]], {"id": ["x"]}]
"""What stands where something else belongs."""


def place(log: sqlite3.Connection, kind: str, which: int = 0) -> tuple[str, int]:
    return [(e["stream"], e["n"]) for e in events(log) if e["type"] == kind][which]


def plant(log: sqlite3.Connection) -> None:
    """Something wrong with the first event of the stream that is read last."""
    log.execute("UPDATE event SET id = 'planted' WHERE stream = 'system' AND n = 1")
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
