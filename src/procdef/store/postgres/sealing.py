"""The Merkle tree of a log in PostgreSQL. What is stored waits in ``pending``, unless the tree is free at that moment.

Who may let the tree grow has the lock on its one row, which is taken where it is free and never waited for: so no step
waits for another deal's. Whoever has it seals what waits, the oldest first, before anything of its own. An event never
comes into the tree before an earlier one of its stream: that was committed before, so it waits in ``pending`` or is
sealed already.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from functools import lru_cache
from typing import TYPE_CHECKING, Any, NamedTuple

from procdef.errors import LogBroken
from procdef.log.merkle import Frontier, TreeNode
from procdef.store.postgres.statements import (
    COLUMNS,
    DRAIN,
    GUARDED,
    INSERT_EVENTS,
    for_schema,
    in_arrays,
    insert,
    types_of,
)
from procdef.store.rows import EventRow
from procdef.store.sql_statements import UPDATE_TREE

if TYPE_CHECKING:
    import psycopg

    Cursor = psycopg.Cursor[tuple[Any, ...]]

BATCH = 1000
"""How many events that wait are sealed in passing, in one transaction."""
COPIED = 20
"""From so many rows on a table is filled by COPY."""

_GROW = f"{UPDATE_TREE} WHERE ? = -1 OR EXISTS (SELECT FROM main.leaf WHERE idx = ?)"
"""Lets the tree grow after the leaf that was its last one, -1 where it had none."""
_ANEW = "nothing is sealed upon it until the owner of the tables has it made anew (`procdef store rebuild-tree`)"

Waited = tuple[str, int, str]
"""Stream, number and hash of an event."""


class Held(NamedTuple):
    """The tree, locked, and the events that waited, in order, which are not in ``pending`` any more; ``all`` of them."""

    tree: Frontier
    waited: list[Waited]
    all: bool


def drained(cursor: Cursor, schema: str, limit: int) -> Held | None:
    """Take the lock, if it is free, and what waits; ``None`` where somebody else has it. Raises ``LogBroken``."""
    return held(cursor.execute(for_schema(DRAIN, schema), (limit,)).fetchall(), limit)


def held(rows: Sequence[tuple[Any, ...]], limit: int) -> Held | None:
    """What the statement found; ``None`` where somebody else has the lock. Raises ``LogBroken``."""
    if not rows:
        return None
    waited = sorted(row[2:] for row in rows if row[2] is not None)
    return Held(frontier(rows[0][0], rows[0][1]), [row[1:] for row in waited], len(waited) < limit)


def frontier(size: Any, stored: Any) -> Frontier:
    """The tree as it is stored. Raises ``LogBroken`` where size and frontier do not fit each other."""
    try:
        return Frontier.of(size, stored)
    except (TypeError, ValueError, AttributeError):
        raise LogBroken(f"the tree over the log does not fit its size; {_ANEW}") from None


def grow(cursor: Cursor, schema: str, tree: Frontier, events: Iterable[Waited]) -> None:
    """Let the tree, whose lock this transaction has, grow by these events. Raises ``LogBroken`` where its last leaf is not
    there: then somebody wrote another size, and leaves after it would leave a gap that nobody can close."""
    last = tree.size - 1
    leaves: list[tuple[int, str, int, str]] = []
    nodes: list[TreeNode] = []
    for stream, n, digest in events:
        leaves.append((tree.size, stream, n, digest))
        try:
            nodes += tree.add(bytes.fromhex(digest))
        except (TypeError, ValueError):
            raise LogBroken(f"event {n} of {stream} waits to be sealed with something else than a hash") from None
    if not leaves:
        return
    if len(leaves) >= COPIED:
        put(cursor, schema, "leaf", leaves)
        put(cursor, schema, "node", nodes)
        cursor.execute(for_schema(_GROW, schema), (tree.size, tree.stored, last, last))
    else:
        parameters = [value for rows in (leaves, nodes) for row in rows for value in row]
        cursor.execute(_grown(schema, len(leaves), len(nodes)), (*parameters, tree.size, tree.stored, last, last))
    if cursor.rowcount != 1:
        raise LogBroken(f"the tree over the log counts leaves that are not there; {_ANEW}")


@lru_cache(maxsize=256)
def _grown(schema: str, leaves: int, nodes: int) -> str:
    """The statement that adds so many leaves and nodes to the tree, in one trip to the server."""
    parts = [f"{table} AS ({insert(table, rows)})" for table, rows in (("leaf", leaves), ("node", nodes)) if rows]
    return for_schema(f"WITH {', '.join(parts)} {_GROW}", schema)


def waiting(event: EventRow) -> tuple[str, int, str, str]:
    """The row of ``pending`` of an event."""
    return event.stream, event.n, event.hash, event.recorded


def put(cursor: Cursor, schema: str, table: str, rows: Sequence[Sequence[Any]]) -> None:
    """Insert rows: a few in one statement, many by COPY. In binary form: the driver writes bytes as texts in another way where
    ``standard_conforming_strings`` is off, and COPY would take them for other bytes."""
    if len(rows) >= COPIED:
        columns = COLUMNS[table]
        with cursor.copy(f'COPY "{schema}".{table} ({", ".join(columns)}) FROM STDIN (FORMAT BINARY)') as copy:
            copy.set_types(types_of(table, columns))
            for row in rows:
                copy.write_row(row)
    elif rows:
        cursor.execute(for_schema(insert(table, len(rows)), schema), [value for row in rows for value in row])


def put_events(cursor: Cursor, schema: str, events: Sequence[EventRow]) -> None:
    """Insert events. A role that does not own the table is held to its policies (``procdef store grants``), and then may not
    use COPY; nor may Citus, which makes one of rows from arrays: to distributed tables they go one by one."""
    if len(events) >= COPIED:
        guarded, distributed = cursor.execute(for_schema(GUARDED, schema)).fetchone() or (False, False)
        if guarded and distributed:
            cursor.executemany(for_schema(insert("event"), schema), events)
            return
        if guarded:
            cursor.execute(in_arrays(INSERT_EVENTS, schema), [list(column) for column in zip(*events, strict=True)])
            return
    put(cursor, schema, "event", events)
