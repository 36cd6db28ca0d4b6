"""A small process with every kind of rule, and a clock that the tests set."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import closing
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest

from procdef import Actor, Engine, StepRefused, load, open_store
from procdef.verification import Tally, verify

PROCESS = """
procdef: 1
id: small
version: 1
title: Small
languages: [en]
currency: EUR
roles: {seller: {title: Seller}, manager: {title: Manager}, delivery: {title: Delivery}}
fields:
  company: {type: text, personal: false}
  email: {type: email}
  amount: {type: money, min: 0}
  discount: {type: percent, max: 40}
  small: {type: boolean}
deal: {value: amount, assign_by: manager, correct_by: manager}
lost: {reasons: {price: Too dear}, note: required, reopen: {by: manager, within: 30 days}}
stages:
  lead:
    title: Lead
    start: true
    owner: seller
    required_actions:
      research: {title: Research, records: [company]}
    next: offer
  offer:
    title: Offer
    start: true
    owner: seller
    sla: {within: 3 days}
    entry_criteria:
      reachable: {require: [email], waivable_by: manager}
    required_actions:
      price: {title: Price, records: [amount, discount], voided_by: [amount]}
      approve:
        title: Approve
        by: manager
        when: discount > 10 %
        decision: true
        four_eyes: true
        needs: [price]
        voided_by: [discount]
      send: {title: Send, needs: [approve], evidence: link, milestone: offer, ways: {mail: Mail, visit: Visit}}
    exit_criteria:
      enough: {check: amount >= 100, waivable_by: manager}
    next:
      delivery: {title: Accepted}
      parked: {title: Park, when: small == true, unfinished: allowed}
    back: [lead]
  parked: {title: Parked, owner: seller, required_actions: {call: {title: Call again, at_least: 2}}, next: offer}
  delivery: {title: Delivery, owner: delivery, outcome: won, required_actions: {deliver: {title: Deliver}}}
"""


class Desk:
    """An engine with people at it. ``now`` is the time on the wall."""

    seller = Actor("maija", frozenset({"seller"}))
    other = Actor("matti", frozenset({"seller"}))
    manager = Actor("jaana", frozenset({"manager"}))
    deliverer = Actor("tero", frozenset({"delivery"}))

    def __init__(self, engine_url: str, file: Path) -> None:
        self.now = datetime(2026, 3, 2, 8, 0, tzinfo=UTC)
        self.store = open_store(engine_url)
        self.engine = Engine(self.store, clock=lambda: self.now)
        self.engine.publish(load(file), by=self.manager)

    def later(self, **span: float) -> None:
        self.now += timedelta(**span)

    def unmet(self, verb: str, *given: object, **named: object) -> list[tuple[str, str]]:
        """Codes and first ids of what refused a step."""
        with pytest.raises(StepRefused) as refused:
            getattr(self.engine, verb)(*given, **named)
        return [(item.code, item.id) for item in refused.value.unmet]

    def offered(self, discount: str = "5", amount: str = "500") -> None:
        """A deal D in the offer stage, priced."""
        self.engine.start("small", "D", by=self.seller, stage="offer", values={"email": "a@b.example"})
        self.engine.do("D", "price", by=self.seller, values={"amount": amount, "discount": discount})

    def won(self) -> None:
        """A deal D in delivery."""
        self.offered()
        self.engine.do("D", "send", by=self.seller, way="mail", evidence="https://x.example/offer")
        self.engine.advance("D", "delivery", by=self.seller)


KINDS_OF_STORES = ("memory:", "sqlite")


def address(kind: str, folder: Path) -> str:
    """Where a store of that kind lies."""
    return kind if kind == "memory:" else f"sqlite:///{folder / 'deals.db'}"


@pytest.fixture(params=KINDS_OF_STORES)
def empty_engine(request: pytest.FixtureRequest, tmp_path: Path) -> Iterator[Engine]:
    """An engine that has no process yet; whatever a test does, its log verifies afterwards."""
    with closing(open_store(address(request.param, tmp_path))) as store:
        yield Engine(store)
        with store.inspect() as tx:
            assert list(verify(tx, Tally())) == []


@pytest.fixture(params=KINDS_OF_STORES)
def desk(request: pytest.FixtureRequest, tmp_path: Path) -> Iterator[Desk]:
    file = tmp_path / "small.yaml"
    file.write_text(PROCESS, "utf-8")
    desk = Desk(address(request.param, tmp_path), file)
    yield desk
    desk.store.close()
