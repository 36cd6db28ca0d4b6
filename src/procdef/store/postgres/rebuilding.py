"""Making the tree of a log in PostgreSQL anew from its leaves.

Whoever takes steps has to write the tree's one row, and adds its nodes, so a login for that can write nonsense there. Row and
nodes follow from the leaves, and the leaves from the events, which no such login can change: so the owner makes both anew once
every leaf was held against its event, and the tree against the notes that were signed over it. Leaves that stand for no event
are evidence of more than that, and nothing is made of them.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator
from typing import TYPE_CHECKING, Any, NamedTuple

from procdef.errors import LogBroken, NoteInvalid, StoreError
from procdef.log.chain import digest_bytes, event_hash
from procdef.log.checkpoint import HeldNote
from procdef.log.keys import own_checkpoint
from procdef.log.merkle import Frontier, TreeNode, root_at
from procdef.store.log_queries import log_keys, perfect_of, stored_checkpoint, stored_notes
from procdef.store.postgres import purging as postgres_purging
from procdef.store.postgres import tables as postgres_tables
from procdef.store.postgres.errors import translated
from procdef.store.postgres.sealing import put
from procdef.store.postgres.statements import LOCKED_TREE, for_schema
from procdef.store.postgres.transaction import PostgresTx
from procdef.store.queries import Hashes, LogOrder
from procdef.store.sql_statements import SELECT_TREE, UPDATE_TREE

if TYPE_CHECKING:
    from procdef.store.postgres.store import PostgresStore

_KEPT_FROM_OTHERS = "LOCK TABLE main.leaf, main.node IN SHARE ROW EXCLUSIVE MODE"
_NODES = "SELECT level, idx, hash FROM main.node ORDER BY level, idx"
_TOO_SOON = (
    "SELECT l.idx FROM main.leaf l WHERE l.n <> 1 AND NOT EXISTS "
    "(SELECT FROM main.leaf b WHERE b.stream = l.stream AND b.n = l.n - 1 AND b.idx < l.idx) ORDER BY l.idx LIMIT 1"
)
"""The first leaf that stands before the one of an earlier event of its stream, or without that."""


class RebuiltTree(NamedTuple):
    """The tree as its row had it (``size``, and ``None`` where the frontier did not fit that), the one that its leaves make,
    how many ``nodes`` were lacking, others or too many, and how many ``notes`` it was held against."""

    size: int
    was: Frontier | None
    tree: Frontier
    nodes: int
    notes: int = 0

    @property
    def changed(self) -> bool:
        """Whether something was made anew."""
        return self.was != self.tree or self.nodes > 0


def rebuilt(
    store: PostgresStore, held: Iterable[HeldNote] = (), progress: Callable[[int], object] = int
) -> RebuiltTree:
    """Make the tree of that log anew, in one transaction; ``progress`` is told how many leaves were held against their events.
    Steps go on meanwhile, and wait to be sealed.

    Raises ``LogBroken``, and changes nothing, where a leaf does not stand for the event that follows, or where a note that
    the log's key signed, stored or ``held``, is over another tree, or a stored one is none that it signed and no held one is
    over as many events; ``NoteInvalid`` for a held note that it did not sign, and ``StoreError`` for a role that does not own
    the tables.
    """
    with store.transaction(write=True) as tx:
        assert isinstance(tx, PostgresTx)
        with translated(store.subject):
            if not postgres_purging.is_owner(tx.connection, store.schema):
                raise StoreError(
                    f"the tree of {store.subject} is made anew by the owner of its tables alone, which this role is not",
                    postgres_tables.REFUSED,
                )
            made = _made_anew(tx, store.schema, progress)
        return made._replace(notes=_held_against(tx, made.tree.size, held))


def _made_anew(tx: PostgresTx, schema: str, progress: Callable[[int], object]) -> RebuiltTree:
    cursor = tx.connection.cursor(binary=True)

    def execute(text: str, *parameters: object) -> list[tuple[Any, ...]]:
        cursor.execute(for_schema(text, schema), parameters)
        return cursor.fetchall() if cursor.description else []

    execute(LOCKED_TREE)
    execute(_KEPT_FROM_OTHERS)
    size, stored = execute(SELECT_TREE)[0]
    try:
        was = Frontier.of(size, stored)
    except ValueError:
        was = None
    tree, nodes = Frontier(), list[TreeNode]()
    for leaf in _sound_leaves(tx, schema):
        nodes += tree.add(leaf)
        progress(tree.size)
    for (idx,) in execute(_TOO_SOON):
        raise _evidence(idx, "stands before an earlier event of its stream")
    nodes.sort()
    there = [TreeNode(*row) for row in execute(_NODES)]
    if there != nodes:
        execute("DELETE FROM main.node")
        put(cursor, schema, "node", nodes)
    if was != tree:
        execute(UPDATE_TREE, tree.size, tree.stored)
    return RebuiltTree(size, was, tree, len(set(there).symmetric_difference(nodes)))


def _sound_leaves(tx: PostgresTx, schema: str) -> Iterator[bytes]:
    """The leaves in order, each held against the bytes of its event. Raises ``LogBroken`` for one that does not follow."""
    expected = 0
    for row in tx.scan(LogOrder()):
        if row.idx != expected:
            raise _evidence(min(row.idx, expected), "is not there, or the event that it stands for")
        leaf = digest_bytes(row.hash)
        if leaf is None or row.event.hash != row.hash or event_hash(row.event.body) != row.hash:
            raise _evidence(expected, f"is not the hash of event {row.event.n} of {row.event.stream}")
        yield leaf
        expected += 1
    if next(iter(tx.scan(Hashes(expected))), None) is not None:
        raise LogBroken(
            f"leaf {expected} of the tree and those after it stand for no event, and nothing was changed: where no note that "
            f"others hold is over more than {expected} events, a login added them, and the owner deletes them (DELETE FROM "
            f"{schema}.leaf WHERE idx >= {expected}); else events were removed, and a backup has what was there"
        )


def _evidence(idx: int, why: str) -> LogBroken:
    return LogBroken(
        f"leaf {idx} of the tree {why}: that is more than a tree which was overwritten, and nothing was changed; "
        "a backup has what was there"
    )


def _held_against(tx: PostgresTx, size: int, held: Iterable[HeldNote]) -> int:
    """How many notes the tree of so many leaves was held against, stored ones and those ``held``. Raises ``LogBroken`` where it
    contradicts one, or where a stored one cannot be held against it and none that somebody holds is over as many events."""
    keys, _ = log_keys(tx)
    signed, spoilt = [], []
    for note in held:
        try:
            signed.append((own_checkpoint(tx.log, keys, note.text), note.name))
        except NoteInvalid as error:
            raise NoteInvalid(f"{note.name}: {error}") from None
    covered = max((checkpoint.size for checkpoint, _ in signed), default=-1)
    for stored in stored_notes(tx):
        try:
            signed.append((stored_checkpoint(tx, keys, stored), "stored over them"))
        except LogBroken as error:
            if stored.size > covered:
                spoilt.append(error)
    perfect = perfect_of(tx)
    for checkpoint, name in signed:
        if checkpoint.size > size:
            raise LogBroken(
                f"the note {name} is over {checkpoint.size} events, and the leaves are {size}: the end is missing, and nothing "
                "was changed"
            )
        if root_at(checkpoint.size, perfect) != checkpoint.root:
            raise LogBroken(
                f"the log does not begin with the {checkpoint.size} events of the note {name}, and nothing was changed"
            )
    for why in spoilt:
        raise LogBroken(
            f"{why}, or give a note over as many events that somebody holds (--note FILE); nothing was changed"
        )
    return len(signed)
