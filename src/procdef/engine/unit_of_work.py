"""One transaction's work: deals are read once, decisions are made one after the other, and all is appended at its end."""

from __future__ import annotations

import json
from collections.abc import Callable, Iterable, Mapping, Sequence
from datetime import datetime
from functools import cached_property

from procdef.commands import Actor, Do, Finish, Start
from procdef.deal import Deal
from procdef.decide import Obstacle, Refusal, decide
from procdef.directory import Directory
from procdef.engine.arguments import moment as told
from procdef.engine.definition_cache import DefinitionCache, Volume
from procdef.engine.directory_in_force import DirectoryInForce
from procdef.engine.event_queue import EventQueue
from procdef.engine.evidence_files import with_document
from procdef.engine.idempotency import answers, command_bytes, is_same_command, request_row
from procdef.engine.projected_rows import gate_rows
from procdef.engine.queries import awake, without
from procdef.engine.refusals import in_the_way, looked_at, refusal, refusal_under_another
from procdef.engine.steps import Step
from procdef.errors import DealExists, InvalidArgument, LogBroken, RequestConflict, UnknownDeal
from procdef.events.types import log_created, step_refused
from procdef.log.event import Entry, Written, timestamp
from procdef.model import ProcessDefinition
from procdef.results.done import Done, done
from procdef.results.refusal import StepRefused
from procdef.store.log_queries import event_at
from procdef.store.port import Tx
from procdef.store.queries import Requests
from procdef.store.rows import Leaf, RequestRow


class UnitOfWork(EventQueue):
    """The work of one transaction: it judges steps, and queues what follows from them.

    ``language`` is that of messages; only with ``opens_files`` a document may be named by its path. Deals of a process that is
    ``pinned`` start under that definition, others under the highest version published.
    """

    def __init__(
        self,
        tx: Tx,
        library: DefinitionCache,
        pinned: Mapping[str, str],
        clock: Callable[[], datetime],
        via: str,
    ) -> None:
        super().__init__(tx, library, clock, via)
        self.pinned = pinned
        self.language: str | None = None
        self.opens_files = False
        self.asked: dict[tuple[str, str], RequestRow] = {}

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
        self.asked.update(((row.stream, row.key), row) for row in requests.values())

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
        by, found = self._known(step, deal, volume)
        known = step if by is None or by is step.by else step._replace(by=by)
        again = None if deal is None else self._repeated(known, deal, volume)
        if again is not None:
            return again
        if deal is not None and isinstance(command, Start):
            raise DealExists(f"there is a deal {step.name!r} already; choose another name", step.name)
        if by is None and found is not None:
            raise found.refuse(step.by)
        outcome = self._judge(known, deal, volume)
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

    def _judge(self, step: Step, deal: Deal | None, volume: Volume) -> Done | StepRefused:
        moment, asked = self.moment_of(step, deal), step
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
            given = _fingerprinted(asked, definition)
            row = request_row(after.stream, step.request, given, written[0].n, written[-1].n)
            self.asked[row.stream, row.key] = row
            self.requests.append(row)
        if isinstance(verdict, Refusal):
            facts, people = verdict.entry.data["facts"], self._directory(step)
            return refusal(definition, step, deal, verdict.obstacles, facts, self.language, None, people)
        return done(after, definition, written)

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

    def _repeated(self, step: Step, deal: Deal, volume: Volume) -> Done | StepRefused | None:
        """What came of a step that was sent before under its request key. Its command is held against the one of then under the
        definition that this was judged by: the deal may have gone over to another version since."""
        row = self.asked.get((deal.stream, step.request)) if step.request is not None else None
        if row is None:
            return None
        event = event_at(self.tx, deal.stream, row.first)
        body = event.body if event else next(e.body for e in self.events if (e.stream, e.n) == (deal.stream, row.first))
        stored = json.loads(body)
        judged_by = stored.get("definition", {}).get("sha256", deal.definition)
        if not is_same_command(row, _fingerprinted(step, self.library.known(self.tx, judged_by).definition)):
            raise RequestConflict(
                f"{step.name}: the request {step.request!r} was used before, for another command", step.request
            )
        if not answers(stored, step.command.verb, step.by.person.id):
            raise LogBroken(
                f"{step.name}: the request {step.request!r} is kept with event {row.first}, which is of another step, so this "
                "one was not written",
                deal.stream,
            )
        if stored["type"] != step_refused.EVENT.name:
            return done(deal, volume.definition, replayed=True)
        unmet, facts = tuple(map(Obstacle.from_log, stored["data"]["unmet"])), stored["data"]["facts"]
        if judged_by != deal.definition:
            return refusal_under_another(volume.definition, step, deal, unmet, self.language)
        present = in_the_way(step, deal, volume, facts["now"])
        return refusal(volume.definition, step, deal, unmet, facts, self.language, present, self._directory(step))


def _fingerprinted(step: Step, definition: ProcessDefinition) -> bytes:
    """What the request key of a step stands for."""
    return command_bytes(step.command, step.by.person.id, step.happened, definition)
