"""The engine: load, decide, append. Every channel goes through it, and nothing else writes deals or events."""

from __future__ import annotations

import json
from collections.abc import Callable, Iterable, Iterator, Mapping
from datetime import UTC, datetime
from importlib.metadata import version
from typing import Any, TypeVar

from transitions import Machine

from procdef.audit.events import Entry, timestamp
from procdef.audit.format import LANGUAGE
from procdef.commands import (
    Actor,
    Advance,
    Assign,
    Back,
    Command,
    Do,
    Finish,
    Lose,
    Note,
    Record,
    Reopen,
    Start,
    Waive,
)
from procdef.deal import FOLD, Deal, from_state
from procdef.engine.options import Options, options
from procdef.engine.outcome import Done, Event, FeedItem, StepResult, opened
from procdef.engine.steps import actor, deal_name, new_deal_name, read_step, request_key, when
from procdef.engine.unit import Step, Unit
from procdef.errors import (
    ConcurrentChange,
    InvalidArgument,
    NewerLog,
    ProcdefError,
    StepRefused,
    UnknownDeal,
    UnknownProcess,
    VersionExists,
)
from procdef.language import load_source
from procdef.machine import build_machine
from procdef.model import ProcessDefinition
from procdef.store.port import (
    Conflict,
    DealRow,
    Deals,
    DefinitionRow,
    Definitions,
    Events,
    LastEvent,
    LogOrder,
    Private,
    Requests,
    Store,
    Tx,
)

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
        self._library: dict[str, tuple[ProcessDefinition, Machine]] = {}
        self._pinned: dict[str, ProcessDefinition] = {}

    @property
    def store(self) -> Store:
        """Where this engine keeps its deals."""
        return self._store

    def on(self, connection: object) -> Engine:
        """The same engine inside the application's own transaction: it begins, commits and retries nothing."""
        joined = Engine(self._store, self._clock, self._via, connection=connection)
        joined._library = self._library
        return joined

    # Definitions

    def publish(self, definition: ProcessDefinition, *, by: Actor) -> bool:
        """Store a version of a process; false when it was there already.

        Raises ``VersionExists`` when that version is stored with other content: a published version never changes.
        """
        return self._transact(lambda unit: self._publish(unit, definition, actor(by)))

    def _publish(self, unit: Unit, definition: ProcessDefinition, by: Actor) -> bool:
        for row in unit.tx.scan(Definitions(id=definition.id)):
            if row.sha256 == definition.sha256:
                return False
            if row.version == definition.version:
                raise VersionExists(
                    f"{definition.name} is published with other content; give the changed file the next version"
                )
        data = {
            "id": definition.id,
            "version": definition.version,
            "lang": definition.lang,
            "sha256": definition.sha256,
        }
        step = Step("", Finish(), by)
        if next(iter(unit.tx.scan(LastEvent("system"))), None) is None:
            created = Entry("log.created", {"software": f"procdef {version('procdef')}"})
            unit.aside("system", (created,), step, timestamp(self._clock()))
        unit.aside(
            f"definition:{definition.id}", (Entry("definition.published", data),), step, timestamp(self._clock())
        )
        unit.definitions.append(
            DefinitionRow(definition.sha256, definition.id, definition.version, definition.lang, definition.source)
        )
        return True

    def definition(self, process: str, version: int | None = None) -> ProcessDefinition:
        """A published process: that version, or the highest. Raises ``UnknownProcess``."""
        with self._reading() as tx:
            return self._find(tx, process, version)

    def definitions(self) -> tuple[ProcessDefinition, ...]:
        """Everything published, by id and version."""
        with self._reading() as tx:
            return tuple(self.known(tx, row.sha256)[0] for row in list(tx.scan(Definitions())))

    def known(self, tx: Tx, sha: str) -> tuple[ProcessDefinition, Machine]:
        """The definition with that content, and its machine."""
        found = self._library.get(sha)
        if found is None:
            row = next(iter(tx.scan(Definitions(sha256=sha))), None)
            if row is None:
                raise UnknownProcess(f"no definition with the SHA-256 {sha} is published here")
            if row.lang > LANGUAGE:
                raise NewerLog(f"{row.id} v{row.version} is written in language {row.lang}; update procdef to use it")
            definition = load_source(row.source, f"{row.id} v{row.version}")
            found = self._library[sha] = (definition, build_machine(definition))
        return found

    def meant(self, tx: Tx, process: str) -> ProcessDefinition:
        """The version that a start names: the one that a run is pinned to, or the highest published."""
        return self._pinned.get(process) or self._find(tx, process, None)

    def _find(self, tx: Tx, process: str, version: int | None) -> ProcessDefinition:
        rows = [row for row in tx.scan(Definitions(id=process)) if version in (None, row.version)]
        if not rows:
            which = process if version is None else f"{process} v{version}"
            raise UnknownProcess(f"no process {which!r} is published here; `procdef publish FILE` does it")
        return self.known(tx, max(rows, key=lambda row: row.version).sha256)[0]

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
        actor(Actor(person))
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
        steps: Iterable[Mapping[str, Any] | ProcdefError],
        *,
        by: Actor,
        batch: int = 500,
        keep_going: bool = True,
    ) -> Iterator[StepResult]:
        """Play steps (see ``read_step``) as an import, one transaction a batch; results come once they are durable.

        Deals that start are pinned to the definition given. Without ``keep_going`` the first refusal or error ends the
        run; what came before it stands. An item may be an error in place of a step: a line that could not be read.
        """
        pinned = Engine(self._store, self._clock, "import", connection=self._connection)
        pinned._library = self._library
        if isinstance(process, ProcessDefinition):
            self.publish(process, by=by)
            pinned._pinned[process.id] = process
            process = process.id
        waiting: list[tuple[int, Mapping[str, Any] | ProcdefError]] = []
        for item in enumerate(steps, 1):
            waiting.append(item)
            if len(waiting) >= batch:
                results = pinned._play(process, waiting, by, keep_going)
                yield from results
                if len(results) < len(waiting) or (not keep_going and results[-1].status in ("refused", "error")):
                    return
                waiting = []
        if waiting:
            yield from pinned._play(process, waiting, by, keep_going)

    def _play(
        self, process: str, items: list[tuple[int, Mapping[str, Any] | ProcdefError]], by: Actor, keep_going: bool
    ) -> list[StepResult]:
        read = [(line, _read(process, item, by)) for line, item in items]

        def play(unit: Unit) -> list[StepResult]:
            unit.prepare([step for _, step in read if isinstance(step, Step)])
            results = []
            for line, step in read:
                result = self._played(unit, line, step)
                results.append(result)
                if not keep_going and result.status in ("refused", "error"):
                    break
            return results

        return self._transact(play)

    def _played(self, unit: Unit, line: int, step: Step | ProcdefError) -> StepResult:
        if isinstance(step, ProcdefError):
            return StepResult(line, "", "error", str(step))
        try:
            if isinstance(step.command, Start):
                new_deal_name(step.name)
                step = self._with_origin(unit, step, step.command)
            outcome = unit.take(step)
        except (InvalidArgument, ProcdefError) as error:
            return StepResult(line, step.name, "error", str(error))
        if isinstance(outcome, StepRefused):
            return StepResult(
                line, step.name, "repeated" if outcome.replayed else "refused", str(outcome), outcome.unmet
            )
        return StepResult(line, step.name, "repeated" if outcome.replayed else "applied")

    def _with_origin(self, unit: Unit, step: Step, start: Start) -> Step:
        if start.origin is None:
            return step
        unit.prepare([Step(start.origin, start, step.by)])
        stream = unit.streams.get(start.origin)
        if stream is None:
            raise UnknownDeal(f"there is no deal {start.origin!r}")
        return step._replace(command=Start(start.process, start.stage, stream, start.values))

    # Questions

    def deal(self, name: str) -> Deal:
        """Where a deal stands. Raises ``UnknownDeal``."""
        with self._reading() as tx:
            return self._deal(tx, name)

    def _deal(self, tx: Tx, name: str) -> Deal:
        row = tx.load([deal_name(name)]).deals.get(name)
        if row is None:
            raise UnknownDeal(f"there is no deal {name!r}; `procdef deals` lists them")
        return from_state(row.state) if row.fold == FOLD else Unit(tx, self, self._clock, self._via).refold(row.stream)

    def definition_of(self, deal: Deal) -> ProcessDefinition:
        """The version of the process that a deal is pinned to."""
        with self._reading() as tx:
            return self.known(tx, deal.definition)[0]

    def deals(self, query: Deals | None = None) -> Iterator[DealRow]:
        """Deals by key; ``Deals(stage=..., owner=...)`` narrows them."""
        with self._reading() as tx:
            yield from tx.scan(query or Deals())

    def events(self, name: str) -> list[Event]:
        """A deal's events as stored, in order, with personal values in place and the ``request`` each came from."""
        with self._reading() as tx:
            stream = self._deal(tx, name).stream
            private: dict[int, dict[str, Any]] = {}
            for row in tx.scan(Private(stream)):
                private.setdefault(row.n, {})[row.path] = json.loads(row.value)
            requests = list(tx.scan(Requests(stream)))
            found = []
            for event in tx.scan(Events(stream)):
                shown = opened(event.body, private.get(event.n, {}))
                asked = next((r.key for r in requests if r.first <= event.n <= r.last), None)
                found.append(shown if asked is None else {**shown, "request": asked})
            return found

    def options(self, name: str, *, by: Actor | None = None) -> Options:
        """What is next for a deal, what blocks it and who can help."""
        with self._reading() as tx:
            deal = self._deal(tx, name)
            definition, machine = self.known(tx, deal.definition)
        return options(definition, machine, deal, by, max(self._clock(), datetime.fromisoformat(deal.latest)))

    def feed(self, after: int = -1) -> Iterator[FeedItem]:
        """Every event once, in log order, after that position: to feed other systems. Personal values stay out."""
        with self._reading() as tx:
            for leaf in tx.scan(LogOrder(after + 1)):
                yield FeedItem(leaf.idx, opened(leaf.event.body, {}))

    # Transactions

    def _reading(self) -> Any:
        return self._store.transaction(write=False, connection=self._connection)

    def _transact(self, work: Callable[[Unit], T], *, dry_run: bool = False) -> T:
        for _ in range(_TRIES):
            try:
                with self._store.transaction(write=not dry_run, connection=self._connection) as tx:
                    unit = Unit(tx, self, self._clock, self._via)
                    outcome = work(unit)
                    if not dry_run:
                        unit.flush()
                    return outcome
            except Conflict:
                if self._connection is not None:
                    break
        raise ConcurrentChange("others changed this again and again while we tried; nothing was written, try again")


def _read(process: str, item: Mapping[str, Any] | ProcdefError, by: Actor) -> Step | ProcdefError:
    if isinstance(item, ProcdefError):
        return item
    try:
        return read_step(process, item, by)
    except InvalidArgument as error:
        return error
