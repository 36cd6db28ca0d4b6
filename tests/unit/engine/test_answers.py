"""What the engine hands out is the caller's own: nobody passes a gate by changing it."""

from __future__ import annotations

from collections.abc import Callable
from typing import TYPE_CHECKING, Any

import pytest

from procdef import Actor, DealRow, Engine, InvalidArgument, load

if TYPE_CHECKING:
    from conftest import Desk

LISTING = """
procdef: 1
id: listing
version: 1
title: Listing
languages: [en]
roles: {seller: {title: Seller}}
fields:
  amount: {type: integer}
  lines: {type: list, items: {article: {type: text, personal: false}, pieces: {type: integer}}}
stages:
  talk:
    title: Talk
    start: true
    owner: seller
    exit_criteria: {enough: {check: amount >= 100}, many: {check: 'any(lines where pieces >= 5)'}}
    next: signed
  signed: {title: Signed, owner: seller, outcome: won}
"""


ANSWERS: dict[str, Callable[[Engine, Actor], Any]] = {
    "Done.deal": lambda engine, by: engine.note("D", "Called", by=by).deal,
    "Done.deal replayed": lambda engine, by: [engine.note("D", "Called", by=by, request="r-1").deal for _ in "12"][1],
    "deal": lambda engine, by: engine.deal("D"),
    "options": lambda engine, by: engine.options("D", by=by).deal,
    "options as an inquiry": lambda engine, by: engine.options("D", by=by).inquiry.deal,
    "deals": lambda engine, by: next(engine.deals()),
}


@pytest.mark.parametrize("answer", ANSWERS)
def test_who_changes_an_answer_changes_nothing_else(desk: Desk, answer: str) -> None:
    desk.engine.publish(load(LISTING), by=desk.seller)
    lines = [{"article": "Bolt", "pieces": 1}]
    desk.engine.start("listing", "D", by=desk.seller, values={"amount": 1, "lines": lines})
    deal = ANSWERS[answer](desk.engine, desk.seller)
    if not isinstance(deal, DealRow):
        deal.values["amount"] = 1000
        deal.values["lines"][0]["pieces"] = 10
        deal.standing["talk.call"] = ("maija",)
        deal.changed_by["amount"] = "nobody"
        deal.rejected["talk.call"] = "maija"
    expected = [("criterion-unmet", "talk.enough"), ("criterion-unmet", "talk.many")]
    assert desk.unmet("advance", "D", by=desk.seller) == expected
    kept = desk.engine.deal("D")
    assert (kept.values, kept.standing, kept.rejected) == ({"amount": 1, "lines": lines}, {}, {})
    assert kept.changed_by == {"amount": "maija", "lines": "maija"}


def test_the_values_given_stay_the_callers(desk: Desk) -> None:
    desk.engine.publish(load(LISTING), by=desk.seller)
    given = {"amount": 1, "lines": [{"article": "Bolt", "pieces": 1}]}
    desk.engine.start("listing", "D", by=desk.seller, values=given)
    given["lines"][0]["pieces"] = 10
    assert desk.engine.deal("D").values["lines"][0]["pieces"] == 1


def test_a_run_looks_at_its_arguments_at_once_and_does_nothing_before_it_is_asked(desk: Desk) -> None:
    with pytest.raises(InvalidArgument, match="by"):
        desk.engine.run("small", [], by="jaana")
    read: list[str] = []

    def steps() -> Any:
        read.append("a step")
        yield {"by": "maija", "roles": ["seller"], "deal": "D", "do": "start", "stage": "lead"}

    results = desk.engine.run("small", steps(), by=desk.manager)
    assert read == []
    assert [result.status for result in results] == ["applied"]


def test_a_run_takes_steps_on_deals_of_other_processes(desk: Desk) -> None:
    desk.engine.publish(load(LISTING), by=desk.seller)
    desk.engine.start("listing", "L", by=desk.seller)
    note = {"by": "maija", "roles": ["seller"], "deal": "L", "do": "note", "note": "Called"}
    assert [result.status for result in desk.engine.run("small", [note], by=desk.manager)] == ["applied"]


def test_the_runners_own_behalf_gives_way_to_the_person_of_each_step(desk: Desk) -> None:
    runner = Actor("crm", behalf=Actor("jaana", frozenset({"manager"})))
    start = {"by": "maija", "roles": ["seller"], "deal": "D", "do": "start", "stage": "lead"}
    assert [result.status for result in desk.engine.run("small", [start], by=runner)] == ["applied"]
    (event,) = desk.engine.events("D")
    assert (event["by"]["id"], event["for"]["id"]) == ("crm", "maija")
