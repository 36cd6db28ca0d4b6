"""A large log counted by two processes side by side, each its half of the deals.

Python counts with one processor at a time, and a report over a million deals is nothing but counting. The second process is a
program of its own: forking would take over what the application holds, its threads and connections. What it cannot do, for
whatever reason, the first one does.
"""

from __future__ import annotations

import os
import pickle
import subprocess
import sys
from collections.abc import Callable, Iterator
from contextlib import contextmanager, suppress
from pathlib import Path
from typing import Any, Protocol, Self, TypeVar

from procdef.store.port import Tx
from procdef.store.queries import MiddleDeal

LARGE = 100_000
"""From so many deals on a second process is worth its start."""
_BEGIN = "import sys; sys.path[:] = sys.argv[1:]; from procdef.reports.two_processes import second; second()"


class Counted(Protocol):
    """What deals come to, so far; it can be pickled."""

    def merge(self, other: Self) -> None:
        """Count what the other has counted, of the deals that follow."""


CountedT = TypeVar("CountedT", bound=Counted)
Part = Callable[[Tx, str | None, str | None], CountedT]
"""Counts the deals from one stream on up to another. A function of a module, or a ``partial`` of one."""


def side_by_side(tx: Tx, count: Part[CountedT]) -> CountedT:
    """What all deals come to: the same, in the same order, as one process would count."""
    middle = next(tx.scan(MiddleDeal()), None)
    if middle is None or middle.deals < LARGE or tx.file is None or not _worth_it():
        return count(tx, None, None)
    with _second(Path(tx.file), tx.size, count, middle.stream) as answer:
        found = count(tx, None, middle.stream)
        rest = answer()
    found.merge(rest if isinstance(rest, type(found)) else count(tx, middle.stream, None))
    return found


def _worth_it() -> bool:
    """Whether there is a processor more, and Python can be begun: in some servers ``sys.executable`` is the server."""
    return (os.cpu_count() or 1) > 1 and Path(sys.executable or "").name.startswith(("python", "pypy"))


@contextmanager
def _second(file: Path, size: int, count: Part[CountedT], first: str) -> Iterator[Callable[[], CountedT | None]]:
    """A second process that counts from a stream on. Yields what gives what it came to, or ``None`` where it failed, or the log
    has another number of events by now."""
    asked = pickle.dumps((file, size, count, first))
    command = [sys.executable, "-c", _BEGIN, *sys.path]
    try:
        process = subprocess.Popen(command, stdin=subprocess.PIPE, stdout=subprocess.PIPE, stderr=subprocess.DEVNULL)
    except OSError:
        yield lambda: None
        return
    with process:
        with suppress(OSError):
            assert process.stdin is not None
            process.stdin.write(asked)
            process.stdin.close()
            process.stdin = None
        try:
            yield lambda: _answer(process)
        finally:
            process.kill()


def _answer(process: subprocess.Popen[bytes]) -> Any:
    told, _ = process.communicate()
    try:
        return pickle.loads(told) if process.returncode == 0 else None
    except Exception:  # what printed among the answer, as a `sitecustomize` can, may raise anything here
        return None


def second() -> None:
    """What the second process does: it reads from its input what to count, and writes what that came to."""
    from procdef.store.sqlite.store import SqliteStore

    file, size, count, first = pickle.load(sys.stdin.buffer)
    with SqliteStore(file, read_only=True) as store, store.transaction(write=False) as tx:
        found = count(tx, first, None) if tx.size == size else None
    pickle.dump(found, sys.stdout.buffer)
