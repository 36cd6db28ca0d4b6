"""Several at once on one deal: threads, processes and the application's own transactions; and clocks that go wrong."""

from __future__ import annotations

import json
import pickle
import sqlite3
import subprocess
import sys
from collections import Counter
from collections.abc import Callable, Iterator
from concurrent.futures import ThreadPoolExecutor
from contextlib import closing
from threading import Barrier
from time import monotonic
from typing import TYPE_CHECKING, Any

import pytest

from procdef import (
    ClockBehind,
    DealExists,
    Engine,
    FeedItem,
    InvalidArgument,
    ProcdefError,
    RequestConflict,
    StepRefused,
    UnknownDeal,
)
from procdef.verification import Tally, verify

if TYPE_CHECKING:
    from conftest import Desk

THREADS = 6
sqlite_only = pytest.mark.parametrize("desk", ["sqlite"], indirect=True)
WRITER = """
import json, sys
from procdef import Actor, Engine, open_store
url, who, notes = sys.argv[1:]
engine = Engine(open_store(url))
seller = Actor("maija", frozenset({"seller"}))
for number in range(int(notes)):
    done = engine.note("D", f"{who} wrote {number}", by=seller, request=f"{who}-{number}")
    shared = engine.note("D", f"everybody wrote {number}", by=seller, request=f"shared-{number}")
    print(json.dumps([[e["n"], e["data"]["text"]] for e in (*done.events, *shared.events)]), flush=True)
"""


@pytest.fixture(autouse=True)
def the_log_is_clean(desk: Desk) -> Iterator[None]:
    """Whatever a test did, the log verifies afterwards."""
    yield
    with desk.store.inspect() as tx:
        assert list(verify(tx, Tally())) == []


def at_once(work: Callable[[int], Any]) -> list[Any]:
    """What all threads came to, each a value or the error that it raised; they begin together."""
    barrier = Barrier(THREADS)

    def one(number: int) -> Any:
        barrier.wait()
        try:
            return work(number)
        except ProcdefError as error:
            return error

    with ThreadPoolExecutor(THREADS) as pool:
        return list(pool.map(one, range(THREADS)))


def begun(desk: Desk) -> None:
    desk.engine.start("small", "D", by=desk.seller, stage="lead", values={"company": "Acme"})


def types(desk: Desk) -> list[str]:
    return [event["type"] for event in desk.engine.events("D")]


def test_nothing_that_threads_write_is_lost_or_doubled(desk: Desk) -> None:
    begun(desk)

    def write(thread: int) -> list[tuple[int, str]]:
        return [
            (event["n"], event["data"]["text"])
            for number in range(15)
            for event in desk.engine.note("D", f"{thread} wrote {number}", by=desk.seller).events
        ]

    acknowledged = [pair for pairs in at_once(write) for pair in pairs]
    events = desk.engine.events("D")
    assert list(range(1, 15 * THREADS + 2)) == [event["n"] for event in events]
    assert sorted(acknowledged) == [(event["n"], event["data"]["text"]) for event in events[1:]]


@sqlite_only
def test_nothing_that_processes_write_is_lost_or_doubled(desk: Desk) -> None:
    begun(desk)
    command = [sys.executable, "-c", WRITER, f"sqlite:///{desk.store.path}"]
    writers = [
        subprocess.Popen([*command, who, "25"], stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True)
        for who in ("anna", "bert", "cleo")
    ]
    told = [writer.communicate(timeout=60) for writer in writers]
    assert [(err, writer.returncode) for (_, err), writer in zip(told, writers, strict=True)] == [("", 0)] * 3
    acknowledged = [(n, text) for out, _ in told for line in out.splitlines() for n, text in json.loads(line)]
    events = desk.engine.events("D")
    assert list(range(1, 102)) == [event["n"] for event in events]
    assert sorted(acknowledged) == [(event["n"], event["data"]["text"]) for event in events[1:]]


def test_a_request_sent_by_all_threads_is_applied_once(desk: Desk) -> None:
    begun(desk)
    told = at_once(lambda _: desk.engine.note("D", "Called", by=desk.seller, request="r-1"))
    assert Counter({True: THREADS - 1, False: 1}) == Counter(done.replayed for done in told)
    assert types(desk) == ["deal.started", "deal.noted"]


