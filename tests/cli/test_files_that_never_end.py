"""Pipes and devices where a file is meant: a command says so at once, and neither waits nor reads for ever."""

from __future__ import annotations

import json
import os
import subprocess
from pathlib import Path

import pytest
from office import PROCESS

from forked_commands import commands

STEP = {"by": "maija", "roles": ["seller"], "deal": "P-1", "do": "start"}


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    """A folder with a published process, a deal and a pipe that nobody writes to."""
    (tmp_path / "office.yaml").write_text(PROCESS, "utf-8")
    os.mkfifo(tmp_path / "pipe.yaml")
    assert procdef(tmp_path, "publish", "office.yaml")[0] == 0
    return tmp_path


def procdef(folder: Path, *arguments: str, given: str = "") -> tuple[int, str]:
    command = [commands() / "procdef", *arguments]
    environment = {**os.environ, "PROCDEF_ACTOR": "maija:seller"}
    done = subprocess.run(command, cwd=folder, input=given, capture_output=True, text=True, timeout=30, env=environment)
    return done.returncode, done.stdout + done.stderr


@pytest.mark.parametrize("endless", ["pipe.yaml", "/dev/zero"])
def test_what_never_ends_is_refused_at_once(folder: Path, endless: str) -> None:
    for arguments in (
        ("check", endless), ("show", endless), ("publish", endless), ("run", "office.yaml", endless),
        ("run", endless, "office.yaml"), ("new", "--from", endless, "made.yaml"), ("audit", "reapply-erasures", endless),
        ("audit", "verify", "--note", endless), ("audit", "verify", "--since", endless), ("audit", "verify", "--key", endless),
        ("audit", "consistency", "1", endless), ("audit", "checkpoint", "--key", endless), ("audit", "key", "new", endless),
        ("erase", "--person", "x", "--basis", "b", "--list", endless), ("audit", "erasures", "--list", endless),
    ):  # fmt: skip
        code, told = procdef(folder, *arguments)
        assert code in (1, 2), arguments
        assert endless in told, arguments
        assert "Traceback" not in told
    assert not (folder / "made.yaml").exists()


def test_steps_come_by_the_standard_input_too(folder: Path) -> None:
    code, told = procdef(folder, "run", "office.yaml", "-", "--format", "json", given=json.dumps(STEP) + "\n")
    assert (code, json.loads(told)["applied"]) == (0, 1)
    code, told = procdef(folder, "run", "office.yaml", "-", given="{}\n")
    assert (code, "-:1: error" in told) == (1, True)
