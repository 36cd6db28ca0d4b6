"""A batch as rows of PostgreSQL's tables: two trips to the server for a step, and COPY for many of them.

Deals are written first and in the order of their streams, so that two transactions which write the same deals wait for one
another and never each for the other.
"""

from __future__ import annotations

from collections.abc import Sequence
from contextlib import AbstractContextManager, nullcontext
from typing import TYPE_CHECKING, Any

from procdef.errors import StoreError
from procdef.store.port import Batch, Conflict
from procdef.store.postgres_sealing import BATCH, Held, drain, grow, held, put, wait
from procdef.store.postgres_statements import (
    DELETES,
    INSERT_DEAL,
    INSERT_EVENT,
    INSERT_NOTE,
    INSERTS,
    KEEP_STAY,
    UPDATE_DEAL,
    for_schema,
)
from procdef.store.rows import DealRow, EventRow

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
    found: Held | None = None
    writing = _Writing(connection, schema)
    with _pipeline(connection, max(map(len, batch), default=0)):
        writing.deals(batch.deals)
        if batch.events:
            put(connection, schema, "event", EventRow._fields, INSERT_EVENT, batch.events, COPIED)
        if batch.stays:
            connection.cursor().executemany(for_schema(KEEP_STAY, schema), batch.stays)
        for name, insert in INSERTS.items():
            if rows := getattr(batch, name):
                put(connection, schema, _TABLES.get(name, name), rows[0]._fields, insert, rows, _copied(name))
        for name, delete in DELETES.items():
            if rows := getattr(batch, name):
                writing.counted(delete, rows)
        if batch.notes:
            connection.cursor().executemany(for_schema(INSERT_NOTE, schema), batch.notes)
        asked = connection.execute(*drain(schema, BATCH), binary=True) if batch.events and sealing else None
    writing.check()
    if not batch.events:
        return True
    if asked is not None:
        found = held(asked.fetchall(), BATCH)
    with _pipeline(connection, len(batch.events) + (len(found.waited) if found else 0)):
        own = [(row.stream, row.n, row.hash) for row in batch.events]
        if found is not None:
            grow(connection, schema, found.tree, [*found.waited, *(own if found.all else ())], COPIED)
        if found is None or not found.all:
            wait(connection, schema, batch.events, COPIED)
    return found is not None and found.all


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
        fresh, moved = [], []
        for row, expected in sorted(deals, key=lambda each: each[0].stream) if len(deals) > 1 else deals:
            plain = (*row[:-1], bytes(row.state))
            if expected == 0:
                fresh.append(plain)
            else:
                moved.append((*plain[1:], plain[0], expected))
        if moved:
            self.counted(UPDATE_DEAL, moved, Conflict("a deal has changed since it was read"))
        if fresh:
            put(self._connection, self._schema, "deal", DealRow._fields, INSERT_DEAL, fresh, COPIED)

    def counted(self, text: str, rows: Sequence[Any], otherwise: Exception | None = None) -> None:
        """Execute it for each row, each of which is to be there."""
        cursor = self._connection.cursor()
        cursor.executemany(for_schema(text, self._schema), rows)
        message = "the database did not take all that was written; look for triggers on procdef's tables"
        self._counted.append((cursor, len(rows), otherwise or StoreError(message)))

    def check(self) -> None:
        """Raise what was said where a row was not there."""
        for cursor, rows, otherwise in self._counted:
            if cursor.rowcount != rows:
                raise otherwise
