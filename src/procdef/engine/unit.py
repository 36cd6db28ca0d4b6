"""One transaction's work: deals are read once, decisions are made one after the other, and all is appended at its end."""

from __future__ import annotations

import json
import os
from collections.abc import Callable, Mapping
from datetime import UTC, datetime, timedelta
from hashlib import sha256
from typing import Any

from procdef.audit.events import Entry, Envelope, Written, instant, timestamp, uuid7, write
from procdef.commands import VERBS, Start
from procdef.deal import Deal, Happening, fold
from procdef.decide import Decision, Obstacle, Refusal, decide
from procdef.engine.document import with_document
from procdef.engine.fingerprint import command_bytes
from procdef.engine.library import Library
from procdef.engine.outcome import Done, refusal
from procdef.engine.questions import awake
from procdef.engine.rows import deal_row, event_row, gate_rows, private_rows, stay_rows
from procdef.engine.steps import Step
from procdef.errors import (
    ClockBehind,
    DealExists,
    InvalidArgument,
    RequestConflict,
    StepRefused,
    UnknownDeal,
)
from procdef.model import ProcessDefinition
from procdef.store.port import (
    Batch,
    DefinitionRow,
    EventRow,
    Events,
    GateRow,
    LastEvent,
    PrivateRow,
    RequestRow,
    StayRow,
    Tx,
)

TOLERANCE = timedelta(seconds=5)
"""How far the clock may stand before the last event."""


