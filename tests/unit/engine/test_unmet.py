"""What a refusal names: all that is in the way, and nothing else."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest

from procdef import Actor, Engine, StepRefused, load, open_store

if TYPE_CHECKING:
    from conftest import Desk

ASKING = """
procdef: 1
id: asking
version: 1
title: Asking
languages: [en]
roles: {seller: {title: Seller}}
fields: {size: {type: integer}, budget: {type: integer}, name: {type: text, personal: false}}
stages:
  talk:
    title: Talk
    start: true
    owner: seller
    required_actions:
      measure: {title: Measure, voided_by: [size, name]}
      estimate: {title: Estimate, when: talk.measure is not done and budget > 10}
    next: closing
  closing: {title: Closing, owner: seller, outcome: won}
"""


def refusal(desk: Desk, verb: str, *given: object, **named: object) -> list[tuple[str, ...]]:
    """Each unmet item as its code and all ids that it is about."""
    with pytest.raises(StepRefused) as refused:
        getattr(desk.engine, verb)(*given, **named)
    return [(item.code, *item.about) for item in refused.value.unmet]


@pytest.mark.parametrize(
    ("expected", "stage"),
    [
        ([("not-declared", "colour")], "offer"),
        ([("not-declared", "colour")], "delivery"),
        ([("not-declared", "colour")], None),
        ([("not-declared", "nowhere", "colour")], "nowhere"),
    ],
)
def test_what_a_start_names_must_be_declared_before_anything_else_is_looked_at(desk: Desk, expected, stage) -> None:
    assert refusal(desk, "start", "small", "D", by=desk.deliverer, stage=stage, values={"colour": "red"}) == expected


def test_everything_that_the_definition_lacks_is_named_at_once(desk: Desk) -> None:
    desk.offered()
    expected = [("not-declared", "fax", "colour")]
    assert refusal(desk, "do", "D", "send", by=desk.seller, way="fax", values={"colour": "red"}) == expected


def test_entry_criteria_are_told_beside_a_value_that_does_not_fit(desk: Desk) -> None:
    expected = [("bad-value", "amount"), ("criterion-unmet", "offer.reachable")]
    assert refusal(desk, "start", "small", "D", by=desk.seller, stage="offer", values={"amount": "much"}) == expected


def test_the_shut_gate_names_the_values_that_end_what_a_when_asks_about() -> None:
    store, seller = open_store("memory:"), Actor("maija", frozenset({"seller"}))
    engine = Engine(store)
    engine.publish(load(ASKING), by=seller)
    engine.start("asking", "D", by=seller, values={"size": 1, "budget": 20})
    engine.do("D", "measure", by=seller)
    engine.advance("D", by=seller)
    with pytest.raises(StepRefused) as refused:
        engine.record("D", {"size": 2, "budget": 21, "name": ""}, by=seller)
    expected = {("size", "talk.measure"), ("size", "talk.estimate"), ("budget", "talk.estimate")}
    assert expected == {item.about for item in refused.value.unmet}
    store.close()
