"""A log in a SQLite file, or in the application's own SQLite transaction."""

from __future__ import annotations

import os
import sqlite3
import threading
from collections.abc import Generator, Iterable, Iterator
from contextlib import AbstractContextManager, closing, contextmanager
from itertools import islice
from pathlib import Path
from typing import Any
from urllib.parse import quote
from weakref import WeakSet

from procdef.errors import StoreError
from procdef.store import layout
from procdef.store import statements as sql
from procdef.store.faults import store_error, translated
from procdef.store.port import Batch, Conflict, DealRow, Loaded, Query, RequestRow, RowT, Tx

BUSY_SECONDS = 5.0
MAGIC = b"SQLite format 3\0"
"""What every SQLite file begins with: https://www.sqlite.org/fileformat.html"""
CHUNK = 200  # names in one IN list; far below SQLite's limit on parameters


class SqliteStore:
    """A log in a file. Every transaction has a connection of its own, taken from those that are free."""

    def __init__(self, path: Path, *, synchronous: str = "FULL", busy: float = BUSY_SECONDS) -> None:
        self.path = path
        self._busy = busy
        self._synchronous = synchronous
        self._subject = f"the database {path}"
        self._free: list[sqlite3.Connection] = []
        self._lock = threading.Lock()
        self._process = os.getpid()
        self._closed = False
        self._inherited: list[sqlite3.Connection] = []
        self._writable = self._create_file()
        with translated(self._subject):
            connection = self._connect()
            try:
                self._prepare(connection)
            except BaseException:
                connection.close()
                raise
        self._free.append(connection)

    def _create_file(self) -> bool:
        """Create the file for its owner only, if it is missing; whether it can be written."""
        folder = self.path.parent
        if not folder.is_dir():
            raise StoreError(f"the folder {folder} for the database does not exist; create it first")
        if self.path.is_dir():
            raise StoreError(f"{self.path} is a folder; name a file for the database")
        try:
            os.close(os.open(self.path, os.O_CREAT | os.O_EXCL | os.O_RDWR, 0o600))
        except FileExistsError:
            self._refuse_other_files()
            return os.access(self.path, os.W_OK) and os.access(folder, os.W_OK)
        except OSError as error:
            raise StoreError(f"{self._subject} cannot be created: {error.strerror}") from None
        return True

    def _refuse_other_files(self) -> None:
        """SQLite takes a file of less than a page for an empty database, and would write over it."""
        try:
            with self.path.open("rb") as file:
                head = file.read(len(MAGIC))
        except OSError as error:
            raise StoreError(f"{self._subject} cannot be read: {error.strerror}") from None
        if head and head != MAGIC:
            raise StoreError(f"{self.path} is not a database; name another file")

    def _connect(self) -> sqlite3.Connection:
        address = "file:" + quote(str(self.path.absolute()))
        if not self._writable:
            log = Path(f"{self.path}-wal")
            waiting = log.exists() and log.stat().st_size > 0
            address += "?mode=ro" if waiting or os.access(self.path.parent, os.W_OK) else "?immutable=1"
        else:
            address += "?mode=rw"
        connection = sqlite3.connect(
            address, uri=True, timeout=self._busy, isolation_level=None, check_same_thread=False
        )
        if self._writable:
            connection.execute(f"PRAGMA synchronous = {self._synchronous}")
        return connection

    def _prepare(self, connection: sqlite3.Connection) -> None:
        with closing(connection.cursor()) as cursor:
            number = layout.check(cursor, self._subject)
            if number == len(layout.migrations()):
                return
            if not self._writable:
                raise StoreError(f"{self._subject} holds no log yet and is read-only; allow writing to it")
            cursor.execute("PRAGMA journal_mode = WAL")
            cursor.execute("BEGIN IMMEDIATE")
            try:
                # Another process may have made the tables while this one waited for the lock.
                layout.create(cursor, layout.found(cursor))
                cursor.execute(f"PRAGMA application_id = {layout.APPLICATION_ID}")
                cursor.execute(f"PRAGMA user_version = {len(layout.migrations())}")
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
        connection = self._take()
        tx = SqliteTx(connection, self._subject, write)
        try:
            with translated(self._subject):
                connection.execute("BEGIN IMMEDIATE" if write else "BEGIN")
            yield tx
            tx.end_scans()
            with translated(self._subject):
                connection.execute("COMMIT")
        except BaseException:
            tx.end_scans()
            if _undo(connection):
                self._give_back(connection)
            raise
        self._give_back(connection)

    def _take(self) -> sqlite3.Connection:
        with self._lock:
            if self._closed:
                raise StoreError(f"{self._subject} was closed; open it again")
            if os.getpid() != self._process:
                # A connection must not cross a fork; nor may the child close it, which would drop the parent's locks.
                self._inherited += self._free
                self._free = []
                self._process = os.getpid()
            if self._free:
                return self._free.pop()
        with translated(self._subject):
            return self._connect()

    def _give_back(self, connection: sqlite3.Connection) -> None:
        with self._lock:
            if not self._closed:
                self._free.append(connection)
                return
        connection.close()

    def close(self) -> None:
        """Close every connection that is free; one in use is closed when its transaction ends."""
        with self._lock:
            self._closed = True
            free, self._free = self._free, []
        for connection in free:
            connection.close()


