"""What every store promises."""

from __future__ import annotations

import threading
from collections.abc import Iterable
from typing import Any

import pytest
from rows import DEAL, event, leaf, place

from procdef.errors import StoreError
from procdef.store import (
    Activities,
    ActivityFacts,
    ActivityFactsRow,
    ActivityRow,
    AllNodes,
    Batch,
    Conflict,
    Deals,
    DealsByStream,
    DefinitionRow,
    Definitions,
    Directories,
    DirectoryRow,
    EventPlace,
    EventRow,
    Events,
    GateRow,
    Gates,
    InspectableStore,
    LastEvent,
    LogOrder,
    Places,
    Private,
    PrivateRow,
    Query,
    RequestRow,
    Requests,
    StayRow,
    Stays,
    Store,
    Waking,
)
from procdef.store.inspection_port import InspectionQuery
from procdef.store.port import Moved
from procdef.store.queries import DealFacts, MiddleDeal
from procdef.store.rows import MiddleRow

OTHER = DEAL._replace(
    stream="deal:2", key="BETA-2", process="care", stage="won", outcome="won", owner="olli", due="2026-02-01",
    deadline="2026-02-01", wake="2026-01-20",
)
PRIVATE = PrivateRow("deal:1", 1, "/key", b"s" * 32, b'"ACME-1"')
STAY = StayRow("deal:1", 1, "lead", "2026-01-01", None, None, "2026-02-01")
LATER_STAY = StayRow("deal:2", 1, "won", "2026-01-01", None, None, None)
GATE = GateRow("deal:1", 1, 1, "b2b", 1, "lead", "2026-01-01", "advance", "budget", "criterion-unmet", "unmet")
LATER_GATE = GATE._replace(stream="deal:2", process="care")
DONE = ActivityRow("deal:1", 1, 1, "b2b", 1, "lead", "2026-01-01", "done", "lead.call", None)
FACTS = ActivityFactsRow("deal:1", 1, "2026-01-01", "done", "lead.call", None)
NOTED = DONE._replace(k=2, kind="note", item="call", detail="too_dear")
LATER_DONE = DONE._replace(stream="deal:2", process="care")
REQUEST = RequestRow("deal:1", "req-1", b"salt", b"print", 1, 1)
DEFINITION = DefinitionRow("ab", "b2b", 1, 1, b"procdef: 1")
LATER_DEFINITION = DefinitionRow("aa", "b2b", 2, 1, b"procdef: 1")
DIRECTORY, LATER_DIRECTORY = DirectoryRow("aa", b"{}"), DirectoryRow("ab", b"{}")
FULL = Batch(
    events=[event(1, "deal:2"), event(1), event(2)],
    private=[PRIVATE],
    deals=[(OTHER, 0), (DEAL, 0)],
    stays=[LATER_STAY, STAY],
    gates=[LATER_GATE, GATE],
    activities=[LATER_DONE, NOTED, DONE],
    requests=[REQUEST],
    definitions=[LATER_DEFINITION, DEFINITION],
    directories=[LATER_DIRECTORY, DIRECTORY],
)


def append(store: Store, batch: Batch) -> None:
    with store.transaction(write=True) as tx:
        tx.append(batch)


def append_and_raise(store: Store, batches: Iterable[Batch]) -> None:
    with store.transaction(write=True) as tx:
        for batch in batches:
            tx.append(batch)
        raise KeyError


def answer(store: Store, query: Query[Any]) -> list[Any]:
    with store.transaction(write=False) as tx:
        return list(tx.scan(query))


def inspected(store: InspectableStore, query: Query[Any] | InspectionQuery[Any]) -> list[Any]:
    with store.inspect() as tx:
        return list(tx.scan(query))


