"""A log in a SQLite file, or in the application's own SQLite transaction."""

from __future__ import annotations

import os
import sqlite3
from collections.abc import Iterator
from contextlib import AbstractContextManager, closing, contextmanager
from pathlib import Path

from procdef.errors import StoreError
from procdef.store import disk, layout
from procdef.store.connections import Connections
from procdef.store.faults import translated
from procdef.store.port import Tx
from procdef.store.transaction import SqliteTx

BUSY_SECONDS = 5.0


class SqliteStore:
    """A log in a file. Every transaction has a connection of its own, taken from those that are free.

    Safe to share between threads, and with processes forked from this one outside of transactions.
    """

    def __init__(self, path: Path, *, synchronous: str = "FULL", busy: float = BUSY_SECONDS) -> None:
        self.path = path
        self._busy = busy
        self._synchronous = synchronous
        self._subject = f"the database {path}"
        self._writable = disk.claim(path)
        self._lasting = True
        self._connections = Connections(self._connect, self._subject)
        connection = self._connections.take()
        try:
            with translated(self._subject, connection):
                self._prepare(connection)
        except BaseException:
            connection.close()
            raise
        self._give_back(connection)

    def _connect(self) -> sqlite3.Connection:
        address = disk.address(self.path, self._writable)
        self._lasting = address.lasting
        with translated(self._subject):
            connection = sqlite3.connect(
                address.uri, uri=True, timeout=self._busy, isolation_level=None, check_same_thread=False
            )
            if self._writable:
                connection.execute(f"PRAGMA synchronous = {self._synchronous}")
        return connection

    def _give_back(self, connection: sqlite3.Connection) -> None:
        if self._lasting:
            self._connections.give_back(connection)
        else:
            connection.close()

    def _prepare(self, connection: sqlite3.Connection) -> None:
        with closing(connection.cursor()) as cursor:
            number = layout.check(cursor, self._subject)
            if number == layout.LATEST or (number >= layout.READABLE and not self._writable):
                return
            if not self._writable:
                raise StoreError(f"{self._subject} holds no log yet and is read-only; allow writing to it")
            cursor.execute("PRAGMA journal_mode = WAL")
            cursor.execute("BEGIN IMMEDIATE")
            try:
                # Another process may have made the tables while this one waited for the lock.
                layout.create(cursor, layout.found(cursor))
                cursor.execute(f"PRAGMA application_id = {layout.APPLICATION_ID}")
                cursor.execute(f"PRAGMA user_version = {layout.LATEST}")
                cursor.execute("COMMIT")
            except BaseException:
                _undo(connection)
                raise

    def transaction(self, *, write: bool, connection: object | None = None) -> AbstractContextManager[Tx]:
        """Begin a transaction; with ``connection`` (``sqlite3.Connection``) join the application's own.

        Raises ``StoreError`` when the database cannot be used, is read-only or stays locked for 5 seconds.
        """
        if connection is None:
            return self._own(write)
        if not isinstance(connection, sqlite3.Connection):
            raise StoreError("the connection to join is none of sqlite3; hand over a sqlite3.Connection")
        return joined(connection, write)

    @contextmanager
    def _own(self, write: bool) -> Iterator[Tx]:
        if write and not self._writable:
            raise StoreError(f"{self._subject} is read-only; allow writing to the file and its folder")
        connection, process = self._connections.take(), os.getpid()
        tx = SqliteTx(connection, self._subject, write)
        try:
            with translated(self._subject):
                connection.execute("BEGIN IMMEDIATE" if write else "BEGIN")
            yield tx
            if os.getpid() != process:
                raise StoreError(f"{self._subject} was forked inside a transaction; only the parent can end that")
            tx.end_scans()
            with translated(self._subject, connection):
                connection.execute("COMMIT")
        except BaseException:
            if os.getpid() != process:
                self._connections.keep_untouched(connection, process)
                raise
            tx.end_scans()
            if _undo(connection):
                self._give_back(connection)
            raise
        self._give_back(connection)

    def close(self) -> None:
        """Close every connection that is free; one in use is closed when its transaction ends."""
        self._connections.close()


@contextmanager
def joined(connection: sqlite3.Connection, write: bool) -> Iterator[Tx]:
    """A transaction inside the application's own: it makes the tables if need be, and never commits or rolls back."""
    subject = "the application's database"
    if connection.text_factory is not str:
        raise StoreError("the connection's text_factory is not str; join with one that has not changed it")
    with translated(subject, connection), closing(connection.cursor()) as cursor:
        cursor.row_factory = None
        if write and not connection.in_transaction:
            if connection.isolation_level is None or getattr(connection, "autocommit", False) is True:
                raise StoreError("the connection has no transaction open; execute BEGIN first")
            # What sqlite3 itself would do before the first write; without it a savepoint would commit on release.
            cursor.execute("BEGIN IMMEDIATE")
        number = layout.check_joined(cursor, subject)
        if number < layout.LATEST and write:
            layout.create(cursor, number)
        elif number < layout.READABLE:
            raise StoreError(f"{subject} holds no log yet")
    yield SqliteTx(connection, subject, write)


def _undo(connection: sqlite3.Connection) -> bool:
    """Roll back what is open; whether the connection is still good. A fault here would only hide the one before it."""
    try:
        if connection.in_transaction:
            connection.execute("ROLLBACK")
    except sqlite3.Error:
        connection.close()
        return False
    return True
