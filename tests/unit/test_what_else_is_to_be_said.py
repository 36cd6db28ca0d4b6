"""What one part declares and another puts into words: a test names what was forgotten there."""

from __future__ import annotations

import ast
import json
from collections.abc import Iterator
from dataclasses import fields
from pathlib import Path

import procdef
from procdef.pages.simulation.view import PERCENT
from procdef.proof import QUESTIONS
from procdef.render.proof import _HEADINGS
from procdef.render.simulation import FIGURES
from procdef.scenarios.expectations import _FOUND
from procdef.scenarios.shown_flaws import _TITLES
from procdef.simulation.results import MainRanges

SOURCE = Path(procdef.__file__).parent
SCHEMA = Path(__file__).parents[2] / "schemas" / "scenarios.schema.json"


def calls(of: str) -> Iterator[tuple[ast.FunctionDef, ast.Call]]:
    """Every call of that name in the modules of proofs, with the function that it stands in."""
    for module in (SOURCE / "proof").glob("*.py"):
        for function in ast.walk(ast.parse(module.read_text("utf-8"))):
            if isinstance(function, ast.FunctionDef):
                for node in ast.walk(function):
                    if isinstance(node, ast.Call) and isinstance(node.func, ast.Name) and node.func.id == of:
                        yield function, node


def codes(of: str) -> set[str]:
    """The codes that calls of that name begin with."""
    return {node.args[0].value for _, node in calls(of) if isinstance(node.args[0], ast.Constant)}  # type: ignore[misc]


def test_every_key_of_then_is_looked_at() -> None:
    keys = json.loads(SCHEMA.read_text("utf-8"))["$defs"]["then"]["properties"]
    assert {*keys} == {*_FOUND}


def test_what_may_stay_undecided_has_its_question() -> None:
    assert codes("Open") | codes("Proved") <= {*QUESTIONS}
    assert len(codes("Open")) > 4


def test_what_is_proved_has_its_heading() -> None:
    assert codes("Proved") - {"always-true"} == {*_HEADINGS}  # conditions are counted in a sentence of their own


def test_a_flaw_that_steps_show_has_a_title_as_a_scenario() -> None:
    shown = {
        str(node.args[0].value)
        for function, flaw in calls("Flaw")
        if len(flaw.args) > 2
        for node in ast.walk(function)
        if isinstance(node, ast.Call) and isinstance(node.func, ast.Name) and node.func.id == "Finding"
        if isinstance(node.args[0], ast.Constant)
    }
    assert shown == {*_TITLES}


def test_percentages_are_the_same_in_a_terminal_and_on_a_page() -> None:
    assert [*FIGURES] == [each.name for each in fields(MainRanges)]
    assert [*PERCENT] == [name for name, (_, form) in FIGURES.items() if form.endswith("%")]
