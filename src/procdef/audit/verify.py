"""The log's bytes held against themselves: hashes, chains, canonical form, projections, openings of personal values.

Shares with the writer only the canonical form and the hash functions. Reads one stream at a time, event by event.
"""

from __future__ import annotations

import json
from collections.abc import Iterable, Iterator, Mapping, Sequence
from typing import Any, NamedTuple

from procdef.audit.canonical import parsed
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
_SHARED = ("at", "by", "for", "via", "happened", "definition")
"""What all events of one command have in common."""

Opening = tuple[str, bytes, bytes]
"""The pointer, salt and canonical value of a commitment."""


def verify_stream(
    log: str, stream: str, events: Iterable[StoredEvent], openings: Mapping[int, Sequence[Opening]]
) -> Iterator[Irregularity]:
    """Everything wrong with the bytes of one stream. ``openings`` are its personal values by event number."""
    chain = Chain(log, stream)
    for row in events:
        yield from chain.check(row, openings.get(row.n, ()))[1]
    yield from chain.end()
    for orphan in sorted(n for n in openings if not 0 < n <= chain.n):
        yield Irregularity("value-without-event", stream, orphan, "no personal value", "a personal value")


class Chain:
    """A stream as far as it was checked; keeps nothing of an event but what the next one is held against, and the
    places of values that are gone."""

    def __init__(self, log: str, stream: str) -> None:
        self.n = 0
        self._log, self._stream = log, stream
        self._prev, self._last = FIRST, ""
        self._before: Mapping[str, Any] | None = None
        self._gone: set[tuple[int, str]] = set()
        self._erased: set[tuple[int, str]] = set()

    def check(self, row: StoredEvent, openings: Sequence[Opening]) -> tuple[dict[str, Any] | None, list[Irregularity]]:
        """The next event, parsed (``None``: that cannot be done), and what is wrong with it."""
        self.n += 1
        wrong = []
        if row.n != self.n:
            wrong.append(Irregularity("gap", self._stream, row.n, f"event {self.n}", f"event {row.n}"))
            self.n = row.n
        digest = event_hash(row.body)
        event = _parsed(row.body)
        if event is None:
            wrong.append(Irregularity("not-canonical", self._stream, row.n, "canonical JSON", "something else"))
        else:
            wrong += _columns(row, event, digest, self._log)
            wrong += self._linked(row, event)
            wrong += self._opened(row, event, openings)
            self._before = event
        self._prev = digest
        return event, wrong

    def end(self) -> Iterator[Irregularity]:
        """What only the end of the stream tells: a command cut short, values that are gone and were not erased."""
        if self._before is not None and not _continues(self._before, {"cmd": {"i": 1}}):
            yield Irregularity("command-torn", self._stream, self.n, _following(self._before), "the end of the stream")
        for n, pointer in sorted(self._gone - self._erased):
            yield Irregularity("value-missing", self._stream, n, f"the value of {pointer}", "no value")
        for n, pointer in sorted(self._erased - self._gone):
            yield Irregularity(
                "value-not-erased", self._stream, n, f"no value of {pointer}, as it was erased", "a value"
            )

    def _linked(self, row: StoredEvent, event: Mapping[str, Any]) -> Iterator[Irregularity]:
        at, happened = str(event.get("at")), event.get("happened")
        if event.get("prev") != self._prev:
            yield Irregularity("chain-broken", self._stream, row.n, self._prev, str(event.get("prev")))
        if at < self._last:
            yield Irregularity("time-backwards", self._stream, row.n, f"not before {self._last}", at)
        if happened is not None and str(happened) > at:
            yield Irregularity("time-backwards", self._stream, row.n, f"happened not after {at}", str(happened))
        self._last = at
        if not _continues(self._before, event):
            yield Irregularity("command-torn", self._stream, row.n, _following(self._before), str(event.get("cmd")))

    def _opened(
        self, row: StoredEvent, event: Mapping[str, Any], openings: Sequence[Opening]
    ) -> Iterator[Irregularity]:
        sealed = event.get("private", {})
        if not isinstance(sealed, dict):
            yield Irregularity("value-missing", row.stream, row.n, "commitments by pointer", type(sealed).__name__)
            return
        found = {pointer for pointer, _, _ in openings}
        self._gone |= {(row.n, pointer) for pointer in sealed if pointer not in found}
        for pointer, salt, value in openings:
            if pointer not in sealed:
                yield Irregularity("value-without-event", row.stream, row.n, "no personal value", pointer)
            elif _committed(self._log, row, pointer, salt, value) != sealed[pointer]:
                expected = f"the value committed to at {pointer}"
                yield Irregularity("value-changed", row.stream, row.n, expected, "another value")
        if event.get("type") == "privacy.erased":
            yield from self._noted_as_erased(row, event)

    def _noted_as_erased(self, row: StoredEvent, event: Mapping[str, Any]) -> Iterator[Irregularity]:
        try:
            for stream, n, pointer in event["data"]["leaves"]:
                if stream == self._stream and isinstance(n, int) and isinstance(pointer, str):
                    self._erased.add((n, pointer))
                else:
                    yield Irregularity("value-not-erased", row.stream, row.n, "leaves of this stream", str(stream))
        except (LookupError, TypeError, ValueError):
            yield Irregularity("unreadable", row.stream, row.n, "[stream, n, pointer] of each leaf", "something else")


def _continues(before: Mapping[str, Any] | None, event: Mapping[str, Any]) -> bool:
    """Whether the place of an event in its command follows from that of the event before it."""
    command = event.get("cmd")
    if not isinstance(command, dict):
        return False
    last = before.get("cmd") if before is not None else None
    if not isinstance(last, dict) or last.get("i") == last.get("of"):
        return bool(command.get("i") == 1) and (before is None or isinstance(last, dict))
    if command != {**last, "i": last.get("i", 0) + 1} or before is None:
        return False
    return all(event.get(name) == before.get(name) for name in _SHARED)


def _following(before: Mapping[str, Any] | None) -> str:
    return f"what follows {before.get('cmd')}" if before is not None else "a first event"


def _parsed(body: bytes) -> dict[str, Any] | None:
    try:
        event = parsed(bytes(body))
        return event if isinstance(event, dict) else None
    except (ValueError, RecursionError):
        return None


def _columns(row: StoredEvent, event: Mapping[str, Any], digest: str, log: str) -> Iterator[Irregularity]:
    if row.hash != digest:
        yield Irregularity("hash", row.stream, row.n, digest, str(row.hash))
    inside = tuple(map(event.get, _REPEATED))
    columns = (log, row.stream, row.n, row.id, row.type, row.recorded)
    if inside == columns:
        return
    for name, found, column in zip(_REPEATED, inside, columns, strict=True):
        if found != column:
            yield Irregularity("projection", row.stream, row.n, f"{name} {found}", f"{name} {column}")


def _committed(log: str, row: StoredEvent, pointer: str, salt: bytes, value: bytes) -> str:
    try:
        return commitment(salt, log, row.stream, row.n, pointer, json.loads(value))
    except ValueError:
        return ""
