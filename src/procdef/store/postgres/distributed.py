"""A transaction on tables that are distributed by ``stream`` over several servers, as Citus does it.

All that a step of one deal writes stands on one server, and is committed there as on any: also that its events wait to be
sealed. The order of the log, its tree and who may let it grow are in one place, as ever. Four things are otherwise:

- A name of a deal is unique by a table of its own, ``deal_key``, as a unique constraint must hold the column by which a table
  is distributed. Its row is on another server than the deal; the two are committed together.
- No step seals, as the tree would be there for others to read before the step's own events on the other server. A transaction
  of its own seals what can be read everywhere.
- What was sealed leaves ``pending`` with the next sealing, not with its own: else a server that fails between the two commits
  could leave an event that neither waits nor is sealed.
- Rows are locked one by one, as no statement locks rows on several servers.
"""

from __future__ import annotations

from collections.abc import Generator, Iterable, Iterator, Sequence
from heapq import merge
from typing import Any, NamedTuple

from procdef.store import sql_statements as shared
from procdef.store.inspection_port import Places
from procdef.store.port import Batch, Moved, Waiting
from procdef.store.postgres import distributing as postgres_distributing
from procdef.store.postgres.errors import translated
from procdef.store.postgres.sealing import Waited, frontier, grow
from procdef.store.postgres.statements import STATEMENTS, for_schema
from procdef.store.postgres.transaction import BEGIN, READ, PostgresInspection, PostgresTx
from procdef.store.postgres.writing import write_batch
from procdef.store.queries import EventPlace, LogOrder, MiddleDeal
from procdef.store.rows import DealRow, MiddleRow, PlaceRow, RequestRow

_PROPAGATED = "SET LOCAL citus.propagate_set_commands TO 'local'"
"""Settings of a transaction, as how long it waits for locks, hold on every server. One without Citus takes it for nothing."""
_ONE_STATE = "SET LOCAL citus.max_adaptive_executor_pool_size TO 1"
"""One connection to each server has one snapshot; several would show tables of one stream as they were at different moments."""
_PAGE = 2000
_LEAVES = "SELECT coalesce(max(idx) + 1, 0) FROM main.leaf"

_HELD = "SELECT size, frontier FROM main.tree FOR UPDATE SKIP LOCKED"
_STORED = (
    "SELECT p.seq, p.stream, p.n, p.hash, p.recorded FROM main.pending p JOIN main.event e ON e.stream = p.stream "
    "AND e.n = p.n AND e.hash = p.hash WHERE p.hash ~ '^[0-9a-f]{64}$' ORDER BY p.seq"
)
_SEALED = (
    "SELECT l.stream, l.n FROM main.leaf l JOIN unnest(?::text[], ?::bigint[]) AS asked (stream, n) "
    "ON l.stream = asked.stream AND l.n = asked.n"
)
_REMOVE = (
    "DELETE FROM main.pending d USING unnest(?::text[], ?::bigint[]) AS asked (stream, n) "
    "WHERE d.stream = asked.stream AND d.n = asked.n"
)
_STREAMS = "SELECT stream FROM main.deal_key WHERE key = ANY(?)"
_KEY = "SELECT key FROM main.deal WHERE stream = ?"
_TAKE_KEY = "INSERT INTO main.deal_key (key, stream) VALUES (?, ?)"
_LEAVE_KEY = "DELETE FROM main.deal_key WHERE key = ? AND stream = ?"
_DEALS = f"{shared.SELECT_DEAL} WHERE stream = ANY(?) ORDER BY stream"
_LOCKED_DEAL = f"{shared.SELECT_DEAL} WHERE stream = ? FOR UPDATE"
_REQUEST = f"{shared.SELECT_REQUEST} WHERE stream = ? AND key = ?"
_MIDDLE = "SELECT stream, ?::bigint FROM main.deal ORDER BY stream LIMIT 1 OFFSET ?"


class _Pending(NamedTuple):
    """An event that waits to be sealed, with the number of its row."""

    seq: int
    stream: str
    n: int
    hash: str
    recorded: str

    @property
    def waited(self) -> Waited:
        return self.stream, self.n, self.hash


