"""The free connections of a store, safe to share between threads and across a fork."""

from __future__ import annotations

import os
import sqlite3
from collections import deque
from collections.abc import Callable

from procdef.errors import StoreError


class Connections:
    """Hands out connections, one to a user at a time, and keeps those given back for the next.

    There is no lock, which a fork could leave locked for ever in the child: adding to and taking from a deque are
    atomic. Each process has a deque of its own. A connection must not cross a fork, and the child may not close the
    parent's either; so they stay where they are, untouched.
    """

    __slots__ = ("_closed", "_connect", "_free", "_subject")

    def __init__(self, connect: Callable[[], sqlite3.Connection], subject: str) -> None:
        self._connect = connect
        self._subject = subject
        self._free: dict[int, deque[sqlite3.Connection]] = {}
        self._closed = False

    def take(self, process: int) -> sqlite3.Connection:
        """A connection that nobody else uses, for this process (its number). Raises ``StoreError`` after ``close``."""
        if self._closed:
            raise StoreError(f"{self._subject} was closed; open it again")
        try:
            return self._free[process].pop()
        except (KeyError, IndexError):
            return self._connect()

    def give_back(self, connection: sqlite3.Connection, process: int) -> None:
        """Keep it for the next user in the process that took it; it has no transaction open there. Another process, forked
        while it was in use, puts it away here, neither used nor closed."""
        try:
            self._free[process].append(connection)
        except KeyError:
            self._free.setdefault(process, deque()).append(connection)
        if self._closed:
            self.close()

    def close(self) -> None:
        """Close every connection that is free; one in use is closed when it is given back."""
        self._closed = True
        free = self._free.get(os.getpid(), deque())
        while free:
            try:
                free.pop().close()
            except IndexError:  # another thread took the last one
                return
