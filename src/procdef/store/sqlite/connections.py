"""The connections of a store, safe to share between threads and across a fork."""

from __future__ import annotations

import os
import sqlite3
from collections import deque
from collections.abc import Callable
from threading import get_ident
from time import monotonic, sleep
from weakref import ref

from procdef.errors import StoreDetached, StoreError
from procdef.store import forks

_BEAT = 0.001  # seconds between two looks at what other threads have given back
_ALL = 0.9  # of the time to wait: what is gone then is not worth a statement
_LOST = 0.1  # seconds after which whoever was taking a connection, or giving it back, was kept from that for good


class StoreConnection(sqlite3.Connection):
    """A connection of a store. ``thread`` is the one that uses it, or 0; ``patience`` is how many seconds it waits for other
    programs, where that has changed."""

    thread = 0
    patience: float | None = None

    def wait_for_others(self, left: float, usual: float) -> None:
        """Wait no longer than what is ``left`` of the ``usual`` seconds for a lock that another program has."""
        patience = usual if left > usual * _ALL else max(left, 0.0)
        if patience != (usual if self.patience is None else self.patience):
            self.execute(f"PRAGMA busy_timeout = {round(patience * 1000)}")
            self.patience = patience


class Connections:
    """Hands out connections, one to a user at a time, and keeps those given back for the next.

    Taking and giving back need no lock: adding to and taking from a deque are atomic. A connection must not cross a fork.
    So before one those that are free are closed, and those that other threads use are waited for. What is open all the same
    stays as it is in the new process, neither used nor closed.
    """

    __slots__ = (
        "__weakref__",
        "_closed",
        "_connect",
        "_forking",
        "_free",
        "_inherited",
        "_open",
        "_process",
        "_subject",
    )

    def __init__(self, connect: Callable[[], StoreConnection], subject: str) -> None:
        self._connect = connect
        self._subject = subject
        self._free: deque[StoreConnection] = deque()
        self._open: dict[int, ref[StoreConnection]] = {}
        self._inherited: list[StoreConnection] = []
        self._process = os.getpid()
        self._closed: StoreError | None = None
        self._forking = False
        forks.tell(self)

    def take(self, process: int) -> StoreConnection:
        """A connection that nobody else uses, for this process (its number). Raises ``StoreError`` after ``close``."""
        if process != self._process:
            self._inherit(process)
        if self._closed is not None:
            raise type(self._closed)(str(self._closed))
        try:
            connection = self._free.pop()
        except IndexError:
            connection = self._another()
        connection.thread = get_ident()
        return connection

    def _another(self) -> StoreConnection:
        with forks.opening:
            if self._inherited:
                raise StoreDetached(
                    f"{self._subject} was in use when this process was forked, and its locks belong to the other process; "
                    "nothing was written. Fork outside of transactions and of lists that are still being read"
                )
            connection = self._connect()
            self._open[id(connection)] = ref(connection)
            return connection

    def give_back(self, connection: StoreConnection) -> None:
        """Keep it for the next user; it has no transaction open."""
        connection.thread = 0
        self._free.append(connection)
        if self._forking or self._closed is not None:
            self._close_free()

    def discard(self, connection: StoreConnection) -> None:
        """Close it instead of giving it back."""
        connection.thread = get_ident()  # no fork may come between
        connection.close()
        self._open.pop(id(connection), None)

    def close(self, reason: StoreError | None = None) -> None:
        """Close every connection that is free; one in use, when it is given back. From then on ``reason`` is raised."""
        if self._closed is None:
            self._closed = reason or StoreError(f"{self._subject} was closed; open it again")
        if self._process == os.getpid():
            self._close_free()

    def _close_free(self) -> None:
        while True:
            try:
                self.discard(self._free.pop())
            except IndexError:  # another thread may have taken the last one
                return

    def before_fork(self, deadline: float) -> None:
        """Close what is free, and wait until the other threads have given back what they use."""
        self._forking = True
        self._close_free()
        begun, own = monotonic(), get_ident()
        while monotonic() < deadline:
            threads = {connection.thread for connection in self._used()} - {own}
            if not threads or (threads == {0} and monotonic() - begun > _LOST):
                break
            sleep(_BEAT)
            self._close_free()
        for connection in self._used():
            if connection.thread in (0, own) and not connection.in_transaction:
                self.discard(connection)

    def _used(self) -> list[StoreConnection]:
        return [connection for each in tuple(self._open.values()) if (connection := each()) is not None]

    def after_fork(self, child: bool) -> None:
        """Go on; in the new process without what was open."""
        self._forking = False
        if child:
            self._inherit(os.getpid())

    def _inherit(self, process: int) -> None:
        self._process = process
        self._inherited += self._used()
        self._open.clear()
        self._free.clear()
