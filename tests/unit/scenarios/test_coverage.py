"""What of a process scenarios have tried: only what a step was judged by."""

from __future__ import annotations

import pytest
from orchard import COUNTED, OFFERED, PRICED, PROCESS, START, orchard, read, scenario

from procdef.language import load
from procdef.scenarios.coverage import Coverage, Item
from procdef.scenarios.play import Player
from procdef.scenarios.reading import read_scenarios

APPROVED = (*PRICED, "by: both, do: do, action: approve, decision: approve")
SENT = (*APPROVED, "by: aino, do: do, action: send")


def tried(*steps: str) -> set[str]:
    """What these steps try, each in a line."""
    player = Player(orchard())
    assert player.play(read(scenario(*steps)).scenarios[0]).passed
    return {f"{item.kind}: {item}" for item, scenarios in player.coverage.tried.items() if scenarios}


@pytest.mark.parametrize(
    ("steps", "more"),
    [
        ((), set()),
        ((START,), {"stages: orchard"}),
        (COUNTED, {"actions: orchard.survey"}),
        ((*COUNTED, "then: {open: []}"), set()),  # to look is not to try
        (OFFERED, {"ways: orchard > offer", "stages: offer", "when: orchard.certify false", "when: orchard > offer true",
                   "criteria: orchard.enough met"}),
        ((START, "by: aino, do: do, action: certify, evidence: Seal, refused: [certify: when-false]"),
         {"when: orchard.certify false"}),
        ((*COUNTED, "by: aino, do: advance, to: auction, refused: [auction]"),
         {"when: orchard > auction false", "when: orchard.certify false", "criteria: orchard.enough met"}),
        ((*COUNTED, "by: onni, do: assign, person: both", "by: aino, do: advance, to: auction, refused: [auction]"),
         {"when: orchard > auction false"}),
        ((START, "by: onni, do: waive, criterion: enough, reason: A favour"),
         {"waivers: orchard.enough"}),
        ((START, "by: aino, do: lose, reason: frost"), {"losses: frost"}),
        ((START, "after: 5 business days"),
         {"deadlines: orchard reminded", "deadlines: orchard overdue", "deadlines: orchard.survey overdue"}),
        ((START, "after: 7 business days"), {"deadlines: orchard escalated", "deadlines: orchard overdue",
                                             "deadlines: orchard reminded", "deadlines: orchard.survey overdue"}),
        ((*COUNTED, "after: 2 business days"), set()),  # what is done is not overdue
        ((*PRICED, "by: both, do: do, action: approve, decision: reject, note: Too cheap"),
         {"decisions: offer.approve rejected", "when: offer.approve true", "rows: offer.approve row 2"}),
        (APPROVED, {"decisions: offer.approve approved", "actions: offer.approve", "when: offer.approve true"}),
        ((*OFFERED, "by: aino, do: back, to: orchard, reason: Frost"), {"returns: offer > orchard"}),
        ((*SENT, "by: aino, do: record, values: {price: null}", "by: aino, do: advance, refused: any"),
         {"criteria: sold.priced unmet", "actions: offer.send"}),
        ((*SENT, "by: aino, do: advance"), {"criteria: sold.priced met", "ways: offer > sold", "stages: sold"}),
    ],
    ids=lambda part: part[-1][-50:] if isinstance(part, tuple) and part else "",
)  # fmt: skip
def test_a_step_tries_what_it_was_judged_by(steps: tuple[str, ...], more: set[str]) -> None:
    before = tried(*steps[:-1]) if len(steps) > 1 else set()
    found = tried(*steps) if steps else set()
    assert more <= found
    expected = before | more
    if len(steps) < 3:  # of longer ones only what is new is told
        assert found == expected


def test_everything_of_a_process_can_be_tried() -> None:
    every = {f"{item.kind}: {item}" for item in Coverage.of(orchard()).tried}
    assert every == {
        "stages: orchard", "stages: offer", "stages: auction", "stages: sold",
        "ways: orchard > offer", "ways: orchard > auction", "ways: offer > sold", "ways: auction > sold",
        "deadlines: orchard reminded", "deadlines: orchard overdue", "deadlines: orchard escalated",
        "deadlines: orchard.survey overdue", "reopenings: reopen",
        "returns: offer > orchard", "losses: frost", "losses: price", "waivers: orchard.enough",
        "criteria: orchard.enough met", "criteria: orchard.enough unmet", "criteria: sold.priced met",
        "criteria: sold.priced unmet",
        "actions: orchard.survey", "actions: orchard.certify", "actions: orchard.taste", "actions: offer.price",
        "actions: offer.approve", "actions: offer.send", "actions: sold.deliver",
        "decisions: offer.approve approved", "decisions: offer.approve rejected",
        "rows: offer.approve row 1", "rows: offer.approve row 2",
        "when: orchard.certify true", "when: orchard.certify false", "when: offer.approve true", "when: offer.approve false",
        "when: orchard > offer true", "when: orchard > offer false", "when: orchard > auction true",
        "when: orchard > auction false",
    }  # fmt: skip


