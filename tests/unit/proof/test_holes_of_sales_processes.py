"""Holes that sales organisations make in their processes: each is told, and shown by steps where steps show it. And sound
processes that only look like it, of which nothing is told."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import pytest
import yaml

from procdef.checking import check
from procdef.language import load
from procdef.language.rules.proof import RULES
from procdef.proof import findings
from procdef.proof.account import account
from procdef.scenarios.reading import read_scenarios
from procdef.scenarios.shown_flaws import flaw_file
from procdef.scenarios.suite import Suite

CASES = yaml.safe_load(Path(__file__).with_name("holes_of_sales_processes.yaml").read_text("utf-8"))
FIELDS = {
    "amount": {"type": "money", "min": 0},
    "discount": {"type": "percent", "min": 0, "max": 100},
    "region": {"type": "choice", "options": ["home", "abroad"]},
    "close": {"type": "date"},
    "terms": {"type": "boolean"},
}
ASKED = {rule.code for rule in RULES} | {"approval-not-voided", "self-approval", "needs-deadlock", "lapsed-for-good"}


def process(case: dict[str, Any]) -> str:
    roles = {role: {"title": role} for role in ("seller", "manager", "lawyer")}
    head = {"procdef": 1, "id": "sales", "version": 1, "title": "Sales", "languages": ["en"], "currency": "EUR"}
    deal = {"deal": {"correct_by": case["correct_by"]}} if "correct_by" in case else {}
    return json.dumps({**head, "roles": roles, "fields": FIELDS, **deal, "stages": case["stages"]}, indent=1)


def told(text: str) -> list[str]:
    return sorted({found.code for found in check(text, prove=findings)} & ASKED)


@pytest.mark.parametrize("name", CASES["holes"])
def test_a_hole_is_told_and_its_steps_can_be_played(name: str) -> None:
    text = process(CASES["holes"][name])
    assert told(text) == CASES["holes"][name]["told"]
    definition = load(text)
    shown = {f"shown_{n}": flaw for n, flaw in enumerate(account(definition).flaws) if flaw.steps}
    if {"stuck", "approval-unasked"} & set(told(text)):
        played = read_scenarios(flaw_file(definition, "sales.yaml", shown).encode(), "s.yaml", process=definition)
        outcomes = Suite().play(played)
        assert outcomes
        assert all(outcome.passed for outcome in outcomes), outcomes


@pytest.mark.parametrize("name", CASES["sound"])
def test_nothing_is_told_of_a_process_that_only_looks_like_a_hole(name: str) -> None:
    assert told(process(CASES["sound"][name])) == []
