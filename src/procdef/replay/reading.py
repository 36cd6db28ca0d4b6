"""One stream read once: its bytes checked, its events handed on command by command while they are sound."""

from __future__ import annotations

import json
from collections.abc import Iterator, Mapping
from typing import Any

from procdef.audit.events import reveal
from procdef.audit.format import unknown
from procdef.audit.verify import Chain, Irregularity, StoredEvent
from procdef.deal import Happening, known_happening
from procdef.replay.alongside import ByEvent
from procdef.replay.order import Order
from procdef.replay.typed import misfit
from procdef.store.port import EventRow, Events, PrivateRow, Tx

Told = tuple[Happening, Mapping[str, Any]]
"""An event as the fold reads it, and as it is stored (its personal values apart)."""

MALFORMED = (LookupError, ValueError, TypeError, AttributeError)
"""What reading an event raises that is not shaped as its type says."""


class Reading:
    """Iterate over ``commands`` and take the ``findings`` between. ``sound``: nothing was wrong so far."""

    def __init__(self, tx: Tx, stream: str, private: Iterator[PrivateRow], order: Order) -> None:
        self.sound = True
        self.count = 0
        self._tx, self._stream, self._order = tx, stream, order
        self._chain = Chain(tx.log, stream)
        self._private = ByEvent(private)
        self._findings: list[Irregularity] = []

    def commands(self) -> Iterator[list[Told]]:
        """The events of one command after the other; an empty list for an event that is not handed on."""
        command: list[Told] = []
        for row in self._tx.scan(Events(self._stream)):
            self.count += 1
            told = self._read(row)
            if told is None:
                command = []
                yield []
                continue
            command.append(told)
            if told[1]["cmd"]["i"] == told[1]["cmd"]["of"]:
                yield command
                command = []
        self._note(self._chain.end())
        for n in self._private.end():
            self._note([Irregularity("value-without-event", self._stream, n, "no personal value", "a personal value")])
        self._note(self._order.finish(self._stream))

    def findings(self) -> Iterator[Irregularity]:
        """What was found wrong since this was last asked."""
        found, self._findings = self._findings, []
        yield from found

    def stop(self, n: int, code: str, found: str) -> Irregularity:
        """Hand on nothing more: this event cannot be read."""
        self.sound = False
        return Irregularity(code, self._stream, n, "an event that this procdef reads", found)

    def _read(self, row: EventRow) -> Told | None:
        column = misfit(row)
        if column is not None:
            self._note(
                [Irregularity("unreadable", self._stream, 0, "an event as it is written", f"another type of {column}")]
            )
            return None
        values = self._private.of(row.n)
        openings = [(value.path, value.salt, value.value) for value in values]
        event, wrong = self._chain.check(StoredEvent(*row), openings)
        self._note(wrong)
        self._note(self._order.check(self._stream, row.n, row.hash))
        if not self.sound or event is None:
            return None
        newer = unknown(event)
        if newer is not None:
            self._findings.append(self.stop(row.n, "newer-log", newer))
            return None
        try:
            shown = reveal(event["data"], {value.path: json.loads(value.value) for value in values})
            return known_happening({**event, "data": shown}, row.hash), event
        except MALFORMED as error:
            self._findings.append(self.stop(row.n, "unreadable", type(error).__name__))
            return None

    def _note(self, wrong: Iterator[Irregularity] | list[Irregularity]) -> None:
        found = list(wrong)
        if found:
            self.sound = False
            self._findings += found
