"""The tree over a log: its root made anew from the leaves, its keys, and the notes that were signed over it."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import dataclass, field
from functools import partial
from typing import Any, NamedTuple

from procdef.errors import LogBroken, StoreError
from procdef.log.chain import digest_bytes
from procdef.log.checkpoint import HeldNote
from procdef.log.irregularity import Irregularity
from procdef.log.merkle import KEPT, Frontier
from procdef.log.signed_note import Verifier
from procdef.store.inspection_port import AllNodes, Inspection
from procdef.store.log_queries import log_keys
from procdef.store.port import Hashes, LogOrder, Nodes, Notes
from procdef.verification.tree.tree_check import WHOLE, KeptNodes, SealCheck, Sealed, other_keys, read_notes


class Fate(NamedTuple):
    """A note from outside, whether it holds, and when the last event under it was recorded (``None``: none is there)."""

    note: str
    size: int
    holds: bool
    until: str | None


@dataclass(slots=True)
class Assurance:
    """How far what was verified is vouched for from outside: the largest tree of a held note that the log begins with,
    and the names of the notes over it."""

    size: int = 0
    by: list[str] = field(default_factory=list)
    total: int = 0
    fates: list[Fate] = field(default_factory=list)

    def learn(self, tx: Inspection, notes: Iterable[Sealed], reached: Iterable[Sealed], total: int) -> None:
        """Take in the notes, and which of them hold, of a log of so many events."""
        self.total, holding = total, [note for note in reached if note.by and note.signed]
        self.fates = [Fate(n.by, n.checkpoint.size, n in holding, _last(tx, n)) for n in notes if n.by]
        for note in holding:
            if note.checkpoint.size >= self.size:
                larger = note.checkpoint.size > self.size
                self.size = note.checkpoint.size
                self.by = [note.by] if larger else [*self.by, note.by]

    @property
    def anchored(self) -> bool:
        return bool(self.by)

    def __str__(self) -> str:
        return f"anchored at {self.size} events by {' and '.join(self.by)}" if self.by else "self-consistent only"


@dataclass(slots=True)
class Findings:
    """The parts of a verification of the tree that its two kinds share."""

    tx: Inspection
    held: tuple[HeldNote, ...]
    assurance: Assurance
    trusted: tuple[Verifier, ...] = ()

    def notes(self, *, stored: bool) -> tuple[list[Sealed], list[Irregularity]]:
        """The notes, with what is wrong with them and with the keys."""
        keys, wrong = log_keys(self.tx)
        rows: Iterable[tuple[Any, Any]] = self.tx.scan(Notes()) if stored else ()
        notes, unfit = read_notes(self.tx.log, keys, rows, self.held)
        return notes, [*wrong, *unfit, *other_keys(keys, self.trusted, notes)]


def verify_seal(
    tx: Inspection, held: tuple[HeldNote, ...], assurance: Assurance, trusted: tuple[Verifier, ...] = ()
) -> Iterator[Irregularity]:
    """Everything wrong with the tree of a log and the notes over it, in one pass over the leaves.

    Raises ``NoteInvalid`` for a held file that is not a note. A log from before there was a tree, which may not be written,
    is held against the held notes only. ``trusted`` are keys that somebody was given as the log's.
    """
    sealed, stored = stored_tree(tx)
    notes, wrong = Findings(tx, held, assurance, trusted).notes(stored=sealed)
    yield from wrong
    check = SealCheck(tx.log, notes)
    kept = KeptNodes(partial(_nodes, tx)) if sealed else None
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
        yield from _strays(tx)


def _last(tx: Inspection, note: Sealed) -> str | None:
    """When the last event of the note's tree was recorded."""
    leaf = next(iter(tx.scan(LogOrder(note.checkpoint.size - 1))), None) if note.checkpoint.size else None
    return str(leaf.event.recorded) if leaf is not None and leaf.idx == note.checkpoint.size - 1 else None


def stored_tree(tx: Inspection) -> tuple[bool, Frontier | None]:
    """Whether the log has a tree, and that tree where it fits its size."""
    try:
        return True, tx.tree
    except LogBroken:
        return True, None
    except StoreError:
        return False, None


def unreadable_leaf(idx: int) -> Irregularity:
    """A leaf that ends the pass."""
    return Irregularity("unreadable", WHOLE, 0, f"64 hex digits as leaf {idx}", "something else")


def _nodes(tx: Inspection, level: int) -> Iterator[Any]:
    return tx.scan(Nodes(level))


def _strays(tx: Inspection) -> Iterator[Irregularity]:
    stray = next((node for node in tx.scan(AllNodes()) if node.level not in KEPT), None)
    if stray is not None:
        levels = ", ".join(map(str, KEPT))
        yield Irregularity("tree-differs", WHOLE, 0, f"nodes of the levels {levels}", f"one of level {stray.level}")
