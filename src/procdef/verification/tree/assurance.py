"""How far a log is vouched for from outside, by notes that somebody holds."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass, field
from typing import NamedTuple

from procdef.store.inspection_port import Inspection
from procdef.store.queries import LogOrder
from procdef.verification.tree.notes import NoteToCheck


class HeldNoteResult(NamedTuple):
    """A note from outside, whether it holds, when the last event under it was recorded (``None``: none is there), and what
    a program changed in its file since it was signed."""

    note: str
    size: int
    holds: bool
    until: str | None
    altered: str

@dataclass(slots=True)
class Assurance:
    """How far what was verified is vouched for from outside: the largest tree of a held note that the log begins with,
    and the names of the notes over it. ``tree`` is false where the log has none."""

    size: int = 0
    by: list[str] = field(default_factory=list)
    total: int = 0
    results: list[HeldNoteResult] = field(default_factory=list)
    tree: bool = True

    def learn(self, tx: Inspection, notes: Iterable[NoteToCheck], reached: Iterable[NoteToCheck], total: int) -> None:
        """Take in the notes, and which of them hold, of a log of so many events."""
        self.total, holding = total, [note for note in reached if note.by and note.signed]
        self.results = [HeldNoteResult(n.by, n.checkpoint.size, n in holding, _last(tx, n), n.altered) for n in notes if n.by]
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


def _last(tx: Inspection, note: NoteToCheck) -> str | None:
    """When the last event of the note's tree was recorded."""
    leaf = next(iter(tx.scan(LogOrder(note.checkpoint.size - 1))), None) if note.checkpoint.size else None
    return str(leaf.event.recorded) if leaf is not None and leaf.idx == note.checkpoint.size - 1 else None
