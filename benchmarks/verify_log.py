"""Verifying a log, against reading and hashing the same bodies and nothing else."""

from __future__ import annotations

import json
import sqlite3
from collections.abc import Iterator
from hashlib import sha256
from itertools import groupby
from operator import itemgetter
from pathlib import Path
from time import process_time

from benchmarks.bulk_run import play
from benchmarks.rounds import Ratio, medians
from procdef.store import open_store
from procdef.verification import Tally, verify
from procdef.verification.bytes.canonical_fast_path import KnownParts
from procdef.verification.bytes.chain_check import Chain, Opening

COLUMNS = "stream, n, id, type, recorded, hash, body"


def measure(folder: Path) -> Iterator[Ratio]:
    """The table's lines for one event: its bytes alone, and all of it with openings and meaning."""
    file = folder / "verify.db"
    play(file)
    connection = sqlite3.connect(file)
    (log,) = connection.execute("SELECT log FROM tree").fetchone()
    bodies = [body for (body,) in connection.execute("SELECT body FROM event")]
    store = open_store(f"sqlite:///{file}")

    def bare() -> None:
        for body in bodies:
            json.loads(body)
            sha256(b"\x00" + body).hexdigest()

    sealed: dict[str, dict[int, list[Opening]]] = {}
    for stream, n, *opening in connection.execute("SELECT stream, n, path, salt, value FROM private"):
        sealed.setdefault(stream, {}).setdefault(n, []).append(tuple(opening))

    def its_bytes() -> None:
        rows = connection.execute(f"SELECT {COLUMNS} FROM event ORDER BY stream, n")
        parts = KnownParts()
        for stream, events in groupby(rows, key=itemgetter(0)):
            chain, openings = Chain(log, stream, parts), sealed.get(stream, {})
            assert not any(chain.check(row, openings.get(row[1], ()))[1] for row in events)
            assert not list(chain.end())

    def everything() -> None:
        with store.inspect() as tx:
            assert not list(verify(tx, Tally()))

    works = {"bare": lambda: bare, "bytes": lambda: its_bytes, "all": lambda: everything}
    found = medians(works, rounds=11, pieces=len(bodies), clock=process_time)
    yield Ratio("audit verify, bytes", "json.loads and sha256", found["bytes"], found["bare"], 5.0)
    yield Ratio("audit verify, all", "json.loads and sha256", found["all"], found["bare"], 10.0)
