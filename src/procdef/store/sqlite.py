"""A log in a SQLite file, or in the application's own SQLite transaction."""

from __future__ import annotations

import os
import sqlite3
from collections.abc import Callable, Sequence
from contextlib import AbstractContextManager, closing
from pathlib import Path
from types import TracebackType
from typing import TypeVar
from weakref import finalize

from procdef.errors import InvalidArgument, StoreDetached, StoreError
from procdef.open_databases import hold
from procdef.store import database_file, sqlite_inspection, sqlite_tables
from procdef.store.connections import Connections, StoreConnection
from procdef.store.inspection_port import Inspection
from procdef.store.last_written import LastWritten
from procdef.store.open_files import OpenFiles, close_retired
from procdef.store.port import Transaction
from procdef.store.rows import Copy
from procdef.store.sqlite_copies import copies
from procdef.store.sqlite_errors import store_error, text_or_undecodable, translated
from procdef.store.sqlite_sealing import Progress, unseen
from procdef.store.sqlite_transaction import SqliteInspection, SqliteTx

TxT = TypeVar("TxT", bound=SqliteTx)
_NOTHING = bool  # a call of C that does nothing
BUSY_SECONDS = 5.0
IN_MEMORY = 1 << 26
"""Up to how many bytes a database is written anew by way of memory, and not of a temporary file."""


class SqliteStore:
    """A log in a file. Every transaction has a connection of its own, taken from those that are free.

    Safe to share between threads, and with processes forked from this one outside of transactions. ``log`` is the UUID
    of the log, ``subject`` names the file in messages. A step counts as stored only if the files that it went into are those
    at the store's path, see ``OpenFiles``.
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
    ) -> None:
        self.path = path.absolute()  # also after the process went to another folder, as a daemon does
        self._busy = busy
        self._synchronous = synchronous
        self.subject = f"the database {path}"
        if read_only and not path.exists():
            raise StoreError(f"there is no database {path}")
        real = database_file.resolved(self.path)
        hold(real)
        self.writable = database_file.claim(path) and not read_only
        self.files = OpenFiles(self.path, real, self.subject)
        self._lasting, self._doubting = True, read_only
        self.last = LastWritten()
        self.connections = Connections(self._connect, self.subject)
        self._prepared = False
        connection = self.connections.take(os.getpid())
        try:
            with translated(self.subject, connection):
                self._prepare(connection, beside, sealing)
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
                timeout=self._busy,
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

    def _prepare(self, connection: sqlite3.Connection, beside: bool, sealing: Progress) -> None:
        with closing(connection.cursor()) as cursor:
            number = sqlite_tables.check(cursor, self.subject, beside)
            if number == sqlite_tables.LATEST or (number >= sqlite_tables.READABLE and not self.writable):
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
                sqlite_tables.create(cursor, sqlite_tables.found(cursor), sealing)
                sqlite_tables.mark(cursor)
                cursor.execute("COMMIT")
            except BaseException:
                _undo(connection)
                raise

    def transaction(self, *, write: bool, connection: object | None = None) -> Transaction:
        """Begin a transaction; with ``connection`` (``sqlite3.Connection``) join the application's own.

        Raises ``StoreError`` when the database cannot be used, is read-only or stays locked for 5 seconds, and for a
        connection to another one.
        """
        if connection is None:
            return _Own(self, write, SqliteTx, self.last)
        if not isinstance(connection, sqlite3.Connection):
            raise InvalidArgument("the connection to join must be a sqlite3.Connection")
        return _Joined(self, connection, write)

    def inspect(self) -> AbstractContextManager[Inspection]:
        """Begin a transaction that reads all that is stored. Raises ``StoreError`` when the database cannot be used."""
        return _Own(self, False, SqliteInspection, LastWritten())  # it looks at what is stored itself

    def refuse_unless_writable(self, write: bool) -> None:
        """Raises ``StoreError`` where a transaction that writes begins on a file that may only be read."""
        if write and not self.writable:
            raise StoreError(f"{self.subject} is read-only; allow writing to the file and its folder")

    def purge(self) -> bool:
        """Write the file anew without what was deleted and empty its write-ahead log; false while others still read."""
        connection = self.connections.take(os.getpid())
        try:
            self.files.confirm()
            # What SQLite copies meanwhile would else lie in a folder for temporary files.
            connection.execute(f"PRAGMA temp_store = {'MEMORY' if _size(connection) <= IN_MEMORY else 'DEFAULT'}")
            connection.execute("VACUUM")
            (busy, *_) = connection.execute("PRAGMA wal_checkpoint(TRUNCATE)").fetchone()
        except sqlite3.Error as error:
            if getattr(error, "sqlite_errorcode", 0) & 0xFF in (sqlite3.SQLITE_BUSY, sqlite3.SQLITE_LOCKED):
                return False
            raise store_error(error, self.subject, connection) from None
        finally:
            self.give_back(connection)
        return not busy

    def copies(self, texts: Sequence[str]) -> list[Copy]:
        """The tables, procdef's and the application's, that hold one of these texts. Raises ``StoreError``."""
        connection = self.connections.take(os.getpid())
        try:
            with translated(self.subject, connection):
                connection.text_factory = bytes
                return list(copies(connection, texts))
        finally:
            self.connections.discard(connection)

    def detach(self) -> None:
        """Use the files no more, which are not those at the store's path."""
        self._close(self.files.detached())

    def close(self) -> None:
        """Close every connection that is free; one in use is closed when its transaction ends."""
        self._close()

    def _close(self, reason: StoreError | None = None) -> None:
        self.files.release()
        self.connections.close(reason)
        close_retired()


