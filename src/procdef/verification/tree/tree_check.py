"""The sealed tree held against the leaves, and against every note that was ever signed over it.

One pass over the leaves, which keeps nothing but a frontier. What is stored may be of any shape: whoever altered it chose.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator
from typing import Any, NamedTuple

from procdef.errors import NoteInvalid
from procdef.log.checkpoint import Checkpoint, HeldNote, origin, read_checkpoint
from procdef.log.irregularity import Irregularity
from procdef.log.keys import LogKey, own_checkpoint
from procdef.log.merkle import KEPT, Frontier, TreeNode
from procdef.log.signed_note import Verifier

WHOLE = "log"
"""Where a finding is about no stream but the log as a whole."""


class Sealed(NamedTuple):
    """A note that names a root, and how it is called in findings; ``by`` is the name of one that comes from outside,
    ``signed`` whether the log's key of its size signed it."""

    checkpoint: Checkpoint
    name: str
    by: str = ""
    signed: bool = True


def read_notes(
    log: str, keys: list[LogKey], stored: Iterable[tuple[Any, Any]], held: Iterable[HeldNote]
) -> tuple[list[Sealed], list[Irregularity]]:
    """The notes whose roots are to be looked for, by size, and what is wrong with the notes themselves.

    ``stored`` are size and text of each note of the database. A held note that is not of the form raises
    ``NoteInvalid``: it is no evidence of anything.
    """
    notes: list[Sealed] = []
    wrong: list[Irregularity] = []
    for size, text in stored:
        name = f"the stored note over {size} events"
        try:
            if not isinstance(text, str):
                raise NoteInvalid(type(text).__name__)
            checkpoint = read_checkpoint(text)[0]
            if checkpoint.size != size:
                raise NoteInvalid(f"a note over {checkpoint.size}")
        except NoteInvalid as error:
            wrong.append(Irregularity("note-unreadable", WHOLE, 0, name, str(error)))
            continue
        wrong += _unsigned(log, keys, text, name)
        notes.append(Sealed(checkpoint, name))
    kept = {note.checkpoint for note in notes}
    for outside in held:
        checkpoint = read_checkpoint(outside.text)[0]
        unsigned = list(_unsigned(log, keys, outside.text, f"the note {outside.name}"))
        wrong += unsigned
        if checkpoint not in kept:
            expected = f"the note {outside.name} over {checkpoint.size} events among those stored"
            wrong.append(Irregularity("held-note-missing", WHOLE, 0, expected, "none like it"))
        notes.append(Sealed(checkpoint, f"the note {outside.name}", outside.name, not unsigned))
    return sorted(notes, key=lambda note: note.checkpoint.size), wrong


def _unsigned(log: str, keys: list[LogKey], text: bytes | str, name: str) -> Iterator[Irregularity]:
    try:
        own_checkpoint(log, keys, text)
    except NoteInvalid as error:
        yield Irregularity("note-signature", WHOLE, 0, f"{name} signed by the key of {origin(log)} then", str(error))


def other_keys(keys: list[LogKey], trusted: Iterable[Verifier], notes: Iterable[Sealed]) -> Iterator[Irregularity]:
    """The keys that somebody was given and this log never had; and notes from outside that are signed by a key from before
    all of those: whoever made up a history could have made up that key."""
    since = []
    for given in trusted:
        mine = next((key.since for key in keys if key.verifier == given), None)
        if mine is None:
            had = " ".join(str(key.verifier) for key in keys) or "no key"
            yield Irregularity("key-differs", WHOLE, 0, f"the key that was given among the log's: {given}", had)
        else:
            since.append(mine)
    for note in notes:
        if since and note.by and note.checkpoint.size < min(since):
            expected = f"{note.name} signed by a key that was given, or one after it"
            yield Irregularity("key-differs", WHOLE, 0, expected, "a key before it")


class SealCheck:
    """The pass over the leaves. ``kept`` are the nodes that the caller still has to hold against those that are stored."""

    def __init__(self, log: str, notes: list[Sealed], start: Frontier | None = None) -> None:
        self.frontier = start or Frontier()
        self.reached: list[Sealed] = []
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


class KeptNodes:
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
