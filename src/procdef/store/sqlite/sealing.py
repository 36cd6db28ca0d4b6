"""The Merkle tree of a log in SQLite: it grows with every leaf, in the same transaction."""

from __future__ import annotations

import json
import sqlite3
from collections.abc import Callable, Iterable, Iterator, Sequence
from typing import Any

from procdef.errors import LogBroken, StoreError
from procdef.log.merkle import Frontier, TreeNode
from procdef.store import sql_statements as sql
from procdef.store.port import NO_TREE
from procdef.store.rows import EventRow
from procdef.store.sqlite.errors import undecodable

Progress = Callable[[int, int], None]
"""Told now and then how many of how many leaves are sealed."""

_BEAT = 10_000


def unseen(done: int, of: int) -> None:
    """The progress that nobody looks at."""


def sealed_tree(cursor: sqlite3.Cursor) -> Frontier:
    """The tree as it stands. Raises ``LogBroken`` where size and frontier do not fit each other."""
    unfit = LogBroken("the tree over the log does not fit its size")
    try:
        size, frontier = cursor.execute(sql.SELECT_TREE).fetchone()
    except sqlite3.OperationalError as error:
        if undecodable(error):
            raise unfit from None
        if error.sqlite_errorcode != sqlite3.SQLITE_ERROR:
            raise
        message = "this log has no tree yet; open it once where its file may be written"
        raise StoreError(message, NO_TREE) from None
    try:
        return Frontier.of(size, frontier)
    except (TypeError, ValueError, AttributeError):
        raise unfit from None


def seal(cursor: sqlite3.Cursor, hashes: Sequence[str], known: Frontier | None) -> Frontier:
    """Let the tree grow by these leaves (hex), and store it; the tree as it stands then. Where it was ``known`` when it was
    last written, and nobody changed it since, it need not be read."""
    if known is not None:
        tree, made = _grown(known, hashes)
        cursor.execute(sql.UPDATE_KNOWN_TREE, (*_stored(tree), *_stored(known)))
    if known is None or cursor.rowcount != 1:
        tree, made = _grown(sealed_tree(cursor), hashes)
        cursor.execute(sql.UPDATE_TREE, _stored(tree))
    if made:
        cursor.executemany(sql.INSERT_NODE, made)
    return tree


def _grown(tree: Frontier, hashes: Iterable[str]) -> tuple[Frontier, list[TreeNode]]:
    """The tree with these leaves as well, and the nodes that are kept of those that they complete."""
    tree = Frontier(tree.size, tree.stored)
    return tree, [node for digest in hashes for node in tree.add(bytes.fromhex(digest))]


def _stored(tree: Frontier) -> tuple[int, bytearray]:
    return tree.size, bytearray(tree.stored)  # why no plain bytes: see sqlite_writing


def seal_all(cursor: sqlite3.Cursor, log: str, size: int, progress: Progress) -> None:
    """Seal a log that was written before there was a tree, in the order of its leaves, and write the event that says so."""
    tree = Frontier()
    reader = cursor.connection.cursor()
    reader.row_factory = None
    rows = reader.execute("SELECT hash FROM main.leaf ORDER BY idx")
    while some := rows.fetchmany(_BEAT):
        try:
            tree, made = _grown(tree, (digest for (digest,) in some))
        except (TypeError, ValueError):
            raise LogBroken(f"a leaf after {tree.size} holds no hash") from None
        cursor.executemany(sql.INSERT_NODE, made)
        progress(tree.size, size)
    cursor.execute(sql.UPDATE_TREE, _stored(tree))
    last = reader.execute(sql.SELECT_LAST_OF_SYSTEM).fetchone()
    reader.close()
    if last is not None:
        event = _sealed_event(log, EventRow(*last), tree.size)
        cursor.execute(sql.INSERT_EVENT, event)
        cursor.execute(sql.INSERT_LEAF, (tree.size, event.stream, event.n, event.hash))
        seal(cursor, (event.hash,), tree)


def _sealed_event(log: str, last: EventRow, size: int) -> EventRow:
    """The event after the system's ``last`` one. Nobody asked for it, so it is by the account that the process runs as; a
    clock that is behind does not hold it up."""
    from datetime import UTC, datetime

    from procdef.events.types import log_sealed
    from procdef.log.account import system_account
    from procdef.log.canonical import encoded
    from procdef.log.event import Envelope, timestamp, uuids, write

    at = max(timestamp(datetime.now(UTC)), last.recorded)
    command, name = uuids(2)
    envelope = Envelope(log, at, encoded({"auth": "os", "id": system_account()}), "worker", command, 1)
    made = write(log_sealed.EVENT.entry({"size": size}), envelope, last.stream, last.n + 1, last.hash, 1, name)
    return EventRow(made.stream, made.n, made.id, made.type, made.at, made.hash, made.body)


def had_a_tree(cursor: sqlite3.Cursor) -> Iterator[str]:
    """What tells that this log had a tree, though by its layout it is from before there was one."""
    for (body,) in cursor.execute(sql.SELECT_SYSTEM).fetchall():
        event = _parsed(body)
        if event.get("type") in ("log.rekeyed", "log.sealed"):
            yield f"event {event.get('n')} of system, {event['type']}"
        elif event.get("type") == "log.created" and "sealed" in event.get("data", ()):
            yield "its first event"


def _parsed(body: object) -> dict[str, Any]:
    """The event, as far as it is one; what else is wrong with it is for a verification to say."""
    try:
        found = json.loads(body) if isinstance(body, bytes) else None
    except (ValueError, RecursionError):
        found = None
    return found if isinstance(found, dict) and isinstance(found.get("data"), dict) else {}
