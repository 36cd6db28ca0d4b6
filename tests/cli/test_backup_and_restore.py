"""``procdef store backup`` and ``restore``: whole or not at all, for the owner alone, and nothing erased comes back."""

from __future__ import annotations

import json
import os
import resource
import shutil
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

EMAIL = "zeb@isdom.example"
OTHER_THAN_ROOT = pytest.mark.skipif(os.geteuid() == 0, reason="root may write anywhere")


@pytest.fixture
def kept(office: Procdef) -> Procdef:
    """The office with a personal value, and a backup of it, after which a note was written."""
    assert office("record", "A-1", f"email={EMAIL}")[0] == 0
    assert office("store", "backup", "monday.db")[0] == 0
    assert office("note", "A-1", "Called on Tuesday")[0] == 0
    return office


def gone() -> None:
    """The database is lost."""
    for end in ("", "-wal", "-shm"):
        Path(f"procdef.db{end}").unlink(missing_ok=True)


def left() -> list[str]:
    """What lies in the folder beside the process."""
    return sorted(path.name for path in Path().iterdir() if not path.name.startswith(("office.yaml", "procdef.db-")))


def test_a_backup_is_a_log_by_itself_and_its_owners(kept: Procdef) -> None:
    code, told, complaint = kept("--db", "monday.db", "audit", "verify")
    assert (code, complaint) == (0, "")
    assert " 0 findings" in told
    assert stat.S_IMODE(Path("monday.db").stat().st_mode) == 0o600
    assert "Tuesday" not in kept("--db", "monday.db", "log", "A-1")[1]


def test_what_a_backup_holds_is_told(office: Procdef) -> None:
    log = json.loads(office("store", "check", "--format", "json")[1])["log"]
    assert office("store", "backup", "a.db") == (0, f"a.db: 3 events of the log {log}\n", "")
    told = office("store", "backup", "b.db", "--format", "json")[1]
    assert json.loads(told) == {"file": "b.db", "log": log, "events": 3}


def _there(path: Path) -> None:
    path.write_text("somebody's letter\n", encoding="utf-8")


def _the_source(path: Path) -> None:
    path.symlink_to("procdef.db")


def _a_link_to_nowhere(path: Path) -> None:
    path.symlink_to("elsewhere.db")


def _a_folder(path: Path) -> None:
    path.mkdir()


@pytest.mark.parametrize("make", [_there, _the_source, _a_link_to_nowhere, _a_folder])
@pytest.mark.parametrize("command", [("backup", "taken.db"), ("restore", "monday.db", "--db", "taken.db")])
def test_nothing_is_written_over(command: tuple[str, ...], make: Callable[[Path], None], kept: Procdef) -> None:
    make(Path("taken.db"))
    before = left(), Path("procdef.db").read_bytes()
    code, told, complaint = kept("store", *command)
    assert (code, told) == (2, "")
    assert "taken.db is there already; name a new file for the" in complaint
    assert (left(), Path("procdef.db").read_bytes()) == before


@pytest.mark.parametrize("command", [("backup", "procdef.db"), ("restore", "procdef.db"), ("restore", "monday.db")])
def test_the_database_itself_is_not_written_over(command: tuple[str, ...], kept: Procdef) -> None:
    code, told, complaint = kept("store", *command)
    assert (code, told) == (2, "")
    assert "procdef.db is there already" in complaint


@OTHER_THAN_ROOT
def test_a_folder_that_may_not_be_written_takes_no_backup(kept: Procdef) -> None:
    Path("safe").mkdir(mode=0o500)
    code, told, complaint = kept("store", "backup", "safe/a.db")
    assert (code, told, list(Path("safe").iterdir())) == (2, "", [])
    assert "Permission denied" in complaint


@pytest.mark.parametrize("command", [("backup", "full.db"), ("restore", "monday.db", "--db", "full.db")])
def test_nothing_is_left_of_a_copy_that_the_disk_has_no_room_for(command: tuple[str, ...], kept: Procdef) -> None:
    before = left()

    def small() -> None:
        signal.signal(signal.SIGXFSZ, signal.SIG_IGN)
        resource.setrlimit(resource.RLIMIT_FSIZE, (40_000, 40_000))

    done = subprocess.run(
        [sys.executable, "-m", "procdef", "store", *command], capture_output=True, text=True, preexec_fn=small, check=False
    )
    assert (done.returncode, done.stdout) == (3, "")
    assert len(done.stderr.splitlines()) == 1
    assert "full" in done.stderr
    assert left() == before


