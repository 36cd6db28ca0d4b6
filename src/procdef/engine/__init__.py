"""The engine: load, decide, append. Every channel goes through it, and nothing else writes deals or events."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from datetime import datetime
from functools import partial

from procdef.commands import Actor, Advance, Assign, Back, Command, Do, Finish, Lose, Note, Record, Reopen, Start, Waive
from procdef.engine.agenda import Agenda
from procdef.engine.arguments import (
    actor,
    count,
    deal_name,
    flag,
    instance_of,
    new_deal_name,
    request_key,
    well_formed,
    when,
)
from procdef.engine.batch_run import Item, batches, play, stops
from procdef.engine.checkpoints import Sealing
from procdef.engine.export_record import log_export, told_export
from procdef.engine.feeding import Feeding
from procdef.engine.log_clock import LogClock
from procdef.engine.migrating import Migrating
from procdef.engine.moving import Moving
from procdef.engine.people import People
from procdef.engine.personal_data import Privacy
from procdef.engine.publishing import publish, refuse_superseded
from procdef.engine.queries import deal_named
from procdef.engine.questions import Questions
from procdef.engine.step_by_step import StepByStep
from procdef.engine.steps import Step
from procdef.engine.ticking import Ticking
from procdef.engine.transactions import utc_now
from procdef.engine.unit_of_work import UnitOfWork
from procdef.errors import InvalidArgument
from procdef.log.event import timestamp
from procdef.model import ProcessDefinition
from procdef.results.done import Done, tried
from procdef.results.personal_data import Erased, Held
from procdef.results.refusal import StepRefused
from procdef.results.step_result import StepResult
from procdef.store.rows import EventRow

__all__ = ["Engine", "Erased", "Held", "utc_now"]

_DEFINITION = "what is published is a ProcessDefinition, as load() returns"


class Engine(Questions, Agenda, Feeding, Privacy, Sealing, LogClock, Ticking, Migrating, Moving):
    """Runs deals through published processes in one store. Safe to share between threads.

    ``clock`` returns aware times. ``via`` is the channel that events name: ``cli``, ``api``, ``import``, ``worker`` or
    ``web``. Only with ``opens_files`` evidence may be the path of a file here, which is opened and hashed.

    Every step takes ``by`` (who, authenticated by the caller), and optionally ``request`` (a key that makes
    sending it twice harmless: the deal as it is now is returned without events, or the refusal raised again, also where
    the step would now pass) and ``dry_run`` (judge, write nothing, not even a refusal). Steps return ``Done`` or raise
    ``StepRefused``, ``UnknownDeal``, ``UnknownProcess``, ``DealExists``, ``InvalidArgument``, ``RequestConflict``,
    ``ConcurrentChange``, ``ClockBehind`` (the clock stands more than 5 seconds before the last event of the deal, or of
    the log's own stream for a refused start), ``CalendarUnknown``, ``NewerLog`` or ``StoreError``.

    ``run``, ``deals`` and ``feed`` make sure of their arguments at once; what the store has to say against it they raise
    while they are iterated.
    """

    # Definitions

    def publish(self, definition: ProcessDefinition, *, by: Actor) -> bool:
        """Store a version of a process; false when it was there already.

        Raises ``VersionExists`` when that version is stored with other content: a published version never changes.
        """
        by, definition = actor(by), instance_of(ProcessDefinition, definition, "definition", _DEFINITION)
        at = timestamp(self.now())
        return self._transact(lambda unit: publish(unit, definition, by, at))

    @property
    def people(self) -> People:
        """The directory of people: who has which roles, and who stands in for whom."""
        return People(self)

    # Steps

    def start(
        self,
        process: str,
        deal: str,
        *,
        by: Actor,
        stage: str | None = None,
        values: Mapping[str, object] | None = None,
        origin: str | None = None,
        request: str | None = None,
        dry_run: bool = False,
    ) -> Done:
        """Begin a deal; ``origin`` names the deal that this one grew out of."""
        source = None if origin is None else self._stream(deal_name(origin, "origin"))
        return self._step(new_deal_name(deal), Start(process, stage, source, _given(values)), by, request, None, dry_run)

    def record(
        self,
        deal: str,
        values: Mapping[str, object],
        *,
        by: Actor,
        correct: bool = False,
        reason: str | None = None,
        request: str | None = None,
        dry_run: bool = False,
    ) -> Done:
        """Set values (an empty one unsets); with ``correct`` and a reason past the gate, for typing errors."""
        return self._step(deal, Record(values, correct, reason), by, request, None, dry_run)

    def do(
        self,
        deal: str,
        action: str,
        *,
        by: Actor,
        values: Mapping[str, object] | None = None,
        way: str | None = None,
        evidence: str | None = None,
        note: str | None = None,
        decision: str | None = None,
        happened: str | datetime | None = None,
        request: str | None = None,
        dry_run: bool = False,
    ) -> Done:
        """Complete an action. ``evidence``: a note, a link, or a document (``NAME sha256:HEX``, or a path);
        ``decision``: ``approve`` or ``reject``; ``happened``: when it was really done."""
        command = Do(action, _given(values), way, evidence, decision, note)
        return self._step(deal, command, by, request, when(happened), dry_run)

    def advance(
        self,
        deal: str,
        to: str | None = None,
        *,
        by: Actor,
        reason: str | None = None,
        request: str | None = None,
        dry_run: bool = False,
    ) -> Done:
        """Move a deal forward, to the only open stage when none is named."""
        return self._step(deal, Advance(to, reason), by, request, None, dry_run)

    def back(
        self,
        deal: str,
        to: str,
        *,
        by: Actor,
        reason: str | None = None,
        request: str | None = None,
        dry_run: bool = False,
    ) -> Done:
        """Return a deal to an earlier stage, with a reason."""
        return self._step(deal, Back(to, reason), by, request, None, dry_run)

    def waive(
        self,
        deal: str,
        criterion: str,
        *,
        by: Actor,
        reason: str | None = None,
        request: str | None = None,
        dry_run: bool = False,
    ) -> Done:
        """Let one criterion (``STAGE.ID``, or ``ID``) pass for the next move."""
        return self._step(deal, Waive(criterion, reason), by, request, None, dry_run)

    def lose(
        self,
        deal: str,
        reason: str | None = None,
        *,
        by: Actor,
        note: str | None = None,
        request: str | None = None,
        dry_run: bool = False,
    ) -> Done:
        """Record that a deal is lost; ``reason`` is the id of a declared one."""
        return self._step(deal, Lose(reason, note), by, request, None, dry_run)

    def reopen(
        self, deal: str, *, by: Actor, reason: str | None = None, request: str | None = None, dry_run: bool = False
    ) -> Done:
        """Take a lost deal up again in the same stage."""
        return self._step(deal, Reopen(reason), by, request, None, dry_run)

    def finish(self, deal: str, *, by: Actor, request: str | None = None, dry_run: bool = False) -> Done:
        """End a won deal where the process ends."""
        return self._step(deal, Finish(), by, request, None, dry_run)

    def assign(self, deal: str, person: str, *, by: Actor, request: str | None = None, dry_run: bool = False) -> Done:
        """Make someone the owner of a deal."""
        return self._step(deal, Assign(person), by, request, None, dry_run)

    def note(
        self,
        deal: str,
        text: str,
        *,
        by: Actor,
        kind: str | None = None,
        objection: str | None = None,
        happened: str | datetime | None = None,
        request: str | None = None,
        dry_run: bool = False,
    ) -> Done:
        """Write down what was said; ``kind``: ``call``, ``email`` or ``meeting``; ``objection``: one of the stage's;
        ``happened``: when it was said, since the deal began, also before its latest step."""
        return self._step(deal, Note(text, kind, objection), by, request, when(happened), dry_run)

    def _stream(self, name: str) -> str:
        return self._read(lambda tx: deal_named(tx, name).stream)

    def _step(
        self, name: str, command: Command, by: Actor, request: str | None, happened: str | None, dry_run: bool
    ) -> Done:
        told, imported = request_key(request), self._via == "import"
        step = Step(deal_name(name), well_formed(command), actor(by), told, happened, imported)
        dry_run = flag(dry_run, "dry_run")
        outcome = self._transact(lambda unit: unit.take(step), dry_run=dry_run, shared=True)
        if isinstance(outcome, StepRefused):
            outcome.connection = self._connection
            raise outcome
        return tried(outcome) if dry_run else outcome

    def record_refusal(self, refused: StepRefused) -> None:
        """Put a refusal back on record, once, after the application's own transaction was rolled back.

        The step is judged again on the deal as it is; if it would now be applied, nothing is written. Without a request
        key each call puts another refusal on record. Raises ``InvalidArgument`` while that transaction is still open.
        """
        step = refused.record if isinstance(refused, StepRefused) else None
        if not isinstance(step, Step):
            raise InvalidArgument("expected a StepRefused that an engine raised", "refused")
        if self._store.held_up_by(refused.connection):
            raise InvalidArgument(
                "the transaction in which the step was refused is still open; roll it back first, and then record the refusal",
                "refused",
            )

        def again(unit: UnitOfWork) -> None:
            if not isinstance(unit.take(step), StepRefused):
                unit.events.clear()

        self._transact(again)

    def run(
        self,
        process: str | ProcessDefinition,
        steps: Iterable[Item],
        *,
        by: Actor,
        batch: int = 500,
        keep_going: bool = True,
        superseded: bool = False,
    ) -> Iterator[StepResult]:
        """Play steps (see ``read_step``) as an import, one transaction a batch; results come once they are durable.

        Nothing happens before the results are asked for, and nothing more once they no longer are. Deals that start are
        pinned to the definition given; steps on deals of other processes are taken too. Each step is done by ``by`` on
        behalf of the person that it names: a ``behalf`` that ``by`` itself has gives way to that. Without ``keep_going``
        the first refusal or error ends the run; what came before it stands. An item may be an error in place of a step:
        a line that could not be read. A definition of which a later version is published is an ``InvalidArgument`` unless it
        is meant (``superseded``): new deals start under the later one.
        """
        if not isinstance(process, str | ProcessDefinition):
            raise InvalidArgument("a process is named by its id, a text, or given as a ProcessDefinition", "process")
        if isinstance(steps, str | bytes | Mapping) or not isinstance(steps, Iterable):
            raise InvalidArgument("steps are a list, or anything else to iterate over, of objects: [{...}, ...]", "steps")
        by, batch, keep_going = actor(by), count(batch, "batch", 1), flag(keep_going, "keep_going")
        superseded = flag(superseded, "superseded")
        if isinstance(process, ProcessDefinition) and not superseded:
            self._read(partial(refuse_superseded, definition=process))
        return self._like("import", self._connection, self._language)._run(process, steps, by, batch, keep_going)

    def _run(
        self, process: str | ProcessDefinition, steps: Iterable[Item], by: Actor, batch: int, keep_going: bool
    ) -> Iterator[StepResult]:
        if isinstance(process, ProcessDefinition):
            self.publish(process, by=by)
            self._pinned[process.id] = process.sha256
            process = process.id
        for readings in batches(process, steps, by, batch):
            results = self._transact(partial(play, batch=readings, keep_going=keep_going))
            yield from results
            if not keep_going and stops(results[-1]):
                return

    def step_by_step(self, *, batch: int = 500) -> StepByStep:
        """Take steps many in a transaction, as ``run`` does, but one at a time: what came of one is known before the next.
        For one writer: what others write meanwhile is a ``ConcurrentChange``."""
        return StepByStep(self, count(batch, "batch", 1))

    def exported(self, what: str, scope: Mapping[str, object], rows: int, digest: str, *, by: Actor) -> EventRow:
        """Log that ``rows`` rows left the log as ``what``, in a file of that SHA-256. ``scope`` is the filter, which
        names deals by their stream: no personal value may stand in it."""
        by, at = actor(by), timestamp(self.now())
        data = told_export(what, scope, rows, digest)
        return self._transact(lambda unit: log_export(unit, data, by, at))


def _given(values: Mapping[str, object] | None) -> Mapping[str, object]:
    return {} if values is None else values
