"""What verification holds to be personal in each type of event is what the page about the log marks with a star."""

from __future__ import annotations

import re
from pathlib import Path

from procdef.verification.legality.rules import RULES

LEAVES = {kind: rule.personal for kind, rule in RULES.items() if rule.personal}
PAGE = (Path(__file__).parents[2] / "docs" / "log.md").read_text("utf-8")
STARRED = re.compile(r"(\w+)\*")
REFUSED = {"/arguments/key", "/arguments/note", "/arguments/evidence", "/arguments/reason"}


def test_the_starred_keys_of_each_type() -> None:
    rows = re.findall(r"^\| `([a-z]+\.[a-z]+)` \| (.+) \|$", PAGE, re.MULTILINE)
    starred = {kind: {f"/{key}" for key in STARRED.findall(keys)} for kind, keys in rows}
    found = {
        kind: {pointer for pointer, _, rest in leaves if not rest}
        for kind, leaves in LEAVES.items()
        if kind != "step.refused"
    }
    assert {kind: keys for kind, keys in starred.items() if keys} == found


def test_the_starred_keys_of_evidence() -> None:
    (told,) = re.findall(r"^`evidence` is (.+)\.", PAGE, re.MULTILINE)
    starred = {f"/evidence/{key}" for key in STARRED.findall(told)}
    assert starred == {pointer for pointer, first, rest in LEAVES["action.completed"] if first == "evidence"}


def test_the_personal_arguments_of_a_refusal() -> None:
    (told,) = re.findall(r"personal arguments of a refusal \(([^)]+)\)", PAGE.replace("\n   ", " "))
    assert {f"/arguments/{key}" for key in re.findall(r"`(\w+)`", told)} - {"/arguments/lose"} == REFUSED
    assert {pointer for pointer, _, _ in LEAVES["step.refused"]} == REFUSED
