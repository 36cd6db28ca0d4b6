"""One transaction's work: deals are read once, decisions are made one after the other, and all is appended at its end."""

from __future__ import annotations

import json
from collections.abc import Callable, Iterable, Mapping, Sequence
from datetime import datetime, timedelta
from functools import cached_property
from os import urandom

from procdef.commands import Actor, Do, Finish, Start
from procdef.deal import Deal
from procdef.decide import Obstacle, Refusal, decide
from procdef.directory import Directory
from procdef.engine.arguments import moment as told
from procdef.engine.definition_cache import DefinitionCache, Volume, is_simulated, reference
from procdef.engine.directory_in_force import DirectoryInForce
from procdef.engine.evidence_files import with_document
from procdef.engine.given_ids import GivenIds
from procdef.engine.idempotency import answers, command_bytes, is_same_command, request_row
from procdef.engine.projected_rows import (
    activity_rows,
    deal_row,
    event_row,
    gate_rows,
    private_rows,
    stay_rows,
)
from procdef.engine.queries import awake, without, wrong_up_to
from procdef.engine.refusals import in_the_way, looked_at, refusal
from procdef.engine.steps import Step, refuse_early
from procdef.errors import (
    ClockBehind,
    DealExists,
    InvalidArgument,
    LogBroken,
    NewerLog,
    RequestConflict,
    UnknownDeal,
)
from procdef.events.fold import fold
from procdef.events.opened_event import OpenedEvent
from procdef.events.types import (
    deal_migrated,
    log_created,
    log_moved,
    log_opened,
    privacy_erased,
    privacy_purged,
    step_refused,
)
from procdef.log.event import Entry, Envelope, Random, Written, instant, timestamp, uuids, write
from procdef.model import ProcessDefinition
from procdef.results.done import Done, done
from procdef.results.refusal import StepRefused
from procdef.store.log_queries import event_at
from procdef.store.port import Batch, Moved, Tx
from procdef.store.queries import LastEvent, Requests
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


