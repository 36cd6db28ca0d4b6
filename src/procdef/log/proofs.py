"""Proofs that anyone can check without the log, by a checkpoint that its key signed.

That an event is in the log: c2sp.org/tlog-proof, whose ``extra`` are the bytes of the event. That a later log begins with
an earlier one: the form in which c2sp.org/tlog-witness asks for it, ``old SIZE``, hashes, a blank line, the checkpoint.
"""

from __future__ import annotations

from base64 import b64encode
from collections.abc import Iterable
from typing import NamedTuple

from procdef.errors import NoteInvalid
from procdef.log.chain import event_hash
from procdef.log.checkpoint import Checkpoint, hash_bytes, parse_checkpoint, read_checkpoint, whole_size
from procdef.log.merkle import Perfect, consistency, consistent, included, inclusion
from procdef.log.signed_note import LONGEST as LONGEST_NOTE
from procdef.log.signed_note import Verifier, base64_bytes, opened

INCLUSION = "c2sp.org/tlog-proof@v1"
LONGEST = 1 << 26
"""Bytes of a proof; the event in it is the largest part."""
_MOST_HASHES = 63
"""No tree is higher: its size is below 2^63."""


class Included(NamedTuple):
    """An event that a checkpoint vouches for, with its place in the order of the whole log."""

    body: bytes
    idx: int
    checkpoint: Checkpoint


def inclusion_proof(body: bytes, index: int, note: str, perfect: Perfect) -> str:
    """The proof that the event at that place is in the tree of a note. Raises ``NoteInvalid`` where it is not."""
    checkpoint = read_checkpoint(note)[0]
    if not index < checkpoint.size:
        raise NoteInvalid(f"the checkpoint is over {checkpoint.size} events, and the event comes after them")
    path = inclusion(index, checkpoint.size, perfect)
    lines = [INCLUSION, f"extra {b64encode(body).decode()}", f"index {index}", *_written(path), "", note]
    return "\n".join(lines)


def check_inclusion(proof: bytes | str, keys: Iterable[Verifier]) -> Included:
    """What the proof shows, by the word of one of these keys. Raises ``NoteInvalid`` where it shows nothing.

    That the key is the log's, and was at that size, is for the caller to know.
    """
    head, note = _halves(proof)
    if len(head) < 3 or head[0] != INCLUSION:
        raise NoteInvalid(f"a proof that an event is in the log begins with {INCLUSION}, extra and index")
    body = base64_bytes(_value(head[1], "extra"), "the event in the proof")
    index = whole_size(_value(head[2], "index"))
    checkpoint = parse_checkpoint(opened(note, keys).text)
    leaf = bytes.fromhex(event_hash(body))
    if not included(leaf, index, checkpoint.size, _hashes(head[3:]), checkpoint.root):
        raise NoteInvalid("the proof does not lead from its event to the root of its checkpoint")
    return Included(body, index, checkpoint)


def consistency_proof(old: int, note: str, perfect: Perfect) -> str:
    """The proof that the tree of a note begins with that of ``old`` events. Raises ``NoteInvalid`` where it cannot."""
    size = read_checkpoint(note)[0].size
    if old > size:
        raise NoteInvalid(f"a log of {size} events never had {old} before")
    return "\n".join([f"old {old}", *_written(consistency(old, size, perfect)), "", note])


def check_consistency(proof: bytes | str, old: Checkpoint, keys: Iterable[Verifier]) -> Checkpoint:
    """The later checkpoint of the proof, whose log begins with that of ``old``; one of these keys signed it.

    Raises ``NoteInvalid`` where the proof does not show that.
    """
    head, note = _halves(proof)
    if whole_size(_value(head[0], "old")) != old.size:
        raise NoteInvalid(f"the proof is not of a log of {old.size} events")
    later = parse_checkpoint(opened(note, keys).text)
    if later.origin != old.origin:
        raise NoteInvalid(f"the proof is of {later.origin}, and not of {old.origin}")
    if not consistent(old.size, old.root, later.size, later.root, _hashes(head[1:])):
        raise NoteInvalid(f"the log of {later.size} events does not begin with that of {old.size}")
    return later


def _written(hashes: Iterable[bytes]) -> list[str]:
    return [b64encode(each).decode() for each in hashes]


def _hashes(lines: list[str]) -> list[bytes]:
    if len(lines) > _MOST_HASHES:
        raise NoteInvalid(f"a proof has at most {_MOST_HASHES} hashes")
    return [hash_bytes(line) for line in lines]


def _halves(proof: bytes | str) -> tuple[list[str], str]:
    """The lines before the first blank one, and the note after it."""
    try:
        raw = proof if isinstance(proof, bytes) else proof.encode()
        if len(raw) > LONGEST + LONGEST_NOTE:
            raise NoteInvalid(f"a proof is at most {LONGEST + LONGEST_NOTE} bytes long")
        front, blank, note = raw.decode().partition("\n\n")
    except UnicodeError:
        raise NoteInvalid("a proof is text in UTF-8") from None
    if not blank:
        raise NoteInvalid("a proof is its lines, a blank line, and a checkpoint")
    return front.split("\n"), note


def _value(line: str, name: str) -> str:
    if not line.startswith(f"{name} "):
        raise NoteInvalid(f"a line of the proof is `{name}` and a value")
    return line[len(name) + 1 :]
