"""What a sales manager wants to see first of a simulation: where deals pile up, and which deadline of an action passes."""

from __future__ import annotations

import json
from dataclasses import replace
from typing import Any

import pytest

from procdef.language import load
from procdef.pages.simulation import simulation_page
from procdef.render.simulation import simulation_text
from procdef.simulation.assumptions.reading import read_assumptions
from procdef.simulation.simulate import SimulationPlan, simulated
from procdef.simulation.source import Source

pytest.importorskip("simpy")
SOURCE = """
procdef: 1
id: shop
version: 1
title: Shop
languages: [en]
roles: {seller: {title: Seller}}
fields: {note: {type: text, title: Note}}
stages:
  talk:
    title: Talk
    start: true
    owner: seller
    required_actions:
      call: {title: Call the customer, sla: {within: 2 days}}
    next: sold
  sold: {title: Sold, owner: seller, outcome: won, required_actions: {send: {title: Send it}}}
"""
SHOP = load(SOURCE)
TITLES = {"talk": "Talk", "sold": "Sold", "talk.call": "Call the customer", "sold.send": "Send it", "seller": "Seller"}


def found(call: str, work: str = "5 minutes") -> Any:
    text = f"""
procdef-assumptions: 1
process: shop.yaml
arrivals: {{talk: {{per_month: 20}}}}
people: {{seller: {{number: 1, hours_a_day: 4}}}}
stages: {{talk: {{wait: 1 hour}}, sold: {{wait: 1 hour}}}}
actions: {{talk.call: {{wait: {call}, work: {work}}}, sold.send: {{wait: 1 hour, work: 5 minutes}}}}
"""
    read = read_assumptions(text.encode(), "shop.assume.yaml", process=SHOP)
    assert read.assumptions is not None, read.findings
    return simulated(SHOP, read.assumptions, SimulationPlan(months=3, runs=2, warm_up=1))


@pytest.mark.parametrize(
    ("call", "work", "piles", "said"),
    [
        ("1 hour", "5 minutes", [], None),
        ("1 hour", "8 hours", ["talk", "sold"], " leave it; "),
        ("900 days", "5 minutes", ["talk"], " come in a month and none leaves it; "),
    ],
)
def test_a_stage_in_which_deals_pile_up_is_told_first(call: str, work: str, piles: list[str], said: str | None) -> None:
    of = found(call, work)
    text = " ".join(simulation_text(of, TITLES, "a file").split())
    page = simulation_page(of, SHOP, Source("file", "a file", (), None), TITLES, command="procdef simulate")
    assert of.piles() == piles
    assert json.loads(json.dumps(of.as_dict(), default=str))["stages"]["talk"]["piles_up"] is bool(piles)
    assert text.startswith("Deals pile up in Talk: ") is bool(piles), text[:200]
    assert ("Deals pile up in Talk: " in page) is bool(piles)
    assert said is None or said in text
    assert of.stages["talk"].there.mean == pytest.approx(80 if "900 days" in call else 25 if piles else 0, abs=20)


@pytest.mark.parametrize(("call", "late"), [("1 hour", False), ("6 days", True)])
def test_an_action_that_goes_past_its_own_deadline_is_told_first(call: str, late: bool) -> None:
    of = found(call)
    text = " ".join(simulation_text(of, TITLES, "a file").split())
    page = simulation_page(of, SHOP, Source("file", "a file", (), None), TITLES, command="procdef simulate")
    assert set(of.actions) == {"talk.call"}
    assert of.actions["talk.call"].overdue.mean == pytest.approx(100 if late else 0, abs=8)
    assert ("The deadline of Call the customer passes in " in text) is late
    assert ("The deadline of Call the customer passes in " in page) is late
    assert "action with a deadline" in text
    assert of.figures.overdue is None  # no stage has one


@pytest.mark.parametrize(
    ("language", "told"),
    [("en", "1 run of 1 month from 2026-01-01, after 1 month left out."), ("fi", "1 ajo, 1 kk alkaen 2026-01-01")],
)
def test_one_run_of_one_month_is_told_in_the_singular(language: str, told: str) -> None:
    of = replace(found("1 hour"), runs=1, months=1, warm_up=1, since="2026-01-01T00:00:00.000000Z")
    assert "1 run of 1 month from 2026-01-01 after 1 month that does not count;" in " ".join(
        simulation_text(of, TITLES, "a file").split()
    )
    page = simulation_page(of, SHOP, Source("file", "a file", (), None), TITLES, command="procdef simulate", language=language)
    assert told in page
    assert ("1 run, seed" if language == "en" else "1 ajo, siemen") in page


def test_a_page_in_a_language_without_words_of_its_own_has_the_title_that_the_process_has_in_it() -> None:
    text = SOURCE.replace("languages: [en]", "languages: [en, sv]").replace("title: Shop", "title: {en: Shop, sv: Butik}")
    swedish = load(text)
    page = simulation_page(found("1 hour"), swedish, Source("file", "a", (), None), TITLES, command="procdef", language="sv")
    assert "<title>Butik v1: a simulation" in page