class UnitOfWork:
    """The work of one transaction. ``flush`` appends it; until then nothing is written.

    ``language`` is that of messages; only with ``opens_files`` a document may be named by its path. Given ``random``, ids are
    made of it and of the clock, and salts of it, so that the same work can be written again byte for byte. ``ids`` are those
    that an earlier attempt at the same work was given, which is given them again.
    Deals of a process that is ``pinned`` start under that definition, others under the highest version published.
    """

    def __init__(
        self,
        tx: Tx,
        library: DefinitionCache,
        pinned: Mapping[str, str],
        clock: Callable[[], datetime],
        via: str,
    ) -> None:
        self.tx, self.library, self.pinned, self.clock, self.via = tx, library, pinned, clock, via
        self.language: str | None = None
        self.opens_files = False
        self.random: Random | None = None
        self.ids = GivenIds()
        self.streams: dict[str, str | None] = {}
        self.deals: dict[str, Deal] = {}
        self.asked: dict[tuple[str, str], RequestRow] = {}
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

    @cached_property
    def in_force(self) -> DirectoryInForce | None:
        """The directory of people, which nobody else can publish anew while this transaction lasts."""
        return self.library.people.in_force(self.tx)

    def prepare(self, steps: Iterable[Step]) -> None:
        """Read the deals and requests of these steps at once."""
        names = {step.name for step in steps if step.name not in self.streams}
        wanted = [(step.name, step.request) for step in steps if step.request is not None]
        deals, requests = self.tx.load(names, wanted)
        for name in names:
            row = deals.get(name)
            if row is None:
                self.streams[name] = None
                continue
            self.streams[name] = row.stream
            if row.stream not in self.deals:
                self.stored[row.stream] = row.n
                self.deals[row.stream] = awake(self.tx, row)
        self.asked.update(requests)

    def take(self, step: Step) -> Done | StepRefused:
        """Judge a step and queue what follows from it. Raises what ``Engine`` documents; then nothing is queued."""
        if step.name not in self.streams:
            self.prepare((step,))
        stream = self.streams[step.name]
        deal = None if stream is None else self.deals[stream]
        command = step.command
        if deal is not None:
            volume = self.library.known(self.tx, deal.definition)
        elif isinstance(command, Start):
            volume = self._meant(command.process)
        else:
            raise UnknownDeal(f"there is no deal {step.name!r}", step.name)
        given = b""
        by, found = self._known(step, deal, volume)
        known = step if by is None or by is step.by else step._replace(by=by)
        if step.request is not None:
            given = command_bytes(command, known.by.person.id, step.happened, volume.definition)
            again = self._repeated(known, deal, volume, given)
            if again is not None:
                return again
        if deal is not None and isinstance(command, Start):
            raise DealExists(f"there is a deal {step.name!r} already; choose another name", step.name)
        if by is None and found is not None:
            raise found.refuse(step.by)
        outcome = self._judge(known, deal, volume, given)
        if isinstance(outcome, StepRefused) and known is not step:
            outcome.record = step  # put on record again, it is judged by the roles of that day
        return outcome

    def _known(self, step: Step, deal: Deal | None, volume: Volume) -> tuple[Actor | None, DirectoryInForce | None]:
        """Who takes a step, with the roles that the directory of people gives to whoever has none, and that directory.

        Nobody where it does not know the person. Imports keep what they claim. Raises ``InvalidArgument`` for the name of
        a simulation.
        """
        if not self.simulated and log_created.SIMULATOR in (step.by.id, step.by.person.id):
            raise InvalidArgument(
                f"{log_created.SIMULATOR} is the name by which made-up deals are told from others; name another person", "by"
            )
        if step.imported or step.by.person.roles:
            return step.by, None
        found = self.in_force
        if found is None:
            return step.by, None
        moment = max(timestamp(told(self.clock())), deal.at if deal else "")
        return found.known(step.by, moment, volume.definition.calendar.zone), found

    def _directory(self, step: Step) -> Directory | None:
        """The directory from which a refusal names people who could; lines of an import are no questions."""
        found = None if step.imported else self.in_force
        return found.directory if found else None

    def _meant(self, process: str) -> Volume:
        pinned = self.pinned.get(process)
        return self.library.find(self.tx, process) if pinned is None else self.library.known(self.tx, pinned)

    def _judge(self, step: Step, deal: Deal | None, volume: Volume, given: bytes) -> Done | StepRefused:
        moment = self.moment_of(step, deal)
        if step.imported and step.happened is None:
            # Imports always say when. Filled in only here, the clock's time stays out of the request's fingerprint.
            step = Step(step.name, step.command, step.by, step.request, moment, imported=True)
        definition = volume.definition
        judged_at = step.happened if step.imported and step.happened else moment
        command = step.command
        if type(command) is Do and deal is not None and self.opens_files:
            command = with_document(command, definition.stages[deal.stage])
        key = step.name if deal is None else ""
        verdict = decide(definition, volume.machine, deal, command, step.by.person, judged_at, key, step.happened)
        if isinstance(verdict, Refusal):
            if deal is None:
                return self._refused_start(step, volume, verdict, moment)
            written, after = self.write(step, deal, volume, (verdict.entry,), moment)
            self._gates(step, deal.stage, after, written[-1], verdict.obstacles, ())
        else:
            written, after = self.write(step, deal, volume, verdict.entries, moment)
            if verdict.waivers:
                self._gates(step, deal.stage if deal else after.stage, after, written[0], (), verdict.waivers)
        if step.request is not None:
            self._remember(step.name, step.request, written, given)
        if isinstance(verdict, Refusal):
            facts, people = verdict.entry.data["facts"], self._directory(step)
            return refusal(definition, step, deal, verdict.obstacles, facts, self.language, None, people)
        return done(after, definition, written)

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
        if instant(last) - instant(moment) <= TOLERANCE:
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

    def _gates(
        self,
        step: Step,
        stage: str,
        deal: Deal,
        event: Written,
        obstacles: tuple[Obstacle, ...],
        waived: tuple[str, ...],
    ) -> None:
        occurred = step.happened or event.at
        place = (deal.stream, event.n, deal.process, deal.version, stage, occurred, step.command.verb)
        self.gates += gate_rows(place, obstacles, waived)

    def _refused_start(self, step: Step, volume: Volume, verdict: Refusal, moment: str) -> StepRefused:
        definition, entry = volume.definition, verdict.entry
        if step.happened is None and (last := self._head("system")[2]) > moment:
            entry = looked_at(entry, last, definition)
        (written,) = self.aside("system", (entry,), step.by, moment, volume.shown, step.happened)
        assert isinstance(step.command, Start)
        stage = step.command.stage if step.command.stage in definition.stages else definition.starts[0]
        occurred = step.happened or written.at
        place = ("system", written.n, definition.id, definition.version, str(stage), occurred, step.command.verb)
        self.gates += gate_rows(place, verdict.obstacles)
        facts, people = verdict.entry.data["facts"], self._directory(step)
        return refusal(definition, step, None, verdict.obstacles, facts, self.language, None, people)

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
        return self.heads[stream]

    def erase(self, stream: str, entry: Entry, leaves: Sequence[Leaf], by: Actor) -> None:
        """Delete personal values of a stream, and write the entry that tells of it."""
        self.erased += leaves
        if not stream.startswith("deal:"):
            self.aside(stream, (entry,), by, timestamp(told(self.clock())))
            return
        step = Step(stream, Finish(), by)
        self.prepare((step,))
        deal = self.deals[stream]
        volume = self.library.known(self.tx, deal.definition)
        moment = max(timestamp(told(self.clock())), deal.at)
        _, after = self.write(step, deal, volume, (entry,), moment)
        after = without(self.tx, after, leaves)
        if after.key is None:
            self.forgotten |= {(row.stream, row.key) for row in self.tx.scan(Requests(stream))}
        self.deals[stream] = after
        self.touched[stream] = (after, volume.definition)

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

    def _remember(self, name: str, request: str, written: tuple[Written, ...], given: bytes) -> None:
        row = request_row(written[0].stream, request, given, written[0].n, written[-1].n)
        self.asked[name, request] = row
        self.requests.append(row)

    def _repeated(self, step: Step, deal: Deal | None, volume: Volume, given: bytes) -> Done | StepRefused | None:
        row = self.asked.get((step.name, step.request)) if step.request is not None and deal is not None else None
        if row is None or deal is None:
            return None
        if not is_same_command(row, given):
            raise RequestConflict(
                f"{step.name}: the request {step.request!r} was used before, for another command", step.request
            )
        event = event_at(self.tx, deal.stream, row.first)
        body = event.body if event else next(e.body for e in self.events if (e.stream, e.n) == (deal.stream, row.first))
        stored = json.loads(body)
        if not answers(stored, step.command.verb, step.by.person.id):
            raise LogBroken(
                f"{step.name}: the request {step.request!r} is kept with event {row.first}, which is of another step, so this "
                "one was not written",
                deal.stream,
            )
        if stored["type"] != step_refused.EVENT.name:
            return done(deal, volume.definition, replayed=True)
        unmet, facts = tuple(map(Obstacle.from_log, stored["data"]["unmet"])), stored["data"]["facts"]
        present = in_the_way(step, deal, volume, facts["now"])
        return refusal(volume.definition, step, deal, unmet, facts, self.language, present, self._directory(step))
