"""A value that is gone and was erased is as it should be; one that is only gone, or still there, is not."""

from __future__ import annotations

import sqlite3
from pathlib import Path

import pytest
from forgery import Event, change, events, findings

Leaf = tuple[str, int, str]


@pytest.fixture
def stream(log: sqlite3.Connection) -> str:
    (stream,) = log.execute("SELECT stream FROM deal WHERE key LIKE 'Anna%'").fetchone()
    return str(stream)


def erase(log: sqlite3.Connection, stream: str, leaves: list[Leaf], listed: list[Leaf] | None = None) -> None:
    """Delete the values; the deal's last note becomes the event that tells of it."""

    def tell(event: Event) -> None:
        event["type"] = "privacy.erased"
        event["data"] = {"basis": "asked", "leaves": [list(leaf) for leaf in (leaves if listed is None else listed)]}
        del event["private"]

    last = max(event["n"] for event in events(log) if event["stream"] == stream and event["type"] == "deal.noted")
    for leaf in [*leaves, (stream, last, "/text")]:
        log.execute("DELETE FROM private WHERE stream = ? AND n = ? AND path = ?", leaf)
    if any(pointer == "/key" for _, _, pointer in leaves):
        log.execute("DELETE FROM request WHERE stream = ?", (stream,))
    log.execute("DELETE FROM activity WHERE stream = ? AND n = ?", (stream, last))
    change(log, (stream, last), tell)


def codes(file: Path) -> set[str]:
    """But for the deal's row, which nobody folded anew here."""
    return {wrong.code for wrong in findings(file)} - {"deal-differs"}


@pytest.mark.parametrize(
    "pointers",
    [
        [(5, "/text")],
        [(1, "/key")],
        [(1, "/values/email"), (1, "/values/health")],
        [(1, "/values/contacts/0/name"), (1, "/values/contacts/1/name"), (15, "/values/contacts/0/name")],
        [(1, "/values/story")],
        [(28, "/values/story")],
        [(2, "/evidence/text"), (9, "/note"), (13, "/evidence/name"), (22, "/reason"), (24, "/reason")],
    ],
)
def test_what_was_erased_is_missed_by_nobody(
    pointers: list[tuple[int, str]], file: Path, log: sqlite3.Connection, stream: str
) -> None:
    erase(log, stream, [(stream, n, pointer) for n, pointer in pointers])
    assert codes(file) == set()


def test_a_value_that_is_only_gone_is_missing(file: Path, log: sqlite3.Connection, stream: str) -> None:
    erase(log, stream, [(stream, 1, "/values/email"), (stream, 5, "/text")], listed=[(stream, 5, "/text")])
    missing = [wrong for wrong in findings(file) if wrong.code == "value-missing"]
    assert [(wrong.n, wrong.expected) for wrong in missing] == [(1, "the value of /values/email")]


def test_a_value_that_was_erased_and_is_still_there_is_a_finding(
    file: Path, log: sqlite3.Connection, stream: str
) -> None:
    erase(log, stream, [(stream, 5, "/text")], listed=[(stream, 5, "/text"), (stream, 1, "/values/email")])
    assert codes(file) == {"value-not-erased"}


def test_a_stream_tells_of_its_own_values_only(file: Path, log: sqlite3.Connection, stream: str) -> None:
    erase(log, stream, [], listed=[("system", 2, "/arguments/key")])
    assert codes(file) == {"value-not-erased"}