@pytest.mark.parametrize(
    ("expected", "query"),
    [
        ([DEAL, OTHER], Deals()),
        ([DEAL], Deals(process="b2b")),
        ([OTHER], Deals(stage="won")),
        ([OTHER], Deals(owner="olli")),
        ([OTHER], Deals(outcome="won")),
        ([OTHER], Deals(overdue="2026-02-02")),
        ([], Deals(overdue="2026-02-01")),
        ([OTHER], Deals(due_before="2026-02-02")),
        ([], Deals(due_before="2026-02-01")),
        ([], Deals(process="b2b", owner="olli")),
        ([DEAL], Deals(limit=1)),
        ([OTHER], Deals(after=DEAL.key)),
        ([OTHER], Deals(after=DEAL.key, limit=1)),
        ([], Deals(after=OTHER.key)),
        ([], Deals(process="b2b", after=DEAL.key)),
        ([DEAL, OTHER], DealsByStream()),
        ([event(1), event(2), event(1, "deal:2")], Events()),
        ([event(1), event(2)], Events("deal:1")),
        ([event(2)], Events("deal:1", first=2)),
        ([], Events("deal:9")),
        ([event(1), event(2)], Events("deal:1", type="deal.noted")),
        ([], Events("deal:1", type="deal.won")),
        ([event(2)], LastEvent("deal:1")),
        ([], LastEvent("deal:9")),
        ([leaf(0, event(1, "deal:2")), leaf(1, event(1)), leaf(2, event(2))], LogOrder()),
        ([leaf(2, event(2))], LogOrder(first=2)),
        ([place(2, event(2))], EventPlace("deal:1", 2)),
        ([], EventPlace("deal:1", 3)),
        ([], EventPlace("deal:9", 1)),
        ([PRIVATE], Private()),
        ([], Private("deal:2")),
        ([STAY, LATER_STAY], Stays()),
        ([STAY], Stays(stream="deal:1")),
        ([LATER_STAY], Stays(process="care")),
        ([STAY], Stays(end="deal:2")),
        ([LATER_STAY], Stays(first="deal:2")),
        ([], Stays(first="deal:1", end="deal:1")),
        ([MiddleRow("deal:2", 2)], MiddleDeal()),
        ([GATE, LATER_GATE], Gates()),
        ([GATE], Gates(stream="deal:1")),
        ([LATER_GATE], Gates(process="care")),
        ([GATE], Gates(process="b2b", end="deal:2")),
        ([LATER_GATE], Gates(first="deal:2")),
        ([DONE, NOTED, LATER_DONE], Activities()),
        ([DONE, NOTED], Activities(stream="deal:1")),
        ([LATER_DONE], Activities(process="care")),
        ([NOTED], Activities(kinds=("note", "lost"))),
        ([DONE], Activities(process="b2b", kinds=("done",))),
        ([], Activities(stream="deal:2", kinds=("note",))),
        ([], Activities(kinds=())),
        ([NOTED], Activities(kinds=("note", "lost"), end="deal:2")),
        ([LATER_DONE], Activities(first="deal:2")),
        ([FACTS], ActivityFacts("b2b", ("done",))),
        ([FACTS], ActivityFacts("b2b", ("done",), "deal:1", "deal:2")),
        ([], ActivityFacts("b2b", ("done",), "deal:2")),
        ([], ActivityFacts("b2b", ("lost",))),
        ([REQUEST], Requests()),
        ([REQUEST], Requests("deal:1")),
        ([], Requests("deal:2")),
        ([DEFINITION, LATER_DEFINITION], Definitions()),
        ([DEFINITION], Definitions(sha256="ab")),
        ([], Definitions(id="care")),
        ([DIRECTORY, LATER_DIRECTORY], Directories()),
        ([LATER_DIRECTORY], Directories("ab")),
        ([], Directories("ac")),
        ([OTHER], Waking("2026-01-20")),
        ([], Waking("2026-01-19")),
        ([], Waking("2026-01-20", after=("2026-01-20", "deal:2"))),
        ([OTHER], Waking("2026-01-20", after=("2026-01-20", "deal:1"))),
    ],
)
def test_a_query_is_answered_in_its_order(store: InspectableStore, expected: list[Any], query: Query[Any]) -> None:
    append(store, FULL)
    assert expected == answer(store, query)
    assert expected == inspected(store, query)


@pytest.mark.parametrize(
    ("expected", "query"),
    [
        (["deal:1"], DealFacts("b2b")),
        (["deal:2"], DealFacts("care", first="deal:2")),
        ([], DealFacts("care", end="deal:2")),
        ([], DealFacts("b2b", first="deal:2")),
    ],
)
def test_what_figures_need_of_deals_is_given_for_a_part_of_them(
    store: InspectableStore, expected: list[str], query: Query[Any]
) -> None:
    append(store, FULL)
    assert expected == [row.stream for row in answer(store, query)]


@pytest.mark.parametrize(
    ("expected", "query"),
    [
        ([place(1, event(1)), place(2, event(2)), place(0, event(1, "deal:2"))], Places()),
        ([place(1, event(1)), place(2, event(2))], Places("deal:1")),
        ([], Places("deal:9")),
        ([], AllNodes()),
    ],
)
def test_an_inspection_answers_queries_of_its_own(
    store: InspectableStore, expected: list[Any], query: InspectionQuery[Any]
) -> None:
    append(store, FULL)
    assert expected == inspected(store, query)


