"""One stream read once: its bytes checked, its events handed on command by command while they are sound."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from typing import Any

from procdef.errors import LogBroken, NewerLog
from procdef.events.data_check import misshapen
from procdef.events.known_keys import unknown, unknown_data
from procdef.events.opened_event import OpenedEvent, open_known_event
from procdef.log.canonical import parsed
from procdef.log.envelope import faults, well_formed, well_marked
from procdef.log.event import put_back, stands
from procdef.log.irregularity import Irregularity
from procdef.store.rows import EventRow, PrivateRow
from procdef.verification.bytes.canonical_fast_path import KnownParts
from procdef.verification.bytes.chain_check import Chain
from procdef.verification.tables.leaf_order import LeafOrder
from procdef.verification.tables.merge_join import ByEvent, MergeJoin
from procdef.verification.tables.storage_classes import misfit

ReadEvent = tuple[OpenedEvent, Mapping[str, Any]]
"""An event as the fold reads it, and as it is stored; the data, which they share, has its personal values in place."""

UNREADABLE = (LookupError, ValueError, TypeError, AttributeError, ArithmeticError, RecursionError, LogBroken, NewerLog)
"""The exceptions that reading an event of another shape than its type says may raise. No event may end the verification."""


class StreamReading:
    """Iterate over ``commands`` and take the ``findings`` between. ``sound``: nothing was wrong so far; ``n``: the last event
    that was read; ``count``: of the events from the ``first`` on, each of which ``count`` is given when its envelope is
    sound."""

    def __init__(
        self,
        log: str,
        stream: str,
        events: Iterable[EventRow],
        private: MergeJoin[PrivateRow],
        order: LeafOrder,
        parts: KnownParts,
        count: Callable[[Mapping[str, Any]], Iterable[Irregularity]],
        first: int = 1,
    ) -> None:
        self.sound = True
        self.count = self.n = 0
        self._stream, self._events, self._order = stream, events, order
        self._count_in, self._first = count, first
        self._chain = Chain(log, stream, parts)
        self._private = ByEvent(private, stream)
        self._findings: list[Irregularity] = []
        order.begin()

    def commands(self) -> Iterator[list[ReadEvent]]:
        """The events of one command after the other; an empty list for an event that is not handed on."""
        command: list[ReadEvent] = []
        for row in self._events:
            self.count += self._first == 1 or (type(row.n) is int and row.n >= self._first)
            try:
                told = self._read(row)
            except UNREADABLE as error:
                told = None
                self._findings.append(self.stop(self.n, "unreadable", type(error).__name__))
            if told is None:
                command = []
                yield []
                continue
            command.append(told)
            place = told[1]["cmd"]
            if place["i"] == place["of"]:
                yield command
                command = []
        self._note(self._chain.end())
        for n in self._private.end():
            self._note([Irregularity("value-without-event", self._stream, n, "no personal value", "a personal value")])
        self._note(self._order.finish(self._stream))

    @property
    def at(self) -> str:
        """When the last event that was read says that it was recorded."""
        return self._chain.at

    def findings(self) -> Sequence[Irregularity]:
        """What was found wrong since this was last asked."""
        if not self._findings:
            return ()
        found, self._findings = self._findings, []
        return found

    def stop(self, n: int, code: str, found: str) -> Irregularity:
        """Mark the stream as unsound from here on: this event cannot be read, and no later one is handed on."""
        self.sound = False
        return Irregularity(code, self._stream, n, "an event that this procdef reads", found)

    def _read(self, row: EventRow) -> ReadEvent | None:
        column = misfit(row)
        if column is not None:
            self._note(
                [Irregularity("unreadable", self._stream, 0, "an event as it is written", f"another type of {column}")]
            )
            if type(row.n) is int:
                self._note(self._order.check(self._stream, row.n, row.hash))
            return None
        self.n = row.n
        values = self._private.of(row.n)
        openings = [(value.path, value.salt, value.value) for value in values] if values else ()
        event, wrong = self._chain.check(row, openings)
        if wrong:
            self._note(wrong)
        if misplaced := self._order.check(self._stream, row.n, row.hash):
            self._note(misplaced)
        if not self.sound or event is None:
            return None
        familiar = self._chain.familiar
        newer = unknown_data(event) if familiar else unknown(event)
        if newer is not None:
            self._findings.append(self.stop(row.n, "newer-log", newer))
            return None
        sound = well_marked(event) if familiar else well_formed(event)
        if not sound and (strange := [*faults(event)]):
            self._note(Irregularity("unreadable", self._stream, row.n, *fault) for fault in strange)
            return None
        if row.n >= self._first:
            self._findings += self._count_in(event)
        if "private" in event:
            opened = _opened(values)
            if opened is None:
                self._findings.append(self.stop(row.n, "unreadable", "a personal value that is not canonical JSON"))
                return None
            if exposed := _put_back(event, opened):
                self._note(_exposed(self._stream, row.n, pointer) for pointer in exposed)
                return None
        other = misshapen(row.type, event["data"], event.get("private", ()))
        if other is not None:
            self._findings.append(self.stop(row.n, "unreadable", f"another {other} in its data"))
            return None
        return open_known_event(event, row.hash), event

    def _note(self, wrong: Iterable[Irregularity]) -> None:
        if found := [*wrong]:
            self.sound = False
            self._findings += found


def _opened(values: Sequence[PrivateRow]) -> dict[str, Any] | None:
    """The personal values by pointer; ``None`` where one of them is not written as canonical JSON is."""
    try:
        return {value.path: parsed(value.value) for value in values}
    except (ValueError, RecursionError):
        return None


def _put_back(event: Mapping[str, Any], values: dict[str, Any]) -> list[str]:
    """Put the personal values in their places in the event; the pointers at which something stood already."""
    data, sealed = event["data"], event["private"]
    gone = sealed.keys() - values.keys() if len(sealed) > len(values) else ()
    exposed = [pointer for pointer in gone if stands(data, pointer)]
    return exposed + put_back(data, values)


def _exposed(stream: str, n: int, pointer: str) -> Irregularity:
    return Irregularity("value-exposed", stream, n, f"nothing at {pointer}, as its value is set apart", "a value")
