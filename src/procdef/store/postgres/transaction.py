"""One transaction in PostgreSQL: what is read and written in it."""

from __future__ import annotations

from collections.abc import Callable, Generator, Iterable, Iterator, Mapping, Sequence
from contextlib import suppress
from itertools import count
from typing import TYPE_CHECKING, Any, ClassVar
from weakref import WeakSet

from psycopg import Error

from procdef.errors import StoreError
from procdef.log.merkle import Frontier
from procdef.store import sql_statements as shared
from procdef.store.inspection_port import InspectionQuery
from procdef.store.last_written import LastWritten
from procdef.store.port import Batch, Loaded, Waiting
from procdef.store.postgres import inspection as postgres_inspection
from procdef.store.postgres import statements as postgres_statements
from procdef.store.postgres.errors import FAULTS, told, translated
from procdef.store.postgres.sealing import drained, frontier, grow
from procdef.store.postgres.statements import (
    ALONE,
    LOCKED_TREE,
    REPLACE_DIRECTORY,
    SELECT_DEAL_OF_KEY,
    SELECT_DEAL_OF_STREAM,
    SELECT_DEALS,
    SELECT_REQUESTS,
    WAITING,
    for_schema,
)
from procdef.store.postgres.tables import triggers
from procdef.store.postgres.writing import write_batch
from procdef.store.queries import (
    Deals,
    Definitions,
    Directories,
    EventPlace,
    Events,
    LastDirectory,
    LastEvent,
    MiddleDeal,
    Notes,
    Query,
    RowT,
    Waking,
)
from procdef.store.rows import DealRow, RequestRow

if TYPE_CHECKING:
    from procdef.store.postgres.driver import Connection

_SETTINGS = "SET LOCAL search_path TO pg_catalog, pg_temp; SET LOCAL row_security TO on"
BEGIN = f"BEGIN ISOLATION LEVEL READ COMMITTED READ WRITE; {_SETTINGS}"
READ = f"BEGIN ISOLATION LEVEL REPEATABLE READ READ ONLY; {_SETTINGS}"
"""What reads sees one state of the log, however many statements it takes."""
_SAVEPOINT = "SAVEPOINT procdef_batch"
_RELEASE = "RELEASE SAVEPOINT procdef_batch"
_BACK = "ROLLBACK TO SAVEPOINT procdef_batch; RELEASE SAVEPOINT procdef_batch"
_PAGE = 2000
_FEW = (LastEvent, EventPlace, Definitions, Directories, LastDirectory, MiddleDeal, Notes)
"""Queries whose rows are few; of others so many at a time are fetched."""
_names = count()
Statements = Mapping[type, Callable[[Any], shared.Statement]]


