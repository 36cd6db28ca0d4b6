"""The engine: load, decide, append. Every channel goes through it, and nothing else writes deals or events."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Mapping
from datetime import UTC, datetime
from functools import partial
from typing import Any, TypeVar

from procdef.audit.events import timestamp
from procdef.commands import Actor, Advance, Assign, Back, Command, Do, Finish, Lose, Note, Record, Reopen, Start, Waive
from procdef.deal import Deal
from procdef.engine.exporting import log_export
from procdef.engine.library import Library
from procdef.engine.options import Options, options
from procdef.engine.outcome import Done, Event, FeedItem, StepResult
from procdef.engine.playing import Item, batches, play, stops
from procdef.engine.publishing import publish
from procdef.engine.questions import deal_named, events_of, feed
from procdef.engine.recent import Recent
from procdef.engine.steps import Step, actor, deal_name, new_deal_name, request_key, when
from procdef.engine.unit import Unit
from procdef.errors import ConcurrentChange, InvalidArgument, StepRefused
from procdef.model import ProcessDefinition
from procdef.store.port import Conflict, DealRow, Deals, Definitions, EventRow, Store

__all__ = ["Done", "Engine", "FeedItem", "Options", "StepResult", "utc_now"]

T = TypeVar("T")
_TRIES = 8
VIA = ("cli", "api", "import", "web", "worker")
"""The doors that a step can come through."""


def utc_now() -> datetime:
    """The machine's clock, aware, in UTC."""
    return datetime.now(UTC)


