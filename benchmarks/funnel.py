"""A process of seven stages with an offer, and the steps that a great many deals take through it over three years: what a
large company's reports are made from."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import UTC, datetime, timedelta
from itertools import pairwise
from random import Random
from typing import Any

STAGES = ("lead", "contact", "meeting", "offer", "negotiation", "delivery", "aftercare")
PROCESS = """procdef: 1
id: funnel
version: 1
title: Funnel
languages: [en]
currency: EUR
calendar: {timezone: Europe/Helsinki, holidays: FI, hours: {mon-fri: "09:00-17:00"}}
roles: {seller: {title: Seller}, manager: {title: Manager}}
fields:
  price: {type: money, min: 0, title: Price}
  discount: {type: percent, max: 40, title: Discount}
  close: {type: date, title: Expected close}
  source: {type: choice, options: [fair, referral, web], title: Source}
deal: {value: price, close: close, assign_by: manager, correct_by: manager}
lost:
  reasons: {no_budget: {title: No budget}, competitor: {title: Chose a competitor}, no_need: {title: No need}}
goals: {hit_rate: 30, won_value: {amount: 90000000, per: month}, new_deals: {count: 25000, per: month}}
measures: {mean_price: {field: price, aggregate: mean, title: Mean price}}
stages:
  lead: {title: Lead, start: true, owner: seller, probability: 5, sla: {within: 10 business days}, next: contact}
  contact:
    {title: Contact, owner: seller, probability: 10, sla: {within: 10 business days}, next: meeting,
     exit_criteria: {source_known: {require: source, message: The source is not known}}}
  meeting: {title: Meeting, owner: seller, probability: 25, sla: {within: 15 business days}, next: offer}
  offer:
    title: Offer
    owner: seller
    probability: 40
    sla: {within: 15 business days}
    required_actions: {send: {title: Send the offer, milestone: offer, records: [price, discount, close]}}
    next: negotiation
  negotiation:
    {title: Negotiation, owner: seller, probability: 60, sla: {within: 10 business days}, next: delivery, back: offer}
  delivery: {title: Delivery, owner: seller, outcome: won, sla: {within: 20 business days}, next: aftercare}
  aftercare: {title: Aftercare, owner: seller}
"""
FIRST = datetime(2023, 11, 1, 7, tzinfo=UTC)
DAYS = 1080
SELLERS = tuple(f"seller-{number:03}" for number in range(200))
REASONS = ("no_budget", "competitor", "no_need")
_STAYS = {"lead": 6.0, "contact": 8.0, "meeting": 14.0, "offer": 12.0, "negotiation": 9.0, "delivery": 21.0}
_LOST = {"lead": 0.06, "contact": 0.06, "meeting": 0.06, "offer": 0.08, "negotiation": 0.08}


def steps(deals: int, first: int = 0) -> Iterator[dict[str, Any]]:
    """What happened to so many deals, the next number ``first``. What would lie behind the last day is not told: those deals
    are open."""
    for number in range(first, first + deals):
        yield from _deal(number)


def _deal(number: int) -> Iterator[dict[str, Any]]:
    chance = Random(number)
    at = FIRST + timedelta(seconds=chance.randrange(DAYS * 86400))
    end = FIRST + timedelta(days=DAYS)
    person = {"by": SELLERS[chance.randrange(len(SELLERS))], "roles": ["seller"], "deal": f"D-{number:07}"}
    known = chance.random() < 0.9
    values: dict[str, Any] = {"source": chance.choice(("fair", "referral", "web"))} if known else {}
    yield {**person, "happened": _text(at), "do": "start", "values": values}
    for stage, then in pairwise(STAGES):
        at += timedelta(days=chance.expovariate(1 / _STAYS[stage]))
        if at >= end:
            return
        now = {**person, "happened": _text(at)}
        if stage == "contact" and not known:
            yield {**now, "do": "advance", "to": then}  # refused: nobody wrote down where the lead came from
            yield {**now, "do": "record", "values": {"source": "web"}}
        if stage == "offer":
            price = round(chance.lognormvariate(8, 0.8), 2)
            close = (at + timedelta(days=chance.randrange(5, 60))).date().isoformat()
            given = {"price": f"{price:.2f}", "discount": str(chance.choice((0, 0, 5, 10, 15, 20))), "close": close}
            yield {**now, "do": "do", "action": "send", "values": given}
        if chance.random() < _LOST.get(stage, 0):
            yield {**now, "do": "lose", "reason": chance.choice(REASONS)}
            return
        yield {**now, "do": "advance", "to": then}


def _text(at: datetime) -> str:
    return at.strftime("%Y-%m-%dT%H:%M:%SZ")
