"""``python -m benchmarks.postgresql``: steps, writers, the sealer, loading, and a million deals, on a server of its own.

By hand is what somebody would write on psycopg for the same transaction: the same statements one after the other, prepared and
on one cursor, with the same rows, the deal locked first and the tree taken where it is free. ``PROCDEF_BENCH_DEALS`` is how
many deals a large log has.
"""

from __future__ import annotations

import os
import statistics
import subprocess
import sys
from collections.abc import Callable, Iterator
from contextlib import closing
from itertools import count
from time import perf_counter
from typing import Any

import psycopg
from tests.postgresql import Server, schema_of

from benchmarks.ring import PROCESS, SELLER, VALUES, engine_on, imported
from benchmarks.rounds import Contender, Ratio, let_go, medians
from procdef import Engine
from procdef.language import load_source
from procdef.store import LastEvent, open_store

STEPS = 100
DEALS = int(os.environ.get("PROCDEF_BENCH_DEALS", "1000000"))
WRITERS = tuple(map(int, os.environ.get("PROCDEF_BENCH_WRITERS", "1,8,32").split(",")))
SECONDS = 4.0
_WRITER = "from benchmarks.postgresql import writer; import sys; writer(*sys.argv[1:])"


def measure(server: Server) -> Iterator[Ratio]:
    """The lines of the table."""
    with server.new_log() as url:
        yield _step(url)
    for writers in WRITERS:
        with server.new_log() as url:
            yield _throughput(url, writers)
    with server.new_log() as url:
        yield _sealing(url)
    with server.new_log() as url:
        yield _loading(url)
    with server.new_log() as few, server.new_log() as many:
        yield _latency(few, many)


def _step(url: str) -> Ratio:
    engine = engine_on(open_store(url))
    contenders: dict[str, Contender] = {
        "procdef": lambda: lambda: _advance(engine, "D", STEPS),
        "by hand": (lambda work: lambda: lambda: work(STEPS))(by_hand(url, "D-hand")),
    }
    found = medians(contenders, rounds=7, pieces=STEPS)
    return Ratio("durable step on PostgreSQL", "the same statements by hand", found["procdef"], found["by hand"], 1.5)


def _advance(engine: Engine, deal: str, steps: int) -> None:
    for step in range(steps):
        engine.advance(deal, "one" if step % 2 else "two", by=SELLER)


