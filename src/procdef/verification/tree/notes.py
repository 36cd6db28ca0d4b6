"""The notes over a tree, those stored and those that somebody holds: whether each is a note of this log that its key signed."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from typing import Any, NamedTuple

from procdef.errors import NoteInvalid
from procdef.log.checkpoint import Checkpoint, HeldNote, origin, read_checkpoint
from procdef.log.irregularity import Irregularity
from procdef.log.keys import LogKey, own_checkpoint
from procdef.log.signed_note import Verifier

WHOLE = "log"
"""Where a finding is about no stream but the log as a whole."""


class NoteToCheck(NamedTuple):
    """A note that names a root, and how findings call it; ``by`` is the name of one that comes from outside, ``signed``
    whether the log's key of its size signed it, ``altered`` what was changed in its copy since."""

    checkpoint: Checkpoint
    name: str
    by: str = ""
    signed: bool = True
    altered: str = ""


def read_notes(
    log: str, keys: list[LogKey], stored: Iterable[tuple[Any, Any]], held: Iterable[HeldNote]
) -> tuple[list[NoteToCheck], list[Irregularity]]:
    """The notes whose roots are to be looked for, by size, and what is wrong with the notes themselves.

    ``stored`` are size and text of each note of the database. A held note that is not of the form raises
    ``NoteInvalid``: it is no evidence of anything.
    """
    notes: list[NoteToCheck] = []
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
        notes.append(NoteToCheck(checkpoint, name))
    kept = {note.checkpoint for note in notes}
    for outside in held:
        checkpoint = read_checkpoint(outside.text)[0]
        unsigned = list(_unsigned(log, keys, outside.text, f"the note {outside.name}"))
        wrong += unsigned
        if checkpoint not in kept:
            expected = f"the note {outside.name} over {checkpoint.size} events among those stored"
            wrong.append(Irregularity("held-note-missing", WHOLE, 0, expected, "none like it"))
        notes.append(NoteToCheck(checkpoint, f"the note {outside.name}", outside.name, not unsigned, outside.altered))
    return sorted(notes, key=lambda note: note.checkpoint.size), wrong


def _unsigned(log: str, keys: list[LogKey], text: bytes | str, name: str) -> Iterator[Irregularity]:
    try:
        own_checkpoint(log, keys, text)
    except NoteInvalid as error:
        yield Irregularity("note-signature", WHOLE, 0, f"{name} signed by the key of {origin(log)} then", str(error))


def other_keys(keys: list[LogKey], trusted: Iterable[Verifier], notes: Iterable[NoteToCheck]) -> Iterator[Irregularity]:
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
