"""Four eyes by handing a deal over and back: found in every log of today, and allowed in logs from before that rule."""

from __future__ import annotations

import sqlite3
from contextlib import closing
from pathlib import Path

import pytest
from forgery import change, findings

from procdef import Actor, Engine, load, open_store
from procdef.deal import Deal

SELLER = Actor("maija", frozenset({"seller", "manager"}))
MANAGER = Actor("jaana", frozenset({"manager"}))
YAML = """
procdef: 1
id: pair
version: 1
title: Pair
languages: [en]
currency: EUR
roles: {seller: {title: Seller}, manager: {title: Manager}}
fields: {price: {type: money}}
deal: {value: price, assign_by: manager}
lost: {reasons: {no_need: No need}}
stages:
  offer:
    title: Offer
    start: true
    owner: seller
    required_actions:
      approve: {title: Approve, by: manager, decision: true, four_eyes: true, voided_by: [price]}
    next: delivery
  delivery: {title: Delivery, owner: seller, outcome: won, required_actions: {deliver: {title: Deliver}}}
"""


@pytest.fixture
def handed_over(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """A log by a writer that looks at the present owner only."""
    monkeypatch.setattr(Deal, "owned_earlier", lambda *_: False)
    file = tmp_path / "pair.db"
    with closing(open_store(f"sqlite:///{file}")) as store:
        engine = Engine(store)
        engine.publish(load(YAML), by=MANAGER)
        engine.start("pair", "A", by=SELLER)
        engine.record("A", {"price": "5"}, by=Actor("matti", frozenset({"seller"})))
        engine.assign("A", "matti", by=MANAGER)
        engine.do("A", "approve", by=SELLER, decision="approve")
        engine.assign("A", "maija", by=MANAGER)
    return file


def test_the_owner_before_is_no_second_person(handed_over: Path) -> None:
    assert [(each.code, each.n, each.expected) for each in findings(handed_over)] == [
        ("illegal", 4, "a second person for offer.approve"),
    ]  # fmt: skip


def test_a_log_from_before_that_rule_stays_allowed(handed_over: Path) -> None:
    with closing(sqlite3.connect(handed_over)) as log:
        change(log, ("system", 1), lambda event: event["data"].pop("sealed"))
    assert findings(handed_over) == []
