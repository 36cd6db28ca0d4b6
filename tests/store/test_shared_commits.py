"""Threads whose steps share one commit: all of them are stored, or none is, and nobody is answered before."""

from __future__ import annotations

import random
import shutil
import threading
from collections.abc import Iterator
from contextlib import closing
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import pytest
from rows import event
from test_waiting import PROCESS, SELLER, steps, until

from procdef import Engine
from procdef.errors import DealExists, StoreDetached, StoreError
from procdef.language import load_source
from procdef.store import Batch, SqliteStore, open_store
from procdef.store.port import Store
from procdef.store.sqlite.turns import Turns
from procdef.verification import Tally, verify


@pytest.fixture
def store(tmp_path: Path) -> Iterator[SqliteStore]:
    with closing(SqliteStore(tmp_path / "log.db", busy=30)) as opened:
        yield opened


class OpenTurns(Turns):
    """A line whose methods can be replaced."""


class Step(threading.Thread):
    """A thread that writes one event, which stays in its transaction until it ``may_end``. ``came`` is what it came to."""

    def __init__(self, store: Store, name: str, *, shared: bool = True, fault: Exception | None = None, late: bool = False):
        super().__init__()
        self.store, self.stream, self.shared, self.fault, self.late = store, f"deal:{name}", shared, fault, late
        self.inside, self.may_end, self.came = threading.Event(), threading.Event(), "waits"

    def run(self) -> None:
        try:
            with self.store.transaction(write=True, shared=self.shared) as tx:
                self.inside.set()
                self.may_end.wait()
                if self.fault is not None and not self.late:
                    raise self.fault
                tx.append(Batch(events=[event(1, self.stream)]))
                if self.fault is not None:
                    raise self.fault
            self.came = "stored"
        except Exception as error:
            self.came = type(error).__name__


def begun(store: SqliteStore, *lined_up: Step) -> tuple[Step, ...]:
    """Steps that stand in the line one behind the other, the first of them in its transaction."""
    for number, step in enumerate(lined_up, 1):
        step.start()
        until(lambda number=number: len(store.turns) == number)  # type: ignore[misc]
    lined_up[0].inside.wait()
    return lined_up


def ended(*lined_up: Step) -> list[str]:
    for step in lined_up:
        step.may_end.set()
    for step in lined_up:
        step.join(10)
    return [step.came for step in lined_up]


def test_nobody_is_answered_before_the_last_one_has_committed_for_all(store: SqliteStore) -> None:
    first, second, third = begun(store, *(Step(store, name) for name in "abc"))
    first.may_end.set()
    second.inside.wait()
    second.may_end.set()
    third.inside.wait()
    assert [each.came for each in (first, second)] == ["waits", "waits"]
    assert steps(store) == []
    assert ended(first, second, third) == ["stored", "stored", "stored"]
    assert steps(store) == ["deal:a", "deal:b", "deal:c"]


def test_a_step_that_failed_before_it_wrote_is_left_out(store: SqliteStore) -> None:
    for at in range(3):
        kept = [Step(store, f"{at}{name}") for name in "abc"]
        kept[at].fault = LookupError()
        assert ended(*begun(store, *kept)) == ["LookupError" if each.fault else "stored" for each in kept]
    assert steps(store) == ["deal:0b", "deal:0c", "deal:1a", "deal:1c", "deal:2a", "deal:2b"]


@pytest.mark.parametrize("at", [0, 1, 2])
def test_one_that_failed_after_it_wrote_undoes_what_was_handed_on_to_it(at: int, store: SqliteStore) -> None:
    lined_up = [Step(store, name) for name in "abc"]
    lined_up[at].fault, lined_up[at].late = LookupError(), True
    came = ended(*begun(store, *lined_up))
    assert came == ["Interrupted"] * at + ["LookupError"] + ["stored"] * (2 - at)
    assert steps(store) == [f"deal:{name}" for name in "abc"[at + 1 :]]


def test_who_gives_up_waiting_for_another_is_not_stored_by_it(tmp_path: Path) -> None:
    with closing(SqliteStore(tmp_path / "log.db", busy=1)) as store:
        first, second = begun(store, Step(store, "a"), Step(store, "b"))
        first.may_end.set()
        first.join(10)
        assert first.came == "StoreBusy"
        assert ended(second) == ["Interrupted"]
        assert steps(store) == []


def test_each_is_told_that_the_commit_failed(tmp_path: Path) -> None:
    file = tmp_path / "log.db"
    with closing(SqliteStore(file, busy=30)) as store:
        lined_up = begun(store, *(Step(store, name) for name in "abc"))
        shutil.copy(file, tmp_path / "copy.db")
        (tmp_path / "copy.db").replace(file)
        assert ended(*lined_up) == ["StoreDetached"] * 3
        with pytest.raises(StoreDetached):
            store.transaction(write=True).__enter__()


@pytest.mark.parametrize("who", ["an import", "the main thread"])
def test_who_shares_nothing_begins_after_the_others_have_committed(who: str, store: SqliteStore) -> None:
    first, second = begun(store, Step(store, "a"), Step(store, "b"))
    if who == "an import":
        third = Step(store, "c", shared=False)
        third.start()
        until(lambda: len(store.turns) == 3)
        first.may_end.set()
        second.may_end.set()
        third.inside.wait()
        assert steps(store) == ["deal:a", "deal:b"]
        assert ended(first, second, third) == ["stored"] * 3
        return
    first.may_end.set()
    second.may_end.set()
    with store.transaction(write=True, shared=True):
        assert steps(store) == ["deal:a", "deal:b"]
    assert ended(first, second) == ["stored"] * 2


