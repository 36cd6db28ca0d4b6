"""Deadlines of a stage and the reminders of them, in the working time of a night shift in Riyadh."""

from __future__ import annotations

import json
from datetime import UTC, datetime, timedelta

import pytest

from procdef import Actor, Engine, load, open_store
from procdef.render.status import status_text

SELLER = Actor("amal", frozenset({"seller"}))
PROCESS = """
procdef: 1
id: nights
version: 1
title: Nights
languages: [en]
calendar: {timezone: Asia/Riyadh, holidays: SA, hours: {sun-thu: "22:00-06:00"}}
roles: {seller: {title: Seller}}
fields: {company: {type: text, personal: false}}
lost: {reasons: {price: Too dear}, reopen: {by: seller, within: always}}
stages:
  lead:
    title: Lead
    start: true
    owner: seller
    sla: {within: 2 business days, remind: [1 business day, 90 business minutes, 1 week]}
    next: won
  won: {title: Won, owner: seller, outcome: won}
"""
TUESDAY_AT_TWO = datetime(2026, 6, 1, 23, 0, tzinfo=UTC)
"""By the clocks of Riyadh, where it is still the shift of Monday."""


@pytest.fixture
def engine() -> Engine:
    now = TUESDAY_AT_TWO
    engine = Engine(open_store("memory:"), clock=lambda: now)
    engine.publish(load(PROCESS), by=SELLER)
    engine.start("nights", "D", by=SELLER, values={"company": "Acme"})
    return engine


def test_a_deadline_counts_from_the_working_day_on_which_the_shift_began(engine: Engine) -> None:
    assert engine.deal("D").due == "2026-06-04T03:00:00.000000Z"


def test_status_tells_when_each_reminder_comes_and_none_before_the_deal_was_there(engine: Engine) -> None:
    options = engine.options("D", by=SELLER)
    expected = ["2026-06-01T23:00:00.000000Z", "2026-06-02T19:00:00.000000Z", "2026-06-04T01:30:00.000000Z"]
    assert expected == json.loads(json.dumps(options.as_dict()))["reminders"]
    assert "reminders  2026-06-02 02:00, 2026-06-02 22:00, 2026-06-04 04:30\n" in status_text(options)


def test_a_lost_deal_has_no_reminders(engine: Engine) -> None:
    engine.lose("D", "price", by=SELLER)
    assert engine.options("D", by=SELLER).reminders == ()


def test_a_deal_that_may_be_reopened_always_is_reopened_years_later() -> None:
    now = TUESDAY_AT_TWO
    engine = Engine(open_store("memory:"), clock=lambda: now)
    engine.publish(load(PROCESS), by=SELLER)
    engine.start("nights", "D", by=SELLER)
    engine.lose("D", "price", by=SELLER)
    now += timedelta(days=20 * 365)
    assert [way.open for way in engine.options("D", by=SELLER).ways] == [True]
    assert engine.reopen("D", by=SELLER, reason="A new owner").deal.outcome == "open"


def test_status_shows_no_reminder_that_is_past() -> None:
    now = [TUESDAY_AT_TWO]
    engine = Engine(open_store("memory:"), clock=lambda: now[0])
    engine.publish(load(PROCESS), by=SELLER)
    engine.start("nights", "D", by=SELLER, values={"company": "Acme"})
    now[0] = datetime(2026, 6, 3, 12, 0, tzinfo=UTC)
    assert "reminders  2026-06-04 04:30\n" in status_text(engine.options("D", by=SELLER))
    now[0] = datetime(2026, 6, 4, 2, 0, tzinfo=UTC)
    assert "reminders" not in status_text(engine.options("D", by=SELLER))
    assert len(engine.options("D", by=SELLER).reminders) == 3