def test_a_start_sent_by_all_threads_makes_one_deal(desk: Desk) -> None:
    told = at_once(lambda _: desk.engine.start("small", "D", by=desk.seller, stage="lead", request="r-1"))
    assert Counter({True: THREADS - 1, False: 1}) == Counter(done.replayed for done in told)
    assert {desk.engine.deal("D").stream} == {done.deal.stream for done in told}


def test_of_starts_without_a_request_key_one_wins(desk: Desk) -> None:
    told = at_once(lambda _: desk.engine.start("small", "D", by=desk.seller, stage="lead"))
    assert [DealExists] * (THREADS - 1) == [type(each) for each in told if isinstance(each, ProcdefError)]
    assert types(desk) == ["deal.started"]


def test_a_refusal_asked_for_by_all_threads_is_logged_once(desk: Desk) -> None:
    begun(desk)
    told = at_once(lambda _: desk.engine.advance("D", "offer", by=desk.seller, request="r-1"))
    assert Counter({True: THREADS - 1, False: 1}) == Counter(refused.replayed for refused in told)
    assert types(desk) == ["deal.started", "step.refused"]


def test_a_request_key_used_for_other_commands_conflicts_in_all_but_one(desk: Desk) -> None:
    begun(desk)
    told = at_once(lambda thread: desk.engine.note("D", f"{thread} called", by=desk.seller, request="r-1"))
    assert [RequestConflict] * (THREADS - 1) == [type(each) for each in told if isinstance(each, ProcdefError)]
    assert types(desk) == ["deal.started", "deal.noted"]


def test_of_threads_that_move_a_deal_one_moves_it(desk: Desk) -> None:
    desk.engine.start("small", "D", by=desk.seller, stage="lead", values={"email": "a@b.example"})
    desk.engine.do("D", "research", by=desk.seller, values={"company": "Acme"})
    told = at_once(lambda _: desk.engine.advance("D", "offer", by=desk.seller))
    assert [StepRefused] * (THREADS - 1) == [type(each) for each in told if isinstance(each, ProcdefError)]
    assert types(desk).count("stage.advanced") == 1


def test_an_import_repeated_without_times_applies_nothing_twice(desk: Desk) -> None:
    who = {"by": "maija", "roles": ["seller"], "deal": "D"}
    steps = [
        {**who, "do": "start", "stage": "lead", "request": "r-1"},
        {**who, "do": "note", "note": "Called", "request": "r-2"},
        {**who, "do": "advance", "request": "r-3"},
    ]
    first = [result.status for result in desk.engine.run("small", steps, by=desk.manager)]
    desk.later(minutes=1)
    again = [result.status for result in desk.engine.run("small", steps, by=desk.manager)]
    assert (first, again) == (["applied", "applied", "refused"], ["repeated"] * 3)
    assert [event["happened"] for event in desk.engine.events("D")] == ["2026-03-02T08:00:00.000000Z"] * 3


@pytest.fixture
def connection(desk: Desk) -> Iterator[sqlite3.Connection]:
    """The application's own connection to the same file, with a table of its own."""
    with closing(sqlite3.connect(desk.store.path, isolation_level=None)) as connection:
        connection.execute("CREATE TABLE invoice (deal TEXT)")
        connection.execute("BEGIN")
        yield connection


def counted(desk: Desk) -> int:
    with closing(sqlite3.connect(desk.store.path)) as connection:
        return connection.execute("SELECT count(*) FROM invoice").fetchone()[0]


@sqlite_only
def test_a_step_goes_with_the_transaction_that_the_application_rolls_back(
    desk: Desk, connection: sqlite3.Connection
) -> None:
    connection.execute("INSERT INTO invoice VALUES ('D')")
    desk.engine.on(connection).start("small", "D", by=desk.seller, stage="lead", request="r-1")
    assert desk.engine.on(connection).deal("D").stage == "lead"
    connection.execute("ROLLBACK")
    with pytest.raises(UnknownDeal):
        desk.engine.deal("D")
    assert counted(desk) == 0
    assert not desk.engine.start("small", "D", by=desk.seller, stage="lead", request="r-1").replayed


@sqlite_only
def test_a_step_stays_with_the_transaction_that_the_application_commits(
    desk: Desk, connection: sqlite3.Connection
) -> None:
    connection.execute("INSERT INTO invoice VALUES ('D')")
    joined = desk.engine.on(connection)
    joined.start("small", "D", by=desk.seller, stage="lead")
    joined.note("D", "Called", by=desk.seller)
    connection.execute("COMMIT")
    assert (types(desk), counted(desk)) == (["deal.started", "deal.noted"], 1)


