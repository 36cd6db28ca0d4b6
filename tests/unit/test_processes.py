"""What ships in processes/: definitions without findings, and the demonstration deals."""

from __future__ import annotations

import json
import subprocess
import sys
from pathlib import Path

import pytest

from procdef.language import check

ROOT = Path(__file__).parents[2]
PROCESSES = ROOT / "processes"


@pytest.mark.parametrize("path", sorted(PROCESSES.glob("*.yaml")), ids=lambda path: path.stem)
def test_a_shipped_process_has_no_finding(path: Path) -> None:
    assert [] == check(path)


def test_the_demonstration_deals_are_what_the_script_makes() -> None:
    made = subprocess.run([sys.executable, str(ROOT / "tools" / "make_demo_steps.py")], capture_output=True, check=True)
    assert (PROCESSES / "demo.steps.jsonl").read_bytes() == made.stdout


def test_the_demonstration_deals_come_in_order_and_each_step_has_its_own_request() -> None:
    steps = [json.loads(line) for line in (PROCESSES / "demo.steps.jsonl").read_text(encoding="utf-8").splitlines()]
    assert sorted(step["happened"] for step in steps) == [step["happened"] for step in steps]
    assert len(steps) == len({step["request"] for step in steps})
    assert len({step["deal"] for step in steps}) >= 200
    assert max(step["happened"] for step in steps) < "2026-11-01"
