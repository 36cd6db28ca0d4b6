"""Scores in steps: what they open and hold, what the log keeps of them, and what people are told."""

from __future__ import annotations

from typing import Any

import pytest

from procdef import Actor, Engine, StepRefused, load
from procdef.render.status import status_text

PROCESS = """
procdef: 1
id: scored
version: 1
title: Scored
languages: [en]
roles: {seller: {title: Seller}, manager: {title: Manager}}
fields:
  employees: {type: integer, title: Employees}
  problem: {type: boolean}
  email: {type: email}
  note_on: {type: text}
scores:
  fit:
    title: Fit
    points:
      size: {when: employees between 50 and 500, points: 40, title: Of our size}
      problem: {when: problem, points: 40}
      reachable: {when: email is set, points: 20}
  secret:
    title: Secret
    points: {odd: {when: 'note_on contains "odd"', points: 5}}
lost: {reasons: {no_need: No need}}
stages:
  lead:
    title: Lead
    start: true
    owner: seller
    required_actions:
      explain: {title: Say why it does not fit, when: fit < 60}
    next:
      meeting: {when: fit >= 60}
      parked: {when: fit < 60}
  meeting:
    title: Meeting
    owner: seller
    outcome: won
    entry_criteria:
      good: {check: fit >= 80, waivable_by: manager}
      odd: {check: secret == 5, waivable_by: manager}
  parked: {title: Parked, owner: seller}
"""
MAIJA, JAANA = Actor("maija", roles={"seller"}), Actor("jaana", roles={"manager"})


@pytest.fixture
def engine(empty_engine: Engine) -> Engine:
    empty_engine.publish(load(PROCESS), by=JAANA)
    return empty_engine


def unmet(engine: Engine, **values: Any) -> list[tuple[str, str]]:
    engine.start("scored", "D", by=MAIJA, values=values)
    with pytest.raises(StepRefused) as refused:
        engine.advance("D", "meeting", by=MAIJA)
    return sorted((item.code, *item.about) for item in refused.value.unmet if item.about[-1] != "meeting.odd")


def test_a_score_opens_ways_and_meets_criteria_like_a_number(engine: Engine) -> None:
    engine.start("scored", "D", by=MAIJA, values={"employees": 80, "problem": True, "note_on": "odd"})
    assert engine.advance("D", by=MAIJA).deal.stage == "meeting"


@pytest.mark.parametrize(
    ("expected", "values"),
    [
        ([("branch-closed", "meeting"), ("criterion-unknown", "meeting.good"), ("when-unknown", "lead.explain")], {}),
        ([("criterion-unmet", "meeting.good")], {"problem": True, "email": "a@b.example", "employees": 8}),
        ([("criterion-unknown", "meeting.good")], {"problem": True, "email": "a@b.example"}),
        (
            [("action-open", "lead.explain"), ("branch-closed", "meeting"), ("criterion-unmet", "meeting.good")],
            {"problem": False, "employees": 80},
        ),
    ],
)
def test_what_stays_open_holds_a_deal_only_where_it_could_change_the_outcome(
    expected: list[tuple[str, str]], values: dict[str, Any], engine: Engine
) -> None:
    assert expected == unmet(engine, **values)


def facts(engine: Engine, **values: Any) -> dict[str, Any]:
    engine.start("scored", "D", by=MAIJA, values=values)
    with pytest.raises(StepRefused):
        engine.advance("D", "meeting", by=MAIJA)
    found: dict[str, Any] = engine.events("D")[-1]["data"]["facts"]["values"]
    return found


def test_facts_hold_a_score_among_the_values_once_it_is_one_number(engine: Engine) -> None:
    assert facts(engine, employees=80, problem=True) == {"employees": 80, "problem": True, "fit": 80}


def test_facts_hold_no_score_that_can_still_be_several_numbers(engine: Engine) -> None:
    assert facts(engine, problem=True) == {"problem": True}


def test_a_score_that_compares_a_personal_value_stands_in_no_fact_and_no_message(engine: Engine) -> None:
    assert "secret" not in facts(engine, employees=80, problem=True, note_on="even")
    with pytest.raises(StepRefused) as refused:
        engine.advance("D", "meeting", by=MAIJA)
    assert [item.message for item in refused.value.unmet] == ["secret == 5, and secret is (personal)"]


def test_a_waiver_lapses_when_a_field_changes_that_its_score_reads(engine: Engine) -> None:
    engine.start("scored", "D", by=MAIJA, values={"employees": 80, "problem": False})
    engine.waive("D", "meeting.good", by=JAANA, reason="a friend of the house")
    reads = [event["data"]["reads"] for event in engine.events("D") if event["type"] == "criterion.waived"]
    assert reads == [["email", "employees", "problem"]]
    engine.record("D", by=MAIJA, values={"email": "a@b.example"})
    assert engine.deal("D").waivers == ()


def test_status_shows_what_made_the_score_and_what_could_still_be_won(engine: Engine) -> None:
    engine.start("scored", "D", by=MAIJA, values={"problem": True})
    options = engine.options("D", by=MAIJA)
    fit = {"total": None, "least": 40, "most": 80, "gained": {"problem": 40}, "open": {"size": 40}, "missed": {"reachable": 20}}
    assert fit == options.as_dict()["scores"]["fit"]
    shown = [line.strip() for line in status_text(options).splitlines()]
    assert "fit     40 to 80, Fit" in shown
    assert "could have 40: size (Of our size), once employees is filled in" in shown


def test_a_score_is_not_recorded(engine: Engine) -> None:
    engine.start("scored", "D", by=MAIJA)
    with pytest.raises(StepRefused) as refused:
        engine.record("D", by=MAIJA, values={"fit": 80})
    assert [(item.code, item.about) for item in refused.value.unmet] == [("not-declared", ("fit",))]
