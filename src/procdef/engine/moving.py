"""A log that goes on in another store: copied while others write, closed here, and opened there."""

from __future__ import annotations

import json
from collections.abc import Callable
from functools import partial

from procdef.commands import Actor
from procdef.engine.arguments import actor, moment
from procdef.engine.publishing import begin_log
from procdef.engine.transactions import Transactions
from procdef.engine.unit_of_work import UnitOfWork
from procdef.errors import InvalidArgument
from procdef.events.types import log_moved, log_opened
from procdef.log.event import timestamp
from procdef.store.port import LogReading
from procdef.store.queries import LastEvent
from procdef.store.row_copies import (
    MOST,
    copy_some,
    refuse_other_log,
    refuse_unlike,
    refuse_unlike_events,
    settle,
)


def moved_to(tx: LogReading) -> str | None:
    """Where the log goes on, if it does elsewhere."""
    for last in [*tx.scan(LastEvent("system"))]:
        if last.type == log_moved.EVENT.name:
            return str(json.loads(last.body)["data"]["to"])
    return None


class Moving(Transactions):
    """An engine as far as its log can go on elsewhere."""

    def move(
        self,
        there: Transactions,
        *,
        to: str,
        came_from: str,
        by: Actor,
        progress: Callable[[int], object] = lambda _: None,
    ) -> int:
        """Copy this engine's log into the store of another engine, where it goes on; how many events it has there.

        Others may write meanwhile: what they write is copied too, until ``log.moved`` is written here, after which nothing is.
        ``to`` and ``came_from`` say in the log where that is. The copy is held against the log, event by event and row by row,
        before ``log.opened`` is written to it. Whenever this was interrupted, the same call again completes it. ``progress``
        is told how many events are copied by now.

        The other store holds nothing yet, but for what an interrupted call left, and has this log's UUID. Raises
        ``StoreError`` for another log there, ``InvalidArgument`` where this log goes on at another place, and ``LogBroken``
        where the copy differs.
        """
        by, source, target = actor(by), self._store, there._store
        refuse_other_log(source, target)
        gone = self._read(moved_to)
        if gone not in (None, to):
            raise InvalidArgument(f"this log goes on in {gone} already; copy that one", "to")
        size = there._read(_size)
        if gone is not None and size > self._read(_size):
            return size  # it was opened there already
        checked = refuse_unlike_events(source, target)
        while (some := copy_some(source, target)) > 0 or gone is None:
            progress(some)
            if some < MOST and gone is None:
                checked = refuse_unlike_events(source, target, checked)
                self._transact(lambda unit: self._close(unit, to, by))
                gone = to
        settle(source, target)
        refuse_unlike(source, target, checked)
        there._transact(partial(_open, came_from=came_from, by=by, moment=timestamp(moment(self._clock()))))
        return there._read(_size)

    def _close(self, unit: UnitOfWork, to: str, by: Actor) -> None:
        if moved_to(unit.tx) is None:
            now = timestamp(moment(self._clock()))
            begin_log(unit, by, now)
            unit.aside("system", (log_moved.EVENT.entry({"to": to}),), by, now)


def _size(tx: LogReading) -> int:
    return tx.size


def _open(unit: UnitOfWork, came_from: str, by: Actor, moment: str) -> None:
    """Queue the event that opens a moved log here, unless somebody has opened it already."""
    if moved_to(unit.tx) is not None:
        unit.aside("system", (log_opened.EVENT.entry({"from": came_from}),), by, moment)
