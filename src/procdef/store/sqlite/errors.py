"""What goes wrong in SQLite, said plainly. Messages of the driver are not passed on: they may hold values."""

from __future__ import annotations

import re
import sqlite3
from collections.abc import Iterator
from contextlib import closing, contextmanager

from procdef.errors import ConcurrentChange, InvalidArgument, StoreBusy, StoreError
from procdef.store.sqlite.database_file import INTERRUPTED

MEANING = {
    sqlite3.SQLITE_BUSY: "is locked by another program; try again when that has finished",
    sqlite3.SQLITE_LOCKED: "is locked by another program; try again when that has finished",
    sqlite3.SQLITE_READONLY: "is read-only; allow writing to the file and its folder",
    sqlite3.SQLITE_IOERR: "could not be read or written; check the disk",
    sqlite3.SQLITE_CORRUPT: "is damaged; restore it from a backup",
    sqlite3.SQLITE_FULL: "could not grow, the disk is full; what was acknowledged is stored, this was not",
    sqlite3.SQLITE_CANTOPEN: "cannot be opened; check that file and folder exist and may be used",
    sqlite3.SQLITE_PERM: "may not be used; check the permissions of file and folder",
    sqlite3.SQLITE_NOTADB: "is not a database, or is damaged from its start on; name another file, or restore it",
    sqlite3.SQLITE_CONSTRAINT: "refused a row; the rows contradict each other",
}

_LOST = re.compile(r"no such (table|column): (?:main\.|\w\.)?(\w+)")


def undecodable(error: sqlite3.Error) -> bool:
    """Whether it is that a text in the database is not UTF-8: of the driver, which gives it no code."""
    return not hasattr(error, "sqlite_errorcode") and "decode" in str(error)


def store_error(
    error: sqlite3.Error, subject: str, connection: sqlite3.Connection | None = None
) -> StoreError | ConcurrentChange:
    """The same fault in words, about ``subject`` (the file, or the application's connection).

    When the file is damaged, ``connection`` is asked for the first place that is.
    """
    code = getattr(error, "sqlite_errorcode", None)
    if undecodable(error):
        return StoreError(f"{subject} is damaged: a text in it is not valid UTF-8; restore it from a backup")
    if not isinstance(code, int):
        return StoreError(f"{subject} cannot be used as a store: it was closed, or belongs to another thread")
    if code == sqlite3.SQLITE_BUSY_SNAPSHOT:
        # Only the application's own transaction can read first and write later; waiting would never help it.
        return ConcurrentChange(
            f"{subject} was changed by others since this transaction first read it; nothing was written, "
            "roll back and begin again (BEGIN IMMEDIATE)"
        )
    meaning = MEANING.get(code & 0xFF, "cannot be used as a store")
    if code == sqlite3.SQLITE_READONLY_ROLLBACK:
        meaning = INTERRUPTED
    if lost := _LOST.fullmatch(str(error)):
        meaning = f"is damaged: it has no {lost[1]} {lost[2]}; restore it from a backup"
    if code & 0xFF == sqlite3.SQLITE_CORRUPT and connection is not None:
        meaning += damage(connection)
    busy = code & 0xFF in (sqlite3.SQLITE_BUSY, sqlite3.SQLITE_LOCKED)
    return (StoreBusy if busy else StoreError)(f"{subject} {meaning}")


class Undecodable:
    """What is stored as text and is no UTF-8. It is neither a text nor bytes, so that nothing takes it for one of these."""

    __slots__ = ("stored",)

    def __init__(self, stored: bytes) -> None:
        self.stored = stored

    def __str__(self) -> str:
        return self.stored.decode("utf-8", "backslashreplace")


def text_or_undecodable(found: bytes) -> str | Undecodable:
    """What a column of text holds, where that may be no text: then somebody has to look at its type."""
    try:
        return found.decode()
    except UnicodeDecodeError:
        return Undecodable(found)


def damage(connection: sqlite3.Connection) -> str:
    """The first fault that SQLite finds in the file, in brackets (pages, tables and rows by number, no values)."""
    try:
        with closing(connection.cursor()) as cursor:
            cursor.row_factory = None
            (found,) = cursor.execute("PRAGMA main.quick_check(1)").fetchone()
    except (sqlite3.Error, TypeError):
        return ""
    return f" ({found.splitlines()[-1]})" if found != "ok" else ""


FAULTS = (sqlite3.Error, UnicodeEncodeError, OverflowError)
"""What SQLite and its driver raise where a statement or its values are not taken."""


def told(
    fault: BaseException, subject: str, connection: sqlite3.Connection | None = None
) -> StoreError | ConcurrentChange | InvalidArgument:
    """One of the ``FAULTS`` as the error of ours that is raised in its place: text that is no Unicode and a number that no
    column holds are ``InvalidArgument``, for all else see ``store_error``."""
    if isinstance(fault, sqlite3.Error):
        return store_error(fault, subject, connection)
    if isinstance(fault, UnicodeEncodeError):
        return InvalidArgument("a text holds half of a surrogate pair, which is no character; write it anew")
    return InvalidArgument("a number is larger than any that a log holds; write a smaller one")


@contextmanager
def translated(subject: str, connection: sqlite3.Connection | None = None) -> Iterator[None]:
    """Raises every fault of the block as an error of ours, see ``told``."""
    try:
        yield
    except FAULTS as fault:
        raise told(fault, subject, connection) from None
