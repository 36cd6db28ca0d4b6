"""A small process with an approval table, and people for its rows."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta

from procdef import Actor, Engine
from procdef.language import load_source

PROCESS = """
procdef: 1
id: discounts
version: 1
title: Discounts
languages: [en]
currency: EUR
roles: {seller: {title: Seller}, manager: {title: Manager}, director: {title: Director}, cfo: {title: CFO}}
fields:
  discount: {type: percent}
  value: {type: money}
  email: {type: email}
deal: {value: value, correct_by: manager}
lost: {reasons: {price: Too dear}}
stages:
  offer:
    title: Offer
    start: true
    owner: seller
    required_actions:
      approve:
        title: Approve the discount
        decision: true
        four_eyes: true
        when: discount > 5 %
        by:
          - {when: discount <= 15 %, roles: manager}
          - {when: discount <= 25 % and value < 100000, roles: director}
          - {roles: [director, cfo], at_least: 2}
    optional_actions:
      send: {title: Send, needs: [approve]}
      grant:
        title: Grant
        decision: true
        by: [{when: email is set, roles: seller}, {roles: manager}]
        records: [value]
      plain: {title: Plain, decision: true, by: manager}
    next: {closing: {}, shelf: {when: offer.approve is done and value > 5000000}}
    back: []
  shelf: {title: Shelf, owner: seller}
  closing:
    title: Closing
    owner: seller
    outcome: won
    required_actions: {sign: {title: Sign}}
    back: []
""".replace("    back: []\n", "")
DEFINITION = load_source(PROCESS.encode(), "discounts.yaml")
SELLER = Actor("maija", frozenset({"seller"}))
MANAGER = Actor("jaana", frozenset({"manager"}))
DIRECTOR = Actor("dan", frozenset({"director"}))
CFO = Actor("cid", frozenset({"cfo"}))


class Clock:
    """Moves on by a minute at every look."""

    def __init__(self) -> None:
        self.now = datetime(2026, 3, 2, 8, 0, tzinfo=UTC)

    def __call__(self) -> datetime:
        self.now += timedelta(minutes=1)
        return self.now


def offered(engine: Engine, discount: str | None = "10", value: str | None = "1000") -> None:
    """A deal in the stage of the decision, with these values."""
    engine.publish(DEFINITION, by=MANAGER)
    values = {"discount": discount, "value": value}
    engine.start("discounts", "D", by=SELLER, values={name: each for name, each in values.items() if each})
