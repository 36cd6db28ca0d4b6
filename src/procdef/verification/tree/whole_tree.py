"""The tree over a whole log: its root made anew from the leaves, its keys, and the notes that were signed over it."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from functools import partial
from typing import Any

from procdef.errors import LogBroken, StoreError
from procdef.log.chain import digest_bytes
from procdef.log.checkpoint import HeldNote
from procdef.log.irregularity import Irregularity
from procdef.log.merkle import KEPT, Frontier
from procdef.log.signed_note import Verifier
from procdef.store.inspection_port import AllNodes, Inspection
from procdef.store.log_queries import log_keys
from procdef.store.queries import Hashes, Nodes, Notes
from procdef.verification.tree.assurance import Assurance
from procdef.verification.tree.leaves_check import LeavesCheck, NodesCheck
from procdef.verification.tree.notes import WHOLE, NoteToCheck, other_keys, read_notes


def verify_tree(
    tx: Inspection, held: tuple[HeldNote, ...], assurance: Assurance, trusted: tuple[Verifier, ...] = ()
) -> Iterator[Irregularity]:
    """Everything wrong with the tree of a log and the notes over it, in one pass over the leaves.

    Raises ``NoteInvalid`` for a held file that is not a note. A log from before there was a tree, which may not be written,
    is held against the held notes only. ``trusted`` are keys that somebody was given as the log's.
    """
    sealed, stored = stored_tree(tx)
    assurance.tree = sealed
    notes, wrong = notes_to_check(tx, held, trusted, stored=sealed)
    yield from wrong
    if notes and not sealed:
        yield missing_tree(notes[0])
    check = LeavesCheck(tx.log, notes)
    kept = NodesCheck(partial(_nodes, tx)) if sealed else None
    yield from check.begin()
    for digest in tx.scan(Hashes()):
        leaf = digest_bytes(digest)
        if leaf is None:
            assurance.learn(tx, notes, check.reached, check.frontier.size)
            yield unreadable_leaf(check.frontier.size)
            return
        made, wrong = check.add(leaf)
        yield from wrong
        if made and kept is not None:
            yield from kept.check(made)
    assurance.learn(tx, notes, check.reached, check.frontier.size)
    yield from check.end(stored if sealed else check.frontier)
    if kept is not None:
        yield from kept.end()
        yield from _other_levels(tx)


def notes_to_check(
    tx: Inspection, held: Iterable[HeldNote], trusted: Iterable[Verifier], *, stored: bool
) -> tuple[list[NoteToCheck], list[Irregularity]]:
    """The notes that are held and, with ``stored``, those of the database, with what is wrong with them and with the keys.

    Raises ``NoteInvalid`` for a held note that is none.
    """
    keys, wrong = log_keys(tx)
    rows: Iterable[tuple[Any, Any]] = tx.scan(Notes()) if stored else ()
    notes, unfit = read_notes(tx.log, keys, rows, held)
    return notes, [*wrong, *unfit, *other_keys(keys, trusted, notes)]


def stored_tree(tx: Inspection) -> tuple[bool, Frontier | None]:
    """Whether the log has a tree, and that tree where it fits its size."""
    try:
        return True, tx.tree
    except LogBroken:
        return True, None
    except StoreError:
        return False, None


def missing_tree(note: NoteToCheck) -> Irregularity:
    """A note that was made over the tree of a log which has none."""
    return Irregularity("tree-missing", WHOLE, 0, f"a tree, as {note.name} was made over one", "none")


def unreadable_leaf(idx: int) -> Irregularity:
    """A leaf that ends the pass."""
    return Irregularity("unreadable", WHOLE, 0, f"64 hex digits as leaf {idx}", "something else")


def _nodes(tx: Inspection, level: int) -> Iterator[Any]:
    return tx.scan(Nodes(level))


def _other_levels(tx: Inspection) -> Iterator[Irregularity]:
    other = next((node for node in tx.scan(AllNodes()) if node.level not in KEPT), None)
    if other is not None:
        levels = ", ".join(map(str, KEPT))
        yield Irregularity("tree-differs", WHOLE, 0, f"nodes of the levels {levels}", f"one of level {other.level}")
