"""What somebody who can write to the database may try, each on the deal (or definition) that it is given."""

from __future__ import annotations

import json
import random
import sqlite3
from collections.abc import Callable
from typing import Any, NamedTuple

from earlier_layouts import without_a_tree
from procdef.log.canonical import canonical_bytes
from procdef.log.chain import event_hash
from procdef.log.merkle import Frontier

Log = sqlite3.Connection
Luck = random.Random
Event = dict[str, Any]


class Cheat(NamedTuple):
    """A cheat on one stream; one of these codes is found in that stream, whatever the place."""

    what: str
    commit: Callable[[Log, Luck, str], object]
    codes: tuple[str, ...]


def events_of(log: Log, stream: str) -> list[Event]:
    rows = log.execute("SELECT body FROM event WHERE stream = ? ORDER BY n", (stream,))
    return [json.loads(body) for (body,) in rows]


def inner(log: Log, luck: Luck, stream: str) -> Event:
    """An event of the deal that is neither the first nor the last."""
    return luck.choice(events_of(log, stream)[1:-1])


def put(log: Log, event: Event) -> str:
    """Write an event in its place with its own hash and leaf made anew; the hash."""
    body = canonical_bytes(event)
    digest, place = event_hash(body), (event["stream"], event["n"])
    given = (body, digest, event["type"], event["at"], event["id"], *place)
    log.execute("UPDATE event SET body = ?, hash = ?, type = ?, recorded = ?, id = ? WHERE stream = ? AND n = ?", given)
    log.execute("UPDATE leaf SET hash = ? WHERE stream = ? AND n = ?", (digest, *place))
    return digest


def rechain(log: Log, stream: str) -> None:
    """Make every hash of a deal anew, its row's too."""
    prev = "0" * 64
    for event in events_of(log, stream):
        prev = put(log, {**event, "prev": prev})
    (state,) = log.execute("SELECT state FROM deal WHERE stream = ?", (stream,)).fetchone()
    state = canonical_bytes({**json.loads(state), "head": prev})
    log.execute("UPDATE deal SET head = ?, state = ? WHERE stream = ?", (prev, state, stream))


def reseal(log: Log) -> None:
    """Make the tree anew, and throw away the notes that tell of another."""
    made, nodes = Frontier(), []
    for (digest,) in log.execute("SELECT hash FROM leaf ORDER BY idx").fetchall():
        nodes += made.add(bytes.fromhex(digest))
    log.execute("DELETE FROM note")
    log.execute("DELETE FROM node")
    log.executemany("INSERT INTO node VALUES (?, ?, ?)", nodes)
    log.execute("UPDATE tree SET frontier = ?, size = ?", (bytes(made), made.size))


def change_a_byte(log: Log, luck: Luck, stream: str) -> None:
    (n,) = luck.choice(log.execute("SELECT n FROM event WHERE stream = ?", (stream,)).fetchall())
    (body,) = log.execute("SELECT body FROM event WHERE stream = ? AND n = ?", (stream, n)).fetchone()
    at = luck.randrange(len(body))
    changed = body[:at] + bytes([body[at] ^ luck.randrange(1, 256)]) + body[at + 1 :]
    log.execute("UPDATE event SET body = ? WHERE stream = ? AND n = ?", (changed, stream, n))


def change_a_column(log: Log, luck: Luck, stream: str) -> None:
    table, column, value = luck.choice([
        ("event", "id", "x"), ("event", "type", "deal.noted"), ("event", "recorded", "2020-01-01T00:00:00.000000Z"),
        ("deal", "stage", "elsewhere"), ("deal", "owner", "x"), ("deal", "amount", "1"), ("deal", "won", "x"),
        ("stay", "stage", "elsewhere"), ("gate", "code", "x"), ("activity", "item", "x"), ("deal", "active", "x"),
        ("deal", "deadline", "x"), ("deal", "wake", "x"),
    ])  # fmt: skip
    where = f"stream = ? AND n = {1 if column != 'type' else 2}" if table == "event" else "stream = ?"
    log.execute(f"UPDATE {table} SET {column} = ? WHERE {where}", (value, stream))


def delete_an_event(log: Log, luck: Luck, stream: str) -> None:
    log.execute("DELETE FROM event WHERE stream = ? AND n = ?", (stream, inner(log, luck, stream)["n"]))


def truncate(log: Log, luck: Luck, stream: str) -> None:
    n = inner(log, luck, stream)["n"]
    for table in ("event", "leaf", "private", "gate", "activity"):
        log.execute(f"DELETE FROM {table} WHERE stream = ? AND n > ?", (stream, n))


def insert(log: Log, luck: Luck, stream: str) -> None:
    """A forged note in the middle; what comes after is numbered anew."""
    event = inner(log, luck, stream)
    n = event["n"]
    for (k,) in log.execute("SELECT n FROM event WHERE stream = ? AND n >= ? ORDER BY n DESC", (stream, n)).fetchall():
        for table in ("event", "leaf"):
            log.execute(f"UPDATE {table} SET n = ? WHERE stream = ? AND n = ?", (k + 1, stream, k))
    forged = {**event, "id": f"0{luck.randrange(10**9)}", "type": "deal.noted", "data": {}}
    body = canonical_bytes(forged)
    given = (stream, n, forged["id"], "deal.noted", forged["at"], event_hash(body), body)
    log.execute("INSERT INTO event (stream, n, id, type, recorded, hash, body) VALUES (?, ?, ?, ?, ?, ?, ?)", given)