def test_what_is_no_database_is_not_restored(kept: Procdef) -> None:
    gone()
    Path("letter.txt").write_text("Dear Anna, " * 100, encoding="utf-8")
    code, told, complaint = kept("store", "restore", "letter.txt")
    assert (code, told) == (3, "")
    assert "is not a database" in complaint
    assert left() == ["letter.txt", "monday.db"]


def test_a_restored_database_goes_on_where_the_backup_was(kept: Procdef) -> None:
    gone()
    code, told, _ = kept("store", "restore", "monday.db")
    assert code == 0
    assert "restored with 4 events" in told
    assert stat.S_IMODE(Path("procdef.db").stat().st_mode) == 0o600
    assert kept("note", "A-1", "Called on Wednesday")[0] == 0
    assert kept("audit", "verify")[0] == 0


def test_what_was_erased_since_is_erased_before_the_database_is_there(kept: Procdef) -> None:
    assert kept("erase", "--person", EMAIL, "--basis", "gdpr", "--list", "erased.jsonl")[0] == 0
    gone()
    code, told, _ = kept("store", "restore", "monday.db", "--erasures", "erased.jsonl")
    assert code == 0
    assert "restored with 4 events" in told
    assert EMAIL.encode() in Path("monday.db").read_bytes()
    assert not any(EMAIL.encode() in path.read_bytes() for path in Path().glob("*procdef.db*"))
    assert left() == ["erased.jsonl", "monday.db", "procdef.db"]
    assert kept("audit", "verify")[0] == 0
    assert kept("audit", "reapply-erasures", "erased.jsonl") == (0, "nothing of that is held\n", "")


def test_a_restored_older_state_is_found_by_a_note_that_somebody_held(kept: Procdef) -> None:
    assert kept("audit", "key", "new", "log.key")[0] == 0
    assert kept("audit", "checkpoint", "--key", "log.key", "-o", "held.note")[0] == 0
    assert kept("audit", "verify", "--since", "held.note")[0] == 0
    gone()
    assert kept("store", "restore", "monday.db")[0] == 0
    assert kept("audit", "verify")[0] == 0
    code, told, complaint = kept("audit", "verify", "--since", "held.note")
    assert code == 1
    assert "held.note" in told + complaint


def test_an_interrupted_backup_leaves_nothing(kept: Procdef) -> None:
    before = left()
    shutil.copy("monday.db", "big.db")
    grow = "import sqlite3; c = sqlite3.connect('big.db'); c.execute('CREATE TABLE theirs AS WITH RECURSIVE n(i) AS (SELECT 1 "
    grow += "UNION ALL SELECT i + 1 FROM n WHERE i < 60000) SELECT i, randomblob(1000) AS b FROM n'); c.commit()"
    subprocess.run([sys.executable, "-c", grow], check=True)
    command = [sys.executable, "-m", "procdef", "store", "backup", "copy.db", "--db", "big.db"]
    for _ in range(20):
        backup = subprocess.Popen(
            command,
            stderr=subprocess.PIPE,
            text=True,
            preexec_fn=lambda: signal.signal(signal.SIGINT, signal.SIG_DFL),  # noqa: PLW1509 (or a background shell has it ignored)
        )
        with backup:
            while not Path(".copy.db.part").exists() and backup.poll() is None:
                pass
            backup.send_signal(signal.SIGINT)
            _, complaint = backup.communicate(timeout=60)
        if not Path("copy.db").exists():
            break
        Path("copy.db").unlink()  # it was done before the signal came
    assert backup.returncode == 130, complaint
    assert [name for name in left() if not name.startswith("big.db")] == before


def test_what_a_killed_restore_left_is_removed_by_the_next_one(kept: Procdef) -> None:
    for name in (".procdef.db.restored", "..procdef.db.restored.part"):
        Path(name).write_text(EMAIL, encoding="utf-8")
    gone()
    assert kept("store", "restore", "monday.db")[0] == 0
    assert left() == ["monday.db", "procdef.db"]
