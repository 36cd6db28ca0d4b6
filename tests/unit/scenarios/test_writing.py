"""Steps become scenarios that can be pasted: what the engine makes of them is what they expect, so they pass as they are."""

from __future__ import annotations

from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st
from orchard import COUNTED, OFFERED, PRICED, orchard
from test_playing import AS_EXPECTED

from procdef.errors import ProcdefError
from procdef.language import load
from procdef.language.yaml.nodes import plain
from procdef.language.yaml.reader import read as read_yaml
from procdef.scenarios.drafting import drafted_file
from procdef.scenarios.play import Player
from procdef.scenarios.reading import read_scenarios
from procdef.scenarios.suggesting import suggest
from procdef.scenarios.suggesting.pasting import pasted
from procdef.scenarios.writing import file_text, flow, scenario_text

PEOPLE = {"aino": ["seller"], "onni": ["manager"], "both": ["seller", "manager"]}
SEVERAL = [COUNTED, OFFERED, PRICED, *AS_EXPECTED]


def specs(steps: tuple[str, ...]) -> list[dict[str, Any]]:
    """The steps as mappings, without what they expect."""
    found: Any = plain(read_yaml(("a:\n" + "".join(f"  - {{{step}}}\n" for step in steps)).encode(), "steps").root)  # type: ignore[arg-type]
    bare = [{key: value for key, value in step.items() if key not in ("then", "refused")} for step in found["a"]]
    return [step for step in bare if step and set(step) != {"deal"}]


@pytest.mark.parametrize("steps", SEVERAL, ids=lambda steps: steps[-1][:60])
def test_what_is_written_passes_as_it_is(steps: tuple[str, ...]) -> None:
    told = {"title": "Wanted: yes?", "comment": "Why\nnot"}
    text = scenario_text(orchard(), "one", specs(steps), people=PEOPLE, at="2026-03-02T09:00", **told)
    file = read_scenarios(file_text("orchard.yaml", PEOPLE, [text]).encode(), "written", process=orchard())
    assert file.findings == ()
    outcome = Player(orchard()).play(file.scenarios[0])
    assert (outcome.differences, outcome.title) == ((), "Wanted: yes?")


def test_it_is_written_as_people_write() -> None:
    steps = [
        {"by": "aino", "do": "start", "values": {"organic": False}},
        {"by": "aino", "do": "advance", "to": "offer"},
        {"after": "2 business days"},
        {"by": "aino", "do": "lose", "reason": "frost", "note": "It was: cold"},
    ]
    assert scenario_text(orchard(), "frozen", steps, people=PEOPLE, at="2026-03-02T09:00", comment="Is this meant?") == (
        "  # Is this meant?\n"
        "  frozen:\n"
        "    at: 2026-03-02T09:00\n"
        "    steps:\n"
        "      - {by: aino, do: start, values: {organic: false}, then: {stage: orchard, outcome: open}}\n"
        "      - {by: aino, do: advance, to: offer, refused: [offer, orchard.survey, orchard.enough]}\n"
        "      - {after: 2 business days, then: {events: [timer.overdue]}}\n"
        '      - {by: aino, do: lose, reason: frost, note: "It was: cold", then: {stage: orchard, outcome: lost}}\n'
    )


def test_a_step_that_cannot_even_be_refused_is_told() -> None:
    with pytest.raises(ProcdefError, match='started the deal "one"'):
        scenario_text(orchard(), "one", [{"by": "aino", "do": "finish"}], people=PEOPLE, at="2026-03-02T09:00")


TWO_STAGES = """\
procdef: 1
id: small
version: 1
title: Small
languages: [en]
roles: {seller: {title: Seller}}
fields: {size: {type: integer}}
stages:
  talk: {title: Talk, start: true, owner: seller, required_actions: {ask: {title: Ask, ways: {call: Call}}}, next: offer}
  offer: {title: Offer, owner: seller, required_actions: {ask: {title: Ask, ways: {walk: Walk, run: Run}}}, next: sold}
  sold: {title: Sold, owner: seller, outcome: won, required_actions: {send: {title: Send}}}
"""


def test_a_first_deal_goes_on_where_actions_of_several_stages_have_one_id() -> None:
    process = load(TWO_STAGES)
    file = read_scenarios(drafted_file(process, "small.yaml").encode(), "small.test.yaml", process=process)
    steps = file.scenarios[0].steps
    assert [step.given["way"] for step in steps if "way" in step.given] == ["call", "walk"]
    assert (steps[-1].verb, Player(process).play(file.scenarios[0]).passed) == ("finish", True)


@pytest.mark.parametrize(("head", "whole"), [("process: small.yaml\n", False), ("process: |-\n  small.yaml\n", True)])
def test_suggestions_are_put_at_the_end_of_a_file_only_where_they_are_scenarios_there(head: str, whole: bool) -> None:
    process = load(TWO_STAGES)
    rest = "procdef-test: 1\npeople: {aino: seller, onni: seller}\nat: 2026-03-02T09:00\n"
    one = "scenarios:\n  one:\n    steps:\n      - {by: aino, do: start}\n"
    text = rest + (one + head if whole else head + one)
    file = read_scenarios(text.encode(), "small.test.yaml", process=process)
    assert file.findings == ()
    suggestions = suggest(Player(process).coverage, file.people, {"one"})
    assert not suggestions.new
    assert pasted(suggestions, "small.yaml", file).whole is whole


TEXTS = st.text(st.characters(exclude_categories=("Cc", "Cs", "Cf", "Zl", "Zp", "Co", "Cn")))
SINGLE = st.none() | st.booleans() | st.integers(-(10**9), 10**9) | TEXTS
INNER = 3
VALUES = st.recursive(
    SINGLE, lambda inner: st.lists(inner, max_size=INNER) | st.dictionaries(TEXTS, inner, max_size=INNER), max_leaves=8
)


@given(VALUES)
def test_every_value_is_read_as_it_was_written(value: Any) -> None:
    reading = read_yaml(f"title: {flow([value])}\n".encode(), "written")
    if not reading.findings:  # of texts that look like slips the reader asks whether they are meant
        assert reading.root is not None
        assert plain(reading.root) == {"title": [value]}


ODD = ["yes", "null", "true", "~", "1", "1.50", "-", "a: b", "a #b", "", " a", "[", "{x}", "5 %", "!x", "&a", "*a"]


@pytest.mark.parametrize("text", ODD)
def test_a_text_that_yaml_would_take_for_something_else_stands_in_quotes(text: str) -> None:
    reading = read_yaml(f"values: {flow({'x': text})}\n".encode(), "written")
    assert reading.root is not None
    assert (reading.findings, plain(reading.root)) == ((), {"values": {"x": text}})
