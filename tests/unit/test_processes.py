"""What ships in processes/: definitions without findings, and the demonstration deals."""

from __future__ import annotations

import json
import subprocess
import sys
from collections import Counter
from pathlib import Path

import pytest

from procdef import Actor, Engine, StepRefused, load, open_store
from procdef.language import check

ROOT = Path(__file__).parents[2]
PROCESSES = ROOT / "processes"


@pytest.mark.parametrize("path", sorted(PROCESSES.glob("*.yaml")), ids=lambda path: path.stem)
def test_a_shipped_process_has_no_finding(path: Path) -> None:
    assert check(path) == []


def test_the_demonstration_deals_are_what_the_script_makes() -> None:
    made = subprocess.run([sys.executable, str(ROOT / "tools" / "make_demo_steps.py")], capture_output=True, check=True)
    assert (PROCESSES / "demo.steps.jsonl").read_bytes() == made.stdout


def test_the_demonstration_deals_come_in_order_and_each_step_has_its_own_request() -> None:
    steps = [json.loads(line) for line in (PROCESSES / "demo.steps.jsonl").read_text(encoding="utf-8").splitlines()]
    assert sorted(step["happened"] for step in steps) == [step["happened"] for step in steps]
    assert len(steps) == len({step["request"] for step in steps})
    assert len({step["deal"] for step in steps}) >= 200
    assert max(step["happened"] for step in steps) < "2026-11-01"


@pytest.fixture(scope="module")
def demonstration() -> Engine:
    definition, engine = load(PROCESSES / "b2b-sales.yaml"), Engine(open_store("memory:"))
    steps = [json.loads(line) for line in (PROCESSES / "demo.steps.jsonl").read_text(encoding="utf-8").splitlines()]
    statuses = Counter(str(result.status) for result in engine.run(definition, steps, by=Actor("demo")))
    assert {"applied", "refused"} == set(statuses)
    assert 0.02 < statuses["refused"] / len(steps) < 0.2
    return engine


def test_the_demonstration_shows_lost_won_and_finished_deals(demonstration: Engine) -> None:
    deals = [demonstration.deal(f"B2B-{number:03}") for number in range(1, 221)]
    assert {"won", "lost"} <= {str(deal.outcome) for deal in deals}
    assert len({deal.stage for deal in deals}) >= 4


def test_an_opportunity_without_an_account_cannot_be_engaged() -> None:
    engine, seller = Engine(open_store("memory:")), Actor("ann", roles=frozenset({"seller"}))
    engine.publish(load(PROCESSES / "crm-opportunities.yaml"), by=seller)
    engine.start("crm-opportunities", "A", by=seller, values={"product": "GTXPro"})
    with pytest.raises(StepRefused) as refused:
        engine.advance("A", "engaging", by=seller)
    assert [unmet.id.split(".")[-1] for unmet in refused.value.unmet] == ["account_known"]
