"""The tree as it was stored held against the leaves, and against the root that each note names.

One pass over the leaves, which keeps nothing but a frontier. What is stored may be of any shape: whoever altered it chose.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator
from typing import Any

from procdef.log.checkpoint import origin
from procdef.log.irregularity import Irregularity
from procdef.log.merkle import KEPT, Frontier, TreeNode
from procdef.verification.tree.notes import WHOLE, NoteToCheck


class LeavesCheck:
    """The pass over the leaves. ``kept`` are the nodes that the caller still has to hold against those that are stored."""

    def __init__(self, log: str, notes: list[NoteToCheck], start: Frontier | None = None) -> None:
        self.frontier = start or Frontier()
        self.reached: list[NoteToCheck] = []
        """The notes whose tree this log begins with."""
        self._log = log
        self._notes = iter([note for note in notes if note.checkpoint.size >= self.frontier.size])
        self._next = next(self._notes, None)

    def begin(self) -> Iterator[Irregularity]:
        """The notes over the tree that the pass begins with."""
        yield from self._compare()

    def add(self, leaf: bytes) -> tuple[list[TreeNode], list[Irregularity]]:
        """The next leaf: the nodes to be kept that it completes, and what is wrong with the notes over this size."""
        nodes = self.frontier.add(leaf)
        waiting = self._next
        if waiting is None or waiting.checkpoint.size != self.frontier.size:
            return nodes, []
        return nodes, list(self._compare())

    def end(self, stored: Frontier | None) -> Iterator[Irregularity]:
        """What only the end tells: notes over more than there is, and whether ``stored`` is the tree of the leaves."""
        while self._next is not None:
            note, self._next = self._next, next(self._notes, None)
            found = f"a log of {self.frontier.size}"
            yield Irregularity("note-not-kept", WHOLE, 0, f"the {note.checkpoint.size} events of {note.name}", found)
        if stored != self.frontier:
            expected = f"a tree of {self.frontier.size} leaves with the root {self.frontier.root.hex()}"
            found = f"one of {stored.size} with {stored.root.hex()}" if stored else "none that fits its size"
            yield Irregularity("tree-differs", WHOLE, 0, expected, found)

    def _compare(self) -> Iterator[Irregularity]:
        size, root = self.frontier.size, self.frontier.root
        while self._next is not None and self._next.checkpoint.size == size:
            note, self._next = self._next, next(self._notes, None)
            if note.checkpoint[:3] == (origin(self._log), size, root):
                self.reached.append(note)
            else:
                expected = f"the root {note.checkpoint.root.hex()} over {size} events of {note.name}"
                yield Irregularity("note-not-kept", WHOLE, 0, expected, root.hex())


class NodesCheck:
    """The stored nodes of each level, read alongside the pass that makes them anew."""

    def __init__(self, rows: Callable[[int], Iterator[Any]]) -> None:
        self._rows = {level: rows(level) for level in KEPT}
        self._others = dict.fromkeys(KEPT, 0)

    def check(self, made: Iterable[TreeNode]) -> Iterator[Irregularity]:
        """What is stored in the place of these nodes, where it differs; of each level the first is told, the rest follow
        from it and are counted."""
        for node in made:
            row = next(self._rows[node.level], None)
            if row is None or tuple(row) != node:
                self._others[node.level] += 1
                if self._others[node.level] > 1:
                    continue
                found = f"{row.idx} {_hex(row.hash)}" if row else "none"
                yield Irregularity("tree-differs", WHOLE, 0, f"the node {_shown(node)}", found)

    def end(self) -> Iterator[Irregularity]:
        """Stored nodes that the leaves do not make, and how many more differ."""
        for level, rows in self._rows.items():
            if self._others[level] > 1:
                found = f"{self._others[level] - 1} others"
                yield Irregularity("tree-differs", WHOLE, 0, f"the nodes of level {level} after that", found)
            extra = next(rows, None)
            if extra is not None:
                yield Irregularity("tree-differs", WHOLE, 0, f"no more nodes of level {level}", f"node {extra.idx}")


def _shown(node: TreeNode) -> str:
    return f"{node.idx} of level {node.level}: {node.hash.hex()}"


def _hex(stored: Any) -> str:
    return stored.hex() if isinstance(stored, bytes) else type(stored).__name__
