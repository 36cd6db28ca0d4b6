"""Questions to the whole log take no more memory for ten times the events, whether of deals or of refused starts."""

from __future__ import annotations

import tracemalloc
from collections import Counter, deque
from collections.abc import Callable, Iterable, Iterator, Mapping
from contextlib import closing
from pathlib import Path
from typing import Any

import pytest

from procdef import Actor, Engine
from procdef.audit.overrides import Counts, overrides
from procdef.audit.population import Reconciliation, population, sample
from procdef.audit.reevaluated import judged
from procdef.audit.separation_of_duties import Duties, duties
from procdef.language import load_source
from procdef.provenance import Period
from procdef.store import open_store
from procdef.store.port import Tx

FEW, MANY = 150, 1_500
PROCESS = b"""
procdef: 1
id: small
version: 1
title: Small
languages: [en]
currency: EUR
roles: {seller: {title: Seller}, manager: {title: Manager}}
fields: {amount: {type: money}, name: {type: text}}
stages:
  offer:
    title: Offer
    start: true
    owner: seller
    entry_criteria: {enough: {check: amount >= 10, message: Too small, waivable_by: manager}}
    exit_criteria: {named: {require: [name], waivable_by: manager}}
    next: done_deal
  done_deal: {title: Won, owner: seller, outcome: won}
"""
QUESTIONS: Mapping[str, Callable[[Tx], Iterable[Any]]] = {
    "population": lambda tx: population(tx, Period(), Reconciliation(tx.size)),
    "population of a period": lambda tx: population(tx, Period("2000", "3000"), Reconciliation(tx.size)),
    "sample": lambda tx: sample(population(tx, Period(), Reconciliation(tx.size)), 25, "S"),
    "overrides": lambda tx: overrides(tx, Period(), Counts(), refused=True),
    "sod": lambda tx: duties(tx, Period(), "signed", Duties(tx.size)),
    "replay": lambda tx: judged(tx, (), Counter()),
}


def steps(deals: int) -> Iterator[dict[str, Any]]:
    who = {"by": "maija", "roles": ["seller", "manager"]}
    for k in range(deals):
        yield {**who, "deal": f"A-{k}", "do": "start", "values": {"amount": "10"}}
        yield {**who, "deal": f"A-{k}", "do": "waive", "criterion": "named", "reason": "They grow " * 20}
        yield {**who, "deal": f"R-{k}", "do": "start", "values": {"amount": "9", "name": "Anna " * 20}}


@pytest.fixture(scope="module")
def logs(tmp_path_factory: pytest.TempPathFactory) -> Mapping[int, Path]:
    found = {}
    for deals in (FEW, MANY):
        found[deals] = tmp_path_factory.mktemp("logs") / f"{deals}.db"
        with closing(open_store(f"sqlite:///{found[deals]}")) as store:
            results = Engine(store).run(load_source(PROCESS, "small"), steps(deals), by=Actor("op"), keep_going=True)
            assert Counter(result.status for result in results) == {"applied": 2 * deals, "refused": deals}
    return found


def asked(question: Callable[[Tx], Iterable[Any]], log: Path) -> None:
    with closing(open_store(f"sqlite:///{log}")) as store, store.transaction(write=False) as tx:
        deque(question(tx), maxlen=0)


def peak(question: Callable[[Tx], Iterable[Any]], log: Path) -> int:
    with closing(open_store(f"sqlite:///{log}")) as store, store.transaction(write=False) as tx:
        tracemalloc.start()
        deque(question(tx), maxlen=0)
        _, most = tracemalloc.get_traced_memory()
        tracemalloc.stop()
    return most


@pytest.mark.parametrize("name", QUESTIONS)
def test_ten_times_the_events_take_no_more_memory(name: str, logs: Mapping[int, Path]) -> None:
    asked(QUESTIONS[name], logs[MANY])  # what is read once and kept, in caches with a limit, is no memory of the question
    few, many = (peak(QUESTIONS[name], logs[deals]) for deals in (FEW, MANY))
    assert many < few * 1.2 + 50_000
