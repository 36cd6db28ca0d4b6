"""One transaction in a SQLite database: what is read and written in it."""

from __future__ import annotations

import sqlite3
from collections.abc import Generator, Iterable, Iterator, Sequence
from contextlib import closing
from typing import Any, TypeVar
from weakref import WeakSet

from procdef.errors import StoreError
from procdef.log.merkle import Frontier
from procdef.store import sql_statements as sql
from procdef.store.inspection_port import InspectionQuery
from procdef.store.last_written import LastWritten
from procdef.store.layouts import LATEST
from procdef.store.port import Batch, Conflict, Loaded, Moved, Waiting
from procdef.store.queries import Activities, ActivityFacts, Directories, LastDirectory, Query, RowT, Waking
from procdef.store.rows import DealRow, RequestRow
from procdef.store.sqlite import inspection as sqlite_inspection
from procdef.store.sqlite.errors import FAULTS, told, translated
from procdef.store.sqlite.sealing import sealed_tree
from procdef.store.sqlite.tables import ACTIVITIES, DEADLINES, triggers
from procdef.store.sqlite.writing import write_batch

T = TypeVar("T")
CHUNK = 200  # names in one IN list; far below SQLite's limit on parameters
_TAKEN = (sqlite3.SQLITE_CONSTRAINT_PRIMARYKEY, sqlite3.SQLITE_CONSTRAINT_UNIQUE)

# A batch among others' changes is a savepoint, so that it can be undone alone. Where it comes first in a transaction of
# ours, undoing it leaves nothing, and the transaction begins again.
_UNDO_FIRST = ("ROLLBACK", "BEGIN IMMEDIATE")
_UNDO = ("ROLLBACK TO procdef_batch", "RELEASE procdef_batch")


