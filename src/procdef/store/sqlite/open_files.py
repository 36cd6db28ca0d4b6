"""The files that a store has open: whether they are still those at its path, and what keeps others from removing them.

SQLite holds its files open and never looks at their names again. Where the database or what is kept beside it was replaced or
removed, or where the process lost its locks, steps would go into files that nobody opens after it.
"""

from __future__ import annotations

import os
import sqlite3
import time
from contextlib import closing, suppress
from functools import cache
from pathlib import Path

from procdef.errors import StoreDetached
from procdef.store import forks
from procdef.store.sqlite.posix_locks import (
    Identity,
    Range,
    claim,
    give_up,
    identity,
    is_locked,
    locked_byte,
    open_files,
    share,
    writer,
)

# Where SQLite has its locks: https://www.sqlite.org/fileformat.html#the_lock_byte_page and walformat.html, "WAL Locks".
_IN_USE = Range(0x40000002, 510)  # of the database: whoever has it open in WAL mode shares these bytes
_WRITING = Range(120, 1)  # of the shared memory
_MAPPED = Range(128, 1)  # of the shared memory: whoever uses it shares this byte

_REPLACED = "is no longer the file that was opened: it, or the -wal or -shm beside it, was replaced or removed"
_AGAIN = "see who did that, and open the store again"
_UNLOCKED = (
    "is open in this process without a lock: a connection to it came from the process that this one was forked from, or its "
    "-shm was opened and closed here; nothing was written. Close that connection (before a fork), and open the store again"
)

_TURN = Range(1 << 30, 1)  # of the shared memory; SQLite has no lock there: whoever writes for procdef

_LINE = _TURN.start + 1
"""The first byte, of the shared memory, of those that processes lock while they wait for their turn to write."""
_TRIES = 100  # to find a byte that nobody else takes meanwhile

_HEAD = 48  # bytes of the shared memory: https://www.sqlite.org/walformat.html#the_wal_index_header

_TICK = 2_100_000_000
"""Nanoseconds; the times of every file system are finer than that."""

_retired: set[int] = set()
"""Descriptors that are done with, but may not be closed yet."""


