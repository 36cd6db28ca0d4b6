"""What a refusal names, all that is in the way and nothing else; and what a changed value ends."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest

from procdef import StepRefused, load

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
    optional_actions: {ask: {title: Ask, voided_by: [size]}}
    exit_criteria: {quiet: {check: talk.ask is not done, waivable_by: seller}}
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


def asked(desk: Desk) -> None:
    """A deal D of the asking process, measured."""
    desk.engine.publish(load(ASKING), by=desk.seller)
    desk.engine.start("asking", "D", by=desk.seller, values={"size": 1, "budget": 20})
    desk.engine.do("D", "measure", by=desk.seller)


def test_the_shut_gate_names_the_values_that_end_what_a_when_asks_about(desk: Desk) -> None:
    asked(desk)
    desk.engine.advance("D", by=desk.seller)
    expected = [("gate-shut", "size", "talk.measure"), ("gate-shut", "size", "talk.estimate")]
    expected.append(("gate-shut", "budget", "talk.estimate"))
    assert refusal(desk, "record", "D", {"size": 2, "budget": 21, "name": ""}, by=desk.seller) == expected


def test_voided_completions_are_logged_in_the_order_of_their_names_in_every_store(desk: Desk) -> None:
    asked(desk)
    desk.engine.do("D", "ask", by=desk.seller)
    events = desk.engine.record("D", {"size": 2}, by=desk.seller).events
    assert [event["data"].get("action") for event in events] == [None, "talk.ask", "talk.measure"]


def test_a_waiver_lapses_when_a_completion_that_the_criterion_reads_is_voided(desk: Desk) -> None:
    asked(desk)
    desk.engine.do("D", "ask", by=desk.seller)
    assert len(desk.engine.waive("D", "quiet", by=desk.seller, reason="Once only").deal.waivers) == 1
    assert desk.engine.record("D", {"size": 2}, by=desk.seller).deal.waivers == ()


SKIPPING = """
procdef: 1
id: skipping
version: 1
title: Skipping
languages: [en]
roles: {seller: {title: Seller}, manager: {title: Manager}}
fields: {need: {type: text, personal: false}}
deal: {correct_by: manager}
stages:
  talk:
    title: Talk
    start: true
    owner: seller
    required_actions: {ask: {title: Ask, records: [need]}}
    next: [demo, offer]
  demo: {title: Demo, owner: seller, back: [talk], next: offer}
  offer: {title: Offer, owner: seller, back: [demo], next: closing}
  closing: {title: Closing, owner: seller, outcome: won}
"""


@pytest.mark.parametrize(
    ("by_way_of", "fix"),
    [(("demo", "offer"), "go back to talk first"), (("offer",), "only a correction can change it")],
)
def test_a_shut_gate_sends_back_only_by_stages_that_the_deal_passed(desk: Desk, by_way_of: tuple[str, ...], fix: str) -> None:
    desk.engine.publish(load(SKIPPING), by=desk.seller)
    desk.engine.start("skipping", "D", by=desk.seller)
    desk.engine.do("D", "ask", by=desk.seller, values={"need": "Tiles"})
    for stage in by_way_of:
        desk.engine.advance("D", stage, by=desk.seller)
    with pytest.raises(StepRefused) as refused:
        desk.engine.record("D", {"need": None}, by=desk.seller)
    assert refused.value.unmet[0].fix == fix
