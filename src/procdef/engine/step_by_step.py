"""Many steps in each transaction, taken one at a time: what came of one is known before the next is decided on."""

from __future__ import annotations

from types import TracebackType
from typing import Self

from procdef.commands import Actor, Finish
from procdef.deal import Deal
from procdef.engine.steps import Step
from procdef.engine.ticking import Ticking
from procdef.engine.unit_of_work import UnitOfWork
from procdef.errors import ConcurrentChange
from procdef.results.done import Done
from procdef.results.refusal import StepRefused
from procdef.results.timer_told import TimerTold
from procdef.store.port import Conflict, Transaction

_NOBODY = Actor("nobody")


class StepByStep:
    """Steps taken by one engine, as one writer, ``batch`` of them in a transaction.

    To be used as a context manager: what was taken last is stored at its end, and dropped where an error ends it. What was
    stored before that stays.
    """

    def __init__(self, engine: Ticking, batch: int) -> None:
        self._engine, self._batch = engine, batch
        self._transaction: Transaction | None = None
        self._unit: UnitOfWork | None = None
        self._taken = 0
        self._streams: dict[str, str | None] = {}
        self._deals: dict[str, Deal] = {}

    def take(self, step: Step) -> Done | StepRefused:
        """What comes of a step. Raises what steps of an engine raise, a refusal aside, which is returned."""
        unit = self._begun()
        if step.request is not None:
            unit.prepare((step,))  # a deal that is kept from the last batch has none of its requests with it
        try:
            return unit.take(step)
        finally:
            self._taken += 1

    def deal(self, name: str) -> Deal | None:
        """Where a deal stands after the steps taken so far; ``None`` where there is none of that name."""
        unit = self._begun()
        if name not in unit.streams:
            unit.prepare((Step(name, Finish(), _NOBODY),))
        stream = unit.streams[name]
        return None if stream is None else unit.deals[stream]

    def is_full(self) -> bool:
        """Whether a batch was taken that is not stored yet."""
        return self._taken >= self._batch

    def store(self) -> None:
        """Store what was taken since it was stored last. Raises ``ConcurrentChange`` where others wrote too."""
        unit, transaction = self._unit, self._transaction
        if unit is None or transaction is None:
            return
        try:
            unit.flush()
            self._unit = self._transaction = None
            transaction.__exit__(None, None, None)
        except Conflict:
            self._drop(transaction)
            raise ConcurrentChange("others wrote to this log meanwhile; what was taken last was not stored") from None
        except BaseException:
            self._drop(transaction)
            raise
        # Deals that are lost or finished are read anew where somebody asks for one; the others need not be.
        self._taken, self._deals = 0, {stream: deal for stream, deal in unit.deals.items() if deal.mode == "open"}
        self._streams = {name: stream for name, stream in unit.streams.items() if stream in self._deals}

    def tick(self, by: Actor) -> list[TimerTold]:
        """Store what was taken, and tell what fell due, as ``Engine.tick`` does."""
        self.store()
        told = list(self._engine.tick(by=by))
        for each in told:
            stream = self._streams.pop(each.deal, None)  # what was told is in the log of the deal, which is read anew
            self._deals.pop(stream or "", None)
        return told

    def _begun(self) -> UnitOfWork:
        if self._unit is not None:
            return self._unit
        transaction = self._engine.store.transaction(write=True)
        try:
            unit = self._engine._unit(transaction.__enter__())
        except BaseException:
            self._drop(transaction)
            raise
        unit.streams, unit.deals = self._streams, self._deals
        unit.stored = {stream: deal.n for stream, deal in self._deals.items()}
        self._transaction, self._unit = transaction, unit
        return unit

    def _drop(self, transaction: Transaction) -> None:
        self._unit = self._transaction = None
        self._streams, self._deals, self._taken = {}, {}, 0
        transaction.undo()
        transaction.end()

    def __enter__(self) -> Self:
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        if kind is None:
            self.store()
        elif self._transaction is not None:
            self._drop(self._transaction)
