"""``deal.title``: a text field that names a deal for people beside its id."""

from __future__ import annotations

import json
from pathlib import Path

import pytest

from procdef import Actor, Engine, StepRefused, load, open_store

PROCESS = """\
procdef: 1
id: titled
version: 1
title: Titled sales
languages: [en]
roles: {seller: {title: Seller}, manager: {title: Manager}}
fields:
  company: {type: text}
  score: {type: integer}
deal: {title: company}
lost: {reasons: {no_need: No need}}
stages:
  lead:
    title: Lead
    start: true
    owner: seller
    required_actions: {research: {title: Research, records: [score]}}
    next: won
  won: {title: Won, owner: seller, outcome: won}
"""
LONG = "The Society for the Preservation of Historical Steam Engines of Northern Savonia"


@pytest.fixture
def titled(procdef):
    """Deals with and without a title, one of them of a process that names none."""
    Path("titled.yaml").write_text(PROCESS, encoding="utf-8")
    plain = PROCESS.replace("id: titled", "id: plain").replace("deal: {title: company}\n", "")
    Path("plain.yaml").write_text(plain, encoding="utf-8")
    assert procdef("publish", "titled.yaml")[0] == 0
    assert procdef("start", "titled", "T-1", "company=Acme Oy")[0] == 0
    assert procdef("start", "titled", "T-2")[0] == 0
    return procdef


def listed(procdef):
    return {row["deal"]: row["title"] for row in map(json.loads, procdef("deals", "--format", "json")[1].splitlines())}


def test_lists_show_it_beside_the_id(titled):
    assert listed(titled) == {"T-1": "Acme Oy", "T-2": None}
    head, first, second = titled("deals")[1].splitlines()
    assert head.split()[:3] == ["deal", "title", "stage"]
    assert (first.split()[:4], second.split()[:2]) == (["T-1", "Acme", "Oy", "lead"], ["T-2", "lead"])


def test_a_process_without_it_lists_its_deals_as_ever(procdef, office):
    assert office("deals")[1].splitlines()[0].split() == ["deal", "stage", "outcome", "owner", "value", "due"]
    assert listed(office) == {"A-1": None}


def test_deals_of_a_process_without_it_have_an_empty_place_in_the_same_list(titled):
    assert titled("publish", "plain.yaml")[0] == 0
    assert titled("start", "plain", "P-1", "company=Beta Oy")[0] == 0
    assert listed(titled) == {"P-1": None, "T-1": "Acme Oy", "T-2": None}


def test_status_shows_it_beside_the_id(titled):
    assert titled("status", "T-1")[1].startswith("T-1 (Acme Oy)  Titled sales (titled v1)\n")
    assert titled("status", "T-2")[1].startswith("T-2  Titled sales (titled v1)\n")
    assert json.loads(titled("status", "T-1", "--format", "json")[1])["title"] == "Acme Oy"


def test_refusals_show_it_beside_the_id(titled):
    assert titled("advance", "T-1")[2].startswith("T-1 (Acme Oy) cannot advance from lead to won:\n")
    refused = json.loads(titled("advance", "T-1", "--format", "json")[1])
    assert (refused["refused"], refused["title"]) == ("T-1 cannot advance from lead to won", "Acme Oy")


def test_the_message_of_a_refusal_which_may_end_up_in_a_program_log_does_not_hold_it():
    seller, engine = Actor("maija", frozenset({"seller"})), Engine(open_store("memory:"))
    engine.publish(load(PROCESS), by=seller)
    engine.start("titled", "T-1", by=seller, values={"company": "Acme Oy"})
    with pytest.raises(StepRefused) as refused:
        engine.advance("T-1", by=seller)
    assert refused.value.title == "Acme Oy"
    assert "Acme" not in str(refused.value) + refused.value.headline


def test_what_came_of_a_step_shows_it_beside_the_id(titled):
    assert titled("record", "T-1", "score=5")[1].startswith("T-1 (Acme Oy): ")
    assert titled("record", "T-1", "score=6", "--dry-run")[1].startswith("T-1 (Acme Oy): would be: ")
    assert json.loads(titled("record", "T-1", "score=7", "--format", "json")[1])["title"] == "Acme Oy"


@pytest.mark.parametrize("how", [(), ("--full",)])
def test_the_log_of_a_deal_is_headed_by_it(titled, how):
    assert titled("log", "T-1", *how)[1].splitlines()[0] == "T-1 (Acme Oy)"
    assert "T-2" not in titled("log", "T-2", *how)[1].splitlines()[0]
    assert titled("log", "T-1", *how, "--quiet")[1].splitlines()[0] != "T-1 (Acme Oy)"


def test_a_deal_that_grew_out_of_another_names_that_by_it_too(titled):
    assert titled("start", "titled", "T-3", "--from", "T-1")[0] == 0
    assert "grew from  T-1 (Acme Oy)" in titled("status", "T-3")[1]


def test_a_long_title_is_cut_and_stays_on_its_line(titled):
    assert titled("record", "T-2", f"company={LONG}\nand of the South")[0] == 0
    heading = titled("status", "T-2")[1].splitlines()[0]
    assert heading == f"T-2 ({LONG[:59]}…)  Titled sales (titled v1)"
    assert LONG[:29] + "…" in titled("deals")[1]
    assert listed(titled)["T-2"] == f"{LONG}\nand of the South"


def test_it_is_erased_with_its_field(titled):
    assert titled("erase", "T-1", "--field", "company", "--basis", "art-17")[0] == 0
    assert listed(titled) == {"T-1": None, "T-2": None}
    for shown in (titled("status", "T-1"), titled("advance", "T-1"), titled("log", "T-1"), titled("deals")):
        assert "Acme" not in "".join(shown[1:])