class Engine:
    """Runs deals through published processes in one store. Safe to share between threads.

    ``clock`` returns aware times in UTC. ``via`` is the door that events name: ``cli``, ``api``, ``import``, ``worker``
    or ``web``. Every step takes ``by`` (who, authenticated by the caller), and optionally ``request`` (a key that makes
    sending it twice harmless) and ``dry_run`` (judge, write nothing). Steps return ``Done`` or raise ``StepRefused``,
    ``UnknownDeal``, ``UnknownProcess``, ``DealExists``, ``InvalidArgument``, ``RequestConflict``, ``ConcurrentChange``,
    ``ClockBehind``, ``NewerLog`` or ``StoreError``.
    """

    def __init__(
        self,
        store: Store,
        clock: Callable[[], datetime] = utc_now,
        via: str = "api",
        *,
        connection: object | None = None,
    ) -> None:
        if via not in VIA:
            raise InvalidArgument(f"`via` is one of {', '.join(VIA)}")
        self._store, self._clock, self._via, self._connection = store, clock, via, connection
        self._language: str | None = None
        self._library, self._recent = Library(), Recent()
        self._pinned: dict[str, str] = {}

    @property
    def store(self) -> Store:
        """Where this engine keeps its deals."""
        return self._store

    def on(self, connection: object) -> Engine:
        """The same engine inside the application's own transaction: it begins, commits and retries nothing."""
        return self._like(self._via, connection, self._language)

    def in_language(self, language: str | None) -> Engine:
        """The same engine, which gives the process's texts in that language where they are translated."""
        return self._like(self._via, self._connection, language)

    def _like(self, via: str, connection: object | None, language: str | None) -> Engine:
        like = Engine(self._store, self._clock, via, connection=connection)
        like._library, like._recent, like._language = self._library, self._recent, language
        return like

    # Definitions

    def publish(self, definition: ProcessDefinition, *, by: Actor) -> bool:
        """Store a version of a process; false when it was there already.

        Raises ``VersionExists`` when that version is stored with other content: a published version never changes.
        """
        by, moment = actor(by), timestamp(self._clock())
        return self._transact(lambda unit: publish(unit, definition, by, moment))

    def definition(self, process: str, version: int | None = None) -> ProcessDefinition:
        """A published process: that version, or the highest. Raises ``UnknownProcess``."""
        with self._reading() as tx:
            return self._library.find(tx, process, version).definition

    def definitions(self) -> tuple[ProcessDefinition, ...]:
        """Everything published, by id and version."""
        with self._reading() as tx:
            return tuple(self._library.known(tx, row.sha256).definition for row in list(tx.scan(Definitions())))

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
        source = self.deal(origin).stream if origin is not None else None
        return self._step(new_deal_name(deal), Start(process, stage, source, values or {}), by, request, None, dry_run)

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
        """Complete an action. ``evidence``: a note, a link, or a document (a path, or ``NAME sha256:HEX``);
        ``decision``: ``approve`` or ``reject``; ``happened``: when it was really done."""
        command = Do(action, values or {}, way, evidence, note, decision)
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
        Actor(person)
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
        """Write down what was said; ``kind``: ``call``, ``email`` or ``meeting``; ``objection``: one of the stage's."""
        return self._step(deal, Note(text, kind, objection), by, request, when(happened), dry_run)

    def _step(
        self, name: str, command: Command, by: Actor, request: str | None, happened: str | None, dry_run: bool
    ) -> Done:
        step = Step(deal_name(name), command, actor(by), request_key(request), happened)
        outcome = self._transact(lambda unit: unit.take(step), dry_run=dry_run)
        if isinstance(outcome, StepRefused):
            raise outcome
        return outcome

    def record_refusal(self, refused: StepRefused) -> None:
        """Put a refusal back on record after the application's own transaction was rolled back.

        The step is judged again on the deal as it is; if it would now be applied, nothing is written.
        """
        step = refused.record
        if not isinstance(step, Step):
            raise InvalidArgument("this refusal did not come from a step of this engine")

        def again(unit: Unit) -> None:
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
    ) -> Iterator[StepResult]:
        """Play steps (see ``read_step``) as an import, one transaction a batch; results come once they are durable.

        Deals that start are pinned to the definition given. Without ``keep_going`` the first refusal or error ends the
        run; what came before it stands. An item may be an error in place of a step: a line that could not be read.
        """
        importer = self._like("import", self._connection, self._language)
        if isinstance(process, ProcessDefinition):
            self.publish(process, by=by)
            importer._pinned[process.id] = process.sha256
            process = process.id
        for readings in batches(process, steps, by, batch):
            results = importer._transact(partial(play, batch=readings, keep_going=keep_going))
            yield from results
            if not keep_going and stops(results[-1]):
                return

    def exported(self, what: str, scope: Mapping[str, object], rows: int, digest: str, *, by: Actor) -> EventRow:
        """Log that ``rows`` rows left the log as ``what``, in a file of that SHA-256. ``scope`` is the filter, which
        names deals by their stream: no personal value may stand in it."""
        by, moment = actor(by), timestamp(self._clock())
        data = {"what": what, "filter": dict(scope), "rows": rows, "sha256": digest}
        return self._transact(lambda unit: log_export(unit, data, by, moment))

    # Questions

    def deal(self, name: str) -> Deal:
        """Where a deal stands. Raises ``UnknownDeal``."""
        with self._reading() as tx:
            return deal_named(tx, name)

    def definition_of(self, deal: Deal) -> ProcessDefinition:
        """The version of the process that a deal is pinned to."""
        with self._reading() as tx:
            return self._library.known(tx, deal.definition).definition

    def deals(self, query: Deals | None = None) -> Iterator[DealRow]:
        """Deals by key; ``Deals(stage=..., owner=...)`` narrows them."""
        with self._reading() as tx:
            yield from tx.scan(query or Deals())

    def events(self, name: str) -> list[Event]:
        """A deal's events as stored, in order, with personal values in place and the ``request`` each came from."""
        with self._reading() as tx:
            return events_of(tx, deal_named(tx, name).stream)

    def options(self, name: str, *, by: Actor | None = None) -> Options:
        """What is next for a deal, what blocks it and who can help."""
        with self._reading() as tx:
            deal = deal_named(tx, name)
            definition, machine, _ = self._library.known(tx, deal.definition)
        return options(definition, machine, deal, by, self._clock(), self._language)

    def feed(self, after: int = -1) -> Iterator[FeedItem]:
        """Every event once, in log order, after that position: to feed other systems. Personal values stay out."""
        with self._reading() as tx:
            yield from feed(tx, after)

    # Transactions

    def _reading(self) -> Any:
        return self._store.transaction(write=False, connection=self._connection)

    def _transact(self, work: Callable[[Unit], T], *, dry_run: bool = False) -> T:
        for _ in range(_TRIES):
            try:
                with self._store.transaction(write=not dry_run, connection=self._connection) as tx:
                    unit = Unit(tx, self._library, self._recent, self._pinned, self._clock, self._via, self._language)
                    outcome = work(unit)
                    if not dry_run:
                        unit.flush()
                    return outcome
            except Conflict:
                if self._connection is not None:
                    break
        raise ConcurrentChange("others changed this again and again while we tried; nothing was written, try again")