class Unit:
    """The work of one transaction. ``flush`` appends it; until then nothing is written.

    Deals of a process that is ``pinned`` start under that definition, others under the highest version published.
    """

    def __init__(
        self,
        tx: Tx,
        library: Library,
        pinned: Mapping[str, ProcessDefinition],
        clock: Callable[[], datetime],
        via: str,
    ) -> None:
        self.tx, self.library, self.pinned, self.clock, self.via = tx, library, pinned, clock, via
        self.streams: dict[str, str | None] = {}
        self.deals: dict[str, Deal] = {}
        self.asked: dict[tuple[str, str], RequestRow] = {}
        self.stored: dict[str, int] = {}
        self.touched: dict[str, tuple[Deal, ProcessDefinition]] = {}
        self.heads: dict[str, tuple[int, str, str]] = {}
        self.events: list[EventRow] = []
        self.private: list[PrivateRow] = []
        self.stays: dict[tuple[str, int], StayRow] = {}
        self.gates: list[GateRow] = []
        self.requests: list[RequestRow] = []
        self.definitions: list[DefinitionRow] = []

    def prepare(self, steps: list[Step]) -> None:
        """Read the deals and requests of these steps at once."""
        names = {step.name for step in steps if step.name not in self.streams}
        wanted = [(step.name, step.request) for step in steps if step.request is not None]
        loaded = self.tx.load(names, wanted)
        for name in names:
            row = loaded.deals.get(name)
            self.streams[name] = row.stream if row is not None else None
            if row is not None and row.stream not in self.deals:
                self.stored[row.stream] = row.n
                self.deals[row.stream] = awake(self.tx, row)
        self.asked.update(loaded.requests)

    def take(self, step: Step) -> Done | StepRefused:
        """Judge a step and queue what follows from it. Raises what ``Engine`` documents; then nothing is queued."""
        if step.name not in self.streams:
            self.prepare([step])
        deal = self.deals.get(self.streams[step.name] or "")
        starting = isinstance(step.command, Start)
        if deal is None and not starting:
            raise UnknownDeal(f"there is no deal {step.name!r}; `procdef deals` lists them")
        definition = self._definition(deal, step)
        given = self._fingerprint(step, definition)
        again = self._repeated(step, deal, definition, given)
        if again is not None:
            return again
        if starting and deal is not None:
            raise DealExists(f"there is a deal {step.name!r} already; choose another name")
        return self._judge(step, deal, definition, given)

    def _judge(self, step: Step, deal: Deal | None, definition: ProcessDefinition, given: bytes) -> Done | StepRefused:
        moment = self._moment(step, deal)
        if step.imported and step.happened is None:
            # Imports always say when. Filled in only here, the clock's time stays out of the request's fingerprint.
            step = step._replace(happened=moment)
        _, machine = self.library.known(self.tx, definition.sha256)
        now = instant(step.happened) if step.imported and step.happened else instant(moment)
        key = step.name if deal is None else ""
        command = with_document(step.command, definition.stages[deal.stage] if deal else None)
        verdict = decide(definition, machine, deal, command, step.by.person, now.astimezone(UTC), key)
        entries = verdict.entries if isinstance(verdict, Decision) else (verdict.entry,)
        if deal is None and isinstance(verdict, Refusal):
            return self._refused_start(step, definition, verdict, moment)
        written, after = self._write(step, deal, definition, entries, moment)
        assert after is not None
        self._remember(step, after, written, given)
        occurred = step.happened or moment
        stage = deal.stage if deal else after.stage
        place = (after.stream, written[-1].n, after.process, after.version, stage, occurred, VERBS[type(step.command)])
        if isinstance(verdict, Refusal):
            self.gates += gate_rows(place, verdict.obstacles)
            return refusal(definition, step, deal, verdict.obstacles)
        self.gates += gate_rows((place[0], written[0].n, *place[2:]), waived=verdict.waivers)
        return Done(after, written)

    def _moment(self, step: Step, deal: Deal | None) -> str:
        """When this is recorded: the later of the clock and the stream's last event."""
        moment = timestamp(self.clock())
        last = deal.at if deal else ""
        if last > moment:
            if instant(last) - instant(moment) > TOLERANCE:
                raise ClockBehind(
                    f"the clock says {moment}, but {step.name} was last changed at {last}; set the clock right"
                )
            moment = last
        if step.happened is not None:
            if step.happened > moment:
                raise InvalidArgument(f"{step.name}: happened {step.happened} lies in the future")
            if deal is not None and step.happened < deal.latest:
                raise InvalidArgument(
                    f"{step.name}: happened {step.happened} lies before the deal's latest step, {deal.latest}"
                )
        return moment

    def _write(
        self, step: Step, deal: Deal | None, definition: ProcessDefinition, entries: tuple[Entry, ...], moment: str
    ) -> tuple[tuple[Written, ...], Deal]:
        stream = deal.stream if deal else f"deal:{uuid7()}"
        shown = _pinned(definition)
        envelope = self._envelope(step, moment, len(entries), shown)
        written = []
        for i, entry in enumerate(entries, 1):
            n, head = (deal.n, deal.head) if deal else (0, "")
            event = write(entry, envelope, stream, n + 1, head, i)
            happened = Happening(
                entry.type, entry.data, stream, n + 1, event.hash, moment, step.happened, step.by.person.id, shown
            )
            after = fold(deal, happened)
            for row in stay_rows(deal, after, entry.type, happened.occurred):
                self.stays[row.stream, row.k] = row
            deal = after
            self._queue(event)
            written.append(event)
        assert deal is not None
        self.streams[step.name] = stream
        self.deals[stream] = deal
        self.touched[stream] = (deal, definition)
        return tuple(written), deal

    def _envelope(self, step: Step, moment: str, of: int, definition: Mapping[str, Any] | None) -> Envelope:
        behalf = step.by.behalf
        return Envelope(
            log=self.tx.log,
            at=moment,
            by=step.by.logged(),
            via=self.via,
            command=uuid7(),
            of=of,
            happened=step.happened,
            behalf=behalf.logged() if behalf else None,
            definition=dict(definition) if definition else None,
        )

    def _queue(self, event: Written) -> None:
        self.events.append(event_row(event))
        self.private += private_rows(event)

    def _refused_start(self, step: Step, definition: ProcessDefinition, verdict: Refusal, moment: str) -> StepRefused:
        written = self.aside("system", (verdict.entry,), step, moment, _pinned(definition))
        assert isinstance(step.command, Start)
        stage = step.command.stage if step.command.stage in definition.stages else definition.starts[0]
        place = (
            "system",
            written[0].n,
            definition.id,
            definition.version,
            str(stage),
            step.happened or moment,
            "start",
        )
        self.gates += gate_rows(place, verdict.obstacles)
        return refusal(definition, step, None, verdict.obstacles)

    def aside(
        self,
        stream: str,
        entries: tuple[Entry, ...],
        step: Step,
        moment: str,
        definition: Mapping[str, Any] | None = None,
    ) -> tuple[Written, ...]:
        """Write entries to a stream that is no deal's; ``definition`` is the one that they were judged by."""
        if stream not in self.heads:
            last = next(iter(self.tx.scan(LastEvent(stream))), None)
            self.heads[stream] = (last.n, last.hash, last.recorded) if last else (0, "", "")
        n, head, at = self.heads[stream]
        if at > moment:
            if instant(at) - instant(moment) > TOLERANCE:
                raise ClockBehind(f"the clock says {moment}, but the log's last event is of {at}; set the clock right")
            moment = at
        envelope = self._envelope(step, moment, len(entries), definition)
        written = []
        for i, entry in enumerate(entries, 1):
            event = write(entry, envelope, stream, n + 1, head, i)
            n, head = event.n, event.hash
            self._queue(event)
            written.append(event)
        self.heads[stream] = (n, head, moment)
        return tuple(written)

    def flush(self) -> None:
        """Append all that was queued."""
        if not self.events:
            return
        deals = [(deal_row(deal, of), self.stored.get(stream, 0)) for stream, (deal, of) in self.touched.items()]
        self.tx.append(
            Batch(
                self.events,
                self.private,
                deals,
                tuple(self.stays.values()),
                self.gates,
                self.requests,
                self.definitions,
            )
        )

    def _definition(self, deal: Deal | None, step: Step) -> ProcessDefinition:
        if deal is not None:
            return self.library.known(self.tx, deal.definition).definition
        assert isinstance(step.command, Start)
        process = step.command.process
        return self.pinned.get(process) or self.library.find(self.tx, process)

    def _fingerprint(self, step: Step, definition: ProcessDefinition) -> bytes:
        if step.request is None:
            return b""
        return command_bytes(step.command, step.by.person.id, step.happened, definition)

    def _remember(self, step: Step, deal: Deal, written: tuple[Written, ...], given: bytes) -> None:
        if step.request is None:
            return
        salt = os.urandom(32)
        digest = sha256(salt + given).digest()
        row = RequestRow(deal.stream, step.request, salt, digest, written[0].n, written[-1].n)
        self.asked[step.name, step.request] = row
        self.requests.append(row)

    def _repeated(
        self, step: Step, deal: Deal | None, definition: ProcessDefinition, given: bytes
    ) -> Done | StepRefused | None:
        row = self.asked.get((step.name, step.request)) if step.request is not None and deal is not None else None
        if row is None or deal is None:
            return None
        if sha256(row.salt + given).digest() != row.fingerprint:
            raise RequestConflict(f"{step.name}: the request {step.request!r} was used before, for another command")
        event = next((e for e in self.tx.scan(Events(deal.stream, row.first)) if e.n == row.first), None)
        body = event.body if event else next(e.body for e in self.events if (e.stream, e.n) == (deal.stream, row.first))
        stored = json.loads(body)
        if stored["type"] != "step.refused":
            return Done(deal, (), replayed=True)
        unmet = tuple(
            Obstacle(item["code"], tuple(item["about"]), tuple(item.get("roles", ())))
            for item in stored["data"]["unmet"]
        )
        return refusal(definition, step, deal, unmet, replayed=True)


def _pinned(definition: ProcessDefinition) -> dict[str, Any]:
    return {
        "id": definition.id,
        "version": definition.version,
        "lang": definition.lang,
        "sha256": definition.sha256,
    }
