"""What ``procdef prove`` tells, as dataclasses."""

from __future__ import annotations

import json
from dataclasses import FrozenInstanceError
from pathlib import Path

import pytest

from procdef import load, prove
from procdef.cli import run

PROCESS = Path(__file__).parents[3] / "processes" / "saas-inbound.yaml"


def test_it_is_what_the_command_line_prints(capsys: pytest.CaptureFixture[str]) -> None:
    proof = prove(load(PROCESS))
    run(["prove", str(PROCESS), "--format", "json"])
    *lines, summary = map(json.loads, capsys.readouterr().out.splitlines())
    assert lines == [each.as_dict() for each in (*proof.flaws, *proof.proved, *proof.open)]
    assert summary["proved"] == len(proof.proved) > 0
    assert (summary["sha256"], summary["states"]) == (proof.sha256, proof.states)
    assert set(proof.json_schema()["properties"]) == set(proof.as_dict())


def test_it_is_frozen() -> None:
    with pytest.raises(FrozenInstanceError):
        prove(load(PROCESS)).steps = 0  # type: ignore[misc]
