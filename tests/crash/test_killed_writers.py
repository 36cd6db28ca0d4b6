"""Writers side by side of which one is killed again and again: what was acknowledged is there once, and who is left goes on.

``PROCDEF_KILLS=60 pytest tests/crash/test_killed_writers.py`` kills more often than the suite does.
"""

from __future__ import annotations

import os
import subprocess
import sys
from collections import Counter
from pathlib import Path

import pytest

from procdef import Actor, Engine, load, open_store
from procdef.verification import Tally, verify

PROCESS = Path(__file__).parents[2] / "processes" / "crm-opportunities.yaml"
KILLS = int(os.environ.get("PROCDEF_KILLS", "6"))
SELLER = Actor("maija", frozenset({"seller"}))
WRITERS = """
import os, random, signal, sys, time
from pathlib import Path
from procdef import Actor, Engine, open_store

database, kills, threads = Path(sys.argv[1]), int(sys.argv[2]), int(sys.argv[3])
SELLER, chance = Actor("maija", {"seller"}), random.Random(kills)

def write(name):
    # Go on with the notes of that name behind the last one that was acknowledged, each with its request key.
    told = Path(f"{database}.{name}")
    n = len(told.read_text().splitlines()) if told.exists() else 0
    with open_store(f"sqlite:///{database}?busy=30") as store, told.open("a") as acknowledged:
        while True:
            n += 1
            Engine(store).note(f"A-{name[0]}", f"{name} {n}", by=SELLER, request=f"{name}-{n}")
            acknowledged.write(f"{name} {n}\\n")
            acknowledged.flush()

def begin(process):
    pid = os.fork()
    if pid == 0:
        from threading import Thread
        begun = [Thread(target=write, args=(f"{process}{letter}",)) for letter in "abcdefgh"[:threads]]
        for thread in begun:
            thread.start()
        for thread in begun:
            thread.join()
        os._exit(1)
    return pid

writers = [begin(process) for process in range(1, 5)]
for _ in range(kills):
    time.sleep(chance.uniform(0.05, 0.4))
    at = chance.randrange(len(writers))
    os.kill(writers[at], signal.SIGKILL)
    os.waitpid(writers[at], 0)
    writers[at] = begin(at + 1)
time.sleep(0.3)
for writer in writers:
    os.kill(writer, signal.SIGKILL)
    assert os.WIFSIGNALED(os.waitpid(writer, 0)[1])
"""


@pytest.mark.parametrize("threads", [1, 4])
def test_what_was_acknowledged_is_there_once_whoever_was_killed(threads: int, tmp_path: Path) -> None:
    database = tmp_path / "log.db"
    with open_store(database) as store:
        engine = Engine(store)
        engine.publish(load(PROCESS), by=SELLER)
        for process in range(1, 5):
            engine.start("crm-opportunities", f"A-{process}", by=SELLER, values={"product": "GTX", "account": "Isdom"})
    command = [sys.executable, "-c", WRITERS, str(database), str(KILLS), str(threads)]
    done = subprocess.run(command, capture_output=True, text=True, timeout=60 + KILLS * 5, check=False)
    assert done.returncode == 0, done.stderr
    told = Counter(line for file in tmp_path.glob("log.db.*") for line in file.read_text("utf-8").splitlines())
    assert len({line.split()[0] for line in told}) == 4 * threads
    with open_store(database) as store:
        engine = Engine(store)
        noted = Counter(
            event.data["text"]
            for process in range(1, 5)
            for event in engine.events(f"A-{process}")
            if event.type == "deal.noted"
        )
        with store.inspect() as tx:
            assert list(verify(tx, Tally())) == []
        assert max(told.values()) == max(noted.values()) == 1
        assert {*told} <= {*noted}
        assert len(noted) - len(told) <= (KILLS + 4) * threads
        engine.note("A-1", "Afterwards", by=SELLER)