@contextmanager
def joined(connection: sqlite3.Connection, write: bool) -> Iterator[Tx]:
    """A transaction inside the application's own: it makes the tables if need be, and never commits or rolls back."""
    subject = "the application's database"
    with translated(subject), closing(connection.cursor()) as cursor:
        cursor.row_factory = None
        if write and not connection.in_transaction:
            if connection.isolation_level is None:
                raise StoreError("the connection has no transaction open; execute BEGIN first")
            # What sqlite3 itself would do before the first write; without it a savepoint would commit on release.
            cursor.execute("BEGIN IMMEDIATE")
        if layout.found(cursor) == 0:
            if not write:
                raise StoreError(f"{subject} holds no log yet")
            layout.create(cursor, 0)
        layout.check(cursor, subject)
    yield SqliteTx(connection, subject, write)


class SqliteTx:
    """One transaction on one connection."""

    __slots__ = ("_connection", "_cursor", "_log", "_scans", "_subject", "_write")

    def __init__(self, connection: sqlite3.Connection, subject: str, write: bool) -> None:
        self._connection = connection
        self._subject = subject
        self._write = write
        self._cursor = connection.cursor()
        self._cursor.row_factory = None
        self._log = ""
        self._scans: WeakSet[Generator[object, None, None]] = WeakSet()

    @property
    def log(self) -> str:
        """The UUID of this log."""
        if not self._log:
            with translated(self._subject):
                (self._log,) = self._cursor.execute("SELECT log FROM tree").fetchone()
        return self._log

    def load(self, names: Iterable[str], requests: Iterable[tuple[str, str]] = (), *, lock: bool = False) -> Loaded:
        """Deals by key or stream, and requests by name and request key; what is missing is left out.

        ``lock`` adds nothing here: a writing transaction is alone already.
        """
        wanted = list(dict.fromkeys(names))
        pairs = list(requests)
        with translated(self._subject):
            rows = self._deals({*wanted, *(name for name, _ in pairs)})
            found = self._requests({(rows[name].stream, key) for name, key in pairs if name in rows})
        return Loaded(
            {name: rows[name] for name in wanted if name in rows},
            {
                (name, key): found[rows[name].stream, key]
                for name, key in pairs
                if name in rows and (rows[name].stream, key) in found
            },
        )

    def _deals(self, names: Iterable[str]) -> dict[str, DealRow]:
        rows: dict[str, DealRow] = {}
        streams = [name for name in names if name.startswith("deal:")]
        keys = [name for name in names if not name.startswith("deal:")]
        for column, place, asked in (("stream", 0, streams), ("key", 1, keys)):
            for chunk in _chunks(asked):
                text = f"{sql.SELECT_DEAL} WHERE {column} IN ({', '.join('?' * len(chunk))})"
                rows.update((row[place], DealRow._make(row)) for row in self._cursor.execute(text, chunk))
        return rows

    def _requests(self, pairs: Iterable[tuple[str, str]]) -> dict[tuple[str, str], RequestRow]:
        rows: dict[tuple[str, str], RequestRow] = {}
        for chunk in _chunks(pairs):
            text = f"{sql.SELECT_REQUEST} WHERE (stream, key) IN (VALUES {', '.join(['(?, ?)'] * len(chunk))})"
            flat = [part for pair in chunk for part in pair]
            rows.update(((row[0], row[1]), RequestRow._make(row)) for row in self._cursor.execute(text, flat))
        return rows

    def append(self, batch: Batch) -> None:
        """Add the whole batch, or nothing of it and raise ``Conflict``."""
        if not self._write:
            raise StoreError("this transaction only reads; begin one that writes")
        cursor = self._cursor
        try:
            cursor.execute("SAVEPOINT procdef_batch")
            try:
                _write(cursor, batch)
            except BaseException:
                # A full disk has ended the whole transaction already, the savepoint with it.
                if self._connection.in_transaction:
                    cursor.execute("ROLLBACK TO procdef_batch")
                    cursor.execute("RELEASE procdef_batch")
                raise
            cursor.execute("RELEASE procdef_batch")
        except sqlite3.IntegrityError as error:
            if error.sqlite_errorcode in (sqlite3.SQLITE_CONSTRAINT_PRIMARYKEY, sqlite3.SQLITE_CONSTRAINT_UNIQUE):
                raise Conflict("a row of that name is there already") from None
            raise store_error(error, self._subject) from None
        except sqlite3.Error as error:
            raise store_error(error, self._subject) from None

    def scan(self, query: Query[RowT]) -> Iterator[RowT]:
        """The rows that answer the query, streaming."""
        rows = self._rows(sql.STATEMENTS[type(query)](query))
        self._scans.add(rows)
        return rows

    def _rows(self, statement: sql.Statement) -> Generator[Any, None, None]:
        with translated(self._subject), closing(self._connection.cursor()) as cursor:
            cursor.row_factory = None
            for row in cursor.execute(statement.sql, statement.parameters):
                yield statement.make(row)

    def end_scans(self) -> None:
        """Close the scans that nobody read to their end: they would hold an old state of the file open."""
        for rows in list(self._scans):
            rows.close()