class PostgresTx:
    """One transaction on one connection. ``own``: it is no application's, and may be begun again. ``begin`` is what
    begins it."""

    __slots__ = (
        "_begin",
        "_connection",
        "_cursor",
        "_first",
        "_last",
        "_log",
        "_own",
        "_scans",
        "_schema",
        "_subject",
        "_write",
        "unsealed",
    )

    has_activities = True
    has_deadlines = True
    file: str | None = None
    statements: ClassVar[Statements] = postgres_statements.STATEMENTS

    def __init__(
        self,
        connection: Connection,
        subject: str,
        schema: str,
        write: bool,
        last: LastWritten,
        log: str,
        begin: tuple[str, ...] | None = None,
    ) -> None:
        self._connection, self._subject, self._schema, self._write = connection, subject, schema, write
        self._cursor = connection.cursor(binary=True)  # for all that is read at once: another one each time takes a while
        self._last, self._log, self._begin = last, log, begin
        self._own = self._first = begin is not None
        self._scans: WeakSet[Generator[object, None, None]] = WeakSet()
        self.unsealed = False

    @staticmethod
    def begins(schema: str, write: bool, settings: str) -> tuple[str, ...]:
        """What begins a transaction on the tables in ``schema``, with these ``settings`` for it, a trip to the server each."""
        return (f"{BEGIN if write else READ}; {settings}",)

    @property
    def log(self) -> str:
        """The UUID of this log."""
        return self._log

    @property
    def size(self) -> int:
        """How many events are sealed in this log's tree, by its own count. Raises ``LogBroken`` where there is none."""
        row = self._one(shared.SELECT_TREE)
        return int(row[0]) if row else frontier(None, None).size

    @property
    def waiting(self) -> Waiting:
        """The events that are stored and not sealed yet."""
        return Waiting(*self._one(WAITING))

    @property
    def tree(self) -> Frontier:
        """The Merkle tree over this log's events as it was sealed. Raises ``LogBroken`` where that cannot be read."""
        return frontier(*(self._one(shared.SELECT_TREE) or (None, None)))

    def triggers(self) -> Sequence[str]:
        """The names of the triggers and rules on procdef's tables."""
        with translated(self._subject, self._write):
            return triggers(self._connection, self._schema)

    def stored(self, event: tuple[str, int, str]) -> bool:
        """Whether the event of that stream, number and id is there, once whoever has the deal's row has let go of it."""
        if self._write:
            self._one(shared.SELECT_DEAL + " WHERE stream = ? FOR UPDATE", event[0])
        return bool(self._one(shared.SELECT_STORED, *event))

    def _one(self, text: str, *parameters: object) -> tuple[Any, ...]:
        with translated(self._subject, self._write):
            asked = for_schema(text, self._schema)
            return self._cursor.execute(asked, parameters).fetchone() or ()

    def load(self, names: Iterable[str], requests: Iterable[tuple[str, str]] = (), *, lock: bool = False) -> Loaded:
        """Deals by key or stream, and requests by name and request key; what is missing is left out.

        In a transaction that writes, the deals are locked, by stream: so two that want the same wait for one another, in one
        order, and neither finds that it has worked in vain.
        """
        pairs = list(requests)
        wanted = set(names)
        every = wanted.union(name for name, _ in pairs)
        try:
            rows = self._deals(every) if every else {}
            found = self._requests({(rows[name].stream, key) for name, key in pairs if name in rows})
        except (Error, *FAULTS) as fault:
            raise told(fault, self._subject, self._write) from None
        kept = {
            (name, key): found[rows[name].stream, key]
            for name, key in pairs
            if name in rows and (rows[name].stream, key) in found
        }
        return Loaded({name: rows[name] for name in wanted if name in rows}, kept)

    def _deals(self, names: set[str]) -> dict[str, DealRow]:
        keys = [name for name in names if not name.startswith("deal:")]
        streams = [name for name in names if name.startswith("deal:")]
        rows: dict[str, DealRow] = {}
        for whole in self._find_deals(keys, streams):
            row = shared.deal_row(whole)
            known = self._last.find(row.stream, row.key, row.head)
            if known is not None and known[:-1] == row[:-1]:
                row = known  # whose state need not be read from its JSON
            for name in (row.key, row.stream):
                if name in names:
                    rows[name] = row
        return rows

    def _find_deals(self, keys: list[str], streams: list[str]) -> Iterable[tuple[Any, ...]]:
        """The rows of these deals by stream, each locked in a transaction that writes."""
        parameters: Sequence[object] = (keys, streams)
        if len(keys) + len(streams) == 1:
            text, parameters = SELECT_DEAL_OF_KEY if keys else SELECT_DEAL_OF_STREAM, keys or streams
        else:
            text = SELECT_DEALS
        return self._cursor.execute(for_schema(text + (" FOR UPDATE" if self._write else ""), self._schema), parameters)

    def _requests(self, pairs: set[tuple[str, str]]) -> dict[tuple[str, str], RequestRow]:
        if not pairs:
            return {}
        asked = [stream for stream, _ in pairs], [key for _, key in pairs]
        found = self._cursor.execute(for_schema(SELECT_REQUESTS, self._schema), asked)
        return {(row[0], row[1]): shared.request_row(row) for row in found}

    def alone(self) -> None:
        """Wait for all who are writing, and keep others from it until this transaction ends. The tree comes first, as who has
        that one may go on to write."""
        self._one(LOCKED_TREE)
        with translated(self._subject, self._write):
            self._cursor.execute(for_schema(ALONE, self._schema))

    def append(self, batch: Batch, *, unless_moved: bool = False) -> None:
        """Add the whole batch, or nothing of it and raise ``Conflict`` or ``Moved``."""
        if not self._write:
            raise StoreError("this transaction only reads; begin one that writes")
        cursor = self._cursor
        try:
            if not self._first:
                cursor.execute(_SAVEPOINT)
            try:
                sealed = self._write_batch(batch, unless_moved)
            except BaseException:
                self._undo()
                raise
            if not self._first:
                cursor.execute(_RELEASE)
        except (Error, *FAULTS) as fault:
            raise told(fault, self._subject, self._write) from None
        self._first = False
        self.unsealed = self.unsealed or not sealed
        if batch.deals:
            self._last.keep([row for row, _ in batch.deals])

    def _write_batch(self, batch: Batch, unless_moved: bool) -> bool:
        """Write all of it; whether all of its events are sealed."""
        return write_batch(self._cursor, self._schema, batch, sealing=self._own, unless_moved=unless_moved)

    def seal(self, limit: int) -> int | None:
        """Seal so many events of those that wait, at most; how many there were. ``None`` where somebody else is sealing."""
        with translated(self._subject, self._write):
            found = drained(self._cursor, self._schema, limit)
            if found is None:
                return None
            grow(self._cursor, self._schema, found.tree, found.waited)
            return len(found.waited)

    @property
    def connection(self) -> Connection:
        """What this transaction is on."""
        return self._connection

    def _undo(self) -> None:
        """Undo the batch alone; where it came first in a transaction of ours, that begins again. What is broken stays so,
        and is told of by the error that led here."""
        with suppress(Error):
            self._connection.execute("ROLLBACK" if self._first else _BACK)
            for text in self._begin or () if self._first else ():
                self._connection.execute(text)

    def scan(self, query: Query[RowT]) -> Iterator[RowT]:
        """The rows that answer the query, streaming."""
        if isinstance(query, LastEvent) and query.lock and self._write and self._own:
            # Such a stream has no row that its writers change, so they take turns at the tree's. Who writes to deals never
            # waits for that, and an application's transaction, which may last, does not ask for it.
            self._one(LOCKED_TREE)
        if isinstance(query, LastDirectory) and query.replaced and self._write:
            with translated(self._subject, self._write):
                self._cursor.execute(for_schema(REPLACE_DIRECTORY, self._schema))
        return self._scan(query)

    def _scan(self, query: object) -> Generator[Any, None, None]:
        rows = self._answer(query)
        self._scans.add(rows)
        return rows

    def _answer(self, query: object) -> Generator[Any, None, None]:
        return self._rows(self.statements[type(query)](query), _is_few(query))

    def _rows(self, statement: shared.Statement, few: bool) -> Generator[Any, None, None]:
        text = for_schema(statement.sql, self._schema)
        with translated(self._subject, self._write):
            if few:
                yield from map(statement.make, self._cursor.execute(text, statement.parameters).fetchall())
                return
            cursor = self._connection.cursor(f"procdef_{next(_names)}", binary=True)
            cursor.itersize = _PAGE
            try:
                yield from map(statement.make, cursor.execute(text, statement.parameters))
            finally:
                with suppress(Error):
                    cursor.close()

    def commit(self) -> str | None:
        """Commit what a transaction of ours wrote; what the server says that it did. Raises what the driver raises."""
        return self._cursor.execute("COMMIT").statusmessage

    def end(self) -> None:
        """Close the scans that nobody read to their end."""
        for rows in list(self._scans):
            rows.close()


