"""The keys of a log, one after the other: each is named by an event that the key before it signed."""

from __future__ import annotations

from base64 import b64encode
from collections.abc import Iterable, Mapping
from typing import Any, NamedTuple

from procdef.errors import NoteInvalid
from procdef.log.checkpoint import Checkpoint, origin, parse_checkpoint
from procdef.log.irregularity import Irregularity
from procdef.log.signed_note import ED25519, Signer, Verifier, base64_bytes, kind_of, opened, parse_note


class LogKey(NamedTuple):
    """A key, and the sizes of the notes that it may sign: ``since`` is the first that holds the event which names the
    key, ``until`` the last before the next key's event (``None``: it is the log's key now)."""

    verifier: Verifier
    since: int
    until: int | None = None


class Naming(NamedTuple):
    """An event ``log.rekeyed``: its place in the log (from 0), its number in ``system``, its data, and what of it only a
    later procdef knows."""

    idx: int
    n: int
    data: Mapping[str, Any]
    newer: str | None = None


def rekeying(log: str, new: Signer, old: Signer | None = None) -> dict[str, Any]:
    """The data of the event that makes ``new`` the log's key; ``old`` is the key before it, missing for the first."""
    before, after = str(old.verifier) if old else "", str(new.verifier)
    signature = (old or new).sign(_message(log, before, after))
    named = {"new": after, "signature": b64encode(signature).decode()}
    return {"old": before, **named} if old else named


def keys_of(log: str, namings: Iterable[Naming]) -> tuple[list[LogKey], list[Irregularity]]:
    """The keys that a log had, and what is wrong with the events that name them: a key that none before it signed for
    is no key of the log. ``namings`` come in log order."""
    keys: list[LogKey] = []
    wrong = []
    for naming in namings:
        before = keys[-1].verifier if keys else None
        if naming.newer is not None:
            wrong.append(Irregularity("newer-log", "system", naming.n, "a key that this procdef knows", naming.newer))
            continue
        try:
            text = _signed_for(log, before, naming.data)
            name = text.partition("+")[0]
            if name != origin(log):
                raise NoteInvalid(f"a key named {name}")
            if kind_of(text) not in (None, ED25519):
                found = f"a key of the kind 0x{kind_of(text):02x}"
                wrong.append(Irregularity("newer-log", "system", naming.n, "a key that this procdef knows", found))
                continue
            new = Verifier.parse(text)
            if any(new.key == key.verifier.key for key in keys):
                raise NoteInvalid("a key that was the log's before")
        except NoteInvalid as error:
            expected = f"a key of {origin(log)}, signed for by {before or 'itself'}"
            wrong.append(Irregularity("key-unsigned", "system", naming.n, expected, str(error)))
            continue
        if keys:
            keys[-1] = keys[-1]._replace(until=naming.idx)
        keys.append(LogKey(new, naming.idx + 1))
    return keys, wrong


def key_at(keys: Iterable[LogKey], size: int) -> LogKey | None:
    """The key that signs notes of that size."""
    return next((key for key in keys if key.since <= size and (key.until is None or size <= key.until)), None)


def own_checkpoint(log: str, keys: Iterable[LogKey], given: bytes | str) -> Checkpoint:
    """The checkpoint of a note that this log's key of its size signed. Raises ``NoteInvalid``."""
    checkpoint = parse_checkpoint(parse_note(given).text)
    if checkpoint.origin != origin(log):
        raise NoteInvalid(f"the note is of {checkpoint.origin}, and this log is {origin(log)}")
    key = key_at(keys, checkpoint.size)
    if key is None:
        raise NoteInvalid(f"the log had no key yet at {checkpoint.size} events")
    opened(given, [key.verifier])
    return checkpoint


def _message(log: str, old: str, new: str) -> bytes:
    return f"procdef.log/rekeyed\n{log}\n{old}\n{new}\n".encode()


def _signed_for(log: str, before: Verifier | None, data: Mapping[str, Any]) -> str:
    """The key that the event names, as it is written, once the key before it is found to have signed for it. A first key
    of a kind that is not known signs for itself, which nobody here can check."""
    old, text, encoded = data.get("old", ""), data.get("new"), data.get("signature")
    if not (isinstance(old, str) and isinstance(text, str) and isinstance(encoded, str)):
        raise NoteInvalid("no keys and signature in text")
    if old != (str(before) if before else "") or ("old" in data) is (before is None):
        raise NoteInvalid(f"a key that follows {old or 'none'}")
    signature = base64_bytes(encoded, "the signature")
    if before is None and kind_of(text) not in (None, ED25519):
        return text
    if not (before or Verifier.parse(text)).verify(_message(log, old, text), signature):
        raise NoteInvalid("a signature over something else")
    return text
