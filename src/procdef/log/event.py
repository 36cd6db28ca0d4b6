"""One event of the log, format 1: what a decision says happened, and the bytes that are stored of it."""

from __future__ import annotations

import os
import time
from collections.abc import Callable
from datetime import UTC, datetime
from typing import Any, NamedTuple

from procdef.errors import InvalidArgument, LogBroken
from procdef.log.canonical import encode, encoded, parsed, quoted
from procdef.log.chain import FIRST, commitment_to, event_hash
from procdef.log.format import FORMAT

Data = dict[str, Any]
Random = Callable[[int], bytes]
"""So many random bytes. The machine's own are ``os.urandom``; others make a log that can be written again, and no secret."""
ERASED = "(erased)"
"""What people read where a personal value was erased."""
NO_ID = "(not an id)"
"""What stands for something that was given as an id and does not look like one."""

_DEEPEST = 32
"""How deep a personal value that others put in their own events may be nested; procdef's own are not at all."""
_VARIANT = {digit: "89ab"[int(digit, 16) % 4] for digit in "0123456789abcdef"}
"""Two bits of a random hex digit, behind the two that a UUID begins its fourth group with."""


class Entry(NamedTuple):
    """What happened, before it has a place in the log. ``private`` are the personal values of ``data`` by JSON pointer;
    they stand in ``data`` too until the entry is written."""

    type: str
    data: Data
    private: tuple[str, ...] = ()


Opening = tuple[str, bytes, bytes]
"""The pointer, salt and canonical value of a commitment."""


class Written(NamedTuple):
    """An event as it goes into the log, with the openings of its commitments."""

    stream: str
    n: int
    id: str
    type: str
    at: str
    hash: str
    body: bytes
    openings: tuple[Opening, ...]


class Envelope(NamedTuple):
    """What all events of one command share. ``by``, ``behalf`` and ``definition`` are canonical JSON already: they are
    the same in many events, and encoded once."""

    log: str
    at: str
    by: str
    via: str
    command: str
    of: int
    happened: str | None = None
    behalf: str | None = None
    definition: str | None = None


def write(
    entry: Entry, envelope: Envelope, stream: str, n: int, prev: str, i: int, name: str, random: Random = os.urandom
) -> Written:
    """The event in its stored form, the ``i``-th (from 1) of its command, with the UUID ``name``. ``prev`` is the hash
    of the stream's event n-1.

    The body is put together from canonical parts in the order of its keys, which is what canonical JSON is.
    """
    log, at, by, via, command, of, happened, behalf, definition = envelope
    data, sealed, openings = _sealed(entry, log, stream, n, random) if entry.private else (entry.data, "", ())
    pinned = f',"definition":{definition}' if definition else ""
    person = f',"for":{behalf}' if behalf else ""
    moment = f',"happened":"{happened}"' if happened else ""
    stored = (
        f'{{"at":"{at}","by":{by},"cmd":{{"i":{i},"id":"{command}","of":{of}}},"data":{encoded(data)}'
        f'{pinned}{person}{moment},"id":"{name}","log":"{log}","n":{n},"prev":"{prev or FIRST}"{sealed}'
        f',"stream":{quoted(stream)},"type":{quoted(entry.type)},"v":{FORMAT},"via":"{via}"}}'
    ).encode()
    return Written(stream, n, name, entry.type, at, event_hash(stored), stored, openings)


def _sealed(entry: Entry, log: str, stream: str, n: int, random: Random) -> tuple[Data, str, tuple[Opening, ...]]:
    """The data without its personal values, the key of the body that commits to them, and their openings."""
    data, taken = conceal(entry.data, entry.private)
    commitments, openings = {}, []
    for pointer, value in taken:
        salt, stored = random(32), encode(value)
        commitments[pointer] = commitment_to(stored, salt, log, stream, n, pointer)
        openings.append((pointer, salt, stored))
    return data, f',"private":{encoded(commitments)}', tuple(openings)


def conceal(data: Data, pointers: tuple[str, ...]) -> tuple[Data, list[tuple[str, Any]]]:
    """``data`` without the values at these pointers, and those values. Copied is what the pointers lead through."""
    copy = data.copy()
    own, taken = {id(copy)}, []
    for pointer in pointers:
        holder: Any = copy
        *way, last = _keys(pointer)
        for key in way:
            place = int(key) if isinstance(holder, list) else key
            inner = holder[place]
            if id(inner) not in own:
                inner = holder[place] = inner.copy()
                own.add(id(inner))
            holder = inner
        taken.append((pointer, holder.pop(last)))
    return copy, taken


