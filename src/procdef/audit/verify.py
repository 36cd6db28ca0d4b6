"""The log's bytes held against themselves: hashes, chains, canonical form, projections, openings of personal values.

Shares with the writer only the canonical form and the hash functions. Reads one stream at a time.
"""

from __future__ import annotations

import json
from collections.abc import Iterable, Iterator, Mapping
from typing import Any, NamedTuple

from procdef.audit.canonical import canonical_bytes
from procdef.audit.chain import FIRST, commitment, event_hash


class Irregularity(NamedTuple):
    """Something in the log that should not be so: a stable code, the event (``n`` 0: the stream as a whole), and what
    was expected and found there."""

    code: str
    stream: str
    n: int
    expected: str
    found: str


class StoredEvent(NamedTuple):
    """An event with the columns that repeat parts of it."""

    stream: str
    n: int
    id: str
    type: str
    recorded: str
    hash: str
    body: bytes


_REPEATED = ("log", "stream", "n", "id", "type", "at")

Opening = tuple[str, bytes, bytes]
"""The pointer, salt and canonical value of a commitment."""


def verify_stream(
    log: str, stream: str, events: Iterable[StoredEvent], openings: Mapping[int, list[Opening]]
) -> Iterator[Irregularity]:
    """Everything wrong with the bytes of one stream. ``openings`` are its personal values by event number."""
    n, prev, last = 0, FIRST, ""
    command: Any = None
    seen = set()
    for row in events:
        n += 1
        if row.n != n:
            yield Irregularity("gap", stream, row.n, f"event {n}", f"event {row.n}")
            n = row.n
        digest = event_hash(row.body)
        event = _parsed(row.body)
        if event is None:
            yield Irregularity("not-canonical", stream, n, "canonical JSON", "something else")
        else:
            yield from _columns(row, event, digest, log)
            if event.get("prev") != prev:
                yield Irregularity("chain-broken", stream, n, prev, str(event.get("prev")))
            if str(event.get("at")) < last:
                yield Irregularity("time-backwards", stream, n, f"not before {last}", str(event.get("at")))
            last = str(event.get("at"))
            if not _continues(command, event.get("cmd")):
                yield Irregularity("command-torn", stream, n, f"what follows {command}", str(event.get("cmd")))
            command = event.get("cmd")
            yield from _opened(log, row, event, openings.get(n, []))
        prev = digest
        seen.add(n) if n in openings else None
    if command is not None and not _continues(command, {"i": 1}):
        yield Irregularity("command-torn", stream, n, f"what follows {command}", "the end of the stream")
    for orphan in sorted(set(openings) - seen):
        yield Irregularity("value-without-event", stream, orphan, "no personal value", "a personal value")


def _continues(before: Any, command: Any) -> bool:
    """Whether the place of an event in its command follows from that of the event before it."""
    if not isinstance(command, dict) or (before is not None and not isinstance(before, dict)):
        return False
    if before is None or before.get("i") == before.get("of"):
        return bool(command.get("i") == 1)
    return bool(command == {**before, "i": before.get("i", 0) + 1})


def _parsed(body: bytes) -> dict[str, Any] | None:
    try:
        event = json.loads(body)
        return event if isinstance(event, dict) and canonical_bytes(event) == bytes(body) else None
    except (ValueError, RecursionError):
        return None


def _columns(row: StoredEvent, event: Mapping[str, Any], digest: str, log: str) -> Iterator[Irregularity]:
    if row.hash != digest:
        yield Irregularity("hash", row.stream, row.n, digest, row.hash)
    inside = tuple(map(event.get, _REPEATED))
    columns = (log, row.stream, row.n, row.id, row.type, row.recorded)
    if inside == columns:
        return
    for name, found, column in zip(_REPEATED, inside, columns, strict=True):
        if found != column:
            yield Irregularity("projection", row.stream, row.n, f"{name} {found}", f"{name} {column}")


def _opened(log: str, row: StoredEvent, event: Mapping[str, Any], openings: list[Opening]) -> Iterator[Irregularity]:
    sealed = event.get("private", {})
    if not isinstance(sealed, dict):
        yield Irregularity("value-missing", row.stream, row.n, "commitments by pointer", type(sealed).__name__)
        return
    found = {pointer: (salt, value) for pointer, salt, value in openings}
    for pointer in sealed:
        if pointer not in found:
            yield Irregularity("value-missing", row.stream, row.n, f"the value of {pointer}", "no value")
    for pointer, (salt, value) in found.items():
        if pointer not in sealed:
            yield Irregularity("value-without-event", row.stream, row.n, "no personal value", pointer)
        elif _committed(log, row, pointer, salt, value) != sealed[pointer]:
            yield Irregularity(
                "value-changed", row.stream, row.n, f"the value committed to at {pointer}", "another value"
            )


def _committed(log: str, row: StoredEvent, pointer: str, salt: bytes, value: bytes) -> str:
    try:
        return commitment(salt, log, row.stream, row.n, pointer, json.loads(value))
    except ValueError:
        return ""