def test_an_inspection_finds_nothing_wrong_with_what_a_store_made(store: InspectableStore) -> None:
    append(store, FULL)
    with store.inspect() as tx:
        assert list(tx.layout_differences()) == []
        assert list(tx.index_differences()) == []
        assert list(tx.index_differences(("event",))) == []


def test_nothing_happens_by_itself_when_the_tables_of_a_store_are_written(store: Store) -> None:
    with store.transaction(write=True) as tx:
        assert list(tx.triggers()) == []


def test_deals_and_requests_load_by_key_and_by_stream(store: Store) -> None:
    append(store, FULL)
    asked = [("ACME-1", "req-1"), ("deal:1", "req-1"), ("BETA-2", "req-1"), ("none", "req-1")]
    with store.transaction(write=False) as tx:
        loaded = tx.load(["ACME-1", "deal:2", "none"], asked)
    assert loaded.deals == {"ACME-1": DEAL, "deal:2": OTHER}
    assert loaded.requests == {("ACME-1", "req-1"): REQUEST, ("deal:1", "req-1"): REQUEST}


def test_a_deal_that_is_asked_for_by_both_its_names_is_found_by_both(store: Store) -> None:
    append(store, FULL)
    with store.transaction(write=False) as tx:
        assert {DEAL.key, DEAL.stream} == set(tx.load([DEAL.key, DEAL.stream]).deals)


def test_more_names_than_one_statement_takes_all_load(store: Store) -> None:
    rows = [DEAL._replace(stream=f"deal:{i}", key=f"K-{i}") for i in range(1000)]
    append(store, Batch(deals=[(row, 0) for row in rows]))
    with store.transaction(write=False) as tx:
        assert len(tx.load([row.key for row in rows]).deals) == 1000


def test_a_stay_is_replaced_and_a_deal_moves_on(store: Store) -> None:
    append(store, FULL)
    left = STAY._replace(left_at="2026-01-02", how="advanced")
    moved = DEAL._replace(stage="offer", n=2, key="deal-erased")
    append(store, Batch(deals=[(moved, 1)], stays=[left]))
    assert [left] == answer(store, Stays(stream="deal:1"))
    with store.transaction(write=False) as tx:
        assert {"deal-erased": moved} == tx.load(["deal-erased", "ACME-1"]).deals


@pytest.mark.parametrize(
    "batch",
    [
        Batch(events=[event(3)], deals=[(DEAL._replace(n=3), 2)]),
        Batch(events=[event(3)], deals=[(DEAL, 0)]),
        Batch(events=[event(3)], deals=[(DEAL._replace(stream="deal:9"), 0)]),
        Batch(events=[event(3)], deals=[(DEAL._replace(stream="deal:9", key="new"), 4)]),
        Batch(events=[event(3), event(2)]),
        Batch(events=[event(3), event(3)]),
        Batch(events=[event(3)], activities=[DONE]),
        Batch(events=[event(3)], requests=[REQUEST]),
        Batch(events=[event(3)], definitions=[DEFINITION]),
        Batch(events=[event(3)], directories=[DIRECTORY]),
    ],
    ids=[
        "deal moved", "deal there", "key taken", "deal gone", "event there", "event twice", "activity", "request",
        "definition", "directory",
    ],  # fmt: skip
)
def test_a_conflict_keeps_nothing_of_the_batch(store: Store, batch: Batch) -> None:
    append(store, FULL)
    with store.transaction(write=True) as tx, pytest.raises(Conflict):
        tx.append(batch)
    assert len(answer(store, LogOrder())) == 3
    assert answer(store, Deals()) == [DEAL, OTHER]


def of_log(n: int, kind: str) -> EventRow:
    return event(n, "system")._replace(type=kind, body=kind.encode())


@pytest.mark.parametrize("events", [1, 30], ids=["one event", "many events"])
@pytest.mark.parametrize("last", ["log.moved", "log.opened"])
def test_a_log_that_was_moved_takes_nothing_that_is_not_to_come_after_that(
    last: str, events: int, store: Store
) -> None:
    kinds = ["log.created", "log.moved", "log.opened"]
    append(store, Batch(events=[of_log(n, kind) for n, kind in enumerate(kinds[: kinds.index(last) + 1], 1)]))
    append(store, Batch(events=[event(1)]))
    batch = Batch(events=[event(2 + n) for n in range(events)], stays=[STAY])
    with store.transaction(write=True) as tx:
        tx.alone()
        if last == "log.moved":
            with pytest.raises(Moved) as moved:
                tx.append(batch, unless_moved=True)
            assert moved.value.body == b"log.moved"
        else:
            tx.append(batch, unless_moved=True)
        assert len(list(tx.scan(Events("deal:1")))) == (1 if last == "log.moved" else 1 + events)
        assert len(list(tx.scan(Stays("deal:1")))) == (0 if last == "log.moved" else 1)


