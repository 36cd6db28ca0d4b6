"""A sales process with personal values, and the steps that many deals take through it: a log as companies have it."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

PROCESS = """procdef: 1
id: sales
version: 1
title: Sales
languages: [en]
currency: EUR
roles: {seller: {title: Seller}, manager: {title: Manager}}
fields:
  company: {type: text, personal: false, title: Company}
  contact: {type: text, title: Contact}
  email: {type: email, title: E-mail}
  need: {type: text, personal: false, title: Need}
  price: {type: money, min: 0, title: Price}
  discount: {type: percent, max: 40, title: Discount}
  delivery: {type: date, title: Delivery}
deal: {value: price, close: delivery, assign_by: manager, correct_by: manager}
lost:
  reasons: {no_budget: {title: No budget}, competitor: {title: Chose a competitor}}
stages:
  lead:
    title: Lead
    start: true
    owner: seller
    sla: {within: 10 days}
    required_actions:
      call: {title: Call, evidence: note}
    next: offer
  offer:
    title: Offer
    owner: seller
    sla: {within: 20 days}
    entry_criteria:
      known: {require: [company, contact, email]}
    required_actions:
      calculate: {title: Calculate, records: [need, price, discount]}
      approve: {title: Approve, decision: true, by: manager, voided_by: [price, discount]}
      send: {title: Send the offer, needs: [approve]}
    exit_criteria:
      fair: {check: discount <= 20 %, waivable_by: manager}
    next: closing
  closing:
    title: Closing
    owner: seller
    outcome: won
    entry_criteria:
      worth: {check: price >= 100}
      planned: {require: [delivery]}
"""
SELLERS = ("maija", "pekka", "liisa", "antti", "sanna")


def steps(deals: int, first: int = 0) -> Iterator[dict[str, Any]]:
    """What happens to so many deals, the next number ``first``, in the order in which a file of steps tells it."""
    for number in range(first, first + deals):
        yield from _deal(number)


def _deal(number: int) -> Iterator[dict[str, Any]]:
    seller = {"by": SELLERS[number % len(SELLERS)], "roles": ["seller"], "deal": f"Customer {number}"}
    manager = {**seller, "by": "johanna", "roles": ["manager"]}
    high = number % 5 == 0
    values = {"company": f"Company {number} Oy", "contact": f"Person {number}", "email": f"person.{number}@a.example"}
    yield {**seller, "do": "start", "values": values, "request": f"start-{number}"}
    yield {**seller, "do": "do", "action": "call", "evidence": f"Spoke with person {number}: wants an offer"}
    yield {**seller, "do": "advance", "to": "offer"}
    given = {"need": "A new line", "price": str(1000 + number % 9000), "discount": "25" if high else "5"}
    yield {**seller, "do": "do", "action": "calculate", "values": given}
    if number % 4 == 1:
        yield {**seller, "do": "note", "note": f"Person {number} asks for a call on Monday", "kind": "email"}
    yield {**manager, "do": "do", "action": "approve", "decision": "approve"}
    if number % 4 == 2:
        yield {**seller, "do": "record", "values": {"price": str(900 + number % 9000)}}
        yield {**manager, "do": "do", "action": "approve", "decision": "approve"}
    yield {**seller, "do": "do", "action": "send"}
    yield {
        **seller,
        "do": "advance",
        "to": "closing",
    }  # refused: no day of delivery yet, and the discount may be too high
    if number % 3 == 0:
        yield {**seller, "do": "lose", "reason": "no_budget", "note": "They have no money this year"}
        return
    yield {**seller, "do": "record", "values": {"delivery": "2027-01-31"}}
    if high:
        yield {**manager, "do": "waive", "criterion": "fair", "reason": f"Customer {number} is worth it"}
    yield {**seller, "do": "advance", "to": "closing"}