def _is_few(query: object) -> bool:
    """Whether the answer is read at once: a cursor on the server costs three more trips to it."""
    if isinstance(query, _FEW):
        return True
    if isinstance(query, Deals | Waking):
        return query.limit is not None and query.limit <= _PAGE
    if isinstance(query, Events) and query.stream is not None and not query.stream.startswith("deal:"):
        return False
    if (first := getattr(query, "first", None)) is not None and (end := getattr(query, "end", None)) is not None:
        return isinstance(first, int) and isinstance(end, int) and end - first <= _PAGE
    return getattr(query, "stream", None) is not None


class PostgresInspection(PostgresTx):
    """A transaction that reads, for a verification."""

    __slots__ = ()
    statements: ClassVar[Statements] = postgres_statements.INSPECTION_STATEMENTS

    def layout_differences(self) -> Iterable[tuple[str, str]]:
        """What of the tables is not as this layout makes it."""
        with translated(self._subject, self._write):
            return postgres_inspection.layout_differences(self._connection, self._schema)

    def index_differences(self, leaving_out: Sequence[str] = ()) -> Iterator[tuple[str, str, str]]:
        """Where an index does not hold what its table holds, as far as the server can tell: by its extension amcheck."""
        with translated(self._subject, self._write):
            yield from postgres_inspection.index_differences(self._connection, self._schema, leaving_out)

    def besides(self) -> Sequence[str]:
        """Publications, subscriptions and event triggers that these tables are concerned in, and rights that somebody gave."""
        with translated(self._subject, self._write):
            return postgres_inspection.besides(self._connection, self._schema)

    @property
    def unchecked_indexes(self) -> str | None:
        """Whether the extension is not there, or may not be used."""
        with translated(self._subject, self._write):
            there = postgres_inspection.amcheck(self._connection)
        return None if there else "the database has no extension amcheck that this role may use (CREATE EXTENSION amcheck)"

    def scan(self, query: Query[RowT] | InspectionQuery[RowT]) -> Iterator[RowT]:
        """The rows that answer the query, streaming."""
        return self._scan(query)
