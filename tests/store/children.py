"""Programs run on their own, because what happens to them must not happen to the tests."""

from __future__ import annotations

import os
import subprocess
import sys
from pathlib import Path

NOBODY = 65534
START = """
import os, subprocess, sys
sys.path.insert(0, {here!r})
from contextlib import closing
from pathlib import Path
from procdef.errors import StoreError
from procdef.store import Batch, LogOrder, open_store
from rows import event

def append(store, n, **parts):
    with store.transaction(write=True) as tx:
        tx.append(Batch(events=[event(n)._replace(**parts)]))

def leaves(store):
    with store.transaction(write=False) as tx:
        return len(list(tx.scan(LogOrder())))
"""
WITHOUT_PRIVILEGES = f"""
if os.geteuid() == 0:
    os.setgroups([])
    os.setgid({NOBODY})
    os.setuid({NOBODY})
"""


def run(program: str, *arguments: object, before: tuple[str, ...] = ()) -> list[str]:
    """The lines that the program prints. It has ``append``, ``leaves`` and what they need, and that text
    as ``HERE``; it must end well.

    ``before`` is a command that runs the rest of its arguments.
    """
    start = START.format(here=str(Path(__file__).parent))
    text = f"{start}HERE = {start!r}\n{program}"
    command = [*before, sys.executable, "-W", "error", "-c", text, *map(str, arguments)]
    done = subprocess.run(command, capture_output=True, text=True, timeout=60)
    assert done.returncode == 0, done.stderr
    return done.stdout.splitlines()


def give_away(*paths: Path) -> None:
    """Make the files those of the user that a child of root becomes; others own them already."""
    if os.geteuid() == 0:
        for path in paths:
            os.chown(path, NOBODY, NOBODY)