def test_a_step_is_judged_on_those_that_share_its_commit(store: SqliteStore) -> None:
    engine = Engine(store)
    engine.publish(load_source(PROCESS, "sale.yaml"), by=SELLER)
    came: list[Any] = []

    def start(request: str | None) -> None:
        try:
            came.append(engine.start("sale", "D", by=SELLER, request=request).replayed)
        except DealExists:
            came.append("exists")

    with store.transaction(write=True):
        threads = []
        for number, request in enumerate(("r", "r", None), 2):
            threads.append(threading.Thread(target=start, args=(request,)))
            threads[-1].start()
            until(lambda number=number: len(store.turns) == number)  # type: ignore[misc]
    for thread in threads:
        thread.join()
    assert sorted(map(str, came)) == ["False", "True", "exists"]
    assert len(store.turns) == 0


@pytest.mark.parametrize("seed", [1, 2, 3])
def test_whatever_fails_beside_it_a_step_that_was_answered_is_there_once(seed: int, tmp_path: Path) -> None:
    chance = random.Random(seed)
    file = tmp_path / "log.db"
    noted: list[str] = []

    def clock() -> datetime:
        if chance.random() < 0.02:
            raise LookupError
        return datetime.now(UTC)

    def work(engine: Engine, name: str, own: random.Random) -> None:
        for number in range(40):
            text = f"{name}-{number}"
            try:
                if own.random() < 0.2:
                    engine.start("sale", text, by=SELLER)
                else:
                    engine.note("SHARED" if own.random() < 0.5 else name, text, by=SELLER, request=text)
            except LookupError:
                continue
            noted.append(text)

    with open_store(file) as store:
        engine = Engine(store)
        engine.publish(load_source(PROCESS, "sale.yaml"), by=SELLER)
        names = [f"T{number}" for number in range(8)]
        for name in (*names, "SHARED"):
            engine.start("sale", name, by=SELLER)
        restless = engine.at(store, clock)
        threads = [threading.Thread(target=work, args=(restless, name, random.Random(name))) for name in names]
        for thread in threads:
            thread.start()
        for thread in threads:
            thread.join()
        with store.inspect() as tx:
            assert list(verify(tx, Tally())) == []
        stored = [deal.key for deal in engine.deals() if "-" in deal.key]
        stored += [
            event.data["text"] for name in (*names, "SHARED") for event in engine.events(name) if event.type == "deal.noted"
        ]
    assert sorted(stored) == sorted(noted)


def test_one_that_is_interrupted_as_the_transaction_comes_to_it_undoes_it(store: SqliteStore) -> None:
    class Interrupted(Step):
        def run(self) -> None:
            usual, me = store.turns.wait, threading.get_ident()

            def wait(*line: Any) -> bool:
                came = usual(*line)
                if threading.get_ident() == me:
                    raise LookupError
                return came

            store.turns.wait = wait  # type: ignore[method-assign]
            super().run()

    store.turns = OpenTurns(store.files)
    first, second, third = begun(store, Step(store, "a"), Interrupted(store, "b"), Step(store, "c"))
    assert ended(first, second, third) == ["Interrupted", "LookupError", "stored"]
    assert steps(store) == ["deal:c"]


def test_a_thread_that_is_to_end_does_so_whatever_comes_of_the_others(store: SqliteStore) -> None:
    ended_by: list[str] = []

    class Ends(Step):
        def run(self) -> None:
            try:
                with store.transaction(write=True, shared=True):
                    self.inside.set()
                    self.may_end.wait()
                    raise SystemExit
            except BaseException as error:
                ended_by.append(type(error).__name__)

    lined_up = begun(store, Step(store, "a"), Ends(store, "b"), Step(store, "c", fault=LookupError(), late=True))
    assert ended(*lined_up)[::2] == ["Interrupted", "LookupError"]
    assert ended_by == ["SystemExit"]


def test_nothing_is_written_once_the_database_has_ended_the_transaction(store: SqliteStore) -> None:
    block = store.transaction(write=True)
    tx: Any = block.__enter__()
    tx._connection.rollback()  # as SQLite does where the disk cannot be read
    with pytest.raises(StoreError, match="nothing of it was written"):
        tx.append(Batch(events=[event(1)]))
    block.end()
    assert steps(store) == []


def test_a_connection_is_given_back_once_whatever_comes_after_the_commit(store: SqliteStore) -> None:
    store.turns = OpenTurns(store.files)
    leave = store.turns.leave

    def fails(place: Any) -> None:
        leave(place)
        store.turns.leave = leave  # type: ignore[method-assign]
        raise LookupError

    store.turns.leave = fails  # type: ignore[method-assign]
    block = store.transaction(write=True)
    with pytest.raises(LookupError), block as tx:
        tx.append(Batch(events=[event(1)]))
    block.undo()
    block.end()
    free = store.connections._free
    assert len(free) == len(set(map(id, free)))
    assert steps(store) == ["deal:1"]
