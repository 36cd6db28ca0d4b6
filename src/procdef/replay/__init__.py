"""The log's meaning: what its events come to equals what is stored, and every step was one that its definition allows.

Read stream by stream; no more than one deal is in memory at a time.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from itertools import groupby
from operator import itemgetter
from typing import Any

from procdef.audit.spelling import Spelling
from procdef.audit.verify import Irregularity
from procdef.errors import LogBroken
from procdef.replay import rows
from procdef.replay.alongside import Alongside, ByEvent
from procdef.replay.history import History
from procdef.replay.legal import aside
from procdef.replay.order import Order
from procdef.replay.published import Published
from procdef.replay.reading import MALFORMED, Reading, Told
from procdef.replay.typed import stray_stream
from procdef.store.port import (
    DealRow,
    DealsByStream,
    Definitions,
    Events,
    GateRow,
    Gates,
    Places,
    Private,
    PrivateRow,
    RequestRow,
    Requests,
    StayRow,
    Stays,
    Tx,
)

__all__ = ["Irregularity", "Tally", "verify"]


@dataclass(slots=True)
class Tally:
    """What a verification looked at."""

    streams: int = 0
    events: int = 0
    deals: int = 0
    definitions: int = 0


def verify(tx: Tx, tally: Tally) -> Iterator[Irregularity]:
    """Everything wrong with a log, its bytes and its meaning, stream by stream; counts into ``tally``."""
    yield from _Verification(tx, tally).run()


class _Verification:
    """One reading of the whole log, with the tables that are read alongside."""

    def __init__(self, tx: Tx, tally: Tally) -> None:
        self.tx, self.tally, self.log = tx, tally, tx.log
        self.order = Order(tx.scan(Places()), tx.size)
        self.private: Alongside[PrivateRow] = Alongside("private", tx.scan(Private()))
        self.stays: Alongside[StayRow] = Alongside("stay", tx.scan(Stays()))
        self.gates: Alongside[GateRow] = Alongside("gate", tx.scan(Gates()))
        self.requests: Alongside[RequestRow] = Alongside("request", tx.scan(Requests()))
        self.deals: Alongside[DealRow] = Alongside("deal", tx.scan(DealsByStream()), stray_stream)
        self.alongside: tuple[Alongside[Any], ...] = (
            self.order.rows, self.private, self.stays, self.gates, self.requests, self.deals,
        )  # fmt: skip
        self.published, self.spelling = Published(), Spelling()

    def run(self) -> Iterator[Irregularity]:
        for definition in self.tx.scan(Definitions()):
            self.tally.definitions += 1
            yield from self.published.learn(definition)
        for stream, events in groupby(self.tx.scan(Events()), itemgetter(0)):
            self.tally.streams += 1
            if str(stream) != stream:
                yield Irregularity("unreadable", str(stream), 0, "the name of a stream", type(stream).__name__)
                continue
            for table in self.alongside:
                if table.behind(stream):
                    yield from table.before(stream)
            reading = Reading(self.log, stream, self.private, self.order, self.spelling)
            commands = reading.commands(events)
            yield from (self._deal if stream.startswith("deal:") else self._aside)(stream, reading, commands)
            self.tally.events += reading.count
        yield from self.order.end()
        for table in self.alongside:
            yield from table.before()
        yield from self.published.end()

    def _deal(self, stream: str, reading: Reading, commands: Iterator[list[Told]]) -> Iterator[Irregularity]:
        self.tally.deals += 1
        projections = rows.Projections(stream, self.stays, self.gates, self.requests)
        history = History(stream, self.published.library, projections)
        for command in commands:
            yield from reading.findings()
            if command and reading.sound:
                try:
                    yield from history.take(command)
                except (LogBroken, *MALFORMED) as error:
                    yield reading.stop(command[0][0].n, "unreadable", type(error).__name__)
        yield from reading.findings()
        differing, row = projections.end(history.deal), self.deals.take(stream)
        if not reading.sound or history.deal is None:
            return
        if history.definition is not None:
            yield from rows.differing_deal(history.deal, history.definition, row)
        yield from differing

    def _aside(self, stream: str, reading: Reading, commands: Iterator[list[Told]]) -> Iterator[Irregularity]:
        """A stream that is no deal's: the system's, or a definition's."""
        gates = ByEvent(self.gates, stream)
        for command in commands:
            yield from reading.findings()
            for told in command if reading.sound else ():
                try:
                    yield from self._beside(stream, told, gates)
                except MALFORMED as error:
                    yield reading.stop(told[0].n, "unreadable", type(error).__name__)
        yield from reading.findings()
        orphans = gates.end()
        if reading.sound:
            for n in orphans:
                yield Irregularity("gate-differs", stream, n, "nothing that stood in the way", "rows that say so")

    def _beside(self, stream: str, told: Told, gates: ByEvent[GateRow]) -> Iterator[Irregularity]:
        step, event = told
        for expected, found in aside(step, event, self.published.library):
            yield Irregularity("illegal", stream, step.n, expected, found)
        if stream.startswith("definition:"):
            yield from self.published.tell(stream, event)
        elif step.type == "step.refused":
            definition = self.published.library.get((step.definition or {}).get("sha256", ""))
            if definition is None:
                yield Irregularity("definition-missing", stream, step.n, "a published definition", "none")
            else:
                same = rows.same_gates(rows.gates_of_start(definition, step), gates.of(step.n))
                yield from rows.differing_gates(stream, () if same else (step.n,))
