"""Processes that write notes of deals to a log on a server, and say of each that it was acknowledged; what the log holds then.

``PROCDEF_PG_WRITERS`` (4) is how many processes write, and ``PROCDEF_PG_STEPS`` (12) how many notes each writes: by hand 32
writers are as quickly tried.
"""

from __future__ import annotations

import os
import subprocess
import sys
from contextlib import closing
from pathlib import Path

from procdef import Actor, Engine, load, open_store
from procdef.store import Events, LogOrder
from procdef.verification import Tally, verify
from procdef.verification.tree.assurance import Assurance
from procdef.verification.tree.whole_tree import verify_tree

PROCESS = Path(__file__).parents[2] / "processes" / "b2b-sales.yaml"
WRITERS = int(os.environ.get("PROCDEF_PG_WRITERS", "4"))
STEPS = int(os.environ.get("PROCDEF_PG_STEPS", "12"))
MANY = 1000 if WRITERS >= 32 else 10
BY = Actor("maija", frozenset({"seller"}))

WRITER = """
import sys, random
from procdef import Actor, Engine, open_store
url, who, steps, deals = sys.argv[1], sys.argv[2], int(sys.argv[3]), int(sys.argv[4])
by = Actor(who, frozenset({"seller"}))
engine = Engine(open_store(url))
print("ready", flush=True)
for i in range(steps):
    deal = f"D-{random.randrange(deals)}"
    engine.note(deal, f"{who} wrote {i}", by=by, request=f"{who}-{i}" if sys.argv[5] == "keys" else None)
    print(f"{deal} {who} {i}", flush=True)
"""


def prepared(url: str, deals: int) -> None:
    with closing(open_store(url)) as store:
        engine = Engine(store)
        engine.publish(load(PROCESS), by=BY)
        for k in range(deals):
            engine.start("b2b-sales", f"D-{k}", stage="prospecting", by=BY)


def write(url: str, who: str, deals: int, *, keys: bool = True, steps: int = STEPS) -> subprocess.Popen[str]:
    command = [sys.executable, "-c", WRITER, url, who, str(steps), str(deals), "keys" if keys else "none"]
    return subprocess.Popen(command, stdout=subprocess.PIPE, stderr=subprocess.STDOUT, text=True)


def ready(writers: list[subprocess.Popen[str]]) -> list[subprocess.Popen[str]]:
    """The same, once each has opened the log."""
    for writer in writers:
        assert writer.stdout is not None
        assert writer.stdout.readline() == "ready\n"
    return writers


def ended(writers: list[subprocess.Popen[str]]) -> list[str]:
    """What they acknowledged; each came to its end."""
    told = []
    try:
        for writer in writers:
            assert writer.stdout is not None
            out = writer.stdout.read()  # not communicate(), which does not see what readline() has buffered
            assert writer.wait(120) == 0, out[-2000:]
            told += [line for line in out.splitlines() if line.startswith("D-")]
    finally:
        for writer in writers:
            writer.kill()
            writer.wait()
            if writer.stdout is not None:
                writer.stdout.close()
    return told


def notes(url: str) -> list[tuple[str, int, str]]:
    """Stream, number and person of every note, of a log that is sealed and verifies."""
    with closing(open_store(url)) as store:
        store.seal()
        with store.inspect() as tx:
            assert tx.waiting.events == 0
            assert list(verify(tx, Tally())) == []
            assert list(verify_tree(tx, (), Assurance())) == []
            assert len(list(tx.scan(LogOrder()))) == len(list(tx.scan(Events())))
            return [(row.stream, row.n, row.body.decode()) for row in tx.scan(Events()) if row.type == "deal.noted"]