def test_a_lost_deal_is_taken_up_again() -> None:
    assert "reopenings: reopen" in tried(START, "by: aino, do: lose, reason: frost", "by: onni, do: reopen, reason: It thawed")
    assert "reopenings: reopen" not in tried(START, "by: aino, do: lose, reason: frost", "by: aino, do: reopen, refused: any")


ASKED = "by: aino, do: advance, to: sold, refused: any"
LAPSING = PROCESS.replace("        four_eyes: true\n", "        four_eyes: true\n        valid_for: 3 days\n")


@pytest.mark.parametrize(
    ("after", "steps", "lapsed"),
    [
        ("1 days", [ASKED], False),
        ("3 days", ["then: {stage: offer}"], False),  # nobody was judged by it
        ("3 days", [ASKED], True),
        ("3 days", ["by: both, do: do, action: approve, decision: approve"], True),
        ("3 days", ["by: aino, do: record, values: {price: 70}", ASKED], False),  # it was voided
        ("1 days", ["by: both, do: do, action: approve, decision: reject, note: No", "after: 2 days", ASKED], False),
        ("1 days", ["by: aino, do: record, values: {price: 40}", "by: onni, do: do, action: approve, decision: approve",
                    "after: 2 days", "by: both, do: do, action: approve, decision: approve", "after: 1 days", ASKED], True),
        ("1 days", ["by: aino, do: back, to: orchard, reason: Frost", "by: aino, do: advance, to: offer", "after: 2 days",
                    ASKED], True),
    ],
)  # fmt: skip
def test_an_approval_lapsed_where_somebody_was_judged_by_that(after: str, steps: list[str], lapsed: bool) -> None:
    definition = load(LAPSING)
    file = read_scenarios(read_text(*APPROVED, f"after: {after}", *steps).encode(), "lapsing", process=definition)
    player = Player(definition)
    assert player.play(file.scenarios[0]).differences == ()
    assert (Item("lapses", "offer", "offer.approve", "") not in player.coverage.missing) is lapsed


def test_where_deals_start_in_several_stages_each_is_tried() -> None:
    several = load(PROCESS.replace("    title: Auction\n", "    title: Auction\n    start: true\n"))
    starts = [item.of for item in Coverage.of(several).tried if item.kind == "starts"]
    assert starts == ["orchard", "auction"]
    assert not [item for item in Coverage.of(orchard()).tried if item.kind == "starts"]


def test_what_nobody_can_waive_as_no_way_leads_there_is_not_to_be_waived() -> None:
    entry = "    entry_criteria: {e: {check: organic, waivable_by: manager}}\n"
    text = PROCESS.replace("    owner: seller\n", "    owner: seller\n" + entry, 1)
    assert Item("waivers", "orchard", "orchard.e", "") not in Coverage.of(load(text)).tried
    assert Item("criteria", "orchard", "orchard.e", "met") in Coverage.of(load(text)).tried


def test_percent_is_whole_only_when_nothing_is_left() -> None:
    coverage = Coverage.of(orchard())
    assert str(coverage.percent) == "0.0"
    last = list(coverage.tried)[-1]
    coverage.add("all", [item for item in coverage.tried if item != last])
    assert str(coverage.percent) == "97.5"
    assert coverage.missing == [last]
    coverage.add("rest", [last])
    assert (str(coverage.percent), coverage.missing) == ("100.0", [])
    assert coverage.by_kind()["stages"] == (4, 4)


def test_an_endless_loop_of_stages_is_played_to_the_end_of_the_steps() -> None:
    ring = PROCESS.replace("    next: sold\n  sold:", "    next: {orchard: , sold: }\n  sold:")
    steps = [START, "by: aino, do: record, values: {tons: 5000}", "by: aino, do: do, action: survey"]
    steps += ["by: aino, do: advance, to: auction", "by: aino, do: advance, to: orchard, then: {stage: orchard}"] * 200
    file = read_scenarios(read_text(*steps).encode(), "ring", process=load(ring))
    player = Player(load(ring))
    assert player.play(file.scenarios[0]).differences == ()
    assert Item("ways", "auction", "auction > orchard", "") not in player.coverage.missing


def read_text(*steps: str) -> str:
    from orchard import HEAD

    return HEAD + scenario(*steps)
