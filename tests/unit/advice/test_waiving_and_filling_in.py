"""A criterion that may be waived tells both ways out while a field that it reads is empty, each with who may take it."""

from __future__ import annotations

import pytest

from procdef import Actor, Engine, StepRefused, Unmet, load, open_store

PROCESS = """
procdef: 1
id: rent
version: 1
title: Rent
languages: [en]
currency: EUR
roles: {seller: {title: Seller}, manager: {title: Manager}}
fields: {budget: {type: money}, price: {type: money}}
lost: {reasons: {no: No}}
stages:
  ask:
    title: Ask
    start: true
    owner: seller
    required_actions: {call: {title: Call}, offer: {title: Offer, records: [price], milestone: offer}}
    next: won
  won:
    title: Won
    owner: seller
    entry_criteria:
      enough: {check: budget >= 5000, waivable_by: manager}
      priced: {check: price > 0, waivable_by: manager}
    outcome: won
    required_actions: {thank: {title: Thank}}
"""
SELLER = Actor("maija", roles={"seller"}, auth="app")


@pytest.fixture
def engine() -> Engine:
    made = Engine(open_store("memory:"))
    made.publish(load(PROCESS), by=SELLER)
    made.start("rent", "D", by=SELLER)
    return made


def refused(engine: Engine) -> dict[str, Unmet]:
    with pytest.raises(StepRefused) as raised:
        engine.advance("D", by=SELLER)
    return {item.id: item for item in raised.value.unmet}


def test_an_empty_field_is_filled_in_by_the_owners_or_the_criterion_waived_by_others(engine: Engine) -> None:
    item = refused(engine)["won.enough"]
    assert item.filling
    assert (item.filled_by, item.filling.command) == (("seller",), "procdef record D budget=...")
    assert (item.who, item.command) == (("manager",), "procdef waive D won.enough --reason ...")


def test_a_field_that_an_open_action_asks_for_is_not_asked_for_twice(engine: Engine) -> None:
    item = refused(engine)["won.priced"]
    assert (item.filling, item.filled_by) == (None, ())


def test_with_the_field_filled_in_waiving_is_left(engine: Engine) -> None:
    engine.record("D", {"budget": "10"}, by=SELLER)
    item = refused(engine)["won.enough"]
    assert (item.code, item.filling, item.who) == ("criterion-unmet", None, ("manager",))
