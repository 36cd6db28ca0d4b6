"""One transaction in a SQLite database: what is read and written in it."""

from __future__ import annotations

import sqlite3
from collections.abc import Generator, Iterable, Iterator
from contextlib import closing
from itertools import islice
from operator import attrgetter
from typing import Any
from weakref import WeakSet

from procdef.errors import StoreError
from procdef.store import statements as sql
from procdef.store.faults import store_error, translated
from procdef.store.port import Batch, Conflict, DealRow, Loaded, Query, RequestRow, RowT

often, seldom = attrgetter(*sql.OFTEN), attrgetter(*sql.SELDOM)
CHUNK = 200  # names in one IN list; far below SQLite's limit on parameters


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
            with translated(self._subject, self._connection):
                (self._log,) = self._cursor.execute("SELECT log FROM tree").fetchone()
        return self._log

    @property
    def size(self) -> int:
        """How many events this log has, by its own count."""
        with translated(self._subject, self._connection):
            (size,) = self._cursor.execute("SELECT size FROM tree").fetchone()
        return int(size)

    def load(self, names: Iterable[str], requests: Iterable[tuple[str, str]] = (), *, lock: bool = False) -> Loaded:
        """Deals by key or stream, and requests by name and request key; what is missing is left out.

        ``lock`` adds nothing here: a writing transaction is alone already.
        """
        wanted = list(dict.fromkeys(names))
        pairs = list(requests)
        with translated(self._subject, self._connection):
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
            raise store_error(error, self._subject, self._connection) from None
        except sqlite3.Error as error:
            raise store_error(error, self._subject, self._connection) from None

    def scan(self, query: Query[RowT]) -> Iterator[RowT]:
        """The rows that answer the query, streaming."""
        rows = self._rows(sql.STATEMENTS[type(query)](query))
        self._scans.add(rows)
        return rows

    def _rows(self, statement: sql.Statement) -> Generator[Any, None, None]:
        with translated(self._subject, self._connection), closing(self._connection.cursor()) as cursor:
            cursor.row_factory = None
            for row in cursor.execute(statement.sql, statement.parameters):
                yield statement.make(row)

    def end_scans(self) -> None:
        """Close the scans that nobody read to their end: they would hold an old state of the file open."""
        for rows in list(self._scans):
            rows.close()


def _write(cursor: sqlite3.Cursor, batch: Batch) -> None:
    fresh = [(*row[:-1], bytes(row.state)) for row, expected in batch.deals if expected == 0]
    changed = [(*often(row)[:-1], bytes(row.state), row.stream, expected) for row, expected in batch.deals if expected]
    if fresh:
        cursor.executemany(sql.INSERT_DEAL, fresh)
    if changed:
        cursor.executemany(sql.UPDATE_DEAL, changed)
        if cursor.rowcount != len(changed):
            raise Conflict("a deal has changed since it was read")
        rare = ((row.stream, seldom(row)) for row, expected in batch.deals if expected)
        cursor.executemany(sql.UPDATE_SELDOM, [(*values, stream, *values) for stream, values in rare])
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