def swap(log: Log, luck: Luck, stream: str) -> None:
    n = inner(log, luck, stream)["n"]
    for old, new in ((n, -1), (n + 1, n), (-1, n + 1)):
        log.execute("UPDATE event SET n = ? WHERE stream = ? AND n = ?", (new, stream, old))


def move(log: Log, luck: Luck, stream: str) -> None:
    """To the end of another deal, out of the ``stream``."""
    n = inner(log, luck, stream)["n"]
    others = log.execute("SELECT stream, n FROM deal WHERE stream <> ? ORDER BY started, stream", (stream,)).fetchall()
    other, _ = luck.choice(others)
    (last,) = log.execute("SELECT max(n) FROM event WHERE stream = ?", (other,)).fetchone()
    for table in ("event", "leaf"):
        log.execute(f"UPDATE {table} SET stream = ?, n = ? WHERE stream = ? AND n = ?", (other, last + 1, stream, n))


def backdate(log: Log, luck: Luck, stream: str) -> None:
    put(log, {**inner(log, luck, stream), "at": "2020-01-01T00:00:00.000000Z"})


def change_who(log: Log, luck: Luck, stream: str) -> None:
    event = inner(log, luck, stream)
    put(log, {**event, "by": {**event["by"], "id": "somebody-else"}})


def advance_what_was_refused(log: Log, luck: Luck, stream: str) -> None:
    """With all hashes of the deal made anew: only what it means gives it away."""
    refused = next(event for event in events_of(log, stream) if event["type"] == "step.refused")
    data = {"facts": refused["data"]["facts"], "from": "lead", "to": "offer"}
    put(log, {**refused, "type": "stage.advanced", "data": data})
    rechain(log, stream)


def change_a_definition(log: Log, luck: Luck, stream: str) -> None:
    name = stream.removeprefix("definition:")
    (source,) = log.execute("SELECT source FROM definition WHERE id = ?", (name,)).fetchone()
    at = luck.randrange(len(source))
    changed = source[:at] + bytes([source[at] ^ luck.randrange(1, 128)]) + source[at + 1 :]
    log.execute("UPDATE definition SET source = ? WHERE id = ?", (changed, name))


def delete_a_value(log: Log, luck: Luck, stream: str) -> None:
    n, path = luck.choice(log.execute("SELECT n, path FROM private WHERE stream = ? ORDER BY n, path", (stream,)).fetchall())
    log.execute("DELETE FROM private WHERE stream = ? AND n = ? AND path = ?", (stream, n, path))


def change_a_value(log: Log, luck: Luck, stream: str) -> None:
    n, path = luck.choice(log.execute("SELECT n, path FROM private WHERE stream = ? ORDER BY n, path", (stream,)).fetchall())
    place = (b'"another"', stream, n, path)
    log.execute("UPDATE private SET value = ? WHERE stream = ? AND n = ? AND path = ?", place)


def store_a_salt_as_text(log: Log, luck: Luck, stream: str) -> None:
    """Its bytes are the same; programs read something else there, or nothing."""
    n, path = luck.choice(log.execute("SELECT n, path FROM private WHERE stream = ? ORDER BY n, path", (stream,)).fetchall())
    place = "WHERE stream = ? AND n = ? AND path = ?"
    log.execute(f"UPDATE private SET salt = CAST(salt AS TEXT) {place}", (stream, n, path))


def take_the_tree_away(log: Log) -> None:
    """So that it reads like a log from before there was one, which is sealed when it is opened next."""
    without_a_tree(log)
    log.execute("PRAGMA user_version = 2")


CHEATS = [
    Cheat("a byte of an event changed", change_a_byte, ("not-canonical", "hash", "unreadable")),
    Cheat(
        "a column changed", change_a_column,
        ("projection", "deal-differs", "stay-differs", "gate-differs", "activity-differs"),
    ),
    Cheat("an event deleted", delete_an_event, ("gap", "events-missing")),
    Cheat("the end of a deal cut off", truncate, ("deal-differs", "command-torn", "value-missing")),
    Cheat("an event put in", insert, ("projection", "chain-broken")),
    Cheat("two events swapped", swap, ("projection",)),
    Cheat("an event moved to another deal", move, ("gap",)),
    Cheat("an event backdated, its hash made anew", backdate, ("time-backwards", "chain-broken")),
    Cheat("another person named, the hash made anew", change_who, ("chain-broken",)),
    Cheat("a refusal made an advance, the deal's chain made anew", advance_what_was_refused, ("illegal",)),
    Cheat("a personal value deleted without a record", delete_a_value, ("value-missing",)),
    Cheat("a personal value changed", change_a_value, ("value-changed",)),
    Cheat("the salt of a personal value stored as text", store_a_salt_as_text, ("unreadable",)),
]
DEFINITION = Cheat("the text of a definition replaced", change_a_definition, ("definition-changed",))
