"""What one transaction is to append: events, and the rows that follow from them, queued until its end."""

from __future__ import annotations

import json
from collections.abc import Callable
from datetime import UTC, datetime, timedelta
from os import urandom

from procdef.commands import Actor, Finish
from procdef.deal import Deal
from procdef.engine.arguments import moment as told
from procdef.engine.definition_cache import DefinitionCache, Volume, is_simulated, reference
from procdef.engine.given_ids import GivenIds
from procdef.engine.projected_rows import activity_rows, deal_row, event_row, private_rows, stay_rows
from procdef.engine.queries import awake, wrong_up_to
from procdef.engine.steps import Step, refuse_early
from procdef.errors import ClockBehind, InvalidArgument, LogBroken, NewerLog
from procdef.events.fold import fold
from procdef.events.opened_event import OpenedEvent
from procdef.events.types import deal_migrated, log_moved, log_opened, privacy_erased, privacy_purged
from procdef.log.event import Entry, Envelope, Random, Written, instant, timestamp, uuids, write
from procdef.model import ProcessDefinition
from procdef.store.port import Batch, Moved, Tx
from procdef.store.queries import LastEvent
from procdef.store.rows import (
    ActivityRow,
    DealRow,
    DefinitionRow,
    DirectoryRow,
    EventRow,
    GateRow,
    Leaf,
    PrivateRow,
    RequestRow,
    StayRow,
)

TOLERANCE = timedelta(seconds=5)
"""How far the clock may stand before the last event."""
_NEVER_HELD_UP = (privacy_erased.EVENT.name, privacy_purged.EVENT.name)
"""What is written at the time of the stream's last event, however far behind that the clock stands."""


