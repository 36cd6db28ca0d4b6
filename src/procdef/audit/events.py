"""One event of the log, format 1: what a decision says happened, and the bytes that are stored of it."""

from __future__ import annotations

import os
import time
from dataclasses import dataclass
from datetime import UTC, datetime
from typing import Any, NamedTuple

from procdef.audit.canonical import encode
from procdef.audit.chain import FIRST, commitment, event_hash
from procdef.audit.format import FORMAT

Data = dict[str, Any]

_RANDOM = 0x0FFF_3FFF_FFFF_FFFF_FFFF
_VERSION_7 = 0x7000_8000_0000_0000_0000


class Entry(NamedTuple):
    """What happened, before it has a place in the log. ``private`` are the personal values of ``data`` by JSON pointer;
    they stand in ``data`` too until the entry is written."""

    type: str
    data: Data
    private: tuple[str, ...] = ()


class Written(NamedTuple):
    """An event as it goes into the log, with the openings ``(pointer, salt, value)`` of its commitments."""

    stream: str
    n: int
    id: str
    type: str
    at: str
    hash: str
    body: bytes
    openings: tuple[tuple[str, bytes, bytes], ...]


@dataclass(frozen=True, slots=True)
class Envelope:
    """What all events of one command share."""

    log: str
    at: str
    by: Data
    via: str
    command: str
    of: int
    happened: str | None = None
    behalf: Data | None = None
    definition: Data | None = None


def write(entry: Entry, envelope: Envelope, stream: str, n: int, prev: str, i: int) -> Written:
    """The event in its stored form, the ``i``-th (from 1) of its command. ``prev`` is the hash of the stream's event n-1."""
    body: Data = {
        "v": FORMAT,
        "log": envelope.log,
        "id": uuid7(),
        "stream": stream,
        "n": n,
        "prev": prev or FIRST,
        "type": entry.type,
        "at": envelope.at,
        "by": envelope.by,
        "via": envelope.via,
        "cmd": {"id": envelope.command, "i": i, "of": envelope.of},
        "data": entry.data,
    }
    if envelope.happened is not None:
        body["happened"] = envelope.happened
    if envelope.behalf is not None:
        body["for"] = envelope.behalf
    if envelope.definition is not None:
        body["definition"] = envelope.definition
    openings: list[tuple[str, bytes, bytes]] = []
    if entry.private:
        body["data"], taken = conceal(entry.data, entry.private)
        sealed = {}
        for pointer, value in taken:
            salt = os.urandom(32)
            sealed[pointer] = commitment(salt, envelope.log, stream, n, pointer, value)
            openings.append((pointer, salt, encode(value)))
        body["private"] = sealed
    stored = encode(body)
    return Written(stream, n, body["id"], entry.type, envelope.at, event_hash(stored), stored, tuple(openings))


def conceal(data: Data, pointers: tuple[str, ...]) -> tuple[Data, list[tuple[str, Any]]]:
    """A copy of ``data`` without the values at these pointers, and those values."""
    copy = _copied(data)
    taken = []
    for pointer in pointers:
        holder, last = _walk(copy, pointer)
        taken.append((pointer, holder.pop(last)))
    return copy, taken


def reveal(data: Data, values: dict[str, Any]) -> Data:
    """A copy of ``data`` with these values back at their pointers; what was erased stays absent."""
    if not values:
        return data
    copy: Data = _copied(data)
    for pointer, value in values.items():
        holder, last = _walk(copy, pointer)
        holder[last] = value
    return copy


def pointer_to(*keys: str | int) -> str:
    """The JSON pointer (RFC 6901) along these keys."""
    return "".join("/" + str(key).replace("~", "~0").replace("/", "~1") for key in keys)


def timestamp(moment: datetime) -> str:
    """The log's form of a time: UTC, always six fractional digits."""
    return _utc(moment if moment.tzinfo is UTC else moment.astimezone(UTC))


def instant(text: str) -> datetime:
    """The aware time that ``timestamp`` wrote."""
    return datetime.fromisoformat(text)


def uuid7() -> str:
    """A fresh UUID of version 7 (RFC 9562): 48 bits of milliseconds, the rest random."""
    rest = int.from_bytes(os.urandom(10), "big") & _RANDOM | _VERSION_7
    text = f"{time.time_ns() // 1_000_000 << 80 | rest:032x}"
    return f"{text[:8]}-{text[8:12]}-{text[12:16]}-{text[16:20]}-{text[20:]}"


def _utc(moment: datetime) -> str:
    return moment.isoformat(timespec="microseconds")[:26] + "Z"


def _copied(value: Any) -> Any:
    if isinstance(value, dict):
        return {key: _copied(inner) for key, inner in value.items()}
    if isinstance(value, list):
        return [_copied(inner) for inner in value]
    return value


def _walk(data: Data, pointer: str) -> tuple[Any, Any]:
    """The mapping that holds the value at the pointer, and its key there."""
    keys = [key.replace("~1", "/").replace("~0", "~") for key in pointer.split("/")[1:]]
    holder: Any = data
    for key in keys[:-1]:
        holder = holder[int(key)] if isinstance(holder, list) else holder.setdefault(key, {})
    return holder, keys[-1]
