"""Readers that leave before the output ends (``| head``): the exit code never says of what was not read that all is well."""

from __future__ import annotations

import os
import sqlite3
import subprocess
import sys
from collections.abc import Callable
from contextlib import closing
from pathlib import Path

import pytest

Procdef = Callable[..., tuple[int, str, str]]


def code_of(folder: Path, command: str, *, errors_too: bool = False) -> int:
    """The exit code of a command that nobody reads, not what it complains of either with ``errors_too``."""
    reader, writer = os.pipe()
    os.close(reader)
    complaints = writer if errors_too else subprocess.PIPE
    try:
        done = subprocess.run(
            [sys.executable, "-m", "procdef", *command.split()], cwd=folder, stdout=writer, stderr=complaints, check=False
        )
    finally:
        os.close(writer)
    assert errors_too or not {b"Traceback", b"ignored"} & {*done.stderr.split()}
    return done.returncode


@pytest.mark.parametrize("errors_too", [False, True])
def test_what_was_not_read_is_not_known(office: Procdef, tmp_path: Path, errors_too: bool) -> None:
    for command in ("deals", "audit verify", "audit population --format json"):
        assert code_of(tmp_path, command, errors_too=errors_too) == 141


@pytest.mark.parametrize("errors_too", [False, True])
def test_what_was_found_refused_or_not_understood_is_known(office: Procdef, tmp_path: Path, errors_too: bool) -> None:
    with closing(sqlite3.connect(tmp_path / "procdef.db")) as log:
        log.execute("DELETE FROM leaf WHERE idx = 1")
        log.commit()
    for command, expected in (
        ("audit verify", 1), ("audit verify --format json", 1), ("advance A-1 --format json", 1), ("status A-2", 2), ("no", 2),
        ("--db none.db deals", 3),
    ):  # fmt: skip
        assert code_of(tmp_path, command, errors_too=errors_too) == expected, command


def test_a_step_that_was_taken_is_taken(office: Procdef, tmp_path: Path) -> None:
    assert code_of(tmp_path, "note A-1 Called") == 0
    assert "Called" in office("log", "A-1")[1]
