"""A copy that is killed at any of its steps and begun again: the log goes on in one place, whole, and no step is lost."""

from __future__ import annotations

import subprocess
import sys
from pathlib import Path

import killer

from procdef import Actor, Engine, load, open_store

PROCESS = Path(__file__).parents[2] / "processes" / "crm-opportunities.yaml"
CHILD = killer.IMPORT + """
import shutil
from pathlib import Path
from procdef import Actor, Engine, open_store
from procdef.cli import run
from procdef.errors import NewerLog
from procdef.store.copying import rows as row_copies
from procdef.store import LogOrder
from procdef.verification import Tally, verify

WATCHED = {"execute", "executemany", "fcntl", "open", "close", "link", "unlink", "fsync"}
SELLER = Actor("maija", {"seller"})
row_copies.MOST = 9
EVERY = int(sys.argv[1])

def copy():
    return run(["store", "copy", "log.db", "moved.db", "--quiet"])

def steps(file):
    with open_store(Path(file)) as store, store.inspect() as tx:
        assert list(verify(tx, Tally())) == []
        return [leaf.event.body for leaf in tx.scan(LogOrder())]

def clear():
    for left in [*Path().glob("log.db*"), *Path().glob("*moved.db*")]:
        left.unlink()
    shutil.copy("whole.db", "log.db")

clear()
assert copy() == 0  # so that all is imported
at = ended = 0
while not ended:
    at += EVERY
    clear()
    ended = killed_at(at, WATCHED, copy) != KILLED
    noted = None
    if not Path("moved.db").exists():
        with open_store(Path("log.db")) as store:
            try:
                noted = Engine(store).note("A-1", "Called", by=SELLER).events[-1].id
            except NewerLog:
                pass
    assert copy() == 0
    here, there = steps("log.db"), steps("moved.db")
    assert there[:-1] == here
    assert noted is None or any(noted.encode() in body for body in there)
    assert not list(Path().glob(".moved.db*"))
print(at // EVERY)
"""


def test_a_killed_copy_is_completed_by_the_same_command(tmp_path: Path) -> None:
    seller = Actor("maija", frozenset({"seller"}))
    with open_store(tmp_path / "whole.db") as store:
        engine = Engine(store)
        engine.publish(load(PROCESS), by=seller)
        for number in range(1, 9):
            engine.start("crm-opportunities", f"A-{number}", by=seller, values={"product": "GTX Pro", "account": "Acme"})
        engine.note("A-1", "Zeb here called", by=seller)
    command = [sys.executable, "-c", CHILD, "67"]
    done = subprocess.run(command, cwd=tmp_path, capture_output=True, text=True, timeout=120, check=False)
    assert done.returncode == 0, done.stderr
    assert int(done.stdout) >= 5
