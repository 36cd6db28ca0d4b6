"""No cheat on a stored log goes unseen: each is done at several seeded places, each time on a copy of an honest log."""

from __future__ import annotations

import json
import random
import sqlite3
from collections.abc import Callable, Iterator
from contextlib import closing
from pathlib import Path
from typing import Any

import pytest
from honest_log import make_log

from procdef import open_store
from procdef.log.canonical import canonical_bytes
from procdef.log.chain import event_hash
from procdef.verification import Tally, verify

PLACES = range(4)

Cheat = Callable[[sqlite3.Connection, random.Random], None]


@pytest.fixture(scope="module")
def honest(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return make_log(tmp_path_factory.mktemp("honest"))


def copied(honest: Path, to: Path) -> Path:
    file = to / "copy.db"
    with closing(sqlite3.connect(honest)) as before, closing(sqlite3.connect(file)) as after:
        before.backup(after)
    return file


def findings(file: Path) -> set[str]:
    store = open_store(f"sqlite:///{file}")
    try:
        with store.inspect() as tx:
            return {found.code for found in verify(tx, Tally())}
    finally:
        store.close()


def test_an_honest_log_has_no_finding(honest: Path) -> None:
    tally = Tally()
    store = open_store(f"sqlite:///{honest}")
    with store.inspect() as tx:
        assert list(verify(tx, tally)) == []
    store.close()
    assert (tally.deals, tally.definitions) == (32, 2)


# Picking a place


def pick(log: sqlite3.Connection, luck: random.Random, sql: str, *given: object) -> Any:
    return luck.choice(log.execute(sql, given).fetchall())


def an_event(log: sqlite3.Connection, luck: random.Random, condition: str = "1") -> tuple[str, int]:
    stream, n = pick(log, luck, f"SELECT stream, n FROM event WHERE {condition} ORDER BY stream, n")
    return stream, n


def an_inner_event(log: sqlite3.Connection, luck: random.Random) -> tuple[str, int]:
    """An event of a deal that has an event after it."""
    return an_event(
        log, luck, "stream LIKE 'deal:%' AND n < (SELECT max(n) FROM event o WHERE o.stream = event.stream)"
    )


def body_of(log: sqlite3.Connection, stream: str, n: int) -> bytes:
    (body,) = log.execute("SELECT body FROM event WHERE stream = ? AND n = ?", (stream, n)).fetchone()
    return bytes(body)


def put(log: sqlite3.Connection, stream: str, n: int, event: dict[str, Any]) -> None:
    """Replace an event, its own hash and leaf made anew."""
    body = canonical_bytes(event)
    digest = event_hash(body)
    given = (body, digest, event["type"], event["at"], stream, n)
    log.execute("UPDATE event SET body = ?, hash = ?, type = ?, recorded = ? WHERE stream = ? AND n = ?", given)
    log.execute("UPDATE leaf SET hash = ? WHERE stream = ? AND n = ?", (digest, stream, n))


def rechain(log: sqlite3.Connection, stream: str) -> None:
    """Make every hash of a stream anew, so that nothing in its bytes tells of the change."""
    prev = "0" * 64
    for (n,) in log.execute("SELECT n FROM event WHERE stream = ? ORDER BY n", (stream,)).fetchall():
        event = json.loads(body_of(log, stream, n))
        event["prev"] = prev
        put(log, stream, n, event)
        prev = event_hash(canonical_bytes(event))
    log.execute("UPDATE deal SET head = ? WHERE stream = ?", (prev, stream))


# The cheats


def change_a_byte(log: sqlite3.Connection, luck: random.Random) -> None:
    stream, n = an_event(log, luck)
    body = bytearray(body_of(log, stream, n))
    place = luck.randrange(len(body))
    body[place] = (body[place] + luck.randrange(1, 256)) % 256
    log.execute("UPDATE event SET body = ? WHERE stream = ? AND n = ?", (bytes(body), stream, n))


def change_a_column(table: str, column: str, condition: str = "1", value: object = None) -> Cheat:
    """Another value of the same kind in a column of some row."""

    def cheat(log: sqlite3.Connection, luck: random.Random) -> None:
        found = pick(log, luck, f"SELECT * FROM {table} WHERE {condition} ORDER BY stream")
        names = [row[1] for row in log.execute(f"PRAGMA table_info({table})")]
        old = found[names.index(column)]
        if value is not None:
            new: object = value
        elif isinstance(old, int):
            new = old + 1000
        else:
            new = f"{old}x" if old is not None else "2026-03-02T08:00:00.000000Z"
        match = " AND ".join(f"{name} IS ?" for name in names)
        assert log.execute(f"UPDATE {table} SET {column} = ? WHERE {match}", (new, *found)).rowcount == 1

    return cheat


def change_the_size(log: sqlite3.Connection, luck: random.Random) -> None:
    log.execute("UPDATE tree SET size = size + ?", (luck.choice([-1, 1]),))


def delete_an_event(log: sqlite3.Connection, luck: random.Random) -> None:
    log.execute("DELETE FROM event WHERE stream = ? AND n = ?", an_event(log, luck, "stream LIKE 'deal:%'"))


def truncate_a_tail(log: sqlite3.Connection, luck: random.Random) -> None:
    """The last events of a deal go, with their leaves, values, gates and requests; the leaves are numbered anew."""
    stream, n = an_inner_event(log, luck)
    for table in ("event", "leaf", "private", "gate", "activity"):
        log.execute(f"DELETE FROM {table} WHERE stream = ? AND n > ?", (stream, n))
    log.execute("DELETE FROM request WHERE stream = ? AND last > ?", (stream, n))
    renumber(log)


def renumber(log: sqlite3.Connection) -> None:
    rows = log.execute("SELECT stream, n, hash FROM leaf ORDER BY idx").fetchall()
    log.execute("DELETE FROM leaf")
    log.executemany("INSERT INTO leaf VALUES (?, ?, ?, ?)", [(idx, *row) for idx, row in enumerate(rows)])
    log.execute("UPDATE tree SET size = ?", (len(rows),))


def delete_a_stream(log: sqlite3.Connection, luck: random.Random) -> None:
    """All events of a deal go, the leaves numbered anew; its row stays."""
    (stream,) = pick(log, luck, "SELECT stream FROM deal ORDER BY stream")
    for table in ("event", "leaf"):
        log.execute(f"DELETE FROM {table} WHERE stream = ?", (stream,))
    renumber(log)


def swap_two(log: sqlite3.Connection, luck: random.Random) -> None:
    stream, n = an_inner_event(log, luck)
    for old, new in ((n, -1), (n + 1, n), (-1, n + 1)):
        log.execute("UPDATE event SET n = ? WHERE stream = ? AND n = ?", (new, stream, old))


def swap_two_with_new_hashes(log: sqlite3.Connection, luck: random.Random) -> None:
    """The start and what followed it change places, numbers and chain made anew."""
    (stream,) = pick(log, luck, "SELECT stream FROM deal ORDER BY stream")
    first, second = json.loads(body_of(log, stream, 1)), json.loads(body_of(log, stream, 2))
    put(log, stream, 1, {**second, "n": 1})
    put(log, stream, 2, {**first, "n": 2})
    rechain(log, stream)


def move_to_another_deal(log: sqlite3.Connection, luck: random.Random) -> None:
    stream, n = an_event(log, luck, "stream LIKE 'deal:%'")
    other, last = pick(log, luck, "SELECT stream, n FROM deal WHERE stream <> ? ORDER BY stream", stream)
    log.execute("UPDATE event SET stream = ?, n = ? WHERE stream = ? AND n = ?", (other, last + 1, stream, n))
    log.execute("UPDATE leaf SET stream = ?, n = ? WHERE stream = ? AND n = ?", (other, last + 1, stream, n))


def change_who(log: sqlite3.Connection, luck: random.Random) -> None:
    stream, n = an_inner_event(log, luck)
    event = json.loads(body_of(log, stream, n))
    event["by"]["id"] = "somebody-else"
    put(log, stream, n, event)


def change_the_last(log: sqlite3.Connection, luck: random.Random) -> None:
    """As ``change_who``, at the last event: no later event names its hash, only the deal's row does."""
    stream, n = pick(log, luck, "SELECT stream, n FROM deal ORDER BY stream")
    event = json.loads(body_of(log, stream, n))
    event["by"]["id"] = "somebody-else"
    put(log, stream, n, event)


def advance_what_was_refused(log: sqlite3.Connection, luck: random.Random) -> None:
    chosen = "SELECT DISTINCT stream, n, stage FROM gate WHERE step = 'advance' AND result = 'unmet' ORDER BY stream, n"
    stream, n, stage = pick(log, luck, chosen)
    event = json.loads(body_of(log, stream, n))
    to = {"lead": "offer", "offer": "delivery", "prospecting": "engaging"}[stage]
    event["data"] = {"facts": event["data"]["facts"], "from": stage, "to": to}
    event["type"] = "stage.advanced"
    put(log, stream, n, event)
    rechain(log, stream)


def drop_an_unwelcome_event(log: sqlite3.Connection, luck: random.Random) -> None:
    """An event that is not the last goes; numbers, hashes, leaves, values and gates are made anew around the hole."""
    stream, n = an_event(log, luck, "type IN ('stage.advanced', 'action.completed') AND stream LIKE 'deal:%'")
    log.execute("DELETE FROM event WHERE stream = ? AND n = ?", (stream, n))
    for table in ("leaf", "private", "gate", "activity"):
        log.execute(f"DELETE FROM {table} WHERE stream = ? AND n = ?", (stream, n))
    for (k,) in log.execute("SELECT n FROM event WHERE stream = ? AND n > ? ORDER BY n", (stream, n)).fetchall():
        event = json.loads(body_of(log, stream, k))
        event["n"] = k - 1
        put(log, stream, k, event)
        for table in ("event", "leaf", "private", "gate", "activity"):
            log.execute(f"UPDATE {table} SET n = n - 1 WHERE stream = ? AND n = ?", (stream, k))
    renumber(log)
    rechain(log, stream)


def delete_a_value(log: sqlite3.Connection, luck: random.Random) -> None:
    place = pick(log, luck, "SELECT stream, n, path FROM private ORDER BY stream, n, path")
    log.execute("DELETE FROM private WHERE stream = ? AND n = ? AND path = ?", place)


def change_a_value(log: sqlite3.Connection, luck: random.Random) -> None:
    place = pick(log, luck, "SELECT stream, n, path FROM private ORDER BY stream, n, path")
    log.execute("UPDATE private SET value = ? WHERE stream = ? AND n = ? AND path = ?", (b'"another"', *place))


def change_a_salt(log: sqlite3.Connection, luck: random.Random) -> None:
    place = pick(log, luck, "SELECT stream, n, path FROM private ORDER BY stream, n, path")
    log.execute("UPDATE private SET salt = ? WHERE stream = ? AND n = ? AND path = ?", (b"s" * 32, *place))


def add_a_value(log: sqlite3.Connection, luck: random.Random) -> None:
    log.execute("INSERT INTO private VALUES (?, ?, '/extra', ?, ?)", (*an_event(log, luck), b"s" * 32, b'"extra"'))


def change_a_definition(log: sqlite3.Connection, luck: random.Random) -> None:
    sha, source = pick(log, luck, "SELECT sha256, source FROM definition ORDER BY id")
    changed = bytearray(source)
    changed[luck.randrange(len(changed))] ^= luck.randrange(1, 256)
    log.execute("UPDATE definition SET source = ? WHERE sha256 = ?", (bytes(changed), sha))


def delete_a_definition(log: sqlite3.Connection, luck: random.Random) -> None:
    log.execute("DELETE FROM definition WHERE id = ?", pick(log, luck, "SELECT id FROM definition ORDER BY id"))


def change_the_state(log: sqlite3.Connection, luck: random.Random) -> None:
    stream, state = pick(log, luck, "SELECT stream, state FROM deal ORDER BY stream")
    changed = canonical_bytes({**json.loads(state), "owner": "somebody-else"})
    log.execute("UPDATE deal SET state = ? WHERE stream = ?", (changed, stream))


def delete_from(table: str) -> Cheat:
    def cheat(log: sqlite3.Connection, luck: random.Random) -> None:
        (stream,) = pick(log, luck, f"SELECT DISTINCT stream FROM {table} ORDER BY stream")
        log.execute(f"DELETE FROM {table} WHERE stream = ?", (stream,))

    return cheat


def change_the_log(log: sqlite3.Connection, luck: random.Random) -> None:
    log.execute("UPDATE tree SET log = ?", (f"another-{luck.random()}",))


def on_event(column: str) -> Cheat:
    return change_a_column("event", column)


DEAL_COLUMNS = [
    *(
        "stream",
        "key",
        "process",
        "version",
        "stage",
        "mode",
        "outcome",
        "owner",
        "started",
        "entered",
        "due",
        "amount",
    ),
    *("expected", "offered", "won", "lost", "finished", "reason", "active", "deadline", "n", "head", "fold"),
]
STAY_COLUMNS = ["stream", "k", "stage", "entered", "left_at", "how", "due"]
ACTIVITY_COLUMNS = ["stream", "n", "k", "process", "version", "stage", "occurred", "kind", "item", "detail"]
GATE_COLUMNS = ["stream", "n", "process", "version", "stage", "occurred", "step", "item", "code", "result"]

CHEATS: dict[str, tuple[Cheat, set[str]]] = {
    "a byte of a body": (change_a_byte, {"not-canonical", "hash"}),
    "event.stream": (on_event("stream"), {"projection"}),
    "event.n": (on_event("n"), {"gap", "projection"}),
    **{f"event.{name}": (on_event(name), {"projection"}) for name in ("id", "type", "recorded")},
    "event.hash": (on_event("hash"), {"hash"}),
    "leaf.hash": (change_a_column("leaf", "hash"), {"leaf-hash"}),
    "leaf.idx": (change_a_column("leaf", "idx"), {"leaf-gap"}),
    "leaf.stream": (change_a_column("leaf", "stream"), {"leaf-missing"}),
    "tree.size": (change_the_size, {"size-differs"}),
    "a deleted event": (delete_an_event, {"gap", "events-missing"}),
    "a truncated tail": (truncate_a_tail, {"deal-differs", "command-torn"}),
    "a deleted stream": (delete_a_stream, {"events-missing"}),
    "two swapped": (swap_two, {"projection"}),
    "two swapped, hashes anew": (swap_two_with_new_hashes, {"projection"}),
    "an event of another deal": (move_to_another_deal, {"projection"}),
    "another person": (change_who, {"chain-broken"}),
    "another person at the end": (change_the_last, {"deal-differs", "command-torn"}),
    "a refusal made an advance": (advance_what_was_refused, {"illegal"}),
    "an unwelcome event dropped": (
        drop_an_unwelcome_event,
        {"value-changed", "illegal", "deal-differs", "command-torn"},
    ),
    "a value deleted": (delete_a_value, {"value-missing"}),
    "a value changed": (change_a_value, {"value-changed"}),
    "a salt changed": (change_a_salt, {"value-changed"}),
    "a value added": (add_a_value, {"value-without-event"}),
    "a definition changed": (change_a_definition, {"definition-changed"}),
    "a definition deleted": (delete_a_definition, {"definition-missing"}),
    **{f"deal.{name}": (change_a_column("deal", name), {"deal-differs", "deal-missing"}) for name in DEAL_COLUMNS},
    "deal.wake": (change_a_column("deal", "wake", value="soon"), {"deal-differs"}),
    "deal.state": (change_the_state, {"deal-differs"}),
    "a deal row deleted": (delete_from("deal"), {"deal-missing"}),
    **{f"stay.{name}": (change_a_column("stay", name), {"stay-differs"}) for name in STAY_COLUMNS},
    "stays deleted": (delete_from("stay"), {"stay-differs"}),
    **{
        f"gate.{name}": (change_a_column("gate", name, "stream LIKE 'deal:%'"), {"gate-differs"})
        for name in GATE_COLUMNS
    },
    **{
        f"activity.{name}": (change_a_column("activity", name, "stream LIKE 'deal:%'"), {"activity-differs"})
        for name in ACTIVITY_COLUMNS
    },
    "activities deleted": (delete_from("activity"), {"activity-differs"}),
    "gates deleted": (delete_from("gate"), {"gate-differs"}),
    "request.last": (change_a_column("request", "last"), {"request-differs"}),
    "another log": (change_the_log, {"projection"}),
}


@pytest.fixture
def seeded(request: pytest.FixtureRequest) -> Iterator[random.Random]:
    return random.Random(request.node.name)


@pytest.mark.parametrize("place", PLACES)
@pytest.mark.parametrize("cheat", CHEATS)
def test_a_cheat_is_found(cheat: str, place: int, honest: Path, tmp_path: Path, seeded: random.Random) -> None:
    commit, expected = CHEATS[cheat]
    file = copied(honest, tmp_path)
    with closing(sqlite3.connect(file)) as log:
        commit(log, seeded)
        log.commit()
    found = findings(file)
    assert expected & found, f"place {place}: {sorted(found)}"
