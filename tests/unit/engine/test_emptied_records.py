"""A completion counts only while the fields of its action's ``records`` are filled in."""

from __future__ import annotations

import pytest

from procdef import Actor, Engine, StepRefused, load
from procdef.engine.options import Todo
from procdef.render.refusal import refusal_text
from procdef.render.status import status_text

SELLER = Actor("maija", frozenset({"seller"}))
MANAGER = Actor("jaana", frozenset({"manager"}))
PROCESS = """
procdef: 1
id: small
version: 1
title: Small
languages: [en]
roles: {seller: {title: Seller}, manager: {title: Manager}}
fields:
  company: {type: text, personal: false}
  email: {type: email}
  fit: {type: integer}
deal: {correct_by: manager}
stages:
  lead:
    title: Lead
    start: true
    owner: seller
    required_actions:
      research: {title: Research, records: [company, email]}
      judge: {title: Judge, by: manager, records: [fit], needs: [research]}
    exit_criteria: {known: lead.research is done}
    next: offer
  offer:
    title: Offer
    owner: seller
    required_actions: {send: {title: Send, needs: [lead.research]}}
    back: [lead]
    next: won
  won: {title: Won, owner: seller, outcome: won}
"""


@pytest.fixture
def engine(empty_engine: Engine) -> Engine:
    empty_engine.publish(load(PROCESS), by=SELLER)
    empty_engine.start("small", "D", by=SELLER, values={"company": "Acme", "email": "a@b.example"})
    empty_engine.do("D", "research", by=SELLER)
    return empty_engine


def unmet(engine: Engine, verb: str, *given: object, **named: object) -> list[tuple[str, str]]:
    with pytest.raises(StepRefused) as refused:
        getattr(engine, verb)("D", *given, **named)
    return [(item.code, item.id) for item in refused.value.unmet]


def research(engine: Engine) -> Todo:
    return engine.options("D", by=SELLER).todo[0]


def in_offer(engine: Engine) -> None:
    engine.do("D", "judge", by=MANAGER, values={"fit": "7"})
    engine.advance("D", by=SELLER)


def test_an_action_is_open_again_while_what_it_records_is_empty(engine: Engine) -> None:
    engine.record("D", {"company": ""}, by=SELLER)
    assert (research(engine).status, research(engine).emptied, research(engine).times) == ("open", ("company",), 1)
    expected = [("action-open", "lead.research"), ("action-open", "lead.judge"), ("criterion-unmet", "lead.known")]
    assert unmet(engine, "advance", by=SELLER) == expected
    assert unmet(engine, "do", "judge", by=MANAGER, values={"fit": "7"}) == [("needs-open", "lead.research")]


def test_it_counts_again_once_the_field_is_filled_in(engine: Engine) -> None:
    engine.record("D", {"company": ""}, by=SELLER)
    engine.record("D", {"company": "Beta"}, by=SELLER)
    assert research(engine).status == "done"
    assert [event["type"] for event in engine.events("D")].count("action.completed") == 1


def test_another_value_empties_nothing(engine: Engine) -> None:
    engine.record("D", {"company": "Beta", "email": "c@d.example"}, by=SELLER)
    assert research(engine).status == "done"


def test_status_and_refusal_say_why_it_is_open_and_who_fills_it_in(engine: Engine) -> None:
    engine.record("D", {"company": "", "email": ""}, by=SELLER)
    told = status_text(engine.options("D", by=SELLER))
    assert (
        "[ ] Research (research): done by maija, but does not count while company and email are not filled in\n"
        "        seller: procdef record D company=... email=...\n" in told
    )
    action = engine.options("D", by=SELLER).as_dict()["actions"][0]
    assert (action["status"], action["emptied"], action["who"]) == ("open", ["company", "email"], ["seller"])
    with pytest.raises(StepRefused) as refused:
        engine.advance("D", by=SELLER)
    told = refusal_text(refused.value)
    assert "research is not done: it was, but does not count while company and email are not filled in" in told
    assert "seller: procdef record D company=... email=..." in told


def test_emptying_behind_the_gate_is_refused(engine: Engine) -> None:
    in_offer(engine)
    assert unmet(engine, "record", {"company": "", "fit": ""}, by=SELLER) == [
        ("gate-shut", "company"), ("gate-shut", "fit"),
    ]  # fmt: skip
    engine.record("D", {"company": "Beta"}, by=SELLER)
    engine.back("D", "lead", by=SELLER, reason="Once more")
    assert engine.record("D", {"company": ""}, by=SELLER).deal.values.keys() == {"email", "fit"}


def test_a_correction_empties_what_lies_behind_the_gate_and_the_needs_of_later_actions_see_it(engine: Engine) -> None:
    in_offer(engine)
    engine.record("D", {"company": ""}, by=MANAGER, correct=True, reason="It was another deal's")
    assert unmet(engine, "do", "send", by=SELLER) == [("needs-open", "lead.research")]


def test_erasing_what_an_action_recorded_leaves_it_done(engine: Engine) -> None:
    engine.erase("D", fields=["email"], basis="request", by=MANAGER)
    assert research(engine).status == "done"
    in_offer(engine)
    engine.record("D", {"email": ""}, by=SELLER)
    assert engine.do("D", "send", by=SELLER).deal.standing.keys() == {"lead.research", "lead.judge", "offer.send"}


REFILLED = """
procdef: 1
id: small
version: 1
title: Small
languages: [en]
roles: {seller: {title: Seller}, manager: {title: Manager}}
fields:
  budget: {type: integer}
deal: {correct_by: manager}
stages:
  lead:
    title: Lead
    start: true
    owner: seller
    optional_actions: {ask: {title: Ask, records: [budget]}}
    required_actions: {calculate: {title: Calculate, when: lead.ask is done}}
    next: offer
  offer: {title: Offer, owner: seller, back: [lead], next: won}
  won: {title: Won, owner: seller, outcome: won}
"""


def test_filling_a_field_again_behind_the_gate_is_refused_where_it_makes_a_passed_action_needed(empty_engine: Engine) -> None:
    empty_engine.publish(load(REFILLED), by=SELLER)
    empty_engine.start("small", "D", by=SELLER)
    empty_engine.do("D", "ask", by=SELLER, values={"budget": 5})
    empty_engine.record("D", {"budget": None}, by=SELLER)
    empty_engine.advance("D", by=SELLER)
    with pytest.raises(StepRefused) as refused:
        empty_engine.record("D", {"budget": 7}, by=SELLER)
    assert [(item.code, item.about) for item in refused.value.unmet] == [("gate-shut", ("budget", "lead.calculate"))]
