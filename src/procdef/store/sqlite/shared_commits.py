"""One commit for the steps of several threads.

A commit waits for the disk, and a step does not take as long as that. So a thread that is done with its step, while others of
its process wait for their turn, does not commit: it hands its open transaction on to the next one, which does its step in it,
on what the steps before left. Whoever finds nobody to hand it on to commits for all, and only then each of them is answered.

Nothing is undone in part. A step that failed before it wrote anything is left out; where anything else goes wrong, all of the
transaction is undone, and each of the others begins its step again. Steps of the main thread, in which handlers of signals run
and may raise anywhere, share nothing.
"""

from __future__ import annotations

from enum import Enum
from threading import Event, Lock, get_ident
from time import monotonic

from procdef.errors import StoreBusy, StoreError
from procdef.store.port import Interrupted
from procdef.store.sqlite.connections import StoreConnection

MOST = 64
"""How many steps share one commit."""
LONGEST = 0.02
"""Seconds after which a transaction is handed on no more: the first of those who share it waits for the last one, and other
processes for all."""


class _State(Enum):
    OPEN, COMMITTING, GIVEN_UP = range(3)


class SharedCommit:
    """An open transaction that is handed from one thread to the next, each of which then waits for what comes of it."""

    __slots__ = ("_began", "_connection", "_ended", "_fault", "_lock", "_state", "_steps", "_subject")

    def __init__(self, connection: StoreConnection, subject: str) -> None:
        self._connection, self._subject = connection, subject
        self._began, self._steps = monotonic(), 1
        self._lock, self._state = Lock(), _State.OPEN
        self._ended = Event()
        self._fault: BaseException | None = None

    def take_part(self) -> StoreConnection:
        """The connection, which is this thread's from now on."""
        self._steps += 1
        self._connection.thread = get_ident()
        return self._connection

    @property
    def is_full(self) -> bool:
        """Whether it is to be committed and not handed on."""
        return self._steps >= MOST or monotonic() - self._began > LONGEST

    def wait(self, seconds: float) -> None:
        """Wait until the transaction is committed. Raises ``Interrupted`` where it was undone, ``StoreError`` where the commit
        failed, and ``StoreBusy`` where whoever has it does not end it within so many seconds: then it never is committed."""
        if not self._ended.wait(seconds):
            with self._lock:
                if self._state is _State.OPEN:
                    self._state = _State.GIVEN_UP
            if self._state is _State.GIVEN_UP:
                raise StoreBusy(f"{self._subject} is locked by another step of this process; nothing was written, try again")
            self._ended.wait()
        if self._fault is not None:
            raise self._told(self._fault)

    def _told(self, fault: BaseException) -> StoreError:
        if self._state is not _State.COMMITTING:
            return self.undone()
        if isinstance(fault, StoreError):
            return type(fault)(str(fault), fault.subject)
        return StoreError(f"{self._subject}: the commit of this step was interrupted; the log tells whether it is stored")

    def begin_to_commit(self) -> None:
        """Let nobody give up any more. Raises ``Interrupted`` where somebody did: it was told that nothing was written."""
        with self._lock:
            if self._state is _State.GIVEN_UP:
                raise self.undone()
            self._state = _State.COMMITTING

    def end(self, fault: BaseException | None) -> None:
        """Tell all who wait what has come of the transaction, where they were not told before."""
        if not self._ended.is_set():
            self._fault = fault
            self._ended.set()

    def undone(self) -> Interrupted:
        """What is raised where another step kept this one from being stored."""
        reason = StoreBusy(
            f"{self._subject}: steps that shared one commit failed again and again; nothing was written, try again"
        )
        return Interrupted(reason)
