"""Checkpoints of a log (c2sp.org/tlog-checkpoint): a note's text that names the log, its size, and the root of its tree."""

from __future__ import annotations

import re
from base64 import b64encode
from typing import NamedTuple

from procdef.errors import NoteInvalid
from procdef.log.signed_note import SignedNote, base64_bytes, parse_note

_SIZE = re.compile(r"0|[1-9][0-9]{0,18}")
LARGEST = 2**63 - 1
"""The largest size that the readers of checkpoints in other languages take."""


def origin(log: str) -> str:
    """How the log of this UUID is named in its checkpoints; the name of its keys too."""
    return f"procdef.log/{log}"


class Checkpoint(NamedTuple):
    """The root (32 bytes) of the tree over the first ``size`` events of a log."""

    origin: str
    size: int
    root: bytes
    extensions: tuple[str, ...] = ()

    @property
    def text(self) -> str:
        """As a note bears it."""
        lines = (self.origin, str(self.size), b64encode(self.root).decode(), *self.extensions)
        return "".join(f"{line}\n" for line in lines)


class HeldNote(NamedTuple):
    """A note that somebody keeps outside the database: how messages call it, its bytes as they were signed, and how its
    copy there was altered since (not at all: ""), see ``altered_notes``."""

    name: str
    text: bytes
    altered: str = ""


def parse_checkpoint(text: str) -> Checkpoint:
    """The checkpoint that a note's text is. Raises ``NoteInvalid``."""
    lines = text.split("\n")
    if len(lines) < 4 or lines[-1] or not all(lines[:-1]):
        raise NoteInvalid("a checkpoint is at least three lines, the log, its size and its root, and none is empty")
    name, size, root, *extensions = lines[:-1]
    return Checkpoint(name, whole_size(size), hash_bytes(root), tuple(extensions))


def read_checkpoint(given: bytes | str) -> tuple[Checkpoint, SignedNote]:
    """A signed checkpoint, its signatures unchecked. Raises ``NoteInvalid``."""
    note = parse_note(given)
    return parse_checkpoint(note.text), note


def whole_size(digits: str) -> int:
    """A size as checkpoints and proofs write it. Raises ``NoteInvalid``."""
    if not _SIZE.fullmatch(digits) or int(digits) > LARGEST:
        raise NoteInvalid("a size is a plain decimal number below 2^63")
    return int(digits)


def hash_bytes(encoded: str) -> bytes:
    """A hash as checkpoints and proofs write it. Raises ``NoteInvalid``."""
    found = base64_bytes(encoded, "a hash")
    if len(found) != 32:
        raise NoteInvalid("a hash is 32 bytes")
    return found
