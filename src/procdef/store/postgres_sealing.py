"""The Merkle tree of a log in PostgreSQL. What is stored waits in ``pending``, unless the tree is free at that moment.

Who may let the tree grow has the lock on its one row, which is taken where it is free and never waited for: so no step
waits for another deal's. Whoever has it seals what waits, the oldest first, before anything of its own. An event never
comes into the tree before an earlier one of its stream: that was committed before, so it waits in ``pending`` or is
sealed already.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from typing import TYPE_CHECKING, Any, NamedTuple

from procdef.errors import LogBroken
from procdef.log.merkle import Frontier, TreeNode
from procdef.store import sql_statements as shared
from procdef.store.postgres_statements import (
    DRAIN,
    GUARDED,
    INSERT_EVENT,
    INSERT_EVENTS,
    INSERT_LEAF,
    INSERT_NODE,
    INSERT_PENDING,
    for_schema,
    in_arrays,
    types_of,
)
from procdef.store.rows import EventRow, NodeRow

if TYPE_CHECKING:
    import psycopg

BATCH = 1000
"""How many events that wait are sealed in passing, in one transaction."""

Waited = tuple[str, int, str]
"""Stream, number and hash of an event."""


class Held(NamedTuple):
    """The tree, locked, and the events that waited, in order, which are not in ``pending`` any more; ``all`` of them."""

    tree: Frontier
    waited: list[Waited]
    all: bool


def drain(schema: str, limit: int) -> tuple[str, tuple[int]]:
    """The statement that takes the lock, if it is free, and what waits."""
    return for_schema(DRAIN, schema), (limit,)


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
        raise LogBroken("the tree over the log does not fit its size") from None


def grow(
    connection: psycopg.Connection[Any], schema: str, tree: Frontier, events: Iterable[Waited], copy_from: int
) -> None:
    """Let the tree, whose lock this transaction has, grow by these events."""
    leaves: list[tuple[int, str, int, str]] = []
    nodes: list[TreeNode] = []
    before = tree.size
    for stream, n, digest in events:
        leaves.append((tree.size, stream, n, digest))
        try:
            nodes += tree.add(bytes.fromhex(digest))
        except (TypeError, ValueError):
            raise LogBroken(f"event {n} of {stream} waits to be sealed with something else than a hash") from None
    if tree.size == before:
        return
    put(connection, schema, "leaf", ("idx", "stream", "n", "hash"), INSERT_LEAF, leaves, copy_from)
    if nodes:
        put(connection, schema, "node", NodeRow._fields, INSERT_NODE, nodes, copy_from)
    connection.execute(for_schema(shared.UPDATE_TREE, schema), (tree.size, tree.stored))


def wait(connection: psycopg.Connection[Any], schema: str, events: Sequence[EventRow], copy_from: int) -> None:
    """Leave these events to the next one who seals."""
    columns = ("stream", "n", "hash", "recorded")
    put(connection, schema, "pending", columns, INSERT_PENDING, [waiting(row) for row in events], copy_from)


def waiting(event: EventRow) -> tuple[str, int, str, str]:
    """The row of ``pending`` of an event."""
    return event.stream, event.n, event.hash, event.recorded


def put(
    connection: psycopg.Connection[Any],
    schema: str,
    table: str,
    columns: Sequence[str],
    insert: str,
    rows: Sequence[Sequence[Any]],
    copy_from: int,
) -> None:
    """Insert rows: from so many on by COPY, for which no pipeline may be open. In binary form: the driver writes bytes as
    texts in another way where ``standard_conforming_strings`` is off, and COPY would take them for other bytes."""
    cursor = connection.cursor()
    if len(rows) < copy_from:
        cursor.executemany(for_schema(insert, schema), rows)
        return
    with cursor.copy(f'COPY "{schema}".{table} ({", ".join(columns)}) FROM STDIN (FORMAT BINARY)') as copy:
        copy.set_types(types_of(table, columns))
        for row in rows:
            copy.write_row(row)


def put_events(connection: psycopg.Connection[Any], schema: str, events: Sequence[EventRow], copy_from: int) -> None:
    """Insert events. A role that does not own the table is held to its policies (``procdef store grants``), and then may not
    use COPY; nor may Citus, which makes one of rows from arrays: to distributed tables they go one by one."""
    if len(events) >= copy_from:
        guarded, distributed = connection.execute(for_schema(GUARDED, schema)).fetchone() or (False, False)
        if guarded and distributed:
            copy_from = len(events) + 1
        elif guarded:
            columns = [list(column) for column in zip(*events, strict=True)]
            connection.execute(in_arrays(INSERT_EVENTS, schema), columns)
            return
    put(connection, schema, "event", EventRow._fields, INSERT_EVENT, events, copy_from)
