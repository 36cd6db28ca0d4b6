"""A log that goes on in another store: copied while others write, closed here, and opened there."""

from __future__ import annotations

import json
from collections.abc import Callable
from functools import partial
from typing import NamedTuple, cast

from procdef.commands import Actor
from procdef.engine.arguments import actor
from procdef.engine.publishing import begin_log
from procdef.engine.transactions import Transactions
from procdef.engine.unit_of_work import UnitOfWork
from procdef.errors import InvalidArgument
from procdef.events.types import log_moved, log_opened
from procdef.log.event import timestamp
from procdef.store.copying.rows import (
    MOST,
    copy_some,
    goes_on,
    hold,
    refuse_other_end,
    refuse_other_layout,
    refuse_other_log,
    refuse_unlike,
    settle,
)
from procdef.store.inspection_port import InspectableStore
from procdef.store.port import LogReading, Store
from procdef.store.queries import LastEvent


class Moved(NamedTuple):
    """Where a log goes on, and what told that copy from every other one when this was decided."""

    to: str
    copy: str


def moved_to(tx: LogReading) -> Moved | None:
    """Where the log goes on, if it does elsewhere."""
    for last in [*tx.scan(LastEvent("system"))]:
        if last.type == log_moved.EVENT.name:
            data = json.loads(last.body)["data"]
            return Moved(str(data["to"]), str(data["copy"]))
    return None


class Moving(Transactions):
    """An engine as far as its log can go on elsewhere."""

    def copy_ahead(self, there: Transactions, *, progress: Callable[[int], object] = lambda _: None) -> None:
        """Copy what is there by now into the store of another engine, so that little is left for ``move``; others may write to
        this log meanwhile. Raises as ``move``."""
        source, target = self._both(there)
        refuse_other_layout(target)
        refuse_other_end(source, target)
        _copy(source, target, progress)

    def _both(self, there: Transactions) -> tuple[InspectableStore, InspectableStore]:
        """The store that is copied and the one that is copied to, which are of one log. Raises ``StoreError``."""
        source, target = cast(InspectableStore, self._store), cast(InspectableStore, there._store)
        source.refuse_unless_owner()
        refuse_other_log(source, target)
        return source, target

    def is_opened(self, there: Transactions) -> bool:
        """Whether this log was closed, and goes on in the store of the other engine."""
        return self._read(moved_to) is not None and goes_on(self._store, there._store)

    def move(
        self,
        there: Transactions,
        *,
        to: str,
        copy: str,
        came_from: str,
        by: Actor,
        progress: Callable[[int], object] = lambda _: None,
    ) -> int:
        """Copy this engine's log into the store of another engine, where it goes on; how many events it has there.

        Others may write meanwhile: what they write is copied too, until ``log.moved`` is written here, after which nothing is.
        ``to`` and ``came_from`` say in the log where that is. ``copy`` is what only this copy holds, a random text: where the
        log was closed for another one, this one is never opened. The copy is held against the log, event by event and row by
        row, before it is closed and again before ``log.opened`` is written to the copy. Whenever this was interrupted, the
        same call again completes it. ``progress`` is told how many events are copied by now.

        The other store holds nothing yet, but for what an interrupted call left, and has this log's UUID. Raises
        ``StoreError`` for another log there, and for a role that does not own this one's tables, ``InvalidArgument`` where this
        log goes on at another place, and ``LogBroken`` where the copy differs.
        """
        by = actor(by)
        source, target = self._both(there)
        held = None
        if self._read(moved_to) is None:
            self.copy_ahead(there, progress=progress)
            settle(source, target)
            held = hold(source, target)
            _copy(source, target, progress)  # what came while it was held, so that little is left when the log is closed
            self._transact(lambda unit: self._close(unit, to, copy, by))
        gone = self._read(moved_to)
        if gone is not None and gone != (to, copy):
            what = f"goes on in {gone.to} already" if gone.to != to else f"goes on in another copy at {to}"
            raise InvalidArgument(f"this log {what}; copy that one", "to")
        if self.is_opened(there):
            return there._read(_size)
        refuse_other_layout(target)
        while _copy(source, target, progress):
            pass
        settle(source, target, held.streams if held else (None,))
        refuse_unlike(source, target, held or hold(source, target))
        there._transact(partial(_open, came_from=came_from, by=by, moment=timestamp(self.now())))
        return there._read(_size)

    def _close(self, unit: UnitOfWork, to: str, copy: str, by: Actor) -> None:
        """Queue the event that closes the log, unless somebody has closed it."""
        unit.tx.alone()
        if moved_to(unit.tx) is None:
            now = timestamp(self.now())
            begin_log(unit, by, now)
            unit.aside("system", (log_moved.EVENT.entry({"to": to, "copy": copy}),), by, now)


def _copy(source: Store, target: Store, progress: Callable[[int], object]) -> bool:
    """Copy what is there, but for a last few events that others wrote meanwhile; whether there was anything."""
    any_ = False
    while (some := copy_some(source, target)) > 0:
        any_ = True
        progress(some)
        if some < MOST:
            break
    return any_


def _size(tx: LogReading) -> int:
    return tx.size


def _open(unit: UnitOfWork, came_from: str, by: Actor, moment: str) -> None:
    """Queue the event that opens a moved log here, unless somebody has opened it already."""
    if moved_to(unit.tx) is not None:
        unit.aside("system", (log_opened.EVENT.entry({"from": came_from}),), by, moment)