class OpenFiles:
    """A database, its write-ahead log and its shared memory, as the connections of one store have them open.

    While they are held, no other process takes itself for the last one that uses them: none deletes the write-ahead log or
    clears the shared memory, even after this process lost the locks that SQLite had on them.
    """

    __slots__ = (
        "__weakref__",
        "_alone",
        "_database",
        "_folder",
        "_known",
        "_locked",
        "_paths",
        "_quiet",
        "_subject",
        "_writers",
    )

    def __init__(self, path: Path, real: Path, subject: str) -> None:
        self._paths = (path, Path(f"{real}-wal"), Path(f"{real}-shm"))
        self._subject = subject
        self._known: tuple[tuple[Path, int, int], ...] = ()
        # A folder's time of change moves on whenever a file in it is made, removed or renamed. So while it is the one at which
        # the files were last looked at, they are in place. Just after a change another one could still get the same time.
        self._folder, self._alone = str(path.parent), not path.is_symlink()
        self._quiet: tuple[int, int, int] | None = None
        self._database: Identity | None = None
        self._locked: tuple[int, int] | None = None
        self._writers = set[object]()
        forks.tell(self)

    def hold(self, connection: sqlite3.Connection) -> None:
        """Take the files that this connection opened for those of the store; they must be those at its path.

        Raises ``StoreDetached`` where they are not, or where this process has no lock on them, as after a fork.
        """
        with forks.opening, closing(connection.cursor()) as cursor:
            cursor.row_factory = None
            cursor.execute("SELECT 1 FROM main.sqlite_master LIMIT 1").fetchone()  # which opens the write-ahead log
            if self._known:
                self.confirm()
                return
            (mode,) = cursor.execute("PRAGMA main.journal_mode").fetchone()
            try:
                self._know(self._paths if mode == "wal" else self._paths[:1])
            except BaseException:
                self.release()
                self._known = ()
                raise

    def _know(self, paths: tuple[Path, ...]) -> None:
        found: list[Identity] = []
        with suppress(OSError):
            found = [identity(path.stat()) for path in paths]
        here = open_files()
        if len(found) < len(paths) or (here is not None and not _together(found, here)):
            raise self.detached()
        if self._database not in (None, found[0]):  # replaced before this process was forked
            raise self.detached()
        self._database = found[0]
        self._known, self._quiet = tuple((path, *each) for path, each in zip(paths, found, strict=True)), None
        if here is not None and len(paths) == 3:
            self._share(here, found)

    def refuse_former_files(self) -> None:
        """Raise ``StoreDetached`` where a connection could not be used because another one of this process has the database
        open with a write-ahead log that is no longer beside it."""
        here = open_files() or {}
        with suppress(OSError):
            if len(here.get(identity(self._paths[0].stat()), ())) > 1 and not all(
                path.exists() and identity(path.stat()) in here for path in self._paths[1:]
            ):
                raise self.detached()

    def _share(self, here: dict[Identity, list[int]], found: list[Identity]) -> None:
        """Have SQLite's locks a second time, such as the process does not lose. ``here`` are all files that it has open, and
        ``found`` those of this store."""
        memory = here[found[2]]
        first, second = _descriptor(self._paths[0], here[found[0]]), _descriptor(self._paths[2], memory)
        if not (share(first, _IN_USE) and share(second, _MAPPED)):
            _retired.update((first, second))
            return
        self._locked = first, second
        told = is_locked(second, _MAPPED, "OFDLCK")  # otherwise the system tells nobody of locks
        if told and not any(is_locked(descriptor, _MAPPED, "POSIX") for descriptor in memory):
            raise StoreDetached(f"{self._subject} {_UNLOCKED}")

    def confirm(self, *, written: bool = False) -> None:
        """Raise ``StoreDetached`` unless the files are those at the store's path. ``written`` says that something may have
        gone into them already."""
        if not self._in_place():
            if not written:
                raise self.detached()
            raise StoreDetached(
                f"{self._subject} {_REPLACED}; whether this step is stored, only the file at its path can tell. {_AGAIN}"
            )

    def detached(self) -> StoreDetached:
        """What every later step is told, once the files are not those at the store's path."""
        return StoreDetached(f"{self._subject} {_REPLACED}; nothing was written. {_AGAIN}")

    def _in_place(self) -> bool:
        try:
            folder = os.stat(self._folder)  # noqa: PTH116, which would take longer on the way of every step
            state = folder.st_ctime_ns, folder.st_ino, folder.st_dev
            if state == self._quiet:
                return True
            for path, *known in self._known:
                if list(identity(path.stat())) != known:
                    return False
        except OSError:
            return False
        if self._alone and time.time_ns() - folder.st_ctime_ns > _TICK:
            self._quiet = state
        return True

    def state(self) -> bytes:
        """What changes with every transaction that writes: the head of the shared memory."""
        return b"" if self._locked is None else os.pread(self._locked[1], _HEAD, 0)

    def begin_writing(self, block: object) -> bool:
        """Keep other processes from writing while this block does, which has SQLite's own lock, even if that gets lost; false
        while another process is writing that has lost it."""
        locked = self._locked
        if locked is None:
            return True
        self._writers.add(block)
        if claim(locked[1], _TURN):
            return True
        self._writers.discard(block)
        return False

    def is_writing(self, block: object) -> bool:
        """Whether others have been kept from writing since ``begin_writing``."""
        return block in self._writers

    def end_writing(self, block: object) -> None:
        """Let other processes write, unless others in this one are at it: one may write while another one's ``COMMIT`` still
        takes what was written over into the database."""
        locked = self._locked
        if locked is None or block not in self._writers:
            return
        # No lock guards this: one that a signal handler kept from being released would stop the process.
        alone = len(self._writers) == 1
        if alone:
            give_up(locked[1], _TURN)
        self._writers.discard(block)
        if alone and self._writers:  # another one began meanwhile
            claim(locked[1], _TURN)
        elif not alone and not self._writers:  # the other one ended meanwhile
            give_up(locked[1], _TURN)

    def are_held(self) -> bool:
        """Whether this process has taken them for those of the store; one that was just forked has not."""
        return bool(self._known)

    def line_up(self) -> int | None:
        """Lock a byte behind all that other processes have locked, as this one's place in the line of those who want to write;
        ``None`` where nobody else wants to, or where there are no such locks."""
        if (locked := self._locked) is None:
            return None
        for _ in range(_TRIES):
            place = _TURN.start
            while (found := locked_byte(locked[1], _from(place))) is not None:
                place = found + 1
            if place == _TURN.start:
                return None
            if claim(locked[1], Range(place, 1)):
                return place
        return None

    def first_in_line(self, after: int, end: int) -> int | None:
        """The first place before ``end`` at which another process stands, or the byte of the one that writes; not those up to
        ``after``, which were passed. ``None`` where there is nobody."""
        if (locked := self._locked) is None:
            return None
        first, begin = locked_byte(locked[1], _TURN), max(after + 1, _LINE)
        while (
            first != _TURN.start
            and end > begin
            and (found := locked_byte(locked[1], Range(begin, end - begin))) is not None
        ):
            first = end = found
        return first

    def leave_line(self, place: int) -> None:
        """Unlock the byte that was this process's place."""
        if (locked := self._locked) is not None:
            give_up(locked[1], Range(place, 1))

    def is_written(self) -> bool:
        """Whether somebody has a transaction open now that writes to the files."""
        return self._locked is not None and writer(self._locked[1], _WRITING) is not None

    def written_here(self) -> bool:
        """Whether it is this process that has a transaction open now that writes to the files."""
        return self._locked is not None and writer(self._locked[1], _WRITING) == os.getpid()

    def refuse_other_writers(self) -> None:
        """Raise ``StoreDetached`` unless it is this process that is writing to the files now."""
        if self._locked is not None and not self.written_here():
            raise StoreDetached(f"{self._subject} {_UNLOCKED}")

    def release(self) -> None:
        """Let the last connection that is closed clear up, if the files are still those at the path, or only the write-ahead
        log was removed. Otherwise it would write what it has over what others have written since."""
        locked, self._locked = self._locked, None
        if locked is None:
            return
        if self._in_place() or self._lost_only_the_log():
            for descriptor, part in zip(locked, (_IN_USE, _MAPPED), strict=True):
                give_up(descriptor, part)
        _retired.update(locked)

    def _lost_only_the_log(self) -> bool:
        database, log, _ = self._known
        with suppress(OSError):
            return identity(database[0].stat()) == database[1:] and not log[0].exists()
        return False

    def before_fork(self, deadline: float) -> None:
        """Nothing: once the connections are closed, the files stay held."""

    def after_fork(self, child: bool) -> None:
        """In the new process, leave them to the one that was forked. It has no lock yet which closing could lose."""
        if child:
            self._known, self._writers = (), set()
            _retired.update(self._locked or ())
            self._locked = None
            while _retired:
                os.close(_retired.pop())


@cache
def _from(start: int) -> Range:
    """All bytes from that one on."""
    return Range(start, 0)


def _together(found: list[Identity], here: dict[Identity, list[int]]) -> bool:
    """Whether the process has these files open, and no connection the write-ahead log together with another database."""
    counts = [len(here.get(each, ())) for each in found]
    return all(counts) and (len(counts) == 1 or counts[0] >= counts[1])


def _descriptor(path: Path, known: list[int]) -> int:
    """One of a file's ``known`` descriptors that another store is done with, so that stores which come and go while one stays
    open take no more of them than those that are open together; otherwise a new one."""
    for descriptor in known:
        if descriptor in _retired:
            _retired.discard(descriptor)
            return descriptor
    return os.open(path, os.O_RDWR)


def close_retired() -> None:
    """Close the descriptors that are done with, but not of files that this process has open otherwise."""
    with forks.opening:
        here = open_files() if _retired else None
        for descriptors in here.values() if here is not None else ():
            if _retired.issuperset(descriptors):
                _retired.difference_update(descriptors)
                for descriptor in descriptors:
                    os.close(descriptor)
