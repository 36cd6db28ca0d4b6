"""The log's bytes held against themselves: hashes, chains, canonical form, projections, openings of personal values.

Shares with the writer only the canonical form and the hash functions. Reads one stream at a time, event by event.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from operator import itemgetter
from typing import Any

from procdef.log.canonical import begun, confirm
from procdef.log.chain import FIRST, SALT, commitment_to, event_hash
from procdef.log.envelope import is_hash
from procdef.log.irregularity import Irregularity
from procdef.verification.bytes.canonical_fast_path import KnownParts

Columns = tuple[str, int, str, str, str, str, bytes]
"""An event with the columns that repeat parts of it: stream, n, id, type, recorded, hash, body."""

_REPEATED = ("log", "stream", "n", "id", "type", "at")
_repeated = itemgetter(*_REPEATED)
_SHARED = ("at", "by", "for", "via", "happened", "definition")
"""What all events of one command have in common."""

Opening = tuple[str, bytes, bytes]
"""The pointer, salt and canonical value of a commitment."""


class Chain:
    """A stream as far as it was checked. Of its events it keeps only what the next one is compared with, and the places of
    personal values that are gone."""

    def __init__(self, log: str, stream: str, parts: KnownParts | None = None) -> None:
        self.n = 0
        self.familiar = False
        """Whether the last event took the fast path: its people, definition and channel are sound, and all keys of its
        envelope known."""
        self._parts = parts or KnownParts()
        self._log, self._stream = log, stream
        self._prev, self.at = FIRST, ""
        self._before: Mapping[str, Any] | None = None
        self._gone: set[tuple[int, str]] = set()
        self._erased: set[tuple[int, str]] = set()

    def check(self, row: Columns, openings: Sequence[Opening]) -> tuple[dict[str, Any] | None, list[Irregularity]]:
        """The next event, parsed (``None``: that cannot be done), and what is wrong with it."""
        n, body = row[1], row[6]
        self.n += 1
        wrong = []
        if n != self.n:
            wrong.append(Irregularity("gap", self._stream, n, f"event {self.n}", f"event {n}"))
            self.n = n
        digest = event_hash(body)
        event = self._parsed(body)
        if event is None:
            wrong.append(Irregularity("not-canonical", self._stream, n, "canonical JSON", "something else"))
        else:
            if not _repeats(row, event, digest, self._log):
                wrong += _columns(row, event, digest, self._log)
            wrong += self._linked(n, event)
            if openings or "private" in event or event.get("type") == "privacy.erased":
                wrong += self._opened(n, event, openings)
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

    def _parsed(self, body: bytes) -> dict[str, Any] | None:
        self.familiar = False
        try:
            text = bytes(body).decode()
            event = begun(text)
            if not isinstance(event, dict):
                return None
            self.familiar = self._parts.spell(event, text)
            if not self.familiar:
                confirm(event, text)
        except (ValueError, RecursionError):
            return None
        return event

    def _linked(self, n: int, event: Mapping[str, Any]) -> list[Irregularity]:
        wrong = []
        at, happened, prev = str(event.get("at")), event.get("happened"), event.get("prev")
        if prev != self._prev:
            wrong.append(Irregularity("chain-broken", self._stream, n, self._prev, str(prev)))
        if at < self.at:
            wrong.append(Irregularity("time-backwards", self._stream, n, f"not before {self.at}", at))
        if happened is not None and str(happened) > at:
            wrong.append(Irregularity("time-backwards", self._stream, n, f"happened not after {at}", str(happened)))
        self.at = at
        if not _continues(self._before, event):
            expected = _following(self._before)
            wrong.append(Irregularity("command-torn", self._stream, n, expected, str(event.get("cmd"))))
        return wrong

    def _opened(self, n: int, event: Mapping[str, Any], openings: Sequence[Opening]) -> Iterator[Irregularity]:
        sealed = event.get("private", {})
        if not isinstance(sealed, dict):
            yield Irregularity("value-missing", self._stream, n, "commitments by pointer", type(sealed).__name__)
            return
        found = {pointer for pointer, _, _ in openings}
        self._gone |= {(n, pointer) for pointer in sealed if pointer not in found}
        for pointer in sealed if len(sealed) != len(openings) else ():
            if pointer not in found and not is_hash(sealed[pointer]):
                yield Irregularity("unreadable", self._stream, n, f"a commitment at {pointer}", "something else")
        for pointer, salt, value in openings:
            if pointer not in sealed:
                yield Irregularity("value-without-event", self._stream, n, "no personal value", pointer)
            elif commitment_to(value, salt, self._log, self._stream, n, pointer) != sealed[pointer]:
                expected = f"the value committed to at {pointer}"
                yield Irregularity("value-changed", self._stream, n, expected, "another value")
            elif len(salt) != SALT:
                yield Irregularity("unreadable", self._stream, n, f"a salt of {SALT} bytes at {pointer}", f"{len(salt)}")
        if event.get("type") == "privacy.erased":
            yield from self._noted_as_erased(n, event)

    def _noted_as_erased(self, n: int, event: Mapping[str, Any]) -> Iterator[Irregularity]:
        try:
            for stream, erased, pointer in event["data"]["leaves"]:
                if stream == self._stream and type(erased) is int and 0 < erased < n and isinstance(pointer, str):
                    self._erased.add((erased, pointer))
                else:
                    expected, found = "leaves of earlier events of this stream", f"one of event {erased} of {stream}"
                    yield Irregularity("value-not-erased", self._stream, n, expected, found)
        except (LookupError, TypeError, ValueError):
            yield Irregularity("unreadable", self._stream, n, "[stream, n, pointer] of each leaf", "something else")


def _continues(before: Mapping[str, Any] | None, event: Mapping[str, Any]) -> bool:
    """Whether the place of an event in its command follows from that of the event before it."""
    command = event.get("cmd")
    if not isinstance(command, dict):
        return False
    last = before.get("cmd") if before is not None else None
    if not isinstance(last, dict):
        return before is None and bool(command.get("i") == 1)
    if last.get("i") == last.get("of"):
        return bool(command.get("i") == 1 and command.get("id") != last.get("id"))
    i = last.get("i")
    if before is None or type(i) is not int or command != {**last, "i": i + 1}:
        return False
    return all(event.get(name) == before.get(name) for name in _SHARED)


def _following(before: Mapping[str, Any] | None) -> str:
    return f"what follows {before.get('cmd')}" if before is not None else "a first event"


def _repeats(row: Columns, event: Mapping[str, Any], digest: str, log: str) -> bool:
    """Whether the columns are what the event says, and its hash: they always are but in a log that was tampered with."""
    stream, n, name, kind, recorded, noted, _ = row
    try:
        return noted == digest and _repeated(event) == (log, stream, n, name, kind, recorded)
    except KeyError:
        return False


def _columns(row: Columns, event: Mapping[str, Any], digest: str, log: str) -> Iterator[Irregularity]:
    stream, n, name, kind, recorded, noted, _ = row
    if noted != digest:
        yield Irregularity("hash", stream, n, digest, str(noted))
    columns = (log, stream, n, name, kind, recorded)
    for key, found, column in zip(_REPEATED, map(event.get, _REPEATED), columns, strict=True):
        if found != column:
            yield Irregularity("projection", stream, n, f"{key} {found}", f"{key} {column}")
