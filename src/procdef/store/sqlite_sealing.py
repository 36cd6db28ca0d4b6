"""The Merkle tree of a log in SQLite: it grows with every leaf, in the same transaction."""

from __future__ import annotations

import sqlite3
from collections.abc import Callable, Iterable

from procdef.errors import LogBroken, StoreError
from procdef.log.merkle import Frontier, TreeNode
from procdef.store import sql_statements as sql
from procdef.store.sqlite_errors import undecodable

Progress = Callable[[int, int], None]
"""Told now and then how many of how many leaves are sealed."""

_BEAT = 10_000


def unseen(done: int, of: int) -> None:
    """The progress that nobody looks at."""


def sealed_tree(cursor: sqlite3.Cursor) -> Frontier:
    """The tree as it stands. Raises ``LogBroken`` where size and frontier do not fit each other."""
    unfit = LogBroken("the tree over the log does not fit its size; `procdef audit verify` tells more")
    try:
        size, frontier = cursor.execute(sql.SELECT_TREE).fetchone()
    except sqlite3.OperationalError as error:
        if undecodable(error):
            raise unfit from None
        if error.sqlite_errorcode != sqlite3.SQLITE_ERROR:
            raise
        raise StoreError("this log has no tree yet; open it once where its file may be written") from None
    try:
        return Frontier.of(size, frontier)
    except (TypeError, ValueError, AttributeError):
        raise unfit from None


def seal(cursor: sqlite3.Cursor, tree: Frontier, hashes: Iterable[str]) -> None:
    """Let the tree grow by these leaves (hex), and store it with the nodes that are kept."""
    made: list[TreeNode] = []
    for digest in hashes:
        made += tree.add(bytes.fromhex(digest))
    if made:
        cursor.executemany(sql.INSERT_NODE, made)
    cursor.execute(sql.UPDATE_TREE, (tree.size, bytearray(tree.stored)))  # see sqlite_writing


def seal_all(cursor: sqlite3.Cursor, size: int, progress: Progress) -> None:
    """Seal a log that was written before there was a tree, in the order of its leaves."""
    tree = Frontier()
    reader = cursor.connection.cursor()
    reader.row_factory = None
    rows = reader.execute("SELECT hash FROM main.leaf ORDER BY idx")
    while some := rows.fetchmany(_BEAT):
        try:
            seal(cursor, tree, (digest for (digest,) in some))
        except (TypeError, ValueError):
            raise LogBroken(f"a leaf after {tree.size} holds no hash; `procdef audit verify` tells more") from None
        progress(tree.size, size)
    reader.close()