def personal(stream: str, n: int, value: bytes) -> Any:
    """A personal value of that event, of its stored bytes. Raises ``LogBroken``."""
    try:
        found = parsed(value)
        if type(found) is str or _nested_less(found, _DEEPEST):
            return found
    except (ValueError, TypeError, AttributeError, RecursionError):
        pass
    raise LogBroken(f"{stream}: a personal value of event {n} cannot be read", stream)


def _nested_less(value: Any, than: int) -> bool:
    inner = value.values() if isinstance(value, dict) else value if isinstance(value, list) else ()
    return than > 0 and all(_nested_less(below, than - 1) for below in inner)


def reveal(data: Data, values: dict[str, Any]) -> Data:
    """A copy of ``data`` with these values back at their pointers; what was erased stays absent."""
    if not values:
        return data
    copy: Data = copied(data)
    put_back(copy, values)
    return copy


def put_back(data: Data, values: dict[str, Any]) -> list[str]:
    """As ``reveal``, in ``data`` itself; the pointers at which something stood already."""
    taken = []
    for pointer, value in values.items():
        holder, last = _walk(data, pointer)
        if last in holder:
            taken.append(pointer)
        holder[last] = value
    return taken


def stands(data: Data, pointer: str) -> bool:
    """Whether there is something at that pointer."""
    inner: Any = data
    for key in pointer[1:].split("/"):
        if isinstance(inner, dict) and key in inner:
            inner = inner[key]
        elif isinstance(inner, list) and key.isdigit() and int(key) < len(inner):
            inner = inner[int(key)]
        else:
            return False
    return True


def pointer_to(*keys: str | int) -> str:
    """The JSON pointer (RFC 6901) along these keys."""
    return "".join("/" + str(key).replace("~", "~0").replace("/", "~1") for key in keys)


def timestamp(moment: datetime) -> str:
    """The log's form of a time: UTC, always six fractional digits. Raises ``InvalidArgument`` for one without an offset."""
    if moment.tzinfo is not UTC:  # mostly it is: `datetime.now(UTC)`, and what `instant` makes
        if moment.utcoffset() is None:
            raise InvalidArgument(f"the time {moment} has no offset; a clock gives aware times, as datetime.now(UTC)")
        moment = moment.astimezone(UTC)
    text = moment.isoformat()
    return f"{text[:26]}Z" if "." in text else f"{text[:19]}.000000Z"


def instant(text: str) -> datetime:
    """The aware time that ``timestamp`` wrote."""
    return datetime.fromisoformat(text)


def uuids(count: int, random: Random = os.urandom, milliseconds: int | None = None) -> list[str]:
    """Fresh UUIDs of version 7 (RFC 9562): 48 bits of milliseconds since 1970, the rest random. The time is the machine's,
    unless it is given."""
    at = time.time_ns() // 1_000_000 if milliseconds is None else milliseconds
    clock, chance = f"{at:012x}", random(10 * count).hex()
    front = f"{clock[:8]}-{clock[8:]}-7"
    return [
        f"{front}{chance[k : k + 3]}-{_VARIANT[chance[k + 3]]}{chance[k + 4 : k + 7]}-{chance[k + 7 : k + 19]}"
        for k in range(0, 20 * count, 20)
    ]


def copied(value: Any) -> Any:
    """A copy of a JSON value, down to its last part."""
    if isinstance(value, dict):
        return {key: copied(inner) for key, inner in value.items()}
    if isinstance(value, list):
        return [copied(inner) for inner in value]
    return value


def _walk(data: Data, pointer: str) -> tuple[Any, Any]:
    """The mapping that holds the value at the pointer, and its key there."""
    *way, last = _keys(pointer)
    holder: Any = data
    for key in way:
        holder = holder[int(key)] if isinstance(holder, list) else holder.setdefault(key, {})
    return holder, last


def _keys(pointer: str) -> list[str]:
    keys = pointer.split("/")[1:]
    return [key.replace("~1", "/").replace("~0", "~") for key in keys] if "~" in pointer else keys