def by_hand(url: str, deal: str) -> Callable[[int], None]:
    """Steps of a deal of its own, each the rows of a real step, written without procdef."""
    s = schema_of(url)
    with closing(open_store(url)) as store:
        engine = Engine(store)
        engine.publish(load_source(PROCESS.encode(), "ring.yaml"), by=SELLER)
        engine.start("ring", deal, by=SELLER, values=VALUES)
        stored = []
        for to in ("two", "one"):
            engine.advance(deal, to, by=SELLER)
            with store.transaction(write=False) as tx:
                of_deal = tx.load([deal]).deals[deal]
                (last,) = tx.scan(LastEvent(of_deal.stream))
            stored.append((bytes(of_deal.state), last[3:]))
    stream = of_deal.stream
    connection = psycopg.connect(url.partition("&schema")[0], autocommit=True)
    cursor = connection.cursor(binary=True)

    def one(text: str, *parameters: Any) -> Any:
        return cursor.execute(text, parameters).fetchone()

    names = "stage, entered, active, n, head, state, process, version, mode, outcome, owner, started, fold, due, wake, deadline"
    numbers = count(4)

    def work(steps: int) -> None:
        for n in (next(numbers) for _ in range(steps)):
            stage, (state, event) = "one" if n % 2 else "two", stored[n % 2]
            with connection.transaction():
                one(f"SELECT {names}, amount, expected, offered, won, lost, finished, reason, key FROM {s}.deal "
                    "WHERE key = %s FOR UPDATE", deal)  # fmt: skip
                one(f"SELECT type FROM {s}.event WHERE stream = 'system' ORDER BY n DESC LIMIT 1")
                cursor.execute(
                    f"UPDATE {s}.deal SET stage = %s, entered = %s, active = %s, n = %s, head = %s, state = %s "
                    "WHERE stream = %s AND n = %s",
                    (stage, event[1], event[1], n, event[2], state, stream, n - 1),
                )
                cursor.execute(
                    f"INSERT INTO {s}.event VALUES (%s, %s, %s, %s, %s, %s, %s)", (stream, n, f"{deal}{n}", *event)
                )
                stay = (
                    f"INSERT INTO {s}.stay VALUES (%s, %s, %s, %s, NULL, NULL, NULL) "
                    "ON CONFLICT (stream, k) DO UPDATE SET how = 'advanced'"
                )
                cursor.execute(stay, (stream, n - 1, stage, event[1]))
                cursor.execute(stay, (stream, n, stage, event[1]))
                tree = one(
                    f"SELECT size, frontier, EXISTS (SELECT FROM {s}.pending) FROM {s}.tree FOR UPDATE SKIP LOCKED"
                )
                if tree is None:
                    cursor.execute(f"INSERT INTO {s}.pending VALUES (%s, %s, %s, %s)", (stream, n, event[2], event[1]))
                    continue
                waits: list[Any] = []
                if tree[2]:
                    waits = cursor.execute(
                        f"DELETE FROM {s}.pending WHERE (stream, n) IN "
                        f"(SELECT stream, n FROM {s}.pending ORDER BY seq LIMIT 1000) RETURNING stream, n, hash"
                    ).fetchall()
                for at, (of, k, digest) in enumerate([*waits, (stream, n, event[2])], tree[0]):
                    cursor.execute(f"INSERT INTO {s}.leaf VALUES (%s, %s, %s, %s)", (at, of, k, digest))
                size = tree[0] + len(waits) + 1
                frontier = b"%032d" % n * size.bit_count()
                cursor.execute(f"UPDATE {s}.tree SET size = %s, frontier = %s", (size, frontier))

    return work


def writer(how: str, url: str, name: str) -> None:
    """A process that takes steps for some seconds once it is told to, and prints how many; each writer has a deal of its
    own."""
    if how == "hand":
        work = by_hand(url, name)
    else:
        engine = Engine(open_store(url))
        engine.start("ring", name, by=SELLER, values=VALUES)
        moves = (("one" if step % 2 else "two") for step in count())

        def work(steps: int) -> None:
            for _ in range(steps):
                engine.advance(name, next(moves), by=SELLER)

    work(5)
    print("ready", flush=True)
    sys.stdin.readline()
    done, began = 0, perf_counter()
    while perf_counter() - began < SECONDS:
        work(1)
        done += 1
    print(done, flush=True)


def _throughput(url: str, writers: int) -> Ratio:
    with closing(open_store(url)) as store:
        Engine(store).publish(load_source(PROCESS.encode(), "ring.yaml"), by=SELLER)
    found = {how: [] for how in ("procdef", "hand")}
    for turn in range(2):
        for how, rates in found.items():
            processes = [_begun(how, url, f"{how}-{turn}-{k}") for k in range(writers)]
            let_go(processes)
            rates.append(sum(int(each.communicate()[0]) for each in processes) / SECONDS)
    ours, theirs = max(found["procdef"]), max(found["hand"])
    print(f"  {writers} writers: {ours:.0f} steps a second, by hand {theirs:.0f}: {ours / theirs:.2f}", flush=True)
    return Ratio(f"steps of {writers} writers, time of one", "the same loop by hand", 1 / ours, 1 / theirs, 1 / 0.7)


def _begun(how: str, url: str, name: str) -> subprocess.Popen[str]:
    pipe = subprocess.PIPE
    return subprocess.Popen([sys.executable, "-c", _WRITER, how, url, name], stdin=pipe, stdout=pipe, text=True)


