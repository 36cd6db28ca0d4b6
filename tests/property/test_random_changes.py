"""Whatever is put in whatever place of an event, with hashes made anew or not, the check of the log comes to its end."""

from __future__ import annotations

import json
import random
import sqlite3
from collections.abc import Iterator
from contextlib import closing
from pathlib import Path
from typing import Any

import pytest
from honest_log import SELLER, make_log

from procdef import Engine, open_store
from procdef.log.canonical import LARGEST
from procdef.log.chain import FIRST, event_hash
from procdef.log.signed_note import Signer
from procdef.verification import Tally, verify
from procdef.verification.tree.assurance import Assurance
from procdef.verification.tree.whole_tree import verify_tree

GONE = object()
DEEP: list[Any] = []
for _ in range(700):
    DEEP = [DEEP]
OTHERS: tuple[Any, ...] = (
    GONE, None, True, False, 0, 5, -1, LARGEST, "x", "", "\x00", "a\u202eb", "9999-12-31T23:59:59.999999Z", "0" * 64, [], {},
    ["x"], [5], [[1]], [["x", 1, "/key"]], [["x", 1]], {"a": {"b": 1}}, {"id": 5}, {"values": []}, DEEP,
)  # fmt: skip
Steps = tuple[str | int, ...]


@pytest.fixture(scope="module")
def honest(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The honest log, with a key, an erasure and an export in it as well."""
    file = make_log(tmp_path_factory.mktemp("honest"))
    store = open_store(f"sqlite:///{file}")
    engine = Engine(store)
    engine.rekey(Signer(engine.origin, bytes([7] * 32)), by=SELLER)
    engine.erase("S1", ["email"], basis="art-17", by=SELLER)
    engine.exported("proof", {"with_personal": False, "deals": [engine.deal("S1").stream]}, 1, "ab" * 32, by=SELLER)
    store.close()
    return file


def places(value: Any, before: Steps = ()) -> Iterator[Steps]:
    """Every place in a JSON value below its root."""
    inner = value.items() if isinstance(value, dict) else enumerate(value) if isinstance(value, list) else ()
    for key, below in inner:
        yield (*before, key)
        yield from places(below, (*before, key))


def put(value: Any, path: Steps, other: Any) -> None:
    for key in path[:-1]:
        value = value[key]
    if other is GONE:
        del value[path[-1]]
    else:
        value[path[-1]] = other


def written(event: Any) -> bytes:
    return json.dumps(event, sort_keys=True, separators=(",", ":"), ensure_ascii=False).encode()


def chosen(log: sqlite3.Connection, luck: random.Random) -> tuple[str, int, bytes]:
    """Some event: of each type as often."""
    (kind,) = luck.choice(log.execute("SELECT DISTINCT type FROM event ORDER BY type").fetchall())
    rows = log.execute("SELECT stream, n, body FROM event WHERE type = ? ORDER BY stream, n", (kind,)).fetchall()
    stream, n, body = luck.choice(rows)
    return str(stream), int(n), bytes(body)


def resealed(log: sqlite3.Connection, stream: str) -> None:
    """Make the hashes, the columns and the leaves of a stream anew; not the tree over them."""
    prev = FIRST
    for n, body in log.execute("SELECT n, body FROM event WHERE stream = ? ORDER BY n", (stream,)).fetchall():
        event = {**json.loads(body), "prev": prev}
        body = written(event)
        prev = event_hash(body)
        columns = [str(event.get(key)) for key in ("id", "type", "at")]
        given = (*columns, body, prev, stream, n)
        log.execute("UPDATE event SET id=?, type=?, recorded=?, body=?, hash=? WHERE stream=? AND n=?", given)
        log.execute("UPDATE leaf SET hash = ? WHERE stream = ? AND n = ?", (prev, stream, n))


def found(file: Path) -> list[str]:
    store = open_store(f"sqlite:///{file}", read_only=True)
    try:
        with store.inspect() as tx:
            return [wrong.code for wrong in (*verify(tx, Tally()), *verify_tree(tx, (), Assurance()))]
    finally:
        store.close()


@pytest.mark.parametrize("reseal", [False, True])
@pytest.mark.parametrize("seed", range(2))
def test_no_change_ends_the_check(seed: int, reseal: bool, honest: Path, tmp_path: Path) -> None:
    luck, file = random.Random(f"{seed} {reseal}"), tmp_path / "copy.db"
    with closing(sqlite3.connect(honest)) as before, closing(sqlite3.connect(file)) as log:
        before.backup(log)
        log.execute("PRAGMA synchronous = OFF")
        assert found(file) == []
        for _ in range(25):
            stream, n, body = chosen(log, luck)
            event = json.loads(body)
            path, other = luck.choice([*places(event)]), luck.choice(OTHERS)
            put(event, path, other)
            tables = {t: log.execute(f"SELECT * FROM {t} WHERE stream = ?", (stream,)).fetchall() for t in ("event", "leaf")}
            log.execute("UPDATE event SET body = ? WHERE stream = ? AND n = ?", (written(event), stream, n))
            if reseal:
                resealed(log, stream)
            log.commit()
            left = log.execute("SELECT body FROM event WHERE stream = ? AND n = ?", (stream, n)).fetchone()
            assert left == (body,) or found(file) != [], (stream, n, path, other)
            for table, rows in tables.items():
                log.execute(f"DELETE FROM {table} WHERE stream = ?", (stream,))
                log.executemany(f"INSERT INTO {table} VALUES ({', '.join('?' * len(rows[0]))})", rows)
            log.commit()
