"""The engine against the language's page: random commands on random processes, in both stores.

The oracle knows plain dictionaries only. After every command both must say the same: applied or refused, everything
that is unmet, what is logged, and where the deal stands.
"""

from __future__ import annotations

import random
from collections.abc import Sequence
from pathlib import Path
from typing import Any

import pytest
from engine_bench import Bench
from hypothesis import HealthCheck, settings
from hypothesis import strategies as st
from hypothesis.stateful import RuleBasedStateMachine, initialize, invariant, rule
from oracle.commands import DRAWN
from oracle.conditions import Choose

from procdef import open_store

PROCESSES, STEPS = 80, 80
CODES = """action-open already-met approver-unknown bad-value branch-closed closed criterion-unknown criterion-unmet
decision-missing elsewhere evidence-missing four-eyes gate-shut needs-open no-such-move no-target not-declared
not-on-path not-waivable not-won not-yours note-missing reason-missing records-unset several-criteria several-targets
too-late way-missing when-false when-unknown"""


@pytest.mark.parametrize("seed", range(PROCESSES))
def test_the_engine_does_what_the_page_says(seed: int, tmp_path: Path) -> None:
    stores = [open_store("memory:"), open_store(f"sqlite:///{tmp_path / 'deals.db'}?synchronous=NORMAL")]
    bench = Bench(random.Random(seed).choice, stores)
    for _ in range(STEPS):
        bench.step()
    bench.verify()
    for store in stores:
        store.close()


def test_the_random_walks_meet_every_code_and_apply_every_command() -> None:
    met: set[str] = set()
    applied: set[str] = set()
    for seed in range(PROCESSES):
        bench = Bench(random.Random(seed).choice, [])
        for _ in range(STEPS):
            verb, unmet = bench.step()
            met |= {code for code, _ in unmet}
            applied |= set() if unmet else {verb}
    assert met == set(CODES.split())
    assert applied == {"start", *DRAWN} - {"correct"}


def drawn_from(data: st.DataObject) -> Choose:
    def choose(options: Sequence[Any]) -> Any:
        return data.draw(st.sampled_from(options))

    return choose


class Walk(RuleBasedStateMachine):
    """The same walk, every choice of which Hypothesis can make smaller; the log is verified after every command."""

    def __init__(self) -> None:
        super().__init__()
        self.store = open_store("memory:")

    @initialize(data=st.data())
    def open(self, data: st.DataObject) -> None:
        self.bench = Bench(drawn_from(data), [self.store])

    @rule(data=st.data(), verb=st.sampled_from([None, *DRAWN]))
    def step(self, data: st.DataObject, verb: str | None) -> None:
        self.bench.choose = drawn_from(data)
        self.bench.step(verb)

    @invariant()
    def the_log_is_clean(self) -> None:
        self.bench.verify()

    def teardown(self) -> None:
        self.store.close()


TestWalk = Walk.TestCase
TestWalk.settings = settings(
    derandomize=True,
    database=None,
    deadline=None,
    max_examples=30,
    stateful_step_count=30,
    suppress_health_check=list(HealthCheck),
)
