"""What a reason for losing asks for."""

from __future__ import annotations

from datetime import UTC, datetime

import pytest

from procdef import Actor, Engine, StepRefused, load, open_store
from procdef.render.refusal import refusal_text
from procdef.render.status import status_text

SELLER = Actor("maija", frozenset({"seller"}))
PROCESS = """
procdef: 1
id: small
version: 1
title: Small
languages: [en]
roles: {seller: {title: Seller}, manager: {title: Manager}}
fields:
  company: {type: text, personal: false}
  rival: {type: text, title: Who won it}
  margin: {type: percent}
lost:
  reasons:
    rival: {title: Chose another, records: [rival, margin]}
    no_need: No need
stages:
  lead:
    title: Lead
    start: true
    owner: seller
    required_actions: {research: {title: Research, records: [company]}}
    next: won
  won: {title: Won, owner: seller, outcome: won}
"""


@pytest.fixture
def engine(empty_engine: Engine) -> Engine:
    empty_engine.publish(load(PROCESS), by=SELLER)
    empty_engine.start("small", "D", by=SELLER)
    return empty_engine


def test_a_deal_is_not_lost_for_a_reason_before_what_it_records_is_filled_in(engine: Engine) -> None:
    engine.record("D", {"margin": "5"}, by=SELLER)
    with pytest.raises(StepRefused) as refused:
        engine.lose("D", "rival", by=SELLER)
    assert [(item.code, item.id, item.who) for item in refused.value.unmet] == [("records-unset", "rival", ("seller",))]
    unmet = engine.events("D")[-1]["data"]["unmet"]
    assert unmet == [{"code": "records-unset", "about": ["rival"], "roles": ["seller"]}]
    engine.record("D", {"rival": "Another Oy"}, by=SELLER)
    assert engine.lose("D", "rival", by=SELLER).deal.reason == "rival"


def test_the_refusal_names_every_missing_field_and_who_records_them_all_in_one_step(engine: Engine) -> None:
    with pytest.raises(StepRefused) as refused:
        engine.lose("D", "rival", by=SELLER)
    told = refusal_text(refused.value)
    assert "rival is not filled in" in told
    assert "margin is not filled in" in told
    assert "seller: procdef record D rival=... margin=..." in told
    assert told.count("procdef") == 1


def test_a_reason_that_asks_for_nothing_is_there_in_one_step(engine: Engine) -> None:
    assert engine.lose("D", "no_need", by=SELLER).deal.outcome == "lost"


def test_status_names_what_a_reason_still_asks_for_and_who_records_it(engine: Engine) -> None:
    options = engine.options("D", by=SELLER)
    way = next(way for way in options.as_dict()["ways"] if way["move"] == "lose")
    assert (way["open"], way["reasons"]) == (True, {"rival": ["rival", "margin"], "no_need": []})
    assert (
        "      rival: rival and margin are not filled in\n        seller: procdef record D rival=... margin=..."
        in status_text(options)
    )
    engine.record("D", {"rival": "Another Oy", "margin": "5"}, by=SELLER)
    assert "not filled in" not in status_text(engine.options("D", by=SELLER)).partition("give it up")[2]


CALENDAR = "calendar: {timezone: UTC, holidays: FI, hours: {mon-fri: 09:00-17:00}}"
REOPENED = PROCESS.replace("languages: [en]", f"languages: [en]\n{CALENDAR}")
REOPENED = REOPENED.replace("lost:\n", "lost:\n  reopen: {by: manager, within: 600 business days}\n")


def test_a_step_on_a_lost_deal_is_refused_where_no_calendar_tells_until_when_it_is_reopened() -> None:
    engine = Engine(open_store("memory:"), clock=lambda: datetime(2099, 3, 2, 8, 0, tzinfo=UTC))
    engine.publish(load(REOPENED), by=SELLER)
    engine.start("small", "D", by=SELLER)
    engine.lose("D", "no_need", by=SELLER)
    with pytest.raises(StepRefused) as refused:
        engine.record("D", {"margin": "5"}, by=SELLER)
    assert [(item.code, item.suggestion) for item in refused.value.unmet] == [("closed", None)]
    assert engine.events("D")[-1]["type"] == "step.refused"
