"""Streams of a log held against their definitions and rows, one by one; no more than one stream's state is kept."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import dataclass, field
from typing import Any, NamedTuple

from procdef.log.envelope import is_stream
from procdef.log.irregularity import Irregularity
from procdef.store.inspection_port import Inspection
from procdef.store.queries import Activities, DealsByStream, Definitions, EventPlace, Gates, Private, Requests, Stays
from procdef.store.rows import ActivityRow, DealRow, EventRow, GateRow, PlaceRow, PrivateRow, RequestRow, StayRow
from procdef.verification.authentication import Levels
from procdef.verification.bytes.canonical_fast_path import KnownParts
from procdef.verification.bytes.stream_reading import UNREADABLE, ReadEvent, StreamReading
from procdef.verification.deal_history import DealHistory
from procdef.verification.legality import other_streams
from procdef.verification.legality.log_retimed import Retimings
from procdef.verification.legality.log_sealed import LateSeal, Sealed
from procdef.verification.legality.privacy_purged import Purges
from procdef.verification.projections import expected_activity_rows, expected_gate_rows
from procdef.verification.projections.deal_projections import DealProjections
from procdef.verification.published_definitions import PublishedDefinitions
from procdef.verification.published_directories import PublishedDirectories
from procdef.verification.tables.leaf_order import LeafOrder
from procdef.verification.tables.merge_join import ByEvent, MergeJoin
from procdef.verification.tables.storage_classes import stray_stream


class LatestEvent(NamedTuple):
    """The event of the latest time: when it is said to have been recorded, and its place."""

    at: str = ""
    stream: str = ""
    n: int = 0


@dataclass(slots=True)
class Tally:
    """What a verification looked at, and how sure the log is of the people there. ``late`` tells of a tree that came late,
    ``simulated`` that the log says of itself that its deals are made up."""

    streams: int = 0
    events: int = 0
    deals: int = 0
    definitions: int = 0
    levels: Levels = field(default_factory=Levels)
    late: LateSeal | None = None
    simulated: bool = False
    latest: LatestEvent = field(default_factory=LatestEvent)


class JoinedTables:
    """The tables that are read alongside: of one stream, or of all. A log of an earlier layout has no ``activities``."""

    def __init__(self, tx: Inspection, stream: str | None = None) -> None:
        self.order = LeafOrder(tx, stream)
        self.private: MergeJoin[PrivateRow] = MergeJoin("private", tx.scan(Private(stream)))
        self.stays: MergeJoin[StayRow] = MergeJoin("stay", tx.scan(Stays(stream)))
        self.gates: MergeJoin[GateRow] = MergeJoin("gate", tx.scan(Gates(stream)))
        self.activities: MergeJoin[ActivityRow] | None = None
        if tx.has_activities:
            self.activities = MergeJoin("activity", tx.scan(Activities(stream)))
        self.requests: MergeJoin[RequestRow] = MergeJoin("request", tx.scan(Requests(stream)))
        self.deals: MergeJoin[DealRow] = MergeJoin("deal", tx.scan(DealsByStream(stream)), stray_stream)

        told = () if self.activities is None else (self.activities,)
        self._all: tuple[MergeJoin[Any], ...] = (
            self.order.rows, self.private, self.stays, self.gates, *told, self.requests, self.deals,
        )  # fmt: skip

    def skip(self, stream: str) -> None:
        """Pass over the rest of a stream whose reading was broken off; its places are counted all the same."""
        for _ in self.order.finish(stream):
            pass
        for table in self._all:
            for _ in table.of(stream):
                pass

    def before(self, stream: str | None = None) -> Iterator[Irregularity]:
        """The rows of streams before this one (or to the end), which have no event."""
        for table in self._all:
            if stream is None or table.behind(stream):
                yield from table.before(stream)


class StreamVerification:
    """Verifies streams one after the other, and keeps what is known from one to the next: definitions come first."""

    def __init__(self, tx: Inspection, tally: Tally) -> None:
        self.tx, self.tally = tx, tally
        self.published, self.parts, self.purges = PublishedDefinitions(), KnownParts(), Purges(tx)
        self.sealed, self.retimings, self.directories = Sealed(tx), Retimings(tx), PublishedDirectories(tx)
        self.begun = False
        self.moved: PlaceRow | None = None
        """Where the log went on elsewhere, until it is told that it goes on here."""

    def definitions(self) -> Iterator[Irregularity]:
        """Take in what is stored of definitions, and of directories of people."""
        yield from self.directories.learn()
        for definition in self.tx.scan(Definitions()):
            self.tally.definitions += 1
            try:
                yield from self.published.learn(definition)
            except UNREADABLE as error:
                stream = f"definition:{definition.id}"
                yield Irregularity("unreadable", stream, 0, "a definition that this procdef reads", type(error).__name__)

    def stream(self, stream: str, events: Iterable[EventRow], tables: JoinedTables, first: int = 1) -> Iterator[Irregularity]:
        """Everything wrong with the bytes and the meaning of a stream; its events are counted from ``first`` on."""
        if not is_stream(stream):
            yield Irregularity("illegal", stream, 0, "deal:<uuid>, definition:<id> or system", stream)
        count = self.tally.levels.count
        reading = StreamReading(self.tx.log, stream, events, tables.private, tables.order, self.parts, count, first)
        try:
            yield from (self._deal if stream.startswith("deal:") else self._aside)(stream, reading, tables)
        except UNREADABLE as error:
            yield from reading.findings()
            yield reading.stop(reading.n, "unreadable", type(error).__name__)
            tables.skip(stream)
        self.tally.events += reading.count
        if reading.at > self.tally.latest.at:
            self.tally.latest = LatestEvent(reading.at, stream, reading.n)

    def _deal(self, stream: str, reading: StreamReading, tables: JoinedTables) -> Iterator[Irregularity]:
        self.tally.deals += 1
        projections = DealProjections(
            stream, tables.stays, tables.gates, tables.activities, tables.requests, self.tx.has_deadlines
        )
        published = self.published
        history = DealHistory(
            stream,
            published.library,
            projections,
            earlier_owners=self.sealed.from_the_start,
            unread=published.unread,
        )
        for command in reading.commands():
            if history.deal is None and command and reading.sound:
                yield from self._begun(stream, command[0], tables.order.place)
            if command and command[0][0].type == "deal.migrated":
                self.published.used(command[0][1].get("definition", {}).get("sha256"), tables.order.place)
            yield from reading.findings()
            if command and reading.sound:
                yield from self._roles(stream, command, tables.order.place)
                try:
                    yield from history.take(command)
                except UNREADABLE as error:
                    yield reading.stop(command[0][0].n, "unreadable", type(error).__name__)
        yield from reading.findings()
        differing, row = projections.end(history.deal), tables.deals.take(stream)
        if not reading.sound or history.deal is None:
            return
        if history.definition is not None:
            yield from projections.differing_deal(history.deal, row)
        yield from differing

    def _roles(self, stream: str, command: Iterable[ReadEvent], place: int) -> Iterator[Irregularity]:
        """Where the roles of who took a step come from, if they come from a directory of people."""
        for step, event in command:
            for expected, found in self.directories.objections(event, place):
                yield Irregularity("illegal", stream, step.n, expected, found)

    def _begun(self, stream: str, told: ReadEvent, place: int) -> Iterator[Irregularity]:
        """A deal begins: after its definition was published, and from another deal only where there is that deal."""
        step, event = told
        self.published.used((step.definition or {}).get("sha256"), place)
        if step.type == "deal.started":
            yield from self._grown(stream, step.n, event["data"].get("from"), place)

    def _grown(self, stream: str, n: int, origin: object, place: int) -> Iterator[Irregularity]:
        """A deal grew from another that had begun before it. The place tells: times of two streams may be the same."""
        if origin is None:
            return
        begun = next(iter(self.tx.scan(EventPlace(str(origin), 1))), None)
        there = begun is not None and begun.n == 1 and origin != stream and str(origin).startswith("deal:")
        if not there or type(begun.idx) is not int or begun.idx >= place:  # type: ignore[union-attr]
            found = str(origin) if not there else f"{origin}, which began later"
            yield Irregularity("illegal", stream, n, "the stream of another deal as from, which began before", found)

    def _aside(self, stream: str, reading: StreamReading, tables: JoinedTables) -> Iterator[Irregularity]:
        """A stream that is no deal's: the system's, or a definition's."""
        gates = ByEvent(tables.gates, stream)
        for command in reading.commands():
            yield from reading.findings()
            if reading.sound:
                yield from self._roles(stream, command, tables.order.place)
            for told in command if reading.sound else ():
                try:
                    yield from self._beside(stream, told, gates, tables.order.place)
                except UNREADABLE as error:
                    yield reading.stop(told[0].n, "unreadable", type(error).__name__)
        yield from reading.findings()
        if self.moved is not None and self.moved.idx != self.tx.size - 1:
            yield _went_on(self.moved)
        orphans = gates.end()
        strays = {row.n for row in tables.activities.of(stream)} if tables.activities is not None else ()
        if reading.sound:
            yield from expected_activity_rows.differing_activities(stream, strays)
            for n in orphans:
                yield Irregularity("gate-differs", stream, n, "nothing that stood in the way", "rows that say so")

    def _beside(self, stream: str, told: ReadEvent, gates: ByEvent[GateRow], place: int) -> Iterator[Irregularity]:
        step, event = told
        if step.type == "log.created":
            self.begun = True
            self.tally.simulated = step.data.get("simulated") is True
            if place != 0:
                yield Irregularity("leaf-order", stream, step.n, "log.created as leaf 0", f"leaf {place}")
        for expected, found in other_streams.objections(step, event, self.published.library):
            yield Irregularity("illegal", stream, step.n, expected, found)
        yield from self.sealed.told(step, place)
        if self.moved is not None and (step.type != "log.opened" or place != self.moved.idx + 1):
            yield _went_on(self.moved)
        elif step.type == "log.opened" and self.moved is None:
            yield Irregularity("illegal", stream, step.n, "log.moved right before", "another event")
        self.moved = PlaceRow(stream, step.n, place, "") if step.type == "log.moved" else None
        self.tally.late = self.sealed.late
        if step.type == "log.retimed":
            self.retimings.told(step, place)
        if step.type == "privacy.purged":
            yield from self.purges.purged(step, place)
        if stream.startswith("definition:"):
            yield from self.published.tell(stream, event, place)
        elif step.type == "step.refused":
            yield from self._grown(stream, step.n, step.data["arguments"].get("from"), place)
            sha = (step.definition or {}).get("sha256", "")
            definition = self.published.library.get(sha)
            if definition is None and sha in self.published.unread:
                gates.of(step.n)
            elif definition is None:
                yield Irregularity("definition-missing", stream, step.n, "a published definition", "none")
            else:
                same = expected_gate_rows.same_gates(expected_gate_rows.gates_of_start(definition, step), gates.of(step.n))
                yield from expected_gate_rows.differing_gates(stream, () if same else (step.n,))


def _went_on(moved: PlaceRow) -> Irregularity:
    """Something came after the log went on elsewhere, and not that it goes on here."""
    return Irregularity("illegal", moved.stream, moved.n, "nothing after the log went on elsewhere", "later events")
