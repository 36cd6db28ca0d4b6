"""The page and the example of every code are what its rule and its golden files say."""

from __future__ import annotations

import json
import runpy
from pathlib import Path

import pytest
from click.testing import CliRunner

from procdef.cli.command_table import program
from procdef.language.rules import RULES
from procdef.language.rules.rule import Rule

ROOT = Path(__file__).parents[2]


def test_pages_and_examples_are_up_to_date(request: pytest.FixtureRequest) -> None:
    maker = runpy.run_path(str(ROOT / "tools" / "make_diagnostics.py"))
    if request.config.getoption("--update-golden"):
        maker["main"]()
    expected = maker["artifacts"]()
    stale = [str(path) for path, text in expected.items() if (ROOT / path).read_text("utf-8") != text]
    assert not stale, "run `python tools/make_diagnostics.py`"
    assert {path.name for path in expected} >= {page.name for page in (ROOT / "docs" / "diagnostics").iterdir()}


@pytest.mark.parametrize("rule", RULES, ids=lambda rule: rule.code)
def test_explain_tells_why_and_shows_it_wrong_and_right(rule: Rule) -> None:
    told = CliRunner().invoke(program, ["explain", rule.code])
    assert rule.explanation.strip() in told.output
    if rule.code not in ("unreadable", "too-large"):  # no short file does
        assert f"[{rule.code}]" in told.output.partition("Wrong:")[2].partition("Right:")[0]
        assert told.output.partition("Right:")[2].strip()


def test_explain_prints_its_examples_as_data_too() -> None:
    found = json.loads(CliRunner().invoke(program, ["explain", "unknown-stage", "--format", "json"]).output)
    assert found["example"]["wrong"] == "stages:\n  meeting:\n    next: delivry\n"
    assert found["example"]["right"] == "stages:\n  meeting:\n    next: delivery\n"
    assert "[unknown-stage]" in found["example"]["finding"]
