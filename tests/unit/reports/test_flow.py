"""Which ways deals took: the visits say so, one after the other, and the stages are those of the report."""

from __future__ import annotations

import pickle
import random
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest

from procdef import Actor, Engine, StepRefused, load, open_store
from procdef.log.event import timestamp
from procdef.reports import report, two_processes
from procdef.reports.flow import Flow, flow, flow_part
from procdef.reports.scope import scope_of
from procdef.store.memory.store import MemoryStore
from procdef.store.port import Store
from procdef.store.queries import MiddleDeal

PROCESS = load(
    """\
procdef: 1
id: sales
version: 1
title: Sales
languages: [en]
roles: {seller: {title: Seller}}
fields: {note: {type: text}}
lost: {reasons: {price: Too dear}, reopen: {by: seller, within: 900 days}}
stages:
  lead: {title: Lead, start: true, owner: seller, next: [offer, talk]}
  talk: {title: Talk, owner: seller, next: [offer], back: [lead]}
  offer: {title: Offer, owner: seller, next: [delivery], back: [talk, lead]}
  delivery: {title: Delivery, owner: seller, outcome: won}
"""
)
MAIJA = Actor("maija", frozenset({"seller"}))
BEGIN = datetime(2026, 1, 1, tzinfo=UTC)


_STEPS: tuple[tuple[str, dict[str, str]], ...] = (
    ("advance", {}), ("advance", {}), ("back", {"reason": "x"}), ("lose", {"reason": "price"}),
)  # fmt: skip


class Log:
    """Deals that go their ways at random, and a count of the ways that they took, by when the visit began."""

    def __init__(self, seed: int, deals: int = 40, store: Store | None = None) -> None:
        self.store, self.now = store or MemoryStore(), BEGIN
        self.engine = Engine(self.store, clock=lambda: self.now)
        self.engine.publish(PROCESS, by=MAIJA)
        self.taken: list[tuple[datetime, str, str]] = []
        chance = random.Random(seed)
        for number in range(deals):
            self._deal(f"D-{number}", chance)

    def _deal(self, name: str, chance: random.Random) -> None:
        self.now += timedelta(hours=chance.randint(1, 9))
        self.engine.start("sales", name, by=MAIJA)
        begun = self.now
        for _ in range(chance.randint(0, 9)):
            self.now += timedelta(hours=chance.randint(1, 30))
            stage = self.engine.deal(name).stage
            verb, more = chance.choice(_STEPS)
            to = chance.choice([*PROCESS.stages[stage].next, *PROCESS.stages[stage].back, stage])
            try:
                getattr(self.engine, verb)(name, *(() if verb == "lose" else (to,)), by=MAIJA, **more)
            except StepRefused:
                continue
            if verb != "lose":
                self.taken.append((begun, stage, to))
            elif chance.random() < 0.7:
                self.now += timedelta(hours=1)
                self.engine.reopen(name, by=MAIJA, reason="x")
            else:
                return
            begun = self.now

    def flow(self, since: datetime | None = None, until: datetime | None = None) -> Flow:
        scope = scope_of([PROCESS], timestamp(self.now))
        ends = {"since": since and timestamp(since), "until": until and timestamp(until)}
        with self.store.transaction(write=False) as tx:
            return flow(tx, type(scope)(**{**vars(scope), **ends}))


@pytest.mark.parametrize("seed", range(8))
def test_ways_are_those_that_deals_took(seed: int) -> None:
    log = Log(seed)
    day = timedelta(days=1)
    for since, until in ((None, None), (BEGIN + 4 * day, None), (BEGIN + 2 * day, BEGIN + 9 * day)):
        expected: dict[tuple[str, str], int] = {}
        for begun, source, target in log.taken:
            if (since is None or begun >= since) and (until is None or begun < until):
                expected[source, target] = expected.get((source, target), 0) + 1
        assert log.flow(since, until).ways == expected


@pytest.mark.parametrize("seed", range(4))
def test_stages_are_those_of_the_report_and_ways_add_up_to_them(seed: int) -> None:
    log = Log(seed)
    found, told = log.flow(), report(log.engine, now=log.now)
    for name, stage in told.stages.items():
        other = found.stages[name]
        for figure in ("entered", "advanced", "returned", "lost", "forward", "time", "under_way", "overdue"):
            assert getattr(other, figure) == getattr(stage, figure)
        left = sum(count for (source, _), count in found.ways.items() if source == name)
        assert left == stage.advanced + stage.returned


@pytest.mark.parametrize("seed", range(3))
def test_what_two_halves_come_to_is_what_the_whole_does(seed: int) -> None:
    log = Log(seed)
    scope = scope_of([PROCESS], timestamp(log.now))
    with log.store.transaction(write=False) as tx:
        middle = next(tx.scan(MiddleDeal())).stream
        half, rest = flow_part(tx, None, middle, scope), flow_part(tx, middle, None, scope)
        half.merge(pickle.loads(pickle.dumps(rest)))
        assert half.figures() == flow(tx, scope)


def test_two_processes_count_what_one_does(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    with open_store(f"sqlite:///{tmp_path / 'log.db'}") as store:
        log = Log(5, store=store)
        alone = log.flow()
        monkeypatch.setattr(two_processes, "LARGE", 1)
        assert log.flow() == alone
