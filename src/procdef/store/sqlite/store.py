"""A log in a SQLite file, or in the application's own SQLite transaction."""

from __future__ import annotations

import os
import sqlite3
from collections.abc import Sequence
from contextlib import AbstractContextManager, closing
from pathlib import Path
from time import monotonic
from typing import Self
from weakref import finalize

from procdef.errors import ConcurrentChange, InvalidArgument, StoreBusy, StoreError
from procdef.open_databases import hold
from procdef.store.address import BUSY_SECONDS
from procdef.store.application_connection import driver_connection
from procdef.store.inspection_port import Inspection
from procdef.store.last_written import LastWritten
from procdef.store.layouts import LATEST
from procdef.store.port import Transaction
from procdef.store.rows import Copy
from procdef.store.sqlite import database_file as database_file
from procdef.store.sqlite import inspection as sqlite_inspection
from procdef.store.sqlite import tables as sqlite_tables
from procdef.store.sqlite.backups import copy_to
from procdef.store.sqlite.blocks import JoinedBlock, OwnBlock, undo
from procdef.store.sqlite.connections import Connections, StoreConnection
from procdef.store.sqlite.errors import MEANING, store_error, text_or_undecodable, translated
from procdef.store.sqlite.open_files import OpenFiles, close_retired
from procdef.store.sqlite.sealing import Progress, unseen
from procdef.store.sqlite.text_search import copies
from procdef.store.sqlite.transaction import SqliteInspection, SqliteTx
from procdef.store.sqlite.turns import Place, Turns

IN_MEMORY = 1 << 26
"""Up to how many bytes a database is written anew by way of memory, and not of a temporary file."""


