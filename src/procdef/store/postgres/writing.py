"""A batch as rows of PostgreSQL's tables: one trip to the server for a step, and one for each table of a batch of many.

Deals are written first and in the order of their streams, so that two transactions which write the same deals wait for one
another and never each for the other.
"""

from __future__ import annotations

from collections.abc import Sequence
from functools import lru_cache
from typing import TYPE_CHECKING, Any

from procdef.errors import StoreError
from procdef.store.port import Batch, Conflict, Moved
from procdef.store.postgres.sealing import BATCH, COPIED, Held, drained, grow, held, put, put_events, waiting
from procdef.store.postgres.statements import (
    DELETES,
    HELD,
    KEEP_STAYS,
    UPDATE_DEAL,
    UPDATE_DEALS,
    for_schema,
    in_arrays,
    insert,
)
from procdef.store.rows import DealRow
from procdef.store.sql_statements import SELECT_MOVED

if TYPE_CHECKING:
    import psycopg

    Cursor = psycopg.Cursor[tuple[Any, ...]]

_TABLES = {
    "private": "private",
    "gates": "gate",
    "activities": "activity",
    "requests": "request",
    "definitions": "definition",
    "directories": "directory",
}
"""The tables of those fields of a batch that are all written alike."""
_ADDED = ("deal", "event", "pending", "stay", *_TABLES.values())


def write_batch(cursor: Cursor, schema: str, batch: Batch, *, sealing: bool, unless_moved: bool) -> bool:
    """Write all of a batch; whether all of its events are sealed. Without ``sealing`` they are left to others.

    Raises ``Conflict``, ``Moved``, ``LogBroken``, ``StoreError`` and what the driver raises.
    """
    few = max(map(len, batch), default=0) < COPIED and not batch.notes
    asks = bool(batch.events) and sealing
    write = _write_at_once if few else _write_many
    tree = write(cursor, schema, batch, asks, unless_moved)
    if not batch.events or (few and not asks):
        return not batch.events
    if tree is not None:
        own = [(row.stream, row.n, row.hash) for row in batch.events]
        grow(cursor, schema, tree.tree, [*tree.waited, *(own if tree.all else ())])
    if tree is None or not tree.all:
        put(cursor, schema, "pending", [*map(waiting, batch.events)])
    return tree is not None and tree.all


def _write_many(cursor: Cursor, schema: str, batch: Batch, asks: bool, unless_moved: bool) -> Held | None:
    """Write tables one after the other; the tree, where it is asked for and free."""
    fresh, moved = _deals(batch.deals)
    if moved and cursor.execute(in_arrays(UPDATE_DEALS, schema), _columns(moved)).rowcount != len(moved):
        raise Conflict(_CHANGED)
    put(cursor, schema, "deal", fresh)
    put_events(cursor, schema, batch.events)
    # Only now, as whoever closes the log waits for those who have written to this table, or has ended before.
    if unless_moved and (closed := cursor.execute(for_schema(SELECT_MOVED, schema)).fetchone()):
        raise Moved(closed[0])
    if batch.stays:
        cursor.execute(for_schema(KEEP_STAYS, schema), _columns(batch.stays))
    for name, table in _TABLES.items():
        put(cursor, schema, table, getattr(batch, name))
    for name, delete in DELETES.items():
        if rows := getattr(batch, name):
            cursor.executemany(for_schema(delete, schema), rows)
            if cursor.rowcount != len(rows):
                raise StoreError(_NOT_TAKEN)
    if batch.notes:
        cursor.executemany(for_schema(insert("note"), schema), batch.notes)
    return drained(cursor, schema, BATCH) if asks else None


@lru_cache(maxsize=1024)
def _at_once(schema: str, rows: tuple[int, ...], asks: bool, unless_moved: bool) -> str:
    """The statement for so many rows of each kind, in the order of ``_write_at_once``."""
    moved, *added = rows[: -len(DELETES)]
    deleted = [text for text, count in zip(DELETES.values(), rows[-len(DELETES) :], strict=True) for _ in range(count)]
    counted = [*[UPDATE_DEAL] * moved, *deleted]
    inserts = []
    for table, count in zip(_ADDED, added, strict=True):
        # What is to wait goes into one statement, as of several nobody can tell which draws its numbers first.
        one = table == "pending" and count
        inserts += [insert(table, count)] if one else [insert(table)] * count
    parts = [f"c{place} AS ({text} RETURNING 1)" for place, text in enumerate(counted)]
    # Parameters stand in the order of the text: what is inserted comes between what is changed and what is deleted.
    parts[moved:moved] = [f"a{place} AS ({text} RETURNING 1)" for place, text in enumerate(inserts)]
    counts = ", ".join(f"(SELECT count(*) FROM c{place})" for place in range(len(counted)))
    shown = [f"ARRAY[{counts}]::bigint[]", f"({SELECT_MOVED})" if unless_moved else "NULL"]
    if asks:
        parts.append(HELD)
        shown.append("size, frontier, waits FROM (SELECT 1) one LEFT JOIN held ON true")
    return for_schema(f"WITH {', '.join(parts)} SELECT {', '.join(shown)}", schema)


def _write_at_once(cursor: Cursor, schema: str, batch: Batch, asks: bool, unless_moved: bool) -> Held | None:
    """The same for a few rows, in one statement and one trip to the server. Nothing in it depends on what it writes itself."""
    fresh, moved = _deals(batch.deals)
    waits = [] if asks else [*map(waiting, batch.events)]
    kinds: list[Sequence[Sequence[Any]]] = [moved, fresh, batch.events, waits, batch.stays]
    kinds += [getattr(batch, name) for name in (*_TABLES, *DELETES)]
    if not any(kinds):
        return None
    text = _at_once(schema, tuple(map(len, kinds)), asks, unless_moved)
    row = cursor.execute(text, [value for rows in kinds for each in rows for value in each]).fetchone()
    counts, closed, *tree = row or ([], None)
    if closed is not None:
        raise Moved(closed)
    if any(count != 1 for count in counts):
        raise Conflict(_CHANGED) if any(count != 1 for count in counts[: len(moved)]) else StoreError(_NOT_TAKEN)
    if not tree or tree[0] is None:
        return None
    size, frontier, others = tree
    return drained(cursor, schema, BATCH) if others else held([(size, frontier, None)], BATCH)


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


def _columns(rows: Sequence[Sequence[Any]]) -> list[list[Any] | None]:
    """The rows turned into columns, to be unnested; a column of nothing is none, and its rows are without values all the same.
    An array of nothing but NULL the driver writes as text, which would be taken for the word where ``array_nulls`` is off."""
    columns = (list(column) for column in zip(*rows, strict=True))
    return [None if all(value is None for value in column) else column for column in columns]
