"""Memory and SQLite under one engine: every question of every step is answered with the same rows by both."""

from __future__ import annotations

import random
from collections.abc import Iterable, Iterator, Sequence
from contextlib import contextmanager
from pathlib import Path

import pytest
from engine_bench import Bench

from procdef import open_store
from procdef.log.merkle import Frontier
from procdef.store import (
    Activities,
    Batch,
    Conflict,
    DealRow,
    Deals,
    Definitions,
    Directories,
    Events,
    Gates,
    InspectableStore,
    Inspection,
    LastEvent,
    Loaded,
    LogOrder,
    Private,
    Query,
    Requests,
    Stays,
    Tx,
    Waking,
)
from procdef.store.port import Waiting
from procdef.store.queries import RowT

PROCESSES, STEPS = 20, 60


def written(row: object) -> object:
    """The row with a deal's state as a database keeps it."""
    return row._replace(state=bytes(row.state)) if isinstance(row, DealRow) else row


class TwinTx:
    """Both transactions: what is written goes to both, and what is read must be the same in both."""

    def __init__(self, one: Tx, other: Tx) -> None:
        self.one, self.other = one, other
        self.log = one.log

    @property
    def size(self) -> int:
        assert self.one.size == self.other.size
        return self.one.size

    @property
    def waiting(self) -> Waiting:
        assert self.one.waiting == self.other.waiting
        return self.one.waiting

    @property
    def has_activities(self) -> bool:
        return self.one.has_activities and self.other.has_activities

    @property
    def has_deadlines(self) -> bool:
        return self.one.has_deadlines and self.other.has_deadlines

    def triggers(self) -> list[str]:
        return [*self.one.triggers(), *self.other.triggers()]

    def load(self, names: Iterable[str], requests: Iterable[tuple[str, str]] = (), *, lock: bool = False) -> Loaded:
        names, requests = list(names), list(requests)
        found, also = (tx.load(names, requests, lock=lock) for tx in (self.one, self.other))
        one, other = ({name: written(row) for name, row in each.deals.items()} for each in (found, also))
        assert one == other
        assert found.requests == also.requests
        return found

    def append(self, batch: Batch, *, unless_moved: bool = False) -> None:
        refused = []
        for tx in (self.one, self.other):
            try:
                tx.append(batch, unless_moved=unless_moved)
            except Conflict as conflict:
                refused.append(conflict)
        assert len(refused) in (0, 2)
        if refused:
            raise refused[0]

    def scan(self, query: Query[RowT]) -> Iterator[RowT]:
        found = list(self.one.scan(query))
        assert [written(row) for row in found] == list(self.other.scan(query))
        return iter(found)


class TwinInspection(TwinTx):
    """Both inspections."""

    one: Inspection
    other: Inspection

    @property
    def tree(self) -> Frontier:
        assert self.one.tree == self.other.tree
        return self.one.tree

    def besides(self) -> list[str]:
        return [*self.one.besides(), *self.other.besides()]

    @property
    def unchecked_indexes(self) -> str | None:
        return self.one.unchecked_indexes or self.other.unchecked_indexes

    def layout_differences(self) -> list[tuple[str, str]]:
        return [*self.one.layout_differences(), *self.other.layout_differences()]

    def index_differences(self, leaving_out: Sequence[str] = ()) -> Iterator[tuple[str, str, str]]:
        yield from (*self.one.index_differences(leaving_out), *self.other.index_differences(leaving_out))


class TwinStore:
    """A store over two others, which must never differ."""

    def __init__(self, one: InspectableStore, other: InspectableStore) -> None:
        self.one, self.other = one, other
        self.path, self.busy, self.layout = one.path, one.busy, one.layout

    @contextmanager
    def transaction(self, *, write: bool, connection: object | None = None, shared: bool = False) -> Iterator[Tx]:
        assert connection is None
        with self.one.transaction(write=write) as one, self.other.transaction(write=write) as other:
            yield TwinTx(one, other)

    @contextmanager
    def inspect(self) -> Iterator[Inspection]:
        with self.one.inspect() as one, self.other.inspect() as other:
            yield TwinInspection(one, other)

    def close(self) -> None:
        self.one.close()
        self.other.close()


def questions(streams: Iterable[str]) -> Iterator[Query[object]]:
    """Every question there is, as a whole and in its parts."""
    yield from (LogOrder(), LogOrder(7), Private(), Stays(), Gates(), Definitions(), Definitions(id="small"), Deals())
    yield from (Activities(), Events())
    yield from (
        Stays(process="small"),
        Gates(process="small"),
        Activities(process="small", kinds=("done", "value")),
        Deals(stage="s0"),
        Deals(outcome="won"),
        Deals(owner="maija"),
        Deals(due_before="2099"),
        Waking("2099"),
        Directories(),
    )
    yield Deals(process="small", overdue="2026-03-12T00:00:00.000000Z")
    for stream in streams:
        yield from (Events(stream), Events(stream, 3), LastEvent(stream), Requests(stream))
        yield from (Private(stream), Stays(stream), Gates(stream), Activities(stream))


@pytest.mark.parametrize("seed", range(PROCESSES))
def test_both_stores_hold_the_same_rows_after_the_same_commands(seed: int, tmp_path: Path) -> None:
    twin = TwinStore(open_store("memory:"), open_store(f"sqlite:///{tmp_path / 'deals.db'}?synchronous=NORMAL"))
    bench = Bench(random.Random(1000 + seed).choice, [twin])
    for _ in range(STEPS):
        bench.step()
    bench.verify()
    with twin.transaction(write=False) as tx:
        streams = sorted({row.stream for row in tx.scan(Events())})
        asked = [len(list(tx.scan(query))) for query in questions(streams)]
    assert max(asked) >= STEPS
    twin.close()
