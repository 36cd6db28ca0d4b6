"""Whose turn it is to write: threads of a process in the order in which they came, and processes likewise.

SQLite has no order. Who finds its lock taken sleeps and tries again, longer each time, so that who comes often gets it often,
and who comes seldom may never get it. So whoever writes lines up first, and only the first in the line asks SQLite.

Who finds nobody there writes at once, with one byte of the shared memory locked. Who comes then locks a byte behind all that
are locked there, and it is its turn when none before its own is. The kernel takes the lock back from a process that ends,
however it ends.
The line is manners and no protection: two who both take themselves for the first still meet SQLite's own lock, as they do where
there are no such locks (elsewhere than on Linux), and there only threads line up.
"""

from __future__ import annotations

from collections import deque
from contextlib import suppress
from threading import Lock, RLock
from time import monotonic, sleep

from procdef.store import forks
from procdef.store.sqlite.open_files import OpenFiles
from procdef.store.sqlite.shared_commits import SharedCommit

_LOOK = 0.05
"""Seconds after which a thread looks for itself whether it is the first: a signal may have kept another from telling it."""
_BEAT = 0.0003
"""Seconds between two looks at who stands before this process, for each one that does."""
_FARTHEST = 10
"""From so many places on, a process looks no more seldom."""
_ASLEEP = 0.25
"""Seconds without a write by anybody after which who stands first counts as stopped, and is passed."""


class Place:
    """One thread's place in the line of its process. ``byte`` is the place of the process, once the thread is first there.
    ``shares``: it takes over a transaction that another thread left open, which is then ``shared``. ``gone``: it waits no more.
    ``handed_on``: it has given its own to the next thread."""

    __slots__ = ("byte", "gone", "handed_on", "shared", "shares", "told")

    def __init__(self, *, shares: bool = False) -> None:
        self.byte: int | None = None
        self.shares, self.gone, self.handed_on = shares, False, False
        self.shared: SharedCommit | None = None
        self.told = Lock()
        self.told.acquire()


class Turns:
    """The line of one store, safe to share between threads: adding to and taking from a deque are atomic.

    No lock guards it: one that a signal handler kept from being released would stop the process. What a thread then leaves
    undone, ``leave`` does when it is called again. Only threads in which no such handler runs share transactions, and so lock
    what these are handed on by.
    """

    __slots__ = ("__weakref__", "_files", "_handing", "_line", "_passed")

    def __init__(self, files: OpenFiles) -> None:
        self._files = files
        self._handing = RLock()  # the garbage collector may run what comes here again
        self._line: deque[Place] = deque()
        self._passed = 0
        forks.tell(self)

    def __len__(self) -> int:
        """How many threads write or wait to."""
        return len(self._line)

    def wait(self, place: Place, until: float) -> bool:
        """Line up, and wait until it is this thread's turn; false where it is not by then (of ``time.monotonic``). Whatever
        comes of it, ``leave`` has to follow."""
        line = self._line
        line.append(place)
        while line[0] is not place:
            left = until - monotonic()
            if left <= 0 and self._is_gone(place):
                return False
            place.told.acquire(timeout=min(max(left, 0), _LOOK))
        if place.shared is not None:
            return True  # before other processes too
        place.byte = self._files.line_up()
        return self._first_of_all(place, until)

    def _is_gone(self, place: Place) -> bool:
        """Whether it waits no more, as nothing was handed on to it until now."""
        return not place.shares or self.refuse(place) is None

    def refuse(self, place: Place) -> SharedCommit | None:
        """Have nothing handed on to this place from now on; what was before."""
        with self._handing:
            place.gone = True
            return place.shared

    def hand_on(self, place: Place, shared: SharedCommit) -> bool:
        """Give this place to the thread that is next, and the transaction with it; false where none is that shares one."""
        with self._handing:
            try:
                following = self._line[1]
            except IndexError:
                return False
            if not following.shares or following.gone:
                return False
            place.handed_on = True
            following.shared, following.byte, place.byte = shared, place.byte, None
        self.leave(place)
        return True

    def _first_of_all(self, place: Place, until: float) -> bool:
        """Wait until no other process stands before this one; one that nobody sees writing is passed."""
        if place.byte is None:
            return True
        files, seen, since = self._files, (b"", 0), 0.0
        if files.first_in_line(0, self._passed + 1) is None:
            self._passed = 0  # who was stopped goes on, or has ended
        while (first := files.first_in_line(self._passed, place.byte)) is not None:
            now = monotonic()
            if now >= until:
                return False
            if (found := (files.state(), first)) != seen or files.is_written():
                seen, since = found, now
            elif now - since > _ASLEEP:
                self._passed = first
            sleep(_BEAT * min(place.byte - first, _FARTHEST))
        return True

    def leave(self, place: Place) -> None:
        """Let the next one have its turn; nothing, where that was done."""
        if place.byte is not None:
            self._files.leave_line(place.byte)
            place.byte = None
        line = self._line
        with suppress(ValueError):
            line.remove(place)
        with suppress(IndexError, RuntimeError):  # nobody waits, or was told already
            line[0].told.release()

    def before_fork(self, deadline: float) -> None:
        """Nothing: who waits has no connection, and goes on waiting."""

    def after_fork(self, child: bool) -> None:
        """In the new process nobody waits yet."""
        if child:
            self._line, self._handing = deque(), RLock()