class DistributedTx(PostgresTx):
    """One transaction on distributed tables."""

    __slots__ = ("_keys",)

    def __init__(self, *arguments: Any, **more: Any) -> None:
        super().__init__(*arguments, **more)
        self._keys: dict[str, str] = {}
        """The names of deals that were read here, by stream."""

    @staticmethod
    def begins(schema: str, write: bool, settings: str) -> tuple[str, ...]:
        """What begins a transaction, with settings that hold on every server. Citus passes on the whole text in which it finds
        a setting, so they have one of their own."""
        return BEGIN if write else READ, f"{_PROPAGATED}; {settings}{'' if write else f'; {_ONE_STATE}'}"

    @property
    def waiting(self) -> Waiting:
        """The events that are stored and not sealed yet."""
        with translated(self._subject, self._write):
            rows, _ = self._unsealed()
        return Waiting(len(rows), min((row.recorded for row in rows), default=None))

    def _fetch(self, text: str, *parameters: object) -> list[tuple[Any, ...]]:
        return self._connection.execute(for_schema(text, self._schema), parameters, binary=True).fetchall()

    def _each(self, text: str, rows: Sequence[tuple[object, ...]]) -> Iterator[tuple[Any, ...]]:
        """What a query finds for each of these parameters, in their order."""
        if not rows:
            return
        with self._connection.cursor(binary=True) as cursor:
            cursor.executemany(for_schema(text, self._schema), rows, returning=True)
            for _ in rows:
                yield from cursor.fetchall()
                cursor.nextset()

    def _find_deals(self, keys: list[str], streams: list[str]) -> Iterable[tuple[Any, ...]]:
        named = [row[0] for row in self._fetch(_STREAMS, keys)] if keys else []
        every = sorted({*streams, *named})
        if self._write:
            # One that there is not is looked for too: whoever replaces the directory of people waits for a start by that.
            rows = list(self._each(_LOCKED_DEAL, [(one,) for one in every or [""]]))
        else:
            rows = self._fetch(_DEALS, every)
        self._keys.update((row[0], row[1]) for row in rows)
        return rows

    def _requests(self, pairs: set[tuple[str, str]]) -> dict[tuple[str, str], RequestRow]:
        return {(row[0], row[1]): shared.request_row(row) for row in self._each(_REQUEST, sorted(pairs))}

    def _write_batch(self, batch: Batch, unless_moved: bool) -> bool:
        keys, self._keys = self._keys, {}
        self._name(batch.deals, keys)
        sealed = write_batch(self._cursor, self._schema, batch, sealing=False, unless_moved=False)
        # A statement of its own, as the log's own events lie elsewhere than the deal; after the rows, as in ``_write_many``.
        if unless_moved and (moved := self._fetch(shared.SELECT_MOVED)):
            raise Moved(moved[0][0])
        return sealed

    def _name(self, deals: Sequence[tuple[DealRow, int]], known: dict[str, str]) -> None:
        """Take the names that deals get with this batch, and leave those that they had. A deal that has no name has its stream
        for one, which nobody else can have."""
        taken: list[tuple[str, str]] = []
        left: list[tuple[str, str]] = []
        for row, expected in deals:
            if expected == 0:
                taken.append((row.key, row.stream))
            elif known.get(row.stream) != row.key:
                before = self._fetch(_KEY, row.stream)
                if before and before[0][0] != row.key:
                    left.append((before[0][0], row.stream))
                    taken.append((row.key, row.stream))
        for text, rows in ((_LEAVE_KEY, left), (_TAKE_KEY, taken)):
            if named := sorted(row for row in rows if row[0] != row[1]):
                self._connection.cursor().executemany(for_schema(text, self._schema), named)

    def seal(self, limit: int) -> int | None:
        """Seal so many events of those that wait, at most; how many there were. ``None`` where somebody else is sealing. What
        was sealed before is taken out of ``pending``."""
        with translated(self._subject, self._write):
            tree = self._fetch(_HELD)
            if not tree:
                return None
            while True:
                waits, sealed = self._unsealed(limit)
                if sealed:
                    self._connection.execute(for_schema(_REMOVE, self._schema), _columns(sealed))
                # What is sealed now comes from one look: with two, an event could come before an earlier one of its stream.
                if not sealed or len(waits) + len(sealed) < limit:
                    break
            grow(self._cursor, self._schema, frontier(*tree[0]), [row.waited for row in waits])
            return len(waits)

    def _unsealed(self, limit: int | None = None) -> tuple[list[_Pending], list[_Pending]]:
        """The first rows of ``pending`` whose events can be read: those that wait, and those that were sealed."""
        rows = list(map(_Pending._make, self._fetch(f"{_STORED}{f' LIMIT {limit}' if limit else ''}")))
        there = set(self._fetch(_SEALED, *_columns(rows))) if rows else set()
        waits = [row for row in rows if (row.stream, row.n) not in there]
        return waits, [row for row in rows if (row.stream, row.n) in there]

    def _answer(self, query: object) -> Generator[Any, None, None]:
        if isinstance(query, MiddleDeal):
            return self._middle()
        return self._log_order(query) if isinstance(query, LogOrder) else super()._answer(query)

    def _middle(self) -> Generator[MiddleRow, None, None]:
        with translated(self._subject, self._write):
            ((deals,),) = self._fetch("SELECT count(*) FROM main.deal")
            yield from map(MiddleRow._make, self._fetch(_MIDDLE, deals, deals // 2))

    def _log_order(self, query: LogOrder) -> Generator[Any, None, None]:
        """Page by page: the leaves of a page are sent to every server, which finds its events by them."""
        ((every,),) = self._fetch(_LEAVES)
        end = every if query.end is None else min(query.end, every)
        for first in range(query.first, end, _PAGE):
            yield from super()._answer(LogOrder(first, min(first + _PAGE, end)))


class DistributedInspection(DistributedTx, PostgresInspection):
    """A transaction on distributed tables that reads, for a verification."""

    __slots__ = ()

    @staticmethod
    def begins(schema: str, write: bool, settings: str) -> tuple[str, ...]:
        """What begins it: it ends with a look at every server, so that all show the log as of the same moment,
        but for the milliseconds between."""
        return *DistributedTx.begins(schema, write, settings), for_schema("SELECT count(*) FROM main.pending", schema)

    def _answer(self, query: object) -> Generator[Any, None, None]:
        if isinstance(query, Places):
            return self._places(query)
        return self._place(query) if isinstance(query, EventPlace) else super()._answer(query)

    def _places(self, query: Places) -> Generator[PlaceRow, None, None]:
        """The places of what is sealed, and those that come to what waits."""
        statement = shared.where(
            f"SELECT {', '.join(PlaceRow._fields)} FROM main.leaf", "stream, n, idx", ("stream = ?", query.stream)
        )
        sealed = self._rows(shared.Statement(*statement, PlaceRow._make), query.stream is not None)
        expected = sorted(row for row in self._expected() if query.stream in (None, row.stream))
        yield from merge(sealed, expected, key=lambda row: row[:3])

    def _place(self, query: EventPlace) -> Generator[PlaceRow, None, None]:
        sealed = list(self._rows(STATEMENTS[EventPlace](query), few=True))
        yield from sealed or (row for row in self._expected() if (row.stream, row.n) == (query.stream, query.n))

    def _expected(self) -> list[PlaceRow]:
        with translated(self._subject, self._write):
            size, (waits, _) = self.size, self._unsealed()
        return [PlaceRow(row.stream, row.n, idx, row.hash) for idx, row in enumerate(waits, size)]

    def layout_differences(self) -> Iterable[tuple[str, str]]:
        """What of the tables is not as this layout makes it, and as it is distributed."""
        with translated(self._subject, self._write):
            return postgres_distributing.layout_differences(self._connection, self._schema)

    def index_differences(self, leaving_out: Sequence[str] = ()) -> Iterator[tuple[str, str, str]]:
        """Where an index of a table that is in one place does not hold what its table holds."""
        return PostgresInspection.index_differences(self, (*leaving_out, *postgres_distributing.DISTRIBUTED))

    @property
    def unchecked_indexes(self) -> str | None:
        """Why not all indexes are looked at."""
        return super().unchecked_indexes or (
            "those of the distributed tables stand on other servers; run pg_amcheck there, as on any database"
        )


def _columns(rows: Sequence[_Pending]) -> tuple[list[str], list[int]]:
    return [row.stream for row in rows], [row.n for row in rows]
