"""Steps that no deal of the process can take: told before anything is played, unless they are expected to be refused."""

from __future__ import annotations

import pytest
from orchard import HEAD, PROCESS, START, scenario

from procdef.language import load
from procdef.scenarios.reading import read_scenarios

UNWAIVABLE = PROCESS.replace("        waivable_by: manager\n", "")
NEVER_LOST = PROCESS.replace(
    "lost:\n  reasons: {frost: Frost, price: Too dear}\n  reopen: {by: manager, within: 30 days}\n", ""
)
LOST_FOR_GOOD = PROCESS.replace("  reopen: {by: manager, within: 30 days}\n", "")


@pytest.mark.parametrize(
    ("process", "step", "told"),
    [
        (PROCESS, "by: aino, do: start, stage: offer", "no deal starts in offer, only in orchard"),
        (PROCESS, "by: aino, do: advance, to: orchard", "no way leads to orchard"),
        (PROCESS, "by: aino, do: back, to: sold, reason: R", "no way leads back to sold"),
        (UNWAIVABLE, "by: onni, do: waive, criterion: enough, reason: R", "enough has no `waivable_by`"),
        (NEVER_LOST, "by: aino, do: lose, reason: frost", "the process has no `lost`"),
        (LOST_FOR_GOOD, "by: aino, do: reopen, reason: R", "the process has no `reopen` in its `lost`"),
        (PROCESS, "by: aino, do: record, values: {tons: many}", "tons never takes this: it must be a whole number"),
        (PROCESS, "by: aino, do: record, values: {tons: 0}", "tons never takes this"),
        (PROCESS, "by: aino, do: record, values: {picked_at: 2026-02-30T09:00}", "picked_at never takes this"),
    ],
)  # fmt: skip
def test_a_step_that_is_never_applied_is_told(process: str, step: str, told: str) -> None:
    def findings(more: str) -> list[str]:
        text = HEAD + scenario(START, step + more)
        found = read_scenarios(text.encode(), "one", process=load(process)).findings
        return [one.message for one in found if one.code == "impossible-expectation"]

    (message,) = findings("")
    assert told in message
    assert findings(", refused: any") == []


@pytest.mark.parametrize(
    "step",
    [
        "by: aino, do: record, values: {tons: null, picked_at: 2026-02-28T09:00, organic: true}",
        "by: aino, do: record, values: {tons: 12}",
        "by: aino, do: back, to: orchard, reason: R, refused: any",
        "by: onni, do: waive, criterion: enough, reason: R",
    ],
)
def test_what_a_deal_may_come_to_is_left_alone(step: str) -> None:
    assert read_scenarios((HEAD + scenario(START, step)).encode(), "one", process=load(PROCESS)).findings == ()
