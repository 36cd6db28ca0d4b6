"""What a transaction is often asked of the log: an event and its place, the subtrees of the tree, the keys, the notes."""

from __future__ import annotations

import json
from collections.abc import Iterable, Iterator

from procdef.errors import LogBroken, NoteInvalid
from procdef.events.known_keys import unknown
from procdef.events.types import log_rekeyed
from procdef.log.chain import digest_bytes
from procdef.log.checkpoint import Checkpoint
from procdef.log.irregularity import Irregularity
from procdef.log.keys import LogKey, Naming, keys_of, own_checkpoint
from procdef.log.merkle import Perfect
from procdef.log.subtrees import subtrees
from procdef.store.port import LogReading
from procdef.store.queries import EventPlace, Events, Hashes, Nodes, Notes
from procdef.store.rows import EventRow, NodeRow, NoteRow


def perfect_of(tx: LogReading) -> Perfect:
    """The roots of perfect subtrees, from the nodes that are kept and the leaves; asking raises ``LookupError`` where these
    are missing or cannot be read."""
    return subtrees(
        lambda first, end: map(_leaf, tx.scan(Hashes(first, end))),
        lambda level, first, end: map(_kept, tx.scan(Nodes(level, first, end))),
    )


def _leaf(digest: str) -> bytes:
    leaf = digest_bytes(digest)
    if leaf is None:
        raise LookupError("a leaf of the tree cannot be read")
    return leaf


def _kept(node: NodeRow) -> bytes:
    if isinstance(node.hash, bytes):
        return node.hash
    raise LookupError("a node of the tree cannot be read")


def newest_note(tx: LogReading) -> NoteRow | None:
    """The stored note over the largest tree."""
    return max(stored_notes(tx), default=None)


def stored_notes(tx: LogReading) -> Iterator[NoteRow]:
    """The stored notes by size, without rows that somebody put there by hand and that have another type."""
    return (note for note in tx.scan(Notes()) if isinstance(note.size, int) and isinstance(note.text, str))


def stored_checkpoint(tx: LogReading, keys: Iterable[LogKey], note: NoteRow) -> Checkpoint:
    """The checkpoint of a stored note, which the log's key of its size signed, and which is of the size that it is stored
    under. Raises ``LogBroken``."""
    try:
        checkpoint = own_checkpoint(tx.log, keys, note.text)
        if checkpoint.size != note.size:
            raise NoteInvalid(f"it is one over {checkpoint.size}")
    except NoteInvalid as error:
        raise LogBroken(
            f"the note stored over {note.size} events does not hold: {error}; where nobody ever signed it, delete that row of "
            "the table note"
        ) from None
    return checkpoint


def event_at(tx: LogReading, stream: str, n: int) -> EventRow | None:
    """The event of that number in a stream, as stored; ``None`` where there is none."""
    event = next(iter(tx.scan(Events(stream, n))), None)  # from that number on: the first may be a later one
    return event if event is not None and event.n == n else None


def place_of(tx: LogReading, stream: str, n: int) -> int | None:
    """The index of an event in the order of the whole log."""
    return next((place.idx for place in tx.scan(EventPlace(stream, n))), None)


def log_keys(tx: LogReading) -> tuple[list[LogKey], list[Irregularity]]:
    """The keys that the log had, and what is wrong with the events that name them."""
    return keys_of(tx.log, _namings(tx))


def _namings(tx: LogReading) -> Iterator[Naming]:
    for event in tx.scan(Events("system", type=log_rekeyed.EVENT.name)):
        for place in tx.scan(EventPlace("system", event.n)):
            yield Naming(place.idx, place.n, *_told(event.body))


def _told(body: bytes) -> tuple[dict[str, object], str | None]:
    """The data of an event and what only a later procdef knows of it; empty where it cannot be read, which other checks
    tell of."""
    try:
        event = json.loads(body)
        data, newer = event["data"], unknown(event)
    except (ValueError, LookupError, TypeError, AttributeError, RecursionError):
        return {}, None
    return (data, newer) if isinstance(data, dict) else ({}, newer)
