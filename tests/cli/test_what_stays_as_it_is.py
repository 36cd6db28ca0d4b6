"""A damaged or emptied database is told to be, and verification writes nothing."""

from __future__ import annotations

import sqlite3
import subprocess
import sys
from contextlib import closing
from pathlib import Path

import pytest

PROCESS = Path(__file__).parents[2] / "processes" / "crm-opportunities.yaml"


def procdef(file: Path, *arguments: str, to: str | None = None) -> subprocess.CompletedProcess[str]:
    command = [sys.executable, "-m", "procdef", "--db", f"sqlite:///{file}", "--as", "maija:seller", *arguments]
    if to is None:
        return subprocess.run(command, capture_output=True, text=True)
    with Path(to).open("w") as out:
        return subprocess.run(command, stdout=out, stderr=subprocess.PIPE, text=True)


@pytest.fixture
def file(tmp_path: Path) -> Path:
    file = tmp_path / "deals.db"
    assert procdef(file, "publish", str(PROCESS)).returncode == 0
    assert procdef(file, "start", "crm-opportunities", "ACME", "product=GTX Pro").returncode == 0
    return file


def test_an_emptied_database_holds_no_log_and_stays_empty(tmp_path: Path) -> None:
    file = tmp_path / "deals.db"
    file.touch()
    done = procdef(file, "audit", "verify")
    assert (done.returncode, done.stdout, file.stat().st_size) == (3, "", 0)
    assert "holds no log" in done.stderr


def test_an_address_that_says_so_is_only_read(file: Path, tmp_path: Path) -> None:
    before, closed = file.read_bytes(), Path(f"{file}?read_only=yes")
    for command, code in (
        (["status", "ACME"], 0), (["audit", "verify"], 0), (["note", "ACME", "hello"], 3),
        (["audit", "export", "--format", "csv", "-o", str(tmp_path / "x.csv")], 0),
    ):  # fmt: skip
        done = procdef(closed, *command)
        assert done.returncode == code, done
    assert "not recorded" in done.stdout + done.stderr
    assert file.read_bytes() == before


def test_tables_without_an_event_hold_no_log(file: Path) -> None:
    with closing(sqlite3.connect(file)) as log:
        for table in ("event", "leaf", "private", "deal", "stay", "gate", "activity", "request", "definition"):
            log.execute(f"DELETE FROM {table}")
        log.execute("UPDATE tree SET size = 0")
        log.commit()
    done = procdef(file, "audit", "verify")
    assert (done.returncode, done.stdout) == (3, "")
    assert "holds no log" in done.stderr


DAMAGE = {
    "tree.layout": "UPDATE tree SET layout = 'x'",
    "tree.size": "UPDATE tree SET size = 'abc'",
    "tree.log": "UPDATE tree SET log = x'00'",
    "deal.state": "UPDATE deal SET state = x'ff'",
    "event.body": "UPDATE event SET body = '{}'",
    "private.value": "UPDATE private SET value = x'ff'",
    "definition.source": "UPDATE definition SET source = 'a: ['",
}
COMMANDS = [["status", "ACME"], ["log", "ACME"], ["note", "ACME", "hello"], ["report"], ["audit", "verify"], ["deals"]]


@pytest.mark.parametrize("damaged", DAMAGE)
def test_no_command_falls_over_a_damaged_column(damaged: str, file: Path) -> None:
    with closing(sqlite3.connect(file)) as log:
        log.execute(DAMAGE[damaged])
        log.commit()
    for command in COMMANDS:
        done = procdef(file, *command)
        assert "Traceback" not in done.stderr, (command, done.stderr)
        assert done.returncode in (0, 1, 3), (command, done)


@pytest.mark.skipif(not Path("/dev/full").exists(), reason="there is no /dev/full here")
def test_a_step_that_could_not_be_printed_is_told_to_be_stored(file: Path) -> None:
    done = procdef(file, "note", "ACME", "hello", to="/dev/full")
    assert done.returncode == 3
    assert "the step is stored" in done.stderr