def _sealing(url: str) -> Ratio:
    events, s = 60_000, schema_of(url)
    with closing(open_store(url)) as store, psycopg.connect(url.partition("&schema")[0]) as connection:
        connection.execute(
            f"INSERT INTO {s}.event (stream, n, id, type, recorded, hash, body) SELECT 'deal:' || (k %% 1000), k, k, "
            "'deal.noted', '2026', encode(sha256(k::text::bytea), 'hex'), '{}' FROM generate_series(1, %s) k",
            (events,),
        )
        # Only what is stored as an event waits: other rows of pending are passed over.
        connection.execute(
            f"INSERT INTO {s}.pending (stream, n, hash, recorded) SELECT stream, n, hash, recorded FROM {s}.event ORDER BY n"
        )
        connection.commit()
        began = perf_counter()
        assert store.seal() == events
        taken = perf_counter() - began
    print(f"  sealer: {events / taken:.0f} events a second", flush=True)
    return Ratio("sealing an event", "a second by 20,000", taken / events, 1 / 20_000, 1.0)


def _loading(url: str) -> Ratio:
    deals = 5000
    with closing(open_store(url)) as store:
        engine = Engine(store)
        definition = load_source(PROCESS.encode(), "ring.yaml")
        began = perf_counter()
        assert all(each.status == "applied" for each in engine.run(definition, imported(deals), by=SELLER))
        taken = (perf_counter() - began) / (4 * deals)
    print(f"  run: {1 / taken:.0f} steps a second", flush=True)
    return Ratio("step of run", "a second by 5,000", taken, 1 / 5_000, 1.0)


def _latency(few: str, many: str) -> Ratio:
    """One step of one deal among a thousand, and among a million: the median of turns."""
    engines = {url: _filled(url, deals) for url, deals in ((few, 1000), (many, DEALS))}
    taken: dict[str, list[float]] = {few: [], many: []}
    for turn in range(300):
        for url, engine in engines.items():
            deals = 1000 if url == few else DEALS
            key = f"K-{(turn * 7919) % deals}"
            began = perf_counter()
            engine.advance(key, "two", by=SELLER)
            taken[url].append(perf_counter() - began)
    found = {url: statistics.median(times[50:]) for url, times in taken.items()}
    return Ratio(f"step among {DEALS:,} deals", "among 1,000", found[many], found[few], 1.3)


def _filled(url: str, deals: int) -> Engine:
    """A log whose deals were copied on the server from one that was started; each has its event, which tells of that one."""
    s, engine = schema_of(url), engine_on(open_store(url))
    with psycopg.connect(url.partition("&schema")[0]) as connection:
        made = connection.execute(f"SELECT * FROM {s}.deal LIMIT 0").description or ()
        names = [column.name for column in made]
        stream, key = "'deal:' || md5(k::text)", "'K-' || k"
        state = f"replace(replace(convert_from(state, 'UTF8'), stream, {stream}), '\"' || key || '\"', '\"' || {key} || '\"')"
        shown = {"stream": stream, "key": key, "state": f"convert_to({state}, 'UTF8')"}
        each = ", ".join(shown.get(name, name) for name in names)
        connection.execute(
            f"INSERT INTO {s}.deal ({', '.join(names)}) SELECT {each} FROM {s}.deal, generate_series(0, {deals - 1}) k"
        )
        for table, columns in (
            ("event", "n, id, type, recorded, hash, body"),
            ("stay", "k, stage, entered, left_at, how, due"),
        ):
            connection.execute(
                f"INSERT INTO {s}.{table} (stream, {columns}) SELECT 'deal:' || md5(i::text), {columns} FROM {s}.{table} "
                f"CROSS JOIN generate_series(0, {deals - 1}) i WHERE stream LIKE 'deal:%'"
            )
        connection.commit()
        connection.autocommit = True
        connection.execute(f"VACUUM (ANALYZE) {s}.deal")
    return engine


def main() -> None:
    """Print the table as it goes along."""
    server = Server()
    try:
        print(f"PostgreSQL {server.execute('SHOW server_version')[0][0]}, fsync on", flush=True)
        for found in measure(server):
            verdict = "reached" if found.times <= found.most else "missed"
            times = f"{found.ours * 1e6:.0f} | {found.theirs * 1e6:.0f} | {found.times:.2f}"
            print(f"| {found.work} | {found.against} | {times} | {found.most:.2f} | {verdict} |", flush=True)
    finally:
        server.remove()


if __name__ == "__main__":
    main()
