"""What the README shows works as shown; its console blocks are run with those of the other pages."""

from __future__ import annotations

import re
import subprocess
from pathlib import Path
from typing import TYPE_CHECKING

import pytest
from pages import ROOT, run

from procdef import load

if TYPE_CHECKING:
    from conftest import Demo

README = (ROOT / "README.md").read_text("utf-8")


def test_the_python_example_runs_and_prints_the_next_stage(
    capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.chdir(ROOT)
    (example,) = re.findall(r"```python\n(.*?)```", README, re.DOTALL)
    exec(compile(example, "README.md", "exec"), {})
    assert capsys.readouterr().out == "engaging\n"


def test_there_are_exactly_two_commands_to_begin_with() -> None:
    install, test = re.findall(r"```sh\n(.*)\n```", README)
    assert install.split(" && ")[:2] == ["python3 -m venv .venv", ".venv/bin/pip install -q ."]
    assert subprocess.run(["bash", "-n", ROOT / test]).returncode == 0


def test_the_first_command_ends_in_the_whole_story(demo: Demo) -> None:
    install, _ = re.findall(r"```sh\n(.*)\n```", README)
    assert install.split(" && ")[2] == ".venv/bin/procdef demo"
    assert "8 stages" in demo.told
    assert "the log is clean" in demo.told
    assert list(demo.here.iterdir()) == []


def test_the_commands_that_the_story_proposes_work(tmp_path: Path, demo: Demo) -> None:
    proposed = re.findall(r"^  (procdef .*?)(?:   .*)?$", demo.told, re.MULTILINE)
    assert len(proposed) == 5
    for command in proposed:
        assert run(f"{command} >&2 && echo done", tmp_path).endswith("done\n"), command


def test_the_stages_of_the_drawing_are_those_of_the_shipped_process() -> None:
    (drawn,) = re.findall(r"^    (prospecting -> .*)$", README, re.MULTILINE)
    stages = load(ROOT / "processes" / "b2b-sales.yaml").stages
    assert [name.replace(" ", "_").replace("-", "_") for name in drawn.split(" -> ")] == [
        stage.replace("handover", "hand_over").replace("followup", "follow_up") for stage in stages
    ]


def test_the_pictures_are_there_small_and_say_what_they_show() -> None:
    shown = re.findall(r"!\[([^\]]*)\]\((\S+)\)", README)
    assert [Path(path).suffix for _, path in shown] == [".png", ".svg"]
    for words, path in shown:
        assert len(words) > 50
        assert (ROOT / path).stat().st_size < 300_000
    picture = (ROOT / shown[1][1]).read_text("utf-8")
    assert all(f'id="stage-{stage}"' in picture for stage in load(ROOT / "processes" / "b2b-sales.yaml").stages)