class SqliteStore:
    """A log in a file. Every transaction has a connection of its own, taken from those that are free.

    Safe to share between threads, and with processes forked from this one outside of transactions. ``log`` is the UUID
    of the log, ``subject`` names the file in messages. ``layout`` is the number of its tables'
    layout: a log of an earlier one is only read. A step counts as stored
    only if the files that it went into are those at the store's path, see ``OpenFiles``.
    """

    def __init__(
        self,
        path: Path,
        *,
        synchronous: str = "FULL",
        busy: float = BUSY_SECONDS,
        beside: bool = False,
        read_only: bool = False,
        sealing: Progress = unseen,
        log: str | None = None,
    ) -> None:
        self.path = path.absolute()  # also after the process went to another folder, as a daemon does
        self.busy = busy
        self._synchronous = synchronous
        self.subject = f"the database {path}"
        if read_only and not path.exists():
            raise StoreError(f"there is no database {path}")
        real = database_file.resolved(self.path)
        hold(real)
        self.writable = database_file.claim(path) and not read_only
        if self.writable:
            database_file.refuse_second_name(real, path)
        self.files = OpenFiles(self.path, real, self.subject)
        self.turns = Turns(self.files)
        self._lasting, self._doubting = True, read_only
        self.last = LastWritten()
        self.connections = Connections(self._connect, self.subject)
        self._prepared, self.layout = False, LATEST
        connection = self.connections.take(os.getpid())
        try:
            with translated(self.subject, connection):
                self._prepare(connection, beside, sealing, log)
                if self.writable:
                    self.files.hold(connection)
                (self.log,) = connection.execute("SELECT log FROM main.tree").fetchone()
        except BaseException:
            connection.close()
            raise
        self._prepared = True
        finalize(self, self.files.release)
        self.give_back(connection)

    def _connect(self) -> StoreConnection:
        address = database_file.address(self.path, self.writable)
        self._lasting = address.lasting
        with translated(self.subject):
            connection = sqlite3.connect(
                address.uri,
                uri=True,
                timeout=self.busy,
                isolation_level=None,
                check_same_thread=False,
                factory=StoreConnection,
            )
            try:
                if self._doubting:
                    connection.text_factory = text_or_undecodable
                if address.guarded:
                    connection.execute("PRAGMA query_only = ON")
                if self.writable:
                    connection.execute(f"PRAGMA synchronous = {self._synchronous}")
                    if self._prepared:
                        self.files.hold(connection)
            except BaseException as error:
                try:
                    if self.writable and isinstance(error, sqlite3.Error):
                        self.files.refuse_former_files()
                finally:
                    connection.close()
                raise
        return connection

    def give_back(self, connection: StoreConnection) -> None:
        """Take back a connection whose transaction has ended."""
        if self._lasting:
            self.connections.give_back(connection)
        else:
            self.connections.discard(connection)

    def _prepare(self, connection: sqlite3.Connection, beside: bool, sealing: Progress, log: str | None) -> None:
        with closing(connection.cursor()) as cursor:
            number = sqlite_tables.check(cursor, self.subject, beside)
            if not self.writable and number >= sqlite_tables.READABLE:
                self.layout = number
            if number == self.layout:
                return
            if not self.writable:
                raise StoreError(f"{self.subject} holds no log yet and is read-only; allow writing to it")
            cursor.execute("BEGIN")
            sqlite_inspection.refuse_unlike(cursor, sqlite_tables.found(cursor), self.subject)
            cursor.execute("COMMIT")
            cursor.execute("PRAGMA journal_mode = WAL")
            cursor.execute("BEGIN IMMEDIATE")
            try:
                # Another process may have made the tables while this one waited for the lock.
                sqlite_tables.create(cursor, sqlite_tables.found(cursor), sealing, log)
                sqlite_tables.mark(cursor)
                cursor.execute("COMMIT")
            except BaseException:
                undo(connection)
                raise

    def transaction(self, *, write: bool, connection: object | None = None, shared: bool = False) -> Transaction:
        """Begin a transaction; with ``connection`` (sqlite3's, or SQLAlchemy's over that) join the application's own.

        Raises ``StoreError`` when the database cannot be used, is read-only or stays locked for 5 seconds, and for a
        connection to another one.
        """
        if connection is None:
            return OwnBlock(self, write, SqliteTx, self.last, shares=shared)
        joined = driver_connection(connection, sqlite3.Connection)
        if joined is None:
            message = "the connection to join is a sqlite3.Connection, or SQLAlchemy's connection or session over sqlite3"
            raise InvalidArgument(message, "connection")
        return JoinedBlock(self, joined, write)

    def inspect(self) -> AbstractContextManager[Inspection]:
        """Begin a transaction that reads all that is stored. Raises ``StoreError`` when the database cannot be used."""
        return OwnBlock(self, False, SqliteInspection, LastWritten())  # it looks at what is stored itself

    def told(self, error: sqlite3.Error) -> StoreError | ConcurrentChange:
        """What it was that kept a transaction from beginning."""
        found = store_error(error, self.subject)
        return self.held_up() if isinstance(found, StoreBusy) else found

    def held_up(self) -> StoreBusy:
        """Who kept a transaction from beginning for as long as it may wait."""
        if self.files.written_here():
            return StoreBusy(
                f"{self.subject} is locked by another transaction of this process; commit it or roll it back"
            )
        return StoreBusy(f"{self.subject} {MEANING[sqlite3.SQLITE_BUSY]}")

    def refuse_unless_writable(self, write: bool) -> None:
        """Raises ``StoreError`` where a transaction that writes begins on a file that may only be read."""
        if write and not self.writable:
            raise StoreError(f"{self.subject} is read-only; allow writing to the file and its folder")

    def seal(self, limit: int | None = None) -> int:
        """Nothing to do: every event is sealed as it is stored."""
        return 0

    def purge(self) -> bool:
        """Write the file anew without what was deleted and empty its write-ahead log; false while others still read."""
        place = Place()
        try:
            return self.turns.wait(place, monotonic() + self.busy) and self._written_anew()
        finally:
            self.turns.leave(place)

    def _written_anew(self) -> bool:
        connection = self.connections.take(os.getpid())
        try:
            self.files.confirm()
            if not self.files.begin_writing(connection):
                return False
            connection.wait_for_others(self.busy, self.busy)
            # What SQLite copies meanwhile would else lie in a folder for temporary files.
            connection.execute(f"PRAGMA temp_store = {'MEMORY' if _size(connection) <= IN_MEMORY else 'DEFAULT'}")
            with closing(connection.cursor()) as cursor:
                sqlite_tables.empty_statistics(cursor)
            connection.execute("VACUUM")
            (busy, *_) = connection.execute("PRAGMA wal_checkpoint(TRUNCATE)").fetchone()
        except sqlite3.Error as error:
            if getattr(error, "sqlite_errorcode", 0) & 0xFF in (sqlite3.SQLITE_BUSY, sqlite3.SQLITE_LOCKED):
                return False
            raise store_error(error, self.subject, connection) from None
        finally:
            self.files.end_writing(connection)
            self.give_back(connection)
        return not busy

    def copies(self, texts: Sequence[str]) -> list[Copy]:
        """The tables, procdef's and the application's, that hold one of these texts. Raises ``StoreError``."""
        connection = self.connections.take(os.getpid())
        usual = connection.text_factory
        try:
            with translated(self.subject, connection):
                connection.text_factory = bytes
                return list(copies(connection, texts))
        finally:
            connection.text_factory = usual
            self.give_back(connection)

    def backup(self, path: str | Path) -> int:
        """Copy the database as it stands now to a new file, while others write; how many events the copy has.

        It is complete in itself, with all that is stored when this begins and the application's own tables, if there are any.
        Raises ``InvalidArgument`` for a file that is there already, and ``StoreError`` where it cannot be written.
        """
        connection = self.connections.take(os.getpid())
        try:
            with translated(self.subject, connection):
                self.files.confirm()
                return copy_to(connection, Path(path).absolute())
        finally:
            self.give_back(connection)

    def refuse_unless_owner(self) -> None:
        """Nothing to refuse: whoever may read the file has the log."""

    def held_up_by(self, connection: object) -> bool:
        """Whether the application's connection has a transaction open that no other one can be written beside."""
        joined = driver_connection(connection, sqlite3.Connection, begins=False)
        try:
            begun = joined is not None and joined.in_transaction
        except sqlite3.Error:  # it was closed
            return False
        return begun and self.files.written_here()

    def detach(self) -> None:
        """Use the files no more, which are not those at the store's path."""
        self._close(self.files.detached())

    def close(self) -> None:
        """Close every connection that is free; one in use is closed when its transaction ends."""
        self._close()

    def __enter__(self) -> Self:
        return self

    def __exit__(self, *_: object) -> None:
        self.close()

    def _close(self, reason: StoreError | None = None) -> None:
        self.files.release()
        self.connections.close(reason)
        close_retired()


def _size(connection: sqlite3.Connection) -> int:
    """How many bytes the database takes."""
    (pages,), (each,) = (connection.execute(f"PRAGMA {name}").fetchone() for name in ("page_count", "page_size"))
    return int(pages) * int(each)
