"""One transaction in a SQLite database: what is read and written in it."""

from __future__ import annotations

import sqlite3
from collections.abc import Generator, Iterable, Iterator, Sequence
from contextlib import closing
from itertools import islice
from operator import attrgetter
from typing import Any
from weakref import WeakSet

from procdef.errors import StoreError
from procdef.log.merkle import Frontier
from procdef.store import sql_statements as sql
from procdef.store import sqlite_inspection
from procdef.store.port import Batch, Conflict, DealRow, Loaded, Query, RequestRow, RowT
from procdef.store.sqlite_errors import store_error, translated
from procdef.store.sqlite_sealing import seal, sealed_tree

often, seldom = attrgetter(*sql.OFTEN), attrgetter(*sql.SELDOM)
CHUNK = 200  # names in one IN list; far below SQLite's limit on parameters


# What is executed before a batch, to undo it, and after it. Among others' changes a batch is a savepoint; where it comes
# first in a transaction of ours, undoing it leaves nothing, and the transaction begins again.
_AMONG_OTHERS = (
    ("SAVEPOINT procdef_batch",),
    ("ROLLBACK TO procdef_batch", "RELEASE procdef_batch"),
    ("RELEASE procdef_batch",),
)
_FIRST: tuple[tuple[str, ...], ...] = ((), ("ROLLBACK", "BEGIN IMMEDIATE"), ())


class SqliteTx:
    """One transaction on one connection. ``log`` is the UUID of its log where that is known; ``own``: it is no
    application's."""

    __slots__ = ("_connection", "_cursor", "_first", "_log", "_scans", "_seen", "_subject", "_write")

    def __init__(
        self, connection: sqlite3.Connection, subject: str, write: bool, log: str = "", own: bool = False
    ) -> None:
        self._connection = connection
        self._subject = subject
        self._write = write
        self._cursor = connection.cursor()
        self._cursor.row_factory = None
        self._log = log
        self._first = own
        self._seen: dict[str, tuple[Any, ...]] = {}
        self._scans: WeakSet[Generator[object, None, None]] | None = None

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
            row = self._cursor.execute("SELECT size FROM tree").fetchone()
        if row is None or type(row[0]) is not int:
            raise StoreError(f"{self._subject} is damaged: how many events it has is no number")
        return row[0]

    def strange(self) -> Iterable[tuple[str, str]]:
        """What of the tables is not as this layout makes it."""
        with translated(self._subject, self._connection):
            return sqlite_inspection.differences(self._cursor)

    def unlike_tables(self, leaving_out: Sequence[str] = ()) -> Iterator[tuple[str, str, str]]:
        """Where an index does not hold what its table holds, and so answers other than the table would."""
        with translated(self._subject, self._connection):
            yield from sqlite_inspection.unlike_tables(self._cursor, leaving_out)

    @property
    def tree(self) -> Frontier:
        """The Merkle tree over this log's events as it was sealed. Raises ``LogBroken`` where that cannot be read."""
        with translated(self._subject, self._connection):
            return sealed_tree(self._cursor)

    def load(self, names: Iterable[str], requests: Iterable[tuple[str, str]] = (), *, lock: bool = False) -> Loaded:
        """Deals by key or stream, and requests by name and request key; what is missing is left out.

        ``lock`` adds nothing here: a writing transaction is alone already.
        """
        wanted, pairs = set(names), list(requests)
        try:
            rows = self._deals(wanted.union(name for name, _ in pairs) if pairs else wanted)
            if not pairs:
                return Loaded(rows, {})
            found = self._requests({(rows[name].stream, key) for name, key in pairs if name in rows})
        except sqlite3.Error as error:
            raise store_error(error, self._subject, self._connection) from None
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
                for found in self._cursor.execute(sql.select_deals(column, len(chunk)), chunk):
                    row = rows[found[place]] = DealRow._make(found)
                    self._seen[row.stream] = seldom(row)
        return rows

    def _requests(self, pairs: Iterable[tuple[str, str]]) -> dict[tuple[str, str], RequestRow]:
        rows: dict[tuple[str, str], RequestRow] = {}
        for chunk in _chunks(pairs):
            flat = [part for pair in chunk for part in pair]
            for row in self._cursor.execute(sql.select_requests(len(chunk)), flat):
                rows[row[0], row[1]] = RequestRow._make(row)
        return rows

    def append(self, batch: Batch) -> None:
        """Add the whole batch, or nothing of it and raise ``Conflict``."""
        if not self._write:
            raise StoreError("this transaction only reads; begin one that writes")
        with translated(self._subject, self._connection):
            try:
                self._append(batch)
            except sqlite3.IntegrityError as error:
                if error.sqlite_errorcode not in (sqlite3.SQLITE_CONSTRAINT_PRIMARYKEY, sqlite3.SQLITE_CONSTRAINT_UNIQUE):
                    raise
                raise Conflict("a row of that name is there already") from None

    def _append(self, batch: Batch) -> None:
        before, undo, after = _FIRST if self._first else _AMONG_OTHERS
        self._run(before)
        try:
            _write(self._cursor, batch, self._seen)
        except BaseException:
            self._seen.clear()
            # A full disk has ended the whole transaction already, the savepoint with it.
            if self._connection.in_transaction:
                self._run(undo)
            raise
        self._run(after)
        self._first = False

    def _run(self, statements: Iterable[str]) -> None:
        for statement in statements:
            self._cursor.execute(statement)

    def scan(self, query: Query[RowT]) -> Iterator[RowT]:
        """The rows that answer the query, streaming."""
        rows = self._rows(sql.STATEMENTS[type(query)](query))
        if self._scans is None:
            self._scans = WeakSet()
        self._scans.add(rows)
        return rows

    def _rows(self, statement: sql.Statement) -> Generator[Any, None, None]:
        with translated(self._subject, self._connection), closing(self._connection.cursor()) as cursor:
            cursor.row_factory = None
            yield from map(statement.make, cursor.execute(statement.sql, statement.parameters))

    def end_scans(self) -> None:
        """Close the scans that nobody read to their end: they would hold an old state of the file open."""
        for rows in list(self._scans or ()):
            rows.close()