class SqliteTx:
    """One transaction on one connection. ``log`` is the UUID of its log where that is known; ``own``: it is no
    application's. ``last`` is what its store wrote last. A log of an earlier ``layout`` lacks something of this one,
    and is only read. ``wrote``: something of it would be undone."""

    __slots__ = (
        "_connection", "_cursor", "_first", "_last", "_layout", "_log", "_scans", "_seen", "_subject", "_write", "wrote",
    )  # fmt: skip

    def __init__(
        self,
        connection: sqlite3.Connection,
        subject: str,
        write: bool,
        last: LastWritten,
        log: str = "",
        own: bool = False,
        layout: int = LATEST,
    ) -> None:
        self._connection = connection
        self._subject = subject
        self._write = write
        self._cursor = connection.cursor()
        self._cursor.row_factory = None
        self._log = log
        self._first, self.wrote = own, False
        self._layout = layout
        self._last = last
        self._seen: dict[str, tuple[Any, ...]] = {}
        self._scans: WeakSet[Generator[object, None, None]] | None = None

    @property
    def log(self) -> str:
        """The UUID of this log."""
        if not self._log:
            with translated(self._subject, self._connection):
                (self._log,) = self._cursor.execute("SELECT log FROM main.tree").fetchone()
        return self._log

    @property
    def file(self) -> str | None:
        """The file in which another process finds this log, unless this is an application's transaction, or may write."""
        if self._write or not self._first:
            return None
        with translated(self._subject, self._connection):
            databases = self._cursor.execute("PRAGMA database_list").fetchall()
        return next((path for _, name, path in databases if name == "main" and path), None)

    @property
    def size(self) -> int:
        """How many events this log has, by its own count."""
        with translated(self._subject, self._connection):
            row = self._cursor.execute("SELECT size FROM main.tree").fetchone()
        if row is None or type(row[0]) is not int:
            raise StoreError(f"{self._subject} is damaged: how many events it has is no number")
        return row[0]

    @property
    def waiting(self) -> Waiting:
        """Nothing: every event is sealed as it is stored."""
        return Waiting()

    @property
    def has_activities(self) -> bool:
        """Whether the tables have what layout 4 added."""
        return self._layout >= ACTIVITIES

    @property
    def has_deadlines(self) -> bool:
        """Whether the tables have what layout 5 added."""
        return self._layout >= DEADLINES

    def stored(self, event: tuple[str, int, str]) -> bool:
        """Whether the event of that stream, number and id is there."""
        with translated(self._subject, self._connection):
            return self._cursor.execute(sql.SELECT_STORED, event).fetchone() is not None

    def triggers(self) -> Sequence[str]:
        """The names of the triggers on procdef's tables."""
        with translated(self._subject, self._connection):
            return triggers(self._cursor)

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
        except FAULTS as fault:
            raise told(fault, self._subject, self._connection) from None
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
        others: dict[str, list[str]] = {}
        keys = [name for name in names if not name.startswith("deal:")]
        streams = [name for name in names if name.startswith("deal:")]
        for column, place, asked in (("key", 0, keys), ("stream", 1, streams)):
            for chunk in _chunks(asked):
                for found in self._cursor.execute(sql.select_heads(column, len(chunk)), chunk):
                    key, stream, head = found
                    row = self._last.find(stream, key, head)
                    if row is None:
                        others.setdefault(stream, []).append(found[place])
                    else:
                        self._seen[stream] = rows[found[place]] = row
        for chunk in _chunks(list(others)):
            text = sql.select_deals(len(chunk))
            for whole in self._cursor.execute(self._on_this_layout(text), chunk):
                row = self._seen[whole[0]] = sql.deal_row(whole)
                rows.update(dict.fromkeys(others[whole[0]], row))
        return rows

    def _requests(self, pairs: Iterable[tuple[str, str]]) -> dict[tuple[str, str], RequestRow]:
        rows: dict[tuple[str, str], RequestRow] = {}
        for chunk in _chunks(list(pairs)):
            flat = [part for pair in chunk for part in pair]
            for row in self._cursor.execute(sql.select_requests(len(chunk)), flat):
                rows[row[0], row[1]] = sql.request_row(row)
        return rows

    def alone(self) -> None:
        """Nothing: who writes is alone here."""

    def append(self, batch: Batch, *, unless_moved: bool = False) -> None:
        """Add the whole batch, or nothing of it and raise ``Conflict`` or ``Moved``."""
        if not self._write:
            raise StoreError("this transaction only reads; begin one that writes")
        if not self._connection.in_transaction:  # SQLite ends one after some errors, and would store what follows by itself
            raise StoreError(f"{self._subject}: the database ended this transaction after an error; nothing of it was written")
        first, cursor, before = self._first, self._cursor, self.wrote
        self.wrote = True  # until it is known to be undone
        try:
            if unless_moved and (moved := cursor.execute(sql.SELECT_MOVED).fetchone()):
                raise Moved(moved[0])
            if not first:
                cursor.execute("SAVEPOINT procdef_batch")
            try:
                write_batch(cursor, batch, self._seen, self._last)
            except BaseException:
                self._undo(_UNDO_FIRST if first else _UNDO)
                self.wrote = before
                raise
            if not first:
                cursor.execute("RELEASE procdef_batch")
        except FAULTS as fault:
            if getattr(fault, "sqlite_errorcode", None) in _TAKEN:
                raise Conflict("a row of that name is there already") from None
            raise told(fault, self._subject, self._connection) from None
        self._first = False
        if batch.deals:
            self._last.keep([row for row, _ in batch.deals])

    def _undo(self, statements: Iterable[str]) -> None:
        self._seen.clear()
        # A full disk has ended the whole transaction already, the savepoint with it.
        if self._connection.in_transaction:
            for statement in statements:
                self._cursor.execute(statement)

    def scan(self, query: Query[RowT]) -> Iterator[RowT]:
        """The rows that answer the query, streaming."""
        if not self.has_activities and isinstance(query, Activities | ActivityFacts):
            raise StoreError("this log has no activities yet; open it once where its file may be written")
        if not self.has_deadlines and isinstance(query, Waking | Directories | LastDirectory):
            raise StoreError("this log does not tell of deadlines or people yet; open it once where its file may be written")
        return self._scan(sql.STATEMENTS[type(query)](query))

    def _on_this_layout(self, text: str) -> str:
        return text if self._layout == LATEST else sql.on_earlier_layouts(text, activities=self.has_activities)

    def _scan(self, statement: sql.Statement) -> Generator[Any, None, None]:
        rows = self._rows(statement._replace(sql=self._on_this_layout(statement.sql)))
        if self._scans is None:
            self._scans = WeakSet()
        self._scans.add(rows)
        return rows

    def _rows(self, statement: sql.Statement) -> Generator[Any, None, None]:
        with translated(self._subject, self._connection), closing(self._connection.cursor()) as cursor:
            cursor.row_factory = None
            yield from map(statement.make, cursor.execute(statement.sql, statement.parameters))

    def end(self) -> None:
        """Close the scans that nobody read to their end, which would hold an old state of the file open, and the cursor,
        without which the connection could not close."""
        for rows in list(self._scans or ()):
            rows.close()
        self._cursor.close()


class SqliteInspection(SqliteTx):
    """A transaction that reads, for a verification."""

    __slots__ = ()

    @property
    def size(self) -> int:
        """How many events this log has, by its own count; -1 where that is no number."""
        with translated(self._subject, self._connection):
            (found,) = self._cursor.execute("SELECT size FROM main.tree").fetchone() or (None,)
        return found if type(found) is int else -1

    def layout_differences(self) -> Iterable[tuple[str, str]]:
        """What of the tables is not as this layout makes it."""
        with translated(self._subject, self._connection):
            return sqlite_inspection.layout_differences(self._cursor)

    def index_differences(self, leaving_out: Sequence[str] = ()) -> Iterator[tuple[str, str, str]]:
        """Where an index does not hold what its table holds, and so answers other than the table would."""
        with translated(self._subject, self._connection):
            yield from sqlite_inspection.index_differences(self._cursor, leaving_out)

    def besides(self) -> Sequence[str]:
        """Nothing: no database of this kind has that."""
        return ()

    @property
    def unchecked_indexes(self) -> str | None:
        """Nothing keeps it from that."""
        return None

    def scan(self, query: Query[RowT] | InspectionQuery[RowT]) -> Iterator[RowT]:
        """The rows that answer the query, streaming."""
        return self._scan(sql.INSPECTION_STATEMENTS[type(query)](query))


def _chunks(asked: list[T]) -> Iterable[list[T]]:
    """So many at a time as one statement takes."""
    return (asked,) if 0 < len(asked) <= CHUNK else [asked[at : at + CHUNK] for at in range(0, len(asked), CHUNK)]
