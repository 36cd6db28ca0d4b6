"""An erasure that is killed at any of its steps: the list, completed from the log, tells what the log tells."""

from __future__ import annotations

import json
import os
import shutil
import sqlite3
import subprocess
import sys
from contextlib import closing
from pathlib import Path

import killer
import pytest

from procdef import Actor, Engine, open_store
from procdef.language import load
from procdef.verification import Tally, verify

PROCESS = Path(__file__).parents[2] / "processes" / "crm-opportunities.yaml"
CHILD = killer.IMPORT + """
import sqlite3
from procdef.cli import run
from procdef.cli.commands.personal_data import erase
from procdef.engine import Engine

WATCHED = {"open", "write", "fsync", "ftruncate", "close", "unlink", "execute", "executemany", "flock", "connect"}
arguments = sys.argv[1:]

def prepare(at):
    sqlite3.connect("whole.db").backup(other := sqlite3.connect(f"{at}.db"))
    other.close()
    return ["--db", f"sqlite:///{at}.db", *arguments, "--list", f"{at}.jsonl", "--quiet"]

run(prepare(0))  # so that all is imported
for at in range(1, 10_000):
    command = prepare(at)
    if (code := killed_at(at, WATCHED, lambda: run(command))) != KILLED:
        print(at, code)
        break
"""


@pytest.fixture
def folder(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """A folder with a log in which two deals name somebody."""
    monkeypatch.chdir(tmp_path)
    engine = Engine(open_store("sqlite:///whole.db"))
    seller = Actor("maija", frozenset({"seller"}))
    engine.publish(load(PROCESS), by=seller)
    for deal in ("A-1", "B-1"):
        engine.start("crm-opportunities", deal, by=seller, values={"product": "GTX Pro", "account": "Acme"})
        engine.note(deal, "Zeb here called", by=seller)
    engine.store.close()
    return tmp_path


def erased(database: str) -> set[tuple[str, int, str]]:
    """What the log tells as erased; the log verifies."""
    store = open_store(f"sqlite:///{database}")
    with store.inspect() as tx:
        assert list(verify(tx, Tally())) == []
    found = {tuple(leaf) for erasure in Engine(store).erasures() for leaf in erasure.leaves}
    store.close()
    return found


def listed(file: str) -> set[tuple[str, int, str]]:
    return {tuple(leaf[:3]) for line in Path(file).read_text("utf-8").splitlines() for leaf in json.loads(line)["leaves"]}


def procdef(*arguments: str) -> int:
    from procdef.cli import run

    return run(arguments)


def state(at: int) -> tuple[object, ...]:
    """What a killed run left: of runs that left the same, one is looked at closely."""
    lengths = sorted((file.suffix, file.stat().st_size) for file in Path().glob(f"{at}.*") if ".db" not in file.name)
    with closing(sqlite3.connect(f"{at}.db")) as log:
        return (*lengths, *log.execute("SELECT (SELECT count(*) FROM event), (SELECT count(*) FROM private)").fetchone())


def check_completed(at: int) -> bool:
    """Complete the list of a killed run, and restore the log from before: nothing that the log told as erased comes back."""
    database, file = f"{at}.db", f"{at}.jsonl"
    gone = erased(database)
    assert len(gone) in (0, 2)
    shutil.copy("whole.db", "restored.db")
    if Path(file).exists():
        for kept in (file, *Path().glob(f"{file}.*")):
            shutil.copy(kept, str(kept).replace(file, "restored.jsonl"))
        assert procdef("--db", "sqlite:///restored.db", "audit", "reapply-erasures", "restored.jsonl") == 0
    assert erased("restored.db") >= gone
    for left in Path().glob("restored.*"):
        left.unlink()
    assert procdef("--db", f"sqlite:///{database}", "audit", "erasures", "--list", file) == 0
    assert listed(file) == gone
    procdef("--db", f"sqlite:///{database}", "erase", "--person", "Zeb here", "--basis", "b", "--list", file)
    assert listed(file) == erased(database)
    assert len(listed(file)) == 2
    assert list(Path().glob(f"{file}.*")) == []
    return bool(gone)


@pytest.mark.skipif(not hasattr(os, "fork"), reason="kills forks of a process")
def test_a_list_can_be_completed_at_whatever_step_its_erasure_was_killed(folder: Path) -> None:
    command = [sys.executable, "-c", CHILD, "erase", "--person", "Zeb here", "--basis", "b"]
    done = subprocess.run(command, capture_output=True, text=True, timeout=120, cwd=folder)
    steps, code = map(int, done.stdout.split())
    assert (code, done.stderr) == (0, "")
    assert steps > 40
    left = {at: state(at) for at in range(1, steps)}
    assert len(set(left.values())) > 4
    outcomes = [check_completed(at) for at in {found: at for at, found in left.items()}.values()]
    assert {True, False} == set(outcomes)
