"""``procdef store copy``: a log goes on in another file, or nothing happens to it."""

from __future__ import annotations

import json
import resource
import signal
import stat
import subprocess
import sys
from collections.abc import Callable
from pathlib import Path
from typing import TYPE_CHECKING

import pytest

if TYPE_CHECKING:
    from conftest import Procdef


def test_a_log_goes_on_in_the_copy_and_nowhere_else(office: Procdef) -> None:
    here, there = str(Path("procdef.db").absolute()), str(Path("new.db").absolute())
    log = json.loads(office("store", "check", "--format", "json")[1])["log"]
    code, told, complaint = office("store", "copy", "procdef.db", "new.db", "--format", "json")
    assert (code, complaint) == (0, "")
    assert json.loads(told) == {"from": here, "to": there, "log": log, "events": 5}
    assert stat.S_IMODE(Path("new.db").stat().st_mode) == 0o600
    code, told, complaint = office("note", "A-1", "Too late")
    assert (code, told) == (3, "")
    assert f"this log goes on elsewhere, in {there}; nothing was written, write to that one" in complaint
    for database in ("procdef.db", "new.db"):
        assert office("--db", database, "audit", "verify")[0] == 0
    assert office("--db", "new.db", "note", "A-1", "In time")[0] == 0
    assert office("store", "copy", "procdef.db", "new.db") == (
        0,
        "new.db is there already, and the log goes on in it\n",
        "",
    )
    assert not [*Path().glob(".new.db*")]


def test_a_copy_may_be_moved_on(office: Procdef) -> None:
    for before, after in (("procdef", "second"), ("second", "third")):
        assert office("store", "copy", f"{before}.db", f"{after}.db")[0] == 0
    assert office("--db", "third.db", "note", "A-1", "Goes on")[0] == 0
    assert office("--db", "third.db", "audit", "verify")[0] == 0


def test_a_log_that_went_on_is_not_copied_to_another_place(office: Procdef) -> None:
    assert office("store", "copy", "procdef.db", "new.db")[0] == 0
    code, _, complaint = office("store", "copy", "procdef.db", "other.db")
    assert code == 2
    assert "goes on in" in complaint
    assert not [*Path().glob("*other.db*")]


def _there(path: Path) -> None:
    path.write_text("somebody's letter\n", encoding="utf-8")


def _the_source(path: Path) -> None:
    path.symlink_to("procdef.db")


def _its_second_name(path: Path) -> None:
    path.hardlink_to("office.yaml")


@pytest.mark.parametrize("make", [_there, _the_source, _its_second_name])
def test_nothing_is_written_over(make: Callable[[Path], None], office: Procdef) -> None:
    make(Path("taken.db"))
    before = Path("taken.db").read_bytes()
    code, told, complaint = office("store", "copy", "procdef.db", "taken.db")
    assert (code, told) == (2, "")
    assert "taken.db is there already; name a new file for the copy" in complaint
    assert Path("taken.db").read_bytes() == before
    assert office("note", "A-1", "Still here")[0] == 0


@pytest.mark.parametrize("target", ["memory:", "nowhere/new.db", "procdef.db"])
def test_a_place_that_takes_no_copy_leaves_the_log_open(target: str, office: Procdef) -> None:
    code, told, complaint = office("store", "copy", "procdef.db", target)
    assert told == ""
    assert "Traceback" not in complaint
    assert code in (2, 3)
    assert office("note", "A-1", "Still here")[0] == 0


def test_a_copy_for_which_the_disk_has_no_room_is_completed_once_it_has(office: Procdef) -> None:
    def small() -> None:
        signal.signal(signal.SIGXFSZ, signal.SIG_IGN)
        resource.setrlimit(resource.RLIMIT_FSIZE, (90_000, 90_000))

    for number in range(60):
        office("note", "A-1", f"Call {number}: " + "word " * 200)
    command = [sys.executable, "-m", "procdef", "store", "copy", "procdef.db", "new.db"]
    done = subprocess.run(command, capture_output=True, text=True, preexec_fn=small, check=False)
    assert (done.returncode, done.stdout, len(done.stderr.splitlines())) == (3, "", 1)
    assert not Path("new.db").exists()
    assert office("note", "A-1", "Still here")[0] == 0
    assert office("store", "copy", "procdef.db", "new.db")[0] == 0
    assert "Still here" in office("--db", "new.db", "log", "A-1")[1]