class EventQueue:
    """The events that one transaction writes. ``flush`` appends them; until then nothing is written.

    Given ``random``, ids are made of it and of the clock, and salts of it, so that the same work can be written again byte for
    byte. ``ids`` are those that an earlier attempt at the same work was given, which is given them again.
    """

    def __init__(self, tx: Tx, library: DefinitionCache, clock: Callable[[], datetime], via: str) -> None:
        self.tx, self.library, self.clock, self.via = tx, library, clock, via
        self.random: Random | None = None
        self.ids = GivenIds()
        self.streams: dict[str, str | None] = {}
        self.deals: dict[str, Deal] = {}
        self.stored: dict[str, int] = {}
        self.touched: dict[str, tuple[Deal, ProcessDefinition]] = {}
        self.looked: dict[str, str] = {}
        self.heads: dict[str, tuple[int, str, str]] = {}
        self.events: list[EventRow] = []
        self.private: list[PrivateRow] = []
        self.stays: dict[tuple[str, int], StayRow] = {}
        self.gates: list[GateRow] = []
        self.activities: list[ActivityRow] = []
        self.requests: list[RequestRow] = []
        self.definitions: list[DefinitionRow] = []
        self.directories: list[DirectoryRow] = []
        self.erased: list[Leaf] = []
        self.forgotten: set[tuple[str, str]] = set()
        self.corrected: str | None = None
        self.of_people: str | None = None

    @property
    def simulated(self) -> bool:
        """Whether deals are made up here: only then are ids and salts."""
        return self.random is not None

    def moment_of(self, step: Step, deal: Deal | None) -> str:
        """When this is recorded: the later of the clock and the stream's last event."""
        moment = timestamp(told(self.clock()))
        if deal is not None and deal.at > moment:
            self._refuse_behind(moment, deal.at, step.name, f"{step.name} was last changed at")
            moment = deal.at
        if step.happened is not None:
            if step.happened > moment:
                raise InvalidArgument(f"{step.name}: happened {step.happened} lies in the future", "happened")
            if deal is not None and step.happened < deal.latest:
                refuse_early(step, deal)
        return moment

    def _refuse_behind(self, moment: str, last: str, subject: str, what: str) -> None:
        """Raise ``ClockBehind`` for a clock far behind a stream's last event, unless that is on record as a wrong time."""
        if _told_time(last, subject) - instant(moment) <= TOLERANCE:
            return
        if self.corrected is None:
            self.corrected = wrong_up_to(self.tx)
        if last > self.corrected:
            raise ClockBehind(
                f"the clock says {moment}, but {what} {last}; set the clock right, or where it was wrong then, put that on "
                "record",
                subject,
            )

    def write(
        self, step: Step, deal: Deal | None, volume: Volume, entries: tuple[Entry, ...], moment: str
    ) -> tuple[tuple[Written, ...], Deal]:
        """Queue the events of a step, and what follows from them in other tables; the deal after them."""
        command, *names = self._ids(len(entries) + (1 if deal else 2))
        stream = deal.stream if deal else f"deal:{names.pop()}"
        envelope = self._envelope(step.by, moment, command, len(entries), volume.shown, step.happened)
        happened, person = step.happened, step.by.person.id
        shown = reference(volume.definition) if deal is None or entries[0].type == deal_migrated.EVENT.name else None
        written = []
        for i, entry in enumerate(entries):
            n, head = (deal.n, deal.head) if deal else (0, "")
            event = write(entry, envelope, stream, n + 1, head, i + 1, names[i], self.random or urandom)
            after = fold(
                deal, OpenedEvent(entry.type, entry.data, stream, n + 1, event.hash, moment, happened, person, shown)
            )
            for row in stay_rows(deal, after, entry.type, happened or moment):
                self.stays[stream, row.k] = row
            self.activities += activity_rows(deal, after, entry, volume.definition, envelope, person, i + 1)
            deal = after
            self._queue(event)
            written.append(event)
        assert deal is not None
        self.streams[step.name] = stream
        self.deals[stream] = deal
        self.touched[stream] = (deal, volume.definition)
        return tuple(written), deal

    def aside(
        self,
        stream: str,
        entries: tuple[Entry, ...],
        by: Actor,
        moment: str,
        definition: str | None = None,
        happened: str | None = None,
    ) -> tuple[Written, ...]:
        """Write entries to a stream that is no deal's; ``definition`` is the one that they were judged by, as shown."""
        n, head, at = self._head(stream)
        if at > moment:
            if entries[0].type not in _NEVER_HELD_UP:
                self._refuse_behind(moment, at, stream, "the log's last event is of")
            moment = at
        command, *names = self._ids(len(entries) + 1)
        envelope = self._envelope(by, moment, command, len(entries), definition, happened)
        written = []
        for i, entry in enumerate(entries):
            event = write(entry, envelope, stream, n + 1, head, i + 1, names[i], self.random or urandom)
            n, head = event.n, event.hash
            self._queue(event)
            written.append(event)
        self.heads[stream] = (n, head, moment)
        return tuple(written)

    def _head(self, stream: str) -> tuple[int, str, str]:
        """Number, hash and time of the last event of a stream that is no deal's."""
        if stream not in self.heads:
            last = next(iter(self.tx.scan(LastEvent(stream, lock=True))), None)
            self.heads[stream] = (last.n, last.hash, last.recorded) if last else (0, "", "")
            if last is not None:
                _told_time(last.recorded, stream)
                if type(last.n) is not int:
                    raise LogBroken(f"{stream}: the number of its last event is none", stream)
        return self.heads[stream]

    def waked(self, row: DealRow) -> tuple[ProcessDefinition, Deal, str]:
        """A deal that a timer looks at, its definition, and when that is: the later of the clock and its last event."""
        deal = awake(self.tx, row)
        definition = self.library.known(self.tx, deal.definition).definition
        self.stored[deal.stream] = row.n
        return definition, deal, max(timestamp(told(self.clock())), deal.at)

    def tell(self, deal: Deal, entry: Entry, by: Actor, now: str) -> Deal:
        """Queue what a timer tells of a deal, alone in its command; the deal after it. Raises ``ClockBehind``."""
        volume = self.library.known(self.tx, deal.definition)
        step = Step(deal.name, Finish(), by)
        self.moment_of(step, deal)
        _, after = self.write(step, deal, volume, (entry,), now)
        return after

    def _ids(self, count: int) -> list[str]:
        return self.ids.take(count, self._new_ids)

    def _new_ids(self, count: int) -> list[str]:
        if self.random is None:
            return uuids(count)
        return uuids(count, self.random, int(told(self.clock()).timestamp() * 1000))

    def _envelope(
        self, by: Actor, moment: str, command: str, of: int, definition: str | None, happened: str | None
    ) -> Envelope:
        behalf = by.behalf.shown if by.behalf else None
        return Envelope(self.tx.log, moment, by.shown, self.via, command, of, happened, behalf, definition)

    def _queue(self, event: Written) -> None:
        self.events.append(event_row(event))
        if event.openings:
            self.private += private_rows(event)

    def flush(self) -> None:
        """Append all that was queued. Raises ``NewerLog`` where the log went on elsewhere: nothing comes after that."""
        if not (self.events or self.forgotten or self.looked):
            return
        self._refuse_mixing()
        stored = self.stored
        looked = self.looked
        deals = [
            (deal_row(deal, of, looked.get(stream)), stored.get(stream, 0)) for stream, (deal, of) in self.touched.items()
        ]
        stays = tuple(self.stays.values())
        batch = Batch(
            self.events,
            self.private,
            deals,
            stays,
            self.gates,
            self.activities,
            self.requests,
            self.definitions,
            self.directories,
            erased=self.erased,
            forgotten=tuple(self.forgotten),
        )
        opens = len(self.events) == 1 and self.events[0].type == log_opened.EVENT.name
        closes = bool(self.events) and self.events[-1].type == log_moved.EVENT.name  # whoever writes it has looked, alone
        try:
            self.tx.append(batch, unless_moved=not (opens or closes))
        except Moved as moved:
            to = json.loads(moved.body)["data"]["to"]
            raise NewerLog(f"this log goes on elsewhere, in {to}; nothing was written, write to that one", to) from None

    def _refuse_mixing(self) -> None:
        """Raise ``InvalidArgument`` where steps of people would stand in a simulated log."""
        if self.simulated or self.tx.log in self.library.of_people:
            return
        if not any(event.stream.startswith(("deal:", "definition:")) for event in self.events):
            return
        if is_simulated(self.tx):
            raise InvalidArgument(
                "this log is a simulated one, which takes no steps of people; keep theirs in a log of their own (--db FILE)"
            )
        self.of_people = self.tx.log


def _told_time(text: str, subject: str) -> datetime:
    """The aware time that an event was recorded at. Raises ``LogBroken`` for what is none."""
    try:
        return instant(text).astimezone(UTC)
    except (ValueError, TypeError, OverflowError):
        raise LogBroken(f"{subject}: its last event was recorded at no time that there is", subject) from None