def _write(cursor: sqlite3.Cursor, batch: Batch, seen: dict[str, tuple[Any, ...]]) -> None:
    """``seen`` are the columns that seldom change, as this transaction knows them to be stored, by stream."""
    fresh = [(*row[:-1], bytes(row.state)) for row, expected in batch.deals if expected == 0]
    changed = [(*often(row)[:-1], bytes(row.state), row.stream, expected) for row, expected in batch.deals if expected]
    if fresh:
        _all(cursor, sql.INSERT_DEAL, fresh)
    if changed:
        cursor.executemany(sql.UPDATE_DEAL, changed)
        if cursor.rowcount != len(changed):
            raise Conflict("a deal has changed since it was read")
        now = {row.stream: seldom(row) for row, _ in batch.deals}
        other = [(*values, stream, *values) for stream, values in now.items() if seen.get(stream) != values]
        if other:
            cursor.executemany(sql.UPDATE_SELDOM, other)
        seen.update(now)
    if batch.events:
        tree = sealed_tree(cursor)
        _all(cursor, sql.INSERT_EVENT, batch.events)
        leaves = [(idx, row.stream, row.n, row.hash) for idx, row in enumerate(batch.events, tree.size)]
        _all(cursor, sql.INSERT_LEAF, leaves)
        seal(cursor, tree, (row.hash for row in batch.events))
    for text, rows in (
        (sql.INSERT_PRIVATE, batch.private),
        (sql.REPLACE_STAY, batch.stays),
        (sql.INSERT_GATE, batch.gates),
        (sql.INSERT_REQUEST, batch.requests),
        (sql.INSERT_DEFINITION, batch.definitions),
        (sql.DELETE_PRIVATE, batch.erased),
        (sql.DELETE_REQUEST, batch.forgotten),
    ):
        if rows:
            _all(cursor, text, rows)
    if batch.notes:
        cursor.executemany(sql.INSERT_NOTE, batch.notes)  # one that is there already is kept as it is


def _all(cursor: sqlite3.Cursor, text: str, rows: Sequence[Any]) -> None:
    cursor.executemany(text, rows)
    if cursor.rowcount != len(rows):
        raise StoreError("the database did not take all that was written; look for triggers on procdef's tables")


def _chunks(items: Iterable[RowT]) -> Iterator[list[RowT]]:
    rest = iter(items)
    while chunk := list(islice(rest, CHUNK)):
        yield chunk
