"""What is proved of small processes, against all that their deals can do: every step tried in every state.

Nothing is claimed that some deal contradicts; every deal that is shown is played by the engine itself; and what is said to be
so for all deals is held against each of them. ``PROCDEF_PROVED_PROCESSES`` is how many processes are drawn, where it is set.
"""

from __future__ import annotations

import os
import random
from collections import Counter
from collections.abc import Iterator

import pytest
from all_deals import AllDeals, State, TooMany, seen
from proved_processes import drawn

from procdef.expression import ELSE
from procdef.log.event import instant
from procdef.model import ProcessDefinition
from procdef.proof import Flaw, Inquiry, Proved, answers
from procdef.proof.gates import Gates
from procdef.proof.player import Player
from procdef.proof.reach import Reach
from procdef.scenarios.reading import read_scenarios
from procdef.scenarios.shown_flaws import flaw_file
from procdef.scenarios.suite import Suite

SEEDS = 4
PROCESSES = int(os.environ.get("PROCDEF_PROVED_PROCESSES", "16"))
MOST_STATES = 250 if "PROCDEF_PROVED_PROCESSES" not in os.environ else 1_500


@pytest.mark.parametrize("seed", range(SEEDS))
def test_what_is_proved_of_a_process_agrees_with_all_that_deals_can_do(seed: int) -> None:
    count: Counter[str] = Counter()
    for number in range(PROCESSES // SEEDS):
        r = random.Random(f"process {seed} {number}")
        while True:
            process = drawn(r)
            try:
                deals = AllDeals(process, MOST_STATES)
            except TooMany:
                continue
            break
        held = Held(process, deals)
        wrong = [*held.contradictions()]
        assert not wrong, "\n".join([process.source.decode(), *wrong])
        count += held.count
    assert count["proved stuck"] > count["open stuck"], str(count)


class Held:
    """What is found out about a process, held against all of its deals."""

    def __init__(self, process: ProcessDefinition, deals: AllDeals) -> None:
        self.process, self.deals = process, deals
        self.stuck, self.stuck_without_waivers = deals.stuck(), deals.stuck(waiving=False)
        self.count: Counter[str] = Counter()
        self.shown: dict[str, Flaw] = {}

    def contradictions(self) -> Iterator[str]:
        """Where it is not so."""
        inquiry = Inquiry(self.process)
        self.inquiry = inquiry
        reach = Reach(inquiry, Gates(self.process, inquiry.atoms))
        reach.work_out()
        for what, more, all_ in (
            ("stages", {state[0] for state in self.deals.after}, reach.stages),
            ("ways", self.deals.ways, reach.ways),
            ("actions", self.deals.actions, reach.actions),
        ):
            if not set[object](more) <= set[object](all_):
                yield f"{what} that deals come to: {set[object](more) - set[object](all_)}"
        for answer in answers(inquiry):
            code = answer.finding.code if isinstance(answer, Flaw) else answer.code
            self.count[f"{type(answer).__name__.lower()} {code}"] += 1
            check = getattr(self, f"{type(answer).__name__.lower()}_{code.replace('-', '_')}", None)
            for wrong in check(answer) if check is not None else ():
                yield f"{wrong}: {answer}"
            if isinstance(answer, Flaw) and answer.steps:
                self.shown[f"f{len(self.shown)}"] = answer
        yield from self._played()
        told = {
            code for code in ("stuck", "dead-transition", "entry-deadlock", "never-true") if self.count[f"flaw {code}"]
        }
        if self.stuck and not told and not self.count["open stuck"]:
            yield f"nothing is told of stuck deals: {sorted(self.stuck)[0]}"

    def proved_stuck(self, answer: Proved) -> Iterator[str]:
        stuck = self.stuck_without_waivers if "waivers aside" in answer.sentence else self.stuck
        yield from (f"stuck at {state}" for state in stuck if state[0] == answer.about)

    def flaw_stuck(self, answer: Flaw) -> Iterator[str]:
        there = {state for state in self.deals.after if state[0] == answer.finding.subject}
        shown = {self._after(answer)} if answer.steps else there
        yield from (f"not stuck: {state}" for state in shown if state not in self.stuck)

    def proved_dead_transition(self, answer: Proved) -> Iterator[str]:
        if tuple(answer.about.split(" to ")) not in self.deals.ways:
            yield "no deal takes it"

    def flaw_dead_transition(self, answer: Flaw) -> Iterator[str]:
        if (answer.finding.details["stage"], answer.finding.subject) in self.deals.ways:
            yield "a deal takes it"

    def flaw_entry_deadlock(self, answer: Flaw) -> Iterator[str]:
        source, target = str(answer.finding.details["stage"]), str(answer.finding.subject).partition(".")[0]
        started = source == target and any(state[0] == source and len(state[1]) == 1 for state in self.deals.starts)
        if started or (source, target) in self.deals.ways:
            yield "a deal comes by"

    def flaw_always_true(self, answer: Flaw) -> Iterator[str]:
        self.count["always-true there"] += "because of" in answer.said
        criterion = self.process.criteria.get(str(answer.finding.subject))
        if criterion is not None and criterion.side == "entry" and "because of" in answer.said:
            yield from [f"it keeps deals out of {criterion.stage}"] if criterion.path in self.deals.kept_out else []
            return
        outcomes = self._outcomes(answer)
        if False in outcomes or (None in outcomes and "for all values" not in answer.said):
            yield f"it comes to {outcomes}"

    def flaw_never_true(self, answer: Flaw) -> Iterator[str]:
        self.count["never-true there"] += "because of" in answer.said
        if True in self._outcomes(answer):
            yield "it is true for a deal"

    def _outcomes(self, answer: Flaw) -> set[bool | None]:
        subject, text = str(answer.finding.subject), str(answer.finding.details["text"])
        (condition,) = {each.expression for each in self.inquiry.conditions
                        if each.subject == subject and each.expression.text == text}  # fmt: skip
        criterion = self.process.criteria.get(subject)
        stage = subject.partition(".")[0].partition(" ")[0]
        stages = {stage}
        if criterion is not None and criterion.side == "entry":
            stages = {each.id for each in self.process.stages.values() if stage in each.next}
        return self.deals.outcomes(condition, stages)

    def proved_branch_gap(self, answer: Proved) -> Iterator[str]:
        stage = self.process.stages[answer.about]
        read = {name for way in stage.next.values() if way.when for name in way.when.fields}
        for state, player in self.deals.players.items():
            if state[0] == stage.id and read <= player.values.keys() and True not in self._ways(player):
                yield f"no way is open at {state}"

    def proved_branch_overlap(self, answer: Proved) -> Iterator[str]:
        for state, player in self.deals.players.items():
            if state[0] == answer.about and self._ways(player).count(True) > 1:
                yield f"several ways are open at {state}"

    def _ways(self, player: Player) -> list[bool | None]:
        assert player.deal is not None
        whens = [way.when for way in self.process.stages[player.deal.stage].next.values()]
        found = [seen(player).truth(when) for when in whens if when is not None and when.text != ELSE]
        if len(found) < len(whens):
            found.append(all(each is False for each in found))
        return found

    def proved_approval_unasked(self, answer: Proved) -> Iterator[str]:
        action = self.process.actions[answer.about]
        assert action.when is not None
        for before, after in [] if answer.bounded else self.deals.wins:
            look = seen(before)
            if look.truth(action.when) and not look.is_done(action):
                yield f"won without it: {after.steps}"

    def flaw_approval_unasked(self, answer: Flaw) -> Iterator[str]:
        action = self.process.actions[str(answer.finding.subject)]
        assert action.when is not None
        if not any(
            seen(after).truth(action.when) and not after.deal.standing.get(action.path)
            for _, after in self.deals.wins if after.deal is not None
        ):  # fmt: skip
            yield "no deal is won without it"

    def _after(self, answer: Flaw) -> State:
        """Where a deal is after these steps."""
        player = Player.at_noon(self.process, self.deals.machine)
        for step in answer.steps:
            person, _, role = step.by.partition(":")
            player.now = instant(step.at)
            if step.do != "note":  # which changes nothing, and only tells of the time
                player.take(role, step.do, int(person.removeprefix(role)), **step.given)
        assert player.deal is not None
        return self.deals.state_of(player.deal, player.now)

    def _played(self) -> Iterator[str]:
        """The deals that are shown, as scenarios that ``procdef test`` plays."""
        if not self.shown:
            return
        text = flaw_file(self.process, "tiny.yaml", self.shown)
        outcomes = Suite().play(read_scenarios(text.encode(), "tiny.test.yaml", process=self.process))
        yield from (f"{outcome} is not played: {text}" for outcome in outcomes if not outcome.passed)
        if len(outcomes) != len(self.shown):
            yield f"only {len(outcomes)} are played: {text}"
