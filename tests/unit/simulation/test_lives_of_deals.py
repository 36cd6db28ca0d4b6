"""What becomes of single deals in a simulation, and that it is counted as it was."""

from __future__ import annotations

from datetime import date
from itertools import pairwise

import pytest

from procdef.language import load
from procdef.simulation.assumptions.reading import read_assumptions
from procdef.simulation.simulate import Simulated, SimulationPlan, simulated
from procdef.store import MemoryStore
from procdef.store.port import Store
from procdef.store.queries import Stays

pytest.importorskip("simpy")
SHOP = load("""
procdef: 1
id: shop
version: 1
title: Shop
languages: [en]
calendar: {timezone: Europe/Helsinki, hours: {mon-fri: "09:00-17:00"}}
roles: {seller: {title: Seller}}
fields: {why: {type: text, personal: false}, asked: {type: date}, size: {type: integer}}
lost: {reasons: {no_need: {title: No need, records: [why]}}}
stages:
  talk:
    title: Talk
    start: true
    owner: seller
    sla: {within: 2 business hours}
    required_actions:
      call: {title: Call the customer, sla: {within: 1 business hour}}
    next: offer
  offer: {title: Offer, owner: seller, required_actions: {send: {title: Send it}}, next: check, back: [talk]}
  check:
    title: Check
    owner: seller
    required_actions: {look: {title: Look}}
    exit_criteria: {after: {check: asked is not set or today > asked, message: Wait until the day after, fix: Wait}}
    next: sold
    back: [talk, offer]
  sold: {title: Sold, owner: seller, outcome: won}
""")
QUICK = {f"actions.{path}": "{wait: 0 hours, work: 5 minutes}" for path in SHOP.actions}
ON = {f"stages.{name}": "{wait: 0 hours, lost: 0 %}" for name in ("talk", "offer", "check")}
GOES = {**QUICK, **ON, "stages.offer": "{lost: 0 %, back: {talk: 0 %}}", "stages.check": "{lost: 0 %, back: {talk: 0 %}}"}


def found(plan: SimulationPlan, said: dict[str, str], first: Store | None = None) -> Simulated:
    """Deals that nothing keeps, but for what is ``said`` of some part, as of ``stages.talk``."""
    parts: dict[str, list[str]] = {}
    for place, of in {"arrivals.talk": "40", "people.seller": "9", **GOES, **said}.items():
        part, _, name = place.partition(".")
        parts.setdefault(part, []).append(f"{name}: {of}")
    text = "".join(f"{part}: {{{', '.join(entries)}}}\n" for part, entries in parts.items())
    read = read_assumptions(f"procdef-assumptions: 1\nprocess: shop.yaml\n{text}".encode(), "shop.assume.yaml", process=SHOP)
    assert read.assumptions is not None, read.findings
    return simulated(SHOP, read.assumptions, plan, first=first)


def test_a_loss_that_is_refused_while_a_deal_waits_for_people_keeps_it_where_it_is() -> None:
    said = {
        "people.seller": "1",
        "stages.talk": "{wait: 1 hour, lost: {chance: 100 %, after: 10 hours}}",
        "actions.talk.call": "{wait: 1 hour, work: 30 hours}",
        "values.why": "{always: gone, empty: 100 %}",
    }
    assert found(SimulationPlan(deals=10, runs=1), said).stuck == {"talk": 10}


def test_people_who_are_away_are_not_at_work_then() -> None:
    said = {
        "arrivals.talk": "400",
        "people.seller": "{number: 2, away: [{from: 02-10, until: 12-20, number: 1}]}",
        "actions.talk.call": "{wait: 1 hour, work: 5 hours}",
    }
    load = found(SimulationPlan(months=12, runs=1, warm_up=0), said).roles["seller"].load
    assert load is not None
    assert 95 <= load.mean <= 100


def test_each_stage_behind_a_deal_has_its_share_of_returns() -> None:
    with MemoryStore() as store:
        found(SimulationPlan(deals=400, runs=1), {"stages.check": "{lost: 0 %, back: {talk: 40 %, offer: 40 %}}"}, store)
        with store.transaction(write=False) as tx:
            stays = list(tx.scan(Stays()))
    checked = [(one, other) for one, other in pairwise(stays) if one.stage == "check"]
    back = [other.stage for one, other in checked if one.how == "returned"]
    for stage in ("talk", "offer"):
        assert back.count(stage) / len(checked) == pytest.approx(0.4, abs=0.04)


@pytest.mark.parametrize(
    ("wait", "late"),
    [("30 business minutes", (0, 0)), ("90 business minutes", (100, 0)), ("3 business hours", (100, 100))],
)
def test_a_deadline_that_passes_by_less_than_a_day_has_passed(wait: str, late: tuple[int, int]) -> None:
    of = found(SimulationPlan(months=3, runs=1, warm_up=0), {"actions.talk.call": f"{{wait: {wait}, work: 1 minutes}}"})
    told = of.actions["talk.call"].overdue, of.stages["talk"].overdue
    assert [each and each.mean for each in told] == pytest.approx(late, abs=2)


@pytest.mark.parametrize(
    ("asked", "left"), [("2026-10-25", "2026-10-25T22:00:00.000000Z"), ("9999-12-31", None)], ids=["clocks go back", "last day"]
)
def test_a_deal_waits_until_the_day_after_the_one_that_a_criterion_asks_for(asked: str, left: str | None) -> None:
    said = {
        "arrivals.talk": "{per_month: 100, knows: [asked]}",
        "values.asked": "{always: 1 day, empty: 100 %}",
        "together.fields": "[asked, size]",
        "together.rows": f"[[{asked}, 1]]",
    }
    with MemoryStore() as store:
        found(SimulationPlan(deals=20, runs=1, start=date(2026, 10, 1)), said, store)
        with store.transaction(write=False) as tx:
            stays = [stay for stay in tx.scan(Stays()) if stay.stage == "check"]
    assert {stay.left_at if stay.how == "advanced" else None for stay in stays} == {left}