def test_a_deal_is_looked_at_anew_without_an_event(store: Store) -> None:
    append(store, FULL)
    append(store, Batch(deals=[(OTHER._replace(wake="2026-01-25"), 1)]))
    assert answer(store, Waking("2026-01-24")) == []
    assert answer(store, Waking("2026-01-25")) == [OTHER._replace(wake="2026-01-25")]
    append(store, Batch(deals=[(OTHER._replace(wake=None, deadline=None), 1)]))
    assert answer(store, Waking("2027-01-01")) == []
    assert len(answer(store, LogOrder())) == 3


def test_deals_are_waked_in_order_and_page_by_page(store: Store) -> None:
    rows = [DEAL._replace(stream=f"deal:{i}", key=f"K-{i}", wake=f"2026-01-0{1 + i % 3}") for i in range(7)]
    append(store, Batch(deals=[(row, 0) for row in rows]))
    seen, after = [], ("", "")
    while page := answer(store, Waking("2026-01-02", after, 2)):
        seen += [(row.wake, row.stream) for row in page]
        after = seen[-1]
    assert seen == sorted((row.wake, row.stream) for row in rows if row.wake <= "2026-01-02")


def test_a_block_that_raises_undoes_all_of_its_batches(store: Store) -> None:
    append(store, Batch(events=[event(1)], deals=[(DEAL, 0)], stays=[STAY]))
    queries: list[Query[Any]] = [
        Deals(), LogOrder(), EventPlace("deal:1", 2), Private(), Stays(), Gates(), Activities(), Requests("deal:1"),
        Definitions(), Directories(), Waking("2027-01-01"),
    ]  # fmt: skip
    before = [answer(store, query) for query in queries]
    batches = (
        Batch(deals=[(DEAL._replace(n=2, key="renamed", wake="2026-01-03"), 1)], stays=[STAY._replace(how="lost")]),
        Batch(events=[event(2)], deals=[(DEAL._replace(n=3), 2)], private=[PRIVATE], gates=[GATE], activities=[DONE]),
        Batch(events=[event(1, "deal:2")], requests=[REQUEST], definitions=[DEFINITION], directories=[DIRECTORY]),
    )
    with pytest.raises(KeyError):
        append_and_raise(store, batches)
    assert before == [answer(store, query) for query in queries]


def test_a_reading_transaction_does_not_append(store: Store) -> None:
    with store.transaction(write=False) as tx, pytest.raises(StoreError, match="only reads"):
        tx.append(FULL)


@pytest.mark.parametrize("write", [False, True])
def test_a_store_that_was_closed_takes_and_tells_nothing(store: InspectableStore, write: bool) -> None:
    with store.transaction(write=True) as tx:
        tx.append(Batch(events=[event(1)]))
    store.close()
    store.close()
    with pytest.raises(StoreError, match="was closed"), store.transaction(write=write):
        pass
    with pytest.raises(StoreError, match="was closed"), store.inspect():
        pass


def test_the_log_keeps_its_name(store: Store) -> None:
    with store.transaction(write=False) as first, store.transaction(write=False) as second:
        assert first.log == second.log
        assert len(first.log) == 36


def test_the_log_counts_its_events(store: Store) -> None:
    append(store, FULL)
    with store.transaction(write=True) as tx:
        tx.append(Batch(events=[event(3)]))
        assert tx.size + tx.waiting.events == 4
    with pytest.raises(KeyError):
        append_and_raise(store, [Batch(events=[event(4)])])
    store.seal()
    with store.transaction(write=False) as tx:
        assert tx.size == 4 == len(list(tx.scan(LogOrder())))


def test_two_threads_append_without_gaps(store: Store) -> None:
    def work(stream: str) -> None:
        for n in range(1, 26):
            append(store, Batch(events=[event(n, stream)]))

    threads = [threading.Thread(target=work, args=(f"deal:{i}",)) for i in (1, 2)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    store.seal()  # what two who stored at once left for the next one
    assert list(range(50)) == [leaf.idx for leaf in answer(store, LogOrder())]
