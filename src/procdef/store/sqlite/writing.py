"""A batch as rows of SQLite's tables.

The driver binds a plain tuple of texts, numbers and bytearrays as it stands. An element of a subclass of tuple costs it a
call, and for ``None`` and ``bytes`` it looks for an adapter each time, which takes longer than SQLite does. So rows are
made plain, and of a deal's row only what changed is written.
"""

from __future__ import annotations

import sqlite3
from collections.abc import Iterable, Sequence
from typing import Any

from procdef.errors import StoreError
from procdef.store import sql_statements as sql
from procdef.store.last_written import LastWritten
from procdef.store.port import Batch, Conflict
from procdef.store.rows import DealRow, EventRow
from procdef.store.sqlite.sealing import seal
from procdef.store.sqlite.tables import empty_statistics

_OTHER_TABLES = tuple(
    (text, Batch._fields.index(rows))
    for rows, text in (
        ("private", sql.INSERT_PRIVATE),
        ("gates", sql.INSERT_GATE),
        ("activities", sql.INSERT_ACTIVITY),
        ("requests", sql.INSERT_REQUEST),
        ("definitions", sql.INSERT_DEFINITION),
        ("directories", sql.INSERT_DIRECTORY),
        ("erased", sql.DELETE_PRIVATE),
        ("forgotten", sql.DELETE_REQUEST),
    )
)
"""What is executed for each row of these fields of a batch."""


_NO_TIMES = (None,) * len(sql.TIMES)


def write_batch(cursor: sqlite3.Cursor, batch: Batch, seen: dict[str, tuple[Any, ...]], last: LastWritten) -> None:
    """Write all of a batch. ``seen`` are the deals' rows by stream, as this transaction knows them to be stored; ``last`` is
    what its store wrote last. Raises
    ``Conflict``, ``LogBroken``, ``StoreError`` and what the driver raises."""
    if batch.deals:
        _write_deals(cursor, batch.deals, seen)
    if batch.events:
        _write_events(cursor, batch.events, last)
    if batch.stays:
        _all(cursor, sql.REPLACE_STAY, len(batch.stays), map(tuple, batch.stays))  # which holds no bytes
    for text, place in _OTHER_TABLES:
        if rows := batch[place]:
            _all(cursor, text, len(rows), map(_plain, rows))
    if batch.erased or batch.forgotten:
        empty_statistics(cursor)
    if batch.notes:
        cursor.executemany(sql.INSERT_NOTE, batch.notes)  # one that is there already is kept as it is


def _write_deals(
    cursor: sqlite3.Cursor, deals: Iterable[tuple[DealRow, int]], seen: dict[str, tuple[Any, ...]]
) -> None:
    fresh, often, seldom, indexed, times = [], [], [], [], []
    for row, expected in deals:
        stream, before, state = row[0], seen.get(row[0]), bytearray(bytes(row.state))
        if expected == 0:
            fresh.append((*row[:-1], state))
        else:
            often.append((*sql.often(row), state, stream, expected))
            now = sql.seldom(row)
            if before is None or sql.seldom(before) != now:
                seldom.append((*now, stream))
            now = sql.indexed(row)
            if before is None or sql.indexed(before) != now:
                indexed.append((*now, stream, *now))
            # What another program corrected without an event is not known here, but it never makes a time where none was.
            due = sql.times(row)
            if due != _NO_TIMES or before is None or sql.times(before) != _NO_TIMES:
                times.append((*due, stream, *due))
        seen[stream] = row
    if fresh:
        _all(cursor, sql.INSERT_DEAL, len(fresh), fresh)
    if often:
        cursor.executemany(sql.UPDATE_OFTEN, often)
        if cursor.rowcount != len(often):
            raise Conflict("a deal has changed since it was read")
    if seldom:
        cursor.executemany(sql.UPDATE_SELDOM, seldom)
    if indexed:
        cursor.executemany(sql.UPDATE_INDEXED, indexed)
    if times:
        cursor.executemany(sql.UPDATE_TIMES, times)


def _write_events(cursor: sqlite3.Cursor, events: Sequence[EventRow], last: LastWritten) -> None:
    last.tree = tree = seal(cursor, [event.hash for event in events], last.tree)
    rows, leaves = [], []
    for idx, (stream, n, name, kind, recorded, digest, body) in enumerate(events, tree.size - len(events)):
        rows.append((stream, n, name, kind, recorded, digest, bytearray(body)))
        leaves.append((idx, stream, n, digest))
    _all(cursor, sql.INSERT_EVENT, len(events), rows)
    _all(cursor, sql.INSERT_LEAF, len(events), leaves)


def _plain(row: tuple[Any, ...]) -> tuple[Any, ...]:
    return tuple([bytearray(value) if type(value) is bytes else value for value in row])


def _all(cursor: sqlite3.Cursor, text: str, count: int, rows: Iterable[Any]) -> None:
    cursor.executemany(text, rows)
    if cursor.rowcount != count:
        raise StoreError("the database did not take all that was written; look for triggers on procdef's tables")
