"""A small process with everything that scenarios can try, and how its scenarios are written in tests."""

from __future__ import annotations

from functools import cache

from procdef.language import load
from procdef.model import ProcessDefinition
from procdef.scenarios.model import ScenarioFile
from procdef.scenarios.play import Player
from procdef.scenarios.reading import read_scenarios
from procdef.scenarios.results import Outcome

PROCESS = """\
procdef: 1
id: orchard
version: 1
title: Apples by the ton
languages: [en]
currency: EUR
calendar: {timezone: Europe/Helsinki, holidays: FI, hours: {mon-fri: "09:00-17:00"}}
roles:
  seller: {title: Salesperson}
  manager: {title: Manager}
fields:
  tons: {type: integer, min: 1}
  price: {type: money}
  picked_at: {type: datetime}
  organic: {type: boolean}
  loads: {type: list, items: {at: {type: datetime}}}
deal: {value: price, assign_by: manager}
lost:
  reasons: {frost: Frost, price: Too dear}
  reopen: {by: manager, within: 30 days}
stages:
  orchard:
    title: In the orchard
    start: true
    owner: seller
    sla: {within: 5 business days, remind: 1 days, escalate_to: manager, escalate_after: 2 business days}
    required_actions:
      survey: {title: Count the trees, records: [tons], sla: {within: 2 business days}}
      certify: {title: Have it certified, when: organic, evidence: note}
    optional_actions:
      taste: {title: Taste one}
    exit_criteria:
      enough:
        check: tons >= 10
        message: Too few apples for a truck
        fix: Wait for another orchard
        waivable_by: manager
    next:
      offer: {when: tons < 1000}
      auction: {when: else}
  offer:
    title: Offer
    owner: seller
    required_actions:
      price: {title: Name a price, records: [price]}
      approve:
        title: Approve it
        by: [{when: price < 50, roles: manager, at_least: 2}, {roles: manager}]
        when: price < 100
        decision: true
        four_eyes: true
        needs: [price]
        voided_by: [price]
      send: {title: Send it, needs: [approve], voided_by: [price], milestone: offer}
    next: sold
    back: orchard
  auction:
    title: Auction
    owner: seller
    next: sold
  sold:
    title: Sold
    owner: seller
    outcome: won
    entry_criteria:
      priced: {require: [price], message: Nobody knows for how much}
    required_actions:
      deliver: {title: Deliver}
"""

HEAD = """\
procdef-test: 1
process: orchard.yaml
people: {aino: seller, onni: manager, both: [seller, manager]}
at: 2026-03-02T09:00
scenarios:
"""
"""Monday morning."""


@cache
def orchard() -> ProcessDefinition:
    return load(PROCESS)


def scenario(*steps: str, name: str = "one") -> str:
    """A scenario of these steps, each the inside of a mapping."""
    return f"  {name}:\n    steps:\n" + "".join(f"      - {{{step}}}\n" for step in steps)


def read(*scenarios: str) -> ScenarioFile:
    """A file of these scenarios."""
    return read_scenarios((HEAD + "".join(scenarios)).encode(), "orchard.test.yaml", process=orchard())


def played(*steps: str) -> Outcome:
    """What came of one scenario of these steps."""
    file = read(scenario(*steps))
    assert file.findings == ()
    return Player(orchard()).play(file.scenarios[0], file.name)


START = "by: aino, do: start, values: {organic: false}"
COUNTED = (START, "by: aino, do: do, action: survey, values: {tons: 20}")
OFFERED = (*COUNTED, "by: aino, do: advance, to: offer")
PRICED = (*OFFERED, "by: aino, do: do, action: price, values: {price: 50}")