def _write(cursor: sqlite3.Cursor, batch: Batch) -> None:
    fresh = [row for row, expected in batch.deals if expected == 0]
    changed = [(*row, row.stream, expected) for row, expected in batch.deals if expected]
    if fresh:
        cursor.executemany(sql.INSERT_DEAL, fresh)
    if changed:
        cursor.executemany(sql.UPDATE_DEAL, changed)
        if cursor.rowcount != len(changed):
            raise Conflict("a deal has changed since it was read")
    if batch.events:
        (size,) = cursor.execute("SELECT size FROM tree").fetchone()
        cursor.executemany(sql.INSERT_EVENT, batch.events)
        leaves = ((idx, row.stream, row.n, row.hash) for idx, row in enumerate(batch.events, size))
        cursor.executemany(sql.INSERT_LEAF, leaves)
        cursor.execute("UPDATE tree SET size = ?", (size + len(batch.events),))
    for text, rows in (
        (sql.INSERT_PRIVATE, batch.private),
        (sql.REPLACE_STAY, batch.stays),
        (sql.INSERT_GATE, batch.gates),
        (sql.INSERT_REQUEST, batch.requests),
        (sql.INSERT_DEFINITION, batch.definitions),
    ):
        if rows:
            cursor.executemany(text, rows)


def _chunks(items: Iterable[RowT]) -> Iterator[list[RowT]]:
    rest = iter(items)
    while chunk := list(islice(rest, CHUNK)):
        yield chunk


def _undo(connection: sqlite3.Connection) -> bool:
    """Roll back what is open; whether the connection is still good. A fault here would only hide the one before it."""
    try:
        if connection.in_transaction:
            connection.execute("ROLLBACK")
    except sqlite3.Error:
        connection.close()
        return False
    return True
