"""Every rule of the checker says why it matters, and files show a process that breaks it and one that keeps it."""

from __future__ import annotations

from pathlib import Path

import pytest

from procdef.language.rules import BY_CODE, RULES
from procdef.language.rules.rule import Rule

GOLDEN = Path(__file__).parents[2] / "golden"
OF_NO_FILE = {"unreadable", "too-large"}  # no file can be kept for the first, only a huge one for the second

each_rule = pytest.mark.parametrize("rule", RULES, ids=lambda rule: rule.code)
each_shown = pytest.mark.parametrize(
    "rule", [rule for rule in RULES if rule.code not in OF_NO_FILE], ids=lambda rule: rule.code
)


def test_no_two_rules_have_the_same_code() -> None:
    assert len(BY_CODE) == len(RULES)


@each_rule
def test_a_rule_tells_why_it_matters_and_what_to_do(rule: Rule) -> None:
    sentences = [part for part in rule.explanation.replace("\n", " ").split(". ") if part.strip()]
    assert len(sentences) >= 2
    assert rule.explanation.rstrip().endswith(".")


@each_shown
def test_a_file_shows_how_a_rule_is_broken(rule: Rule) -> None:
    assert f"[{rule.code}]" in (GOLDEN / "err" / f"{rule.code}.out").read_text(encoding="utf-8")
    assert (GOLDEN / "err" / f"{rule.code}.yaml").exists()


@each_shown
def test_a_file_shows_how_a_rule_is_kept(rule: Rule) -> None:
    assert (GOLDEN / "ok" / f"{rule.code}.yaml").exists()
