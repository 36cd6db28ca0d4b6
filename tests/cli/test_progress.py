"""Progress of what reads the whole log: told on a terminal, and between the rows that are printed there."""

from __future__ import annotations

import re
import sys
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path
from shutil import copy2
from typing import TYPE_CHECKING, Any

import pexpect
import pytest

from procdef.cli import audit_output, progress

if TYPE_CHECKING:
    from conftest import Procdef

LOGS = Path(__file__).parents[1] / "logs"
READING = {
    "population": (), "sample": ("--seed", "S"), "overrides": (), "sod": (), "replay": (),
}  # fmt: skip
SLOW = """
import sys, time
from procdef.cli import progress
from procdef.cli.global_options import Settings
progress._PATIENCE = 0.05
seen = 0
with progress.progress("reading", Settings(), lambda: seen, 40) as bar:
    for seen in range(40):
        time.sleep(0.02)
        if seen % 10 == 9:
            with bar.aside():
                print("row", seen, flush=True)
print("done")
"""


@pytest.mark.parametrize("command", READING)
def test_a_question_to_the_whole_log_tells_how_far_it_is(
    command: str, office: Procdef, monkeypatch: pytest.MonkeyPatch
) -> None:
    assert office("--as", "tero:delivery", "start", "office", "Z-1")[0] == 1
    told: list[tuple[str, int, int | None, int]] = []

    @contextmanager
    def watched(what: str, _: Any, done: Callable[[], int], total: int | None = None) -> Iterator[progress.Bar]:
        before = done()
        yield progress.Bar()
        told.append((what, before, total, done()))

    monkeypatch.setattr(audit_output, "progress", watched)
    assert office("audit", command, *READING[command])[0] == 0
    assert told == [(command, 0, 4, 4)]


def test_a_log_from_before_the_tree_tells_how_far_its_sealing_is(
    procdef: Procdef, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    copy2(LOGS / "0.1.0" / "deals.sqlite", tmp_path / "procdef.db")
    told: list[tuple[str, int, int | None, int]] = []

    @contextmanager
    def watched(what: str, _: Any, done: Callable[[], int], total: int | None = None) -> Iterator[None]:
        before = done()
        yield
        told.append((what, before, total, done()))

    monkeypatch.setattr(progress, "progress", watched)
    assert procdef("deals")[0] == 0
    assert told == [("bringing the log up to date, once", 0, 100, 100)]
    assert procdef("audit", "verify")[0] == 0


def test_rows_stand_on_lines_of_their_own_above_the_bar() -> None:
    child = pexpect.spawn(sys.executable, ["-c", SLOW], encoding="utf-8", timeout=30, dimensions=(24, 80))
    child.expect(pexpect.EOF)
    output = str(child.before)
    assert "reading" in output
    assert " %" in output
    lines = [re.split(r"\x1b\[2K", line)[-1] for line in output.replace("\r", "").splitlines()]
    plain = [re.sub(r"\x1b\[[0-9;?]*[a-zA-Z]", "", line) for line in lines]
    *rows, _, done = [line for line in plain if line.strip()]  # the last bar is taken away by moving up
    assert (rows, done) == (["row 9", "row 19", "row 29", "row 39"], "done")


def test_nothing_is_told_where_nobody_watches(tmp_path: Path) -> None:
    program = tmp_path / "slow.py"
    program.write_text(SLOW, "utf-8")
    output, status = pexpect.run(f"sh -c '{sys.executable} {program} 2>{tmp_path}/err'", withexitstatus=True)
    assert (status, (tmp_path / "err").read_text("utf-8")) == (0, "")
    assert b"reading" not in output
