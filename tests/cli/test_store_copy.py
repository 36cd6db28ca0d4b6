"""``procdef store copy``: a log goes on in another file, or nothing happens to it."""

from __future__ import annotations

import json
import resource
import shutil
import signal
import sqlite3
import stat
import subprocess
import sys
from collections.abc import Callable
from contextlib import closing
from pathlib import Path
from typing import TYPE_CHECKING

import pytest

from procdef import Engine, open_store
from procdef.store.copying import files as copied_files

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


def _begun(office: Procdef) -> Path:
    """A copy that was interrupted before the log was closed."""
    stage = Path(".new.db.copying").absolute()
    with open_store("procdef.db") as here:
        with here.transaction(write=False) as tx:
            log = tx.log
        with open_store(f"sqlite:///{stage}", log=log) as there:
            Engine(here).copy_ahead(Engine(there))
    return stage


def _closed(database: str) -> bool:
    with closing(sqlite3.connect(database)) as log:
        return log.execute("SELECT count(*) FROM event WHERE type = 'log.moved'").fetchone() == (1,)


def test_a_copy_that_another_program_has_open_is_not_given_its_name(
    office: Procdef, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(copied_files, "BUSY_SECONDS", 0.1)
    with closing(sqlite3.connect(_begun(office))) as reader:
        reader.execute("SELECT count(*) FROM event").fetchone()
        code, told, complaint = office("store", "copy", "procdef.db", "new.db")
        assert (code, told) == (3, "")
        assert "another program has the copy" in complaint
        assert (Path("new.db").exists(), _closed("procdef.db")) == (False, False)
    assert office("store", "copy", "procdef.db", "new.db")[0] == 0
    assert office("--db", "new.db", "audit", "verify")[0] == 0


def test_a_copy_that_another_program_opens_at_the_end_is_completed_later(
    office: Procdef, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(copied_files, "BUSY_SECONDS", 0.1)
    stage = _begun(office)
    readers: list[sqlite3.Connection] = []
    alone = copied_files.CopiedFile.refuse_others

    def then_opened(place: copied_files.CopiedFile) -> None:
        alone(place)
        readers.append(sqlite3.connect(stage))
        readers[0].execute("SELECT count(*) FROM event").fetchone()

    monkeypatch.setattr(copied_files.CopiedFile, "refuse_others", then_opened)
    code, _, complaint = office("store", "copy", "procdef.db", "new.db")
    assert (code, Path("new.db").exists(), _closed("procdef.db")) == (3, False, True)
    assert "say the same command again" in complaint
    readers[0].close()
    assert office("store", "copy", "procdef.db", "new.db")[0] == 0
    assert office("--db", "new.db", "note", "A-1", "Goes on")[0] == 0
    assert office("--db", "new.db", "audit", "verify")[0] == 0


def test_one_copy_at_a_time_goes_to_a_place(office: Procdef) -> None:
    with copied_files.CopiedFile(Path("new.db")).held():
        code, told, complaint = office("store", "copy", "procdef.db", "new.db")
    assert (code, told) == (3, "")
    assert "another copy to" in complaint
    assert "is under way" in complaint
    assert not _closed("procdef.db")


def test_a_log_that_went_on_in_a_file_that_was_renamed_goes_on_there_alone(office: Procdef) -> None:
    stage = _begun(office)
    shutil.copy(stage, "an-older-half.db")
    assert office("store", "copy", "procdef.db", "new.db")[0] == 0
    Path("new.db").rename("production.db")
    for left in (None, "an-older-half.db"):
        if left is not None:
            shutil.copy(left, stage)
        code, told, complaint = office("store", "copy", "procdef.db", "new.db")
        assert (code, told) == (2, "")
        assert "that copy is not there any more: find where it was moved to" in complaint
        assert not Path("new.db").exists()
    assert office("--db", "production.db", "note", "A-1", "Goes on")[0] == 0


def test_two_copies_that_race_to_two_places_leave_one_log(office: Procdef, monkeypatch: pytest.MonkeyPatch) -> None:
    alone = copied_files.CopiedFile.refuse_others

    def then_overtaken(place: copied_files.CopiedFile) -> None:
        alone(place)
        monkeypatch.setattr(copied_files.CopiedFile, "refuse_others", alone)
        assert office("store", "copy", "procdef.db", "first.db")[0] == 0

    monkeypatch.setattr(copied_files.CopiedFile, "refuse_others", then_overtaken)
    code, told, complaint = office("store", "copy", "procdef.db", "second.db")
    assert (code, told) == (2, "")
    assert "first.db already" in complaint
    assert (Path("first.db").exists(), Path("second.db").exists()) == (True, False)


FORGED = [
    "CREATE TRIGGER kept AFTER INSERT ON private BEGIN UPDATE private SET value = value WHERE 0; END",
    "CREATE VIEW v AS SELECT * FROM private",
    "CREATE INDEX ix ON deal (outcome)",
    "PRAGMA user_version = 99",
    "INSERT INTO note VALUES (3, 'forged')",
    "INSERT INTO private SELECT stream, 99, '/text', x'00', x'22' FROM deal",
    "INSERT INTO event SELECT stream, n + 90, 'x' || id, type, recorded, hash, body FROM event WHERE n = 1",
    "DELETE FROM event WHERE n = 1",
    "UPDATE tree SET size = size - 1",
]


@pytest.mark.parametrize("forgery", FORGED)
def test_a_forged_half_of_a_copy_closes_nothing(forgery: str, office: Procdef) -> None:
    with closing(sqlite3.connect(_begun(office))) as half:
        half.execute(forgery)
        half.commit()
    code, told, complaint = office("store", "copy", "procdef.db", "new.db")
    assert (code, told) != (0, ""), complaint
    assert len(complaint.splitlines()) == 1, complaint
    assert "remove the copy, and begin it anew" in complaint.lower(), complaint
    assert (Path("new.db").exists(), _closed("procdef.db")) == (False, False)
