"""Two stages that lead to each other, with three entry criteria each: a deal that can be advanced for ever."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

from procdef import Actor, Engine
from procdef.language import load_source
from procdef.store import Store

SELLER = Actor("maija", frozenset({"seller"}))
VALUES = {"company": "Acme", "amount": "5000", "discount": "5"}
_CRITERIA = """
    entry_criteria:
      worth: {check: amount >= 100}
      fair: {check: discount <= 20 %}
      known: {require: [company]}"""
PROCESS = f"""procdef: 1
id: ring
version: 1
title: Ring
languages: [en]
currency: EUR
roles: {{seller: {{title: Seller}}}}
fields:
  company: {{type: text, personal: false}}
  amount: {{type: money, min: 0}}
  discount: {{type: percent, max: 40}}
stages:
  one:
    title: One
    start: true
    owner: seller{_CRITERIA}
    next: [two]
  two:
    title: Two
    owner: seller{_CRITERIA}
    next: [one, end]
  end: {{title: End, owner: seller, outcome: won}}
"""


def engine_on(store: Store) -> Engine:
    """An engine with the ring published and the deal D in stage one."""
    engine = Engine(store)
    engine.publish(load_source(PROCESS.encode(), "ring.yaml"), by=SELLER)
    engine.start("ring", "D", by=SELLER, values=VALUES)
    return engine


def advance(engine: Engine, steps: int) -> None:
    """Move D round the ring; an even number of steps brings it back to where it was."""
    for step in range(steps):
        engine.advance("D", "one" if step % 2 else "two", by=SELLER)


def imported(deals: int) -> Iterator[dict[str, Any]]:
    """Four steps for each of many deals, as a file of steps would give them."""
    for number in range(deals):
        who = {"by": "maija", "roles": ["seller"], "deal": f"D-{number}"}
        yield {**who, "do": "start", "values": VALUES, "request": f"s-{number}"}
        yield {**who, "do": "advance", "to": "two", "request": f"a-{number}"}
        yield {**who, "do": "record", "values": {"amount": "6000"}, "request": f"r-{number}"}
        yield {**who, "do": "advance", "to": "one", "request": f"b-{number}"}
