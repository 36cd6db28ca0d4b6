"""What is suggested plays as it stands, and tries what it says: of the shipped processes, and of random small ones."""

from __future__ import annotations

import json
import random
from typing import Any

import pytest
from all_deals import AllDeals, TooMany
from proved_processes import drawn

from procdef.language import load, load_published
from procdef.model import ProcessDefinition
from procdef.resources import shipped_processes, shipped_scenarios
from procdef.scenarios.coverage import Coverage, Item
from procdef.scenarios.play import Player
from procdef.scenarios.reading import read_scenarios
from procdef.scenarios.suggesting import Suggestions, suggest
from procdef.scenarios.suggesting.pasting import pasted

PROCESSES, SEEDS = 24, 2
SLAS = [{"within": "2 business days"}, {"within": "3 days", "remind": "1 days"},
        {"within": "4 hours", "escalate_to": "manager", "escalate_after": "2 hours"}]  # fmt: skip


def played(definition: ProcessDefinition, text: str) -> Coverage:
    """What a file tries, all of whose scenarios go as expected."""
    file = read_scenarios(text.encode(), "pasted", process=definition)
    assert file.findings == (), f"{text}\n{file.findings}"
    player = Player(definition)
    for scenario in file.scenarios:
        outcome = player.play(scenario)
        assert outcome.passed, f"{text}\n{outcome}"
    return player.coverage


def keeps_its_word(found: Suggestions, coverage: Coverage) -> None:
    """What is tried once it is pasted is what each said that it tries, and what is left is said to be."""
    promised = [item for each in found.scenarios for item in each.tries]
    assert len(promised) == len(set(promised))
    assert set(coverage.missing) == {item for item, _ in found.left}
    assert set(promised).isdisjoint(coverage.missing)


@pytest.mark.parametrize("name", [*shipped_processes()])
def test_a_shipped_process_is_tried_whole_by_what_is_suggested_from_nothing(name: str) -> None:
    definition = load_published(shipped_processes()[name].read_bytes(), name)
    found = suggest(Coverage.of(definition))
    assert found.left == ()
    coverage = played(definition, pasted(found, "process.yaml").text)
    keeps_its_word(found, coverage)
    assert coverage.missing == []


@pytest.mark.parametrize("name", [*shipped_scenarios()])
def test_what_is_suggested_fits_behind_what_there_is(name: str) -> None:
    definition = load_published(shipped_processes()[name].read_bytes(), name)
    lines = shipped_scenarios()[name].read_text("utf-8").split("\n\n")
    text = lines[0] + "\n"
    file, player = read_scenarios(text.encode(), "some", process=definition), Player(definition)
    assert all(player.play(scenario).passed for scenario in file.scenarios)
    found = suggest(player.coverage, file.people, [each.id for each in file.scenarios])
    more = pasted(found, "process.yaml", file)
    assert not more.whole
    assert found.new == {}
    keeps_its_word(found, played(definition, text + more.text))


def enriched(r: random.Random) -> ProcessDefinition:
    """A small process with deadlines and losses too."""
    while True:
        document: dict[str, Any] = json.loads(drawn(r).source)
        document["calendar"] = {"timezone": "Europe/Helsinki", "holidays": "FI", "hours": {"mon-fri": "09:00-17:00"}}
        document["lost"] = {"reasons": {"price": "Too dear", "frost": "Frost"}, "note": r.choice(["required", "optional"]),
                            **({"reopen": {"by": "manager", "within": "30 days"}} if r.random() < 0.5 else {})}  # fmt: skip
        for stage in document["stages"].values():
            stage |= {"sla": r.choice(SLAS)} if r.random() < 0.5 else {}
            for action in (*stage.get("required_actions", {}).values(), *stage.get("optional_actions", {}).values()):
                action |= {"sla": r.choice(SLAS)} if r.random() < 0.2 else {}
        try:
            return load(json.dumps(document, indent=1) + "\n")
        except ValueError:
            continue


@pytest.mark.parametrize("seed", range(SEEDS))
def test_what_is_suggested_for_small_processes_plays_and_tries_what_it_says(seed: int) -> None:
    r = random.Random(f"suggested {seed}")
    tried = of = 0
    for _ in range(PROCESSES // SEEDS):
        definition = enriched(r)
        found = suggest(Coverage.of(definition))
        if found.scenarios:
            coverage = played(definition, pasted(found, "process.yaml").text)
            keeps_its_word(found, coverage)
            tried, of = tried + len(coverage.tried) - len(coverage.missing), of + len(coverage.tried)
    assert tried / of > 0.7, f"{tried} of {of}"


@pytest.mark.parametrize("seed", range(SEEDS))
def test_what_is_said_to_be_out_of_reach_no_deal_does(seed: int) -> None:
    r = random.Random(f"out of reach {seed}")
    for _ in range(PROCESSES // SEEDS // 2):
        definition = drawn(r)
        try:
            deals = AllDeals(definition, most=300)
        except TooMany:
            continue
        done = {Item("stages", state[0], state[0], "") for state in deals.after}
        done |= {Item("ways", source, f"{source} > {target}", "") for source, target in deals.ways}
        done |= {Item("actions", path.partition(".")[0], path, "") for path in deals.actions}
        for item, why in suggest(Coverage.of(definition)).left:
            assert item not in done or why.startswith(("no steps were found", "it was not found out")), f"{item} {why}"
