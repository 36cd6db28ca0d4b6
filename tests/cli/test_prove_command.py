"""``procdef prove`` as people and programs read it; what it finds is played by ``procdef test``."""

from __future__ import annotations

import json
import subprocess
import sys
from pathlib import Path

import pytest

GOLDEN = Path(__file__).parents[1] / "golden"
SHIPPED = Path(__file__).parents[2] / "processes"


def procdef(folder: Path, *arguments: str) -> subprocess.CompletedProcess[str]:
    return subprocess.run([sys.executable, "-m", "procdef", *arguments], cwd=folder, capture_output=True, text=True)


def test_every_deal_of_a_shipped_process_is_proved_to_come_to_an_end(tmp_path: Path) -> None:
    for name in ("b2b-sales", "saas-inbound"):
        found = procdef(tmp_path, "prove", str(SHIPPED / f"{name}.yaml"), "--format", "json")
        lines = [json.loads(line) for line in found.stdout.splitlines()]
        ends = [line["about"] for line in lines if line["kind"] == "proved" and line["instead_of"] == "stuck"]
        assert (found.returncode, lines[-1]["flaws"], lines[-1]["not_decided"]) == (0, 0, 0)
        assert len(ends) == {"b2b-sales": 8, "saas-inbound": 7}[name]


def test_a_deal_that_is_stuck_is_shown_by_a_scenario_that_passes(tmp_path: Path) -> None:
    for code in ("stuck", "approval-unasked"):
        (tmp_path / "sales.yaml").write_text((GOLDEN / "err" / f"{code}.yaml").read_text("utf-8"), "utf-8")
        told = procdef(tmp_path, "prove", "sales.yaml")
        assert told.returncode == 1
        assert f"[{code}]" in " ".join(told.stdout.split())
        shown = procdef(tmp_path, "prove", "sales.yaml", "--scenarios")
        (tmp_path / "sales.test.yaml").write_text(shown.stdout, "utf-8")
        played = procdef(tmp_path, "test", "sales.test.yaml")
        assert played.returncode == 0, played.stdout + played.stderr


def test_scenarios_of_a_process_in_another_folder_name_it_from_beside_it(tmp_path: Path) -> None:
    (tmp_path / "r").mkdir()
    (tmp_path / "r" / "sales.yaml").write_text((GOLDEN / "err" / "stuck.yaml").read_text("utf-8"), "utf-8")
    shown = procdef(tmp_path, "prove", "r/sales.yaml", "--scenarios")
    assert "process: sales.yaml\n" in shown.stdout
    assert "save it as r/sales.test.yaml, beside r/sales.yaml" in " ".join(shown.stderr.split())
    assert procdef(tmp_path, "--quiet", "prove", "r/sales.yaml", "--scenarios").stderr == ""
    (tmp_path / "r" / "sales.test.yaml").write_text(shown.stdout, "utf-8")
    played = procdef(tmp_path, "test", "r/sales.test.yaml")
    assert played.returncode == 0, played.stdout + played.stderr


@pytest.mark.parametrize(
    ("process", "code", "told"),
    [
        (SHIPPED / "b2b-sales.yaml", 0, "nothing was found that steps of a deal would show"),
        (GOLDEN / "err" / "never-true.yaml", 1, "what was found is shown by no steps of a deal"),
    ],
)
def test_where_no_steps_show_a_fault_no_scenario_is_written(
    process: Path, code: int, told: str, tmp_path: Path
) -> None:
    shown = procdef(tmp_path, "prove", str(process), "--scenarios")
    assert (shown.returncode, shown.stdout) == (code, "")
    assert told in " ".join(shown.stderr.split())
    assert shown.returncode == procdef(tmp_path, "prove", str(process)).returncode


@pytest.mark.parametrize(
    ("process", "code", "told"),
    [
        ("approval-unasked", 1, "warning: a deal with offer 2000 is won"),
        ("branch-overlap", 0, "info: "),
        ("never-recorded", 0, "info: "),
    ],
)
def test_how_severe_what_was_found_is_is_told_and_alone_ends_with_1(
    process: str, code: int, told: str, tmp_path: Path
) -> None:
    found = procdef(tmp_path, "prove", str(GOLDEN / "err" / f"{process}.yaml"))
    assert found.returncode == code
    (line,) = [line for line in found.stdout.splitlines() if line.startswith(("  warning: ", "  info: "))]
    assert line.strip().startswith(told)
    assert f"[{process}]" in " ".join(found.stdout.split())
