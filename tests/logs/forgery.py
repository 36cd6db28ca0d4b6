"""Rewriting a stored log as somebody would who can write to the database: hashes, chain, leaves and rows made anew."""

from __future__ import annotations

import json
import sqlite3
from collections.abc import Callable
from pathlib import Path
from typing import Any

from procdef import open_store
from procdef.log.canonical import encode
from procdef.log.chain import event_hash
from procdef.verification import Irregularity, Tally, verify

Event = dict[str, Any]


def findings(file: Path) -> list[Irregularity]:
    """Everything wrong with the log in that file."""
    store = open_store(f"sqlite:///{file}")
    try:
        with store.inspect() as tx:
            return list(verify(tx, Tally()))
    finally:
        store.close()


def events(log: sqlite3.Connection) -> list[Event]:
    """Every event, as stored, in the order of the log."""
    rows = log.execute("SELECT body FROM leaf JOIN event USING (stream, n) ORDER BY idx")
    return [json.loads(body) for (body,) in rows]


def change(log: sqlite3.Connection, place: tuple[str, int], edit: Callable[[Event], object]) -> None:
    """Edit an event and make all hashes of its stream anew."""
    stream, n = place
    (body,) = log.execute("SELECT body FROM event WHERE stream = ? AND n = ?", place).fetchone()
    event = json.loads(body)
    edit(event)
    _put(log, stream, n, event)
    rechain(log, stream)


def rechain(log: sqlite3.Connection, stream: str) -> None:
    """Make every hash of a stream anew, so that nothing in its bytes tells of a change."""
    prev = "0" * 64
    for n, body in log.execute("SELECT n, body FROM event WHERE stream = ? ORDER BY n", (stream,)).fetchall():
        event = {**json.loads(body), "prev": prev, "n": n}
        _put(log, stream, n, event)
        prev = event_hash(encode(event))
    log.execute("UPDATE deal SET head = ? WHERE stream = ?", (prev, stream))
    log.commit()


def _put(log: sqlite3.Connection, stream: str, n: int, event: Event) -> None:
    body = encode(event)
    digest = event_hash(body)
    given = (body, digest, event["type"], event["at"], stream, n)
    log.execute("UPDATE event SET body = ?, hash = ?, type = ?, recorded = ? WHERE stream = ? AND n = ?", given)
    log.execute("UPDATE leaf SET hash = ? WHERE stream = ? AND n = ?", (digest, stream, n))