@sqlite_only
def test_a_refusal_rolled_back_can_be_put_back_on_record_once(desk: Desk, connection: sqlite3.Connection) -> None:
    begun(desk)
    with pytest.raises(StepRefused) as refused:
        desk.engine.on(connection).advance("D", "offer", by=desk.seller, request="r-1")
    connection.execute("ROLLBACK")
    assert types(desk) == ["deal.started"]
    desk.engine.record_refusal(refused.value)
    desk.engine.record_refusal(refused.value)
    assert types(desk) == ["deal.started", "step.refused"]


@sqlite_only
def test_a_refusal_is_not_put_on_record_before_the_rollback_and_nobody_waits_for_oneself(
    desk: Desk, connection: sqlite3.Connection
) -> None:
    begun(desk)
    with pytest.raises(StepRefused) as refused:
        desk.engine.on(connection).advance("D", "offer", by=desk.seller, request="r-1")
    before = monotonic()
    with pytest.raises(InvalidArgument, match="roll it back first"):
        desk.engine.record_refusal(refused.value)
    assert monotonic() - before < 1
    connection.execute("ROLLBACK")
    connection.execute("BEGIN")  # another one, in which nothing was written yet
    desk.engine.record_refusal(refused.value)
    connection.close()
    desk.engine.record_refusal(pickle.loads(pickle.dumps(refused.value)))
    assert types(desk) == ["deal.started", "step.refused"]


@sqlite_only
def test_a_refusal_that_no_longer_holds_is_not_put_on_record(desk: Desk, connection: sqlite3.Connection) -> None:
    begun(desk)
    with pytest.raises(StepRefused) as refused:
        desk.engine.on(connection).advance("D", "offer", by=desk.seller, request="r-1")
    connection.execute("ROLLBACK")
    desk.engine.record("D", {"email": "a@b.example"}, by=desk.seller)
    desk.engine.do("D", "research", by=desk.seller)
    before = types(desk)
    desk.engine.record_refusal(refused.value)
    assert before == types(desk)
    assert not desk.engine.advance("D", "offer", by=desk.seller, request="r-1").replayed


@pytest.mark.parametrize("seconds", [0.000001, 1, 5])
def test_a_clock_a_little_behind_records_at_the_time_of_the_last_event(desk: Desk, seconds: float) -> None:
    begun(desk)
    desk.later(seconds=-seconds)
    desk.engine.note("D", "Called", by=desk.seller)
    first, second = desk.engine.events("D")
    assert first["at"] == second["at"]


@pytest.mark.parametrize("seconds", [5.000001, 60, 86400])
def test_a_clock_further_behind_writes_nothing(desk: Desk, seconds: float) -> None:
    begun(desk)
    before = list(desk.engine.feed())
    desk.later(seconds=-seconds)
    for step in (
        lambda: desk.engine.note("D", "Called", by=desk.seller, request="r-1"),
        lambda: desk.engine.advance("D", "offer", by=desk.seller),
        lambda: desk.engine.start("small", "E", by=desk.seller, stage="offer"),
    ):
        with pytest.raises(ClockBehind):
            step()
    assert before == list(desk.engine.feed())
    desk.later(seconds=seconds)
    assert not desk.engine.note("D", "Called", by=desk.seller, request="r-1").replayed


def polled(engine: Engine, enough: int) -> list[FeedItem]:
    """What a reader of the feed gets that goes on after the last position it saw."""
    seen: list[FeedItem] = []
    end = monotonic() + 30
    while len(seen) < enough and monotonic() < end:
        seen += engine.feed(seen[-1].position if seen else -1)
    return seen


def test_the_feed_gives_every_event_once_and_in_order(desk: Desk) -> None:
    there = len(list(desk.engine.feed()))

    def work(thread: int) -> list[FeedItem]:
        if thread == 0:
            return polled(desk.engine, there + 11 * (THREADS - 1))
        desk.engine.start("small", f"D{thread}", by=desk.seller, stage="lead")
        for number in range(10):
            desk.engine.note(f"D{thread}", f"Note {number}", by=desk.seller)
        return []

    items, *_ = at_once(work)
    assert list(desk.engine.feed()) == items
    assert list(range(there + 11 * (THREADS - 1))) == [item.position for item in items]
    for thread in range(1, THREADS):
        stream = desk.engine.deal(f"D{thread}").stream
        assert list(range(1, 12)) == [item.event["n"] for item in items if item.event["stream"] == stream]
