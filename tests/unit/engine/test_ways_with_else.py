"""``when: else`` on a way: open where the ``when`` of no other way of the stage is true."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator
from pathlib import Path
from typing import TYPE_CHECKING

import pytest

from procdef import StepRefused, load
from procdef.audit.reevaluated import judged
from procdef.language import check
from procdef.verification import Tally, verify

if TYPE_CHECKING:
    from conftest import Desk

PROCESS = """
procdef: 1
id: parting
version: 1
title: Parting ways
languages: [en]
currency: EUR
roles: {seller: {title: Seller}, manager: {title: Manager}}
fields: {amount: {type: money}, staff: {type: list, items: {name: {type: text}, lead: {type: boolean}}}}
lost: {reasons: {price: Too dear}}
stages:
  lead:
    title: Lead
    start: true
    owner: seller
    required_actions: {ask: {title: Ask}}
    next:
      nurture: {when: amount < 500}
      tender: {when: amount >= 100000 and any(staff where name == "Ann")}
      offer: {when: else, by: seller}
  nurture: {title: Nurture, owner: seller, required_actions: {wait: {title: Wait}}, next: offer, back: lead}
  tender: {title: Tender, owner: seller, required_actions: {write: {title: Write}}, next: offer, back: lead}
  offer: {title: Offer, owner: seller, required_actions: {send: {title: Send}}, next: delivery, back: lead}
  delivery: {title: Delivery, owner: seller, outcome: won, required_actions: {deliver: {title: Deliver}}}
"""


@pytest.fixture
def parting(desk: Desk, tmp_path: Path) -> Iterator[Desk]:
    file = tmp_path / "parting.yaml"
    file.write_text(PROCESS, "utf-8")
    desk.engine.publish(load(file), by=desk.manager)
    desk.engine.start("parting", "D", by=desk.seller)
    desk.engine.do("D", "ask", by=desk.seller)
    yield desk
    with desk.store.inspect() as tx:
        assert list(verify(tx, Tally())) == []


def test_it_is_taken_when_the_when_of_no_other_way_is_true(parting: Desk) -> None:
    parting.engine.record("D", {"amount": "600"}, by=parting.seller)
    done = parting.engine.advance("D", by=parting.seller)
    assert done.deal.stage == "offer"
    assert done.events[0]["data"]["facts"]["branches"] == {"nurture": "unmet", "tender": "unmet", "offer": "met"}


def test_it_is_closed_when_the_when_of_another_way_is_true(parting: Desk) -> None:
    parting.engine.record("D", {"amount": "400"}, by=parting.seller)
    with pytest.raises(StepRefused) as refused:
        parting.engine.advance("D", "offer", by=parting.seller)
    (item,) = refused.value.unmet
    assert (item.code, item.why) == ("branch-closed", "nurture is open, for amount < 500 holds")
    assert item.expression == "else"
    assert parting.engine.advance("D", by=parting.seller).deal.stage == "nurture"


def test_it_is_unknown_while_the_when_of_another_way_is(parting: Desk) -> None:
    with pytest.raises(StepRefused) as refused:
        parting.engine.advance("D", by=parting.seller)
    (item,) = refused.value.unmet
    assert item.code == "no-target"
    assert "offer: whether nurture is open is not known: amount is not filled in" in (item.why or "")


def test_what_it_reads_of_a_list_is_personal_where_another_way_reads_it(parting: Desk) -> None:
    values = {"amount": "200000", "staff": [{"name": "Ann", "lead": True}]}
    parting.engine.record("D", values, by=parting.seller)
    assert parting.engine.advance("D", by=parting.seller).deal.stage == "tender"
    with parting.store.transaction(write=False) as tx:
        found = {(item.rule, item.verdict, item.why) for item in judged(tx, (), Counter())}
    assert found == {
        ("lead -> tender", "not judged", "reads staff"),
        ("lead -> offer", "not judged", "reads staff"),
    }


@pytest.mark.parametrize("written", ["ELSE", "Else"])
def test_else_in_capital_letters_is_told_to_be_written_in_small_ones(written: str) -> None:
    (found,) = check(PROCESS.replace("when: else", f"when: {written}"))
    assert (found.code, found.message, found.fix) == ("expression-syntax", "write else in small letters", "else")