def _size(connection: sqlite3.Connection) -> int:
    """How many bytes the database takes."""
    (pages,), (each,) = (connection.execute(f"PRAGMA {name}").fetchone() for name in ("page_count", "page_size"))
    return int(pages) * int(each)


class _Own(AbstractContextManager[TxT]):
    """A transaction of ours on a connection of the store: committed when its block ends, undone when that raises."""

    __slots__ = ("_connection", "_kind", "_last", "_process", "_store", "_tx", "_write", "undo")

    def __init__(self, store: SqliteStore, write: bool, kind: type[TxT], last: LastWritten) -> None:
        self._store, self._write, self._kind, self._last = store, write, kind, last
        self.undo: Callable[[], object] = _NOTHING

    def __enter__(self) -> TxT:
        store, write = self._store, self._write
        store.refuse_unless_writable(write)
        self._process = process = os.getpid()
        self._connection = connection = store.connections.take(process)
        self._tx = self._kind(connection, store.subject, write, self._last, store.log, own=True)
        self.undo = connection.rollback
        try:
            connection.execute("BEGIN IMMEDIATE" if write else "BEGIN")
            if write:
                store.files.confirm()
        except BaseException as error:
            self._give_up(error)
            if isinstance(error, sqlite3.Error):
                raise store_error(error, store.subject) from None
            raise
        return self._tx

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        store, connection = self._store, self._connection
        if os.getpid() != self._process:
            self.undo = _NOTHING  # the connection is the parent's, which this process may not touch
            if kind is None:
                raise StoreDetached(f"{store.subject} was forked inside a transaction; only the parent can end that")
            return
        if kind is not None:
            self._give_up(error)
            return
        try:
            self._tx.end()
            connection.execute("COMMIT")
            if self._write:
                store.files.confirm(written=True)
        except BaseException as fault:
            failed = store_error(fault, store.subject, connection) if isinstance(fault, sqlite3.Error) else None
            self._give_up(fault)
            if failed is not None:
                raise failed from None
            raise
        self.undo = _NOTHING
        store.give_back(connection)

    def end(self) -> None:
        """Give back the connection, if that has not been done."""
        if self.undo is not _NOTHING:
            self._give_up(None)

    def _give_up(self, error: BaseException | None) -> None:
        self._tx.end()
        good = _undo(self._connection)
        self.undo = _NOTHING  # another thread may use the connection from here on
        if good:
            self._store.give_back(self._connection)
        else:
            self._store.connections.discard(self._connection)
        if isinstance(error, StoreDetached):
            self._store.detach()


class _Joined(AbstractContextManager[SqliteTx]):
    """A transaction inside the application's own, on the store's database; it never commits or rolls back."""

    __slots__ = ("_connection", "_store", "_tx", "_write")
    undo = staticmethod(_NOTHING)

    def __init__(self, store: SqliteStore, connection: sqlite3.Connection, write: bool) -> None:
        self._store, self._connection, self._write = store, connection, write

    def __enter__(self) -> SqliteTx:
        store, connection, write, subject = self._store, self._connection, self._write, "the application's database"
        store.refuse_unless_writable(write)
        if connection.text_factory is not str:
            raise StoreError("the connection's text_factory is not str; join with one that has not changed it")
        with translated(subject, connection), closing(connection.cursor()) as cursor:
            cursor.row_factory = None
            _refuse_other_logs(store, cursor, subject)
            if write:
                _begin(connection, cursor)
                store.files.hold(connection)
                cursor.execute("UPDATE main.tree SET size = size WHERE 0")  # which takes the lock and changes nothing
                store.files.refuse_other_writers()
        self._tx = SqliteTx(connection, subject, write, store.last, store.log)
        return self._tx

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self._tx.end()

    def end(self) -> None:
        """Nothing: what was begun is the application's."""


def _begin(connection: sqlite3.Connection, cursor: sqlite3.Cursor) -> None:
    """Begin a transaction where the application has left that to sqlite3; without it a savepoint would commit on release."""
    if connection.in_transaction:
        return
    if connection.isolation_level is None or getattr(connection, "autocommit", False) is True:
        raise StoreError("the connection has no transaction open; execute BEGIN first")
    cursor.execute("BEGIN IMMEDIATE")


def _refuse_other_logs(store: SqliteStore, cursor: sqlite3.Cursor, subject: str) -> None:
    """What is written to another database than the store's, the store would never find again."""
    number = sqlite_tables.check_joined(cursor, subject)
    if not number or cursor.execute("SELECT log FROM main.tree").fetchone() != (store.log,):
        raise StoreError(
            f"the connection is not to {store.subject}; connect to that file, and keep what belongs together in it"
        )


def _undo(connection: sqlite3.Connection) -> bool:
    """Roll back what is open; whether the connection is still good. A fault here would only hide the one before it."""
    try:
        if connection.in_transaction:
            connection.execute("ROLLBACK")
    except sqlite3.Error:
        connection.close()
        return False
    return True
