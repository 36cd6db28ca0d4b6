"""What is proved of tiny processes, against all that their deals can do: every step tried in every state."""

from __future__ import annotations

import random

import pytest
from proved_processes import ROLE, AllDeals, State, drawn, state_of

from procdef.machine import build_machine
from procdef.model import ProcessDefinition
from procdef.proof import Flaw, Inquiry, Open, Proved, answers
from procdef.proof.gates import Gates
from procdef.proof.player import Player
from procdef.proof.reach import Reach
from procdef.proof.told import Step

PROCESSES, SEEDS = 60, 4


def after(process: ProcessDefinition, steps: tuple[Step, ...]) -> State:
    """Where a deal is after these steps."""
    player = Player.at_noon(process, build_machine(process))
    for step in steps:
        player.take(ROLE, step.do, **step.given)
    assert player.deal is not None
    return state_of(player.deal)


@pytest.mark.parametrize("seed", range(SEEDS))
def test_what_is_proved_of_a_process_agrees_with_all_that_deals_can_do(seed: int) -> None:
    r = random.Random(f"processes {seed}")
    proved = open_ = flaws = 0
    for _ in range(PROCESSES // SEEDS):
        process = drawn(r)
        text = process.source.decode()
        deals = AllDeals(process)
        inquiry = Inquiry(process)
        reach = Reach(inquiry, Gates(process, inquiry.atoms))
        reach.work_out()
        assert {state[0] for state in deals.after} <= reach.stages, text
        assert deals.ways <= reach.ways, text
        assert deals.actions <= reach.actions, text
        stuck = {state[0] for state in deals.stuck()}
        for answer in answers(inquiry):
            if isinstance(answer, Proved) and answer.code == "stuck":
                proved += 1
                assert answer.about not in stuck, f"{text}\n{answer}"
            elif isinstance(answer, Open):
                open_ += answer.code == "stuck"
            elif isinstance(answer, Flaw) and answer.finding.code == "stuck":
                flaws += 1
                there = {state for state in deals.after if state[0] == answer.finding.subject}
                shown = {after(process, answer.steps)} if answer.steps else there
                assert shown <= there & deals.stuck(), f"{text}\n{answer}"
            elif isinstance(answer, Flaw) and answer.finding.code == "dead-transition":
                assert (answer.finding.details["stage"], answer.finding.subject) not in deals.ways, f"{text}\n{answer}"
    assert proved > open_, f"{proved} stages proved, {open_} open, {flaws} stuck"
