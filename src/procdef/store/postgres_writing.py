"""A batch as rows of PostgreSQL's tables: two trips to the server for a step, and one for each table of a batch of many.

Deals are written first and in the order of their streams, so that two transactions which write the same deals wait for one
another and never each for the other.
"""

from __future__ import annotations

from collections.abc import Sequence
from contextlib import AbstractContextManager, nullcontext
from typing import TYPE_CHECKING, Any

from procdef.errors import StoreError
from procdef.store.port import Batch, Conflict
from procdef.store.postgres_sealing import BATCH, drain, grow, held, put, put_events, wait, waiting
from procdef.store.postgres_statements import (
    DELETES,
    DRAINED,
    DRAINED_OF,
    DRAINING,
    INSERT_DEAL,
    INSERT_EVENT,
    INSERT_NOTE,
    INSERT_PENDING,
    INSERTS,
    KEEP_STAY,
    KEEP_STAYS,
    UPDATE_DEAL,
    UPDATE_DEALS,
    for_schema,
    in_arrays,
)
from procdef.store.rows import DealRow

if TYPE_CHECKING:
    import psycopg

    Connection = psycopg.Connection[Any]

COPIED = 20
"""From so many rows on a table is filled by COPY."""

_TABLES = {"private": "private", "gates": "gate", "activities": "activity", "requests": "request"}


def write_batch(connection: Connection, schema: str, batch: Batch, *, sealing: bool) -> bool:
    """Write all of a batch; whether all of its events are sealed. Without ``sealing`` they are left to others.

    Raises ``Conflict``, ``LogBroken``, ``StoreError`` and what the driver raises.
    """
    few = max(map(len, batch), default=0) < COPIED and not batch.notes
    asks = bool(batch.events) and sealing
    rows = _write_at_once(connection, schema, batch, asks) if few else _write_many(connection, schema, batch, asks)
    if not batch.events or (few and not asks):
        return not batch.events
    found = held(rows, BATCH) if asks else None
    with _pipeline(connection, len(batch.events) + (len(found.waited) if found else 0)):
        own = [(row.stream, row.n, row.hash) for row in batch.events]
        if found is not None:
            grow(connection, schema, found.tree, [*found.waited, *(own if found.all else ())], COPIED)
        if found is None or not found.all:
            wait(connection, schema, batch.events, COPIED)
    return found is not None and found.all


_Rows = Sequence[tuple[Any, ...]]


def _write_many(connection: Connection, schema: str, batch: Batch, asks: bool) -> _Rows:
    """Write tables one after the other; what the tree's lock was asked for, where it ``asks`` for that."""
    writing = _Writing(connection, schema)
    writing.deals(batch.deals)
    if batch.events:
        put_events(connection, schema, batch.events, COPIED)
    if batch.stays:
        connection.execute(for_schema(KEEP_STAYS, schema), _columns(batch.stays))
    for name, insert in INSERTS.items():
        if rows := getattr(batch, name):
            put(connection, schema, _TABLES.get(name, name), rows[0]._fields, insert, rows, _copied(name))
    for name, delete in DELETES.items():
        if rows := getattr(batch, name):
            writing.counted(delete, rows)
    if batch.notes:
        connection.cursor().executemany(for_schema(INSERT_NOTE, schema), batch.notes)
    writing.check()
    return connection.execute(*drain(schema, BATCH), binary=True).fetchall() if asks else ()


def _write_at_once(connection: Connection, schema: str, batch: Batch, asks: bool) -> _Rows:
    """The same for a few rows, in one statement and one trip to the server. Nothing in it depends on what it writes itself."""
    parts: list[str] = []
    parameters: list[Any] = []
    counted: list[tuple[str, int]] = []

    def add(text: str, row: Sequence[Any], wanted: int | None = None) -> None:
        name = f"w{len(parts)}"
        parts.append(f"{name} AS ({text} RETURNING 1)")
        parameters.extend(row)
        if wanted is not None:
            counted.append((name, wanted))

    def add_all(insert: str, rows: Sequence[Sequence[Any]]) -> None:
        for row in rows:
            add(insert, row)

    fresh, moved = _deals(batch.deals)
    for row in moved:
        add(UPDATE_DEAL, row, 1)
    add_all(INSERT_DEAL, fresh)
    add_all(INSERT_EVENT, batch.events)
    if batch.events and not asks:
        # All in one statement, as of several nobody can tell which draws its numbers first.
        more = ", (?, ?, ?, ?)" * (len(batch.events) - 1)
        add(f"{INSERT_PENDING}{more}", [value for row in batch.events for value in waiting(row)])
    add_all(KEEP_STAY, batch.stays)
    for name, insert in INSERTS.items():
        add_all(insert, getattr(batch, name))
    first_delete = len(counted)
    for name, delete in DELETES.items():
        for row in getattr(batch, name):
            add(delete, row, 1)
    if not parts:
        return ()
    counts = ", ".join(f"(SELECT count(*) FROM {name})" for name, _ in counted) or "0"
    if asks:
        shown = f"ARRAY[{counts}]::bigint[], {DRAINED} FROM (SELECT 1) one {DRAINED_OF}"
        text = f"WITH {', '.join((*parts, DRAINING))} SELECT {shown}"
        parameters.append(BATCH)
    else:
        text = f"WITH {', '.join(parts)} SELECT ARRAY[{counts}]::bigint[]"
    rows = connection.execute(for_schema(text, schema), parameters, binary=True).fetchall()
    for place, (found, (_, wanted)) in enumerate(zip(rows[0][0], counted, strict=False)):
        if found != wanted:
            raise Conflict(_CHANGED) if place < first_delete else StoreError(_NOT_TAKEN)
    return [row[1:] for row in rows if len(row) > 1 and row[1] is not None]


def _deals(deals: Sequence[tuple[DealRow, int]]) -> tuple[list[tuple[Any, ...]], list[tuple[Any, ...]]]:
    """Rows of deals that are new, and of those that were there with what finds them, by stream."""
    fresh, moved = [], []
    for row, expected in sorted(deals, key=lambda each: each[0].stream) if len(deals) > 1 else deals:
        plain = (*row[:-1], bytes(row.state))
        if expected == 0:
            fresh.append(plain)
        else:
            moved.append((*plain[1:], plain[0], expected))
    return fresh, moved


_CHANGED = "a deal has changed since it was read"
_NOT_TAKEN = "the database did not take all that was written; look for triggers on procdef's tables"


def _columns(rows: Sequence[Sequence[Any]]) -> list[list[Any]]:
    """The rows turned into columns."""
    return [list(column) for column in zip(*rows, strict=True)]


def _copied(name: str) -> int:
    """From how many rows of that kind COPY takes over; those that are few are never worth it."""
    return COPIED if name in _TABLES else 1 << 62


def _pipeline(connection: Connection, rows: int) -> AbstractContextManager[object]:
    return connection.pipeline() if rows < COPIED else nullcontext()


class _Writing:
    """What was executed, and for how many rows each: that is known only when the server has answered."""

    def __init__(self, connection: Connection, schema: str) -> None:
        self._connection, self._schema = connection, schema
        self._counted: list[tuple[Any, int, Exception]] = []

    def deals(self, deals: Sequence[tuple[DealRow, int]]) -> None:
        """Write rows of deals, by stream."""
        fresh, moved = _deals(deals)
        if moved:
            cursor = self._connection.execute(in_arrays(UPDATE_DEALS, self._schema), _columns(moved))
            self._counted.append((cursor, len(moved), Conflict(_CHANGED)))
        if fresh:
            put(self._connection, self._schema, "deal", DealRow._fields, INSERT_DEAL, fresh, COPIED)

    def counted(self, text: str, rows: Sequence[Any], otherwise: Exception | None = None) -> None:
        """Execute it for each row, each of which is to be there."""
        cursor = self._connection.cursor()
        cursor.executemany(for_schema(text, self._schema), rows)
        self._counted.append((cursor, len(rows), otherwise or StoreError(_NOT_TAKEN)))

    def check(self) -> None:
        """Raise what was said where a row was not there."""
        for cursor, rows, otherwise in self._counted:
            if cursor.rowcount != rows:
                raise otherwise
