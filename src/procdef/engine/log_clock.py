"""A clock that was ahead once: putting that on record, so that the times it left in the log hold nothing up."""

from __future__ import annotations

from procdef.commands import Actor
from procdef.engine.arguments import actor
from procdef.engine.transactions import Transactions
from procdef.engine.unit_of_work import UnitOfWork
from procdef.errors import InvalidArgument
from procdef.events.types import log_retimed
from procdef.log.event import timestamp
from procdef.results.ahead_of_clock import AheadOfClock
from procdef.store.port import Tx
from procdef.store.queries import Events


class LogClock(Transactions):
    """An engine as far as its clock goes."""

    def ahead_of_clock(self) -> AheadOfClock:
        """The events that are of a time after what the clock says now; reads the whole log."""
        return self._read(lambda tx: _ahead(tx, timestamp(self.now())))

    def clock_was_wrong(self, *, by: Actor) -> AheadOfClock:
        """Put on record that the clock was wrong when it gave the times that are ahead of it now.

        Streams whose last event is of such a time can be written to again, see ``log.retimed`` in ``docs/log.md``.
        Raises ``InvalidArgument`` where no event is ahead of the clock.
        """
        by = actor(by)

        def work(unit: UnitOfWork) -> AheadOfClock:
            now = timestamp(self.now())
            ahead = _ahead(unit.tx, now)
            if not ahead.events:
                raise InvalidArgument(f"no event is of a time after {now}, so the clock holds nothing up")
            unit.corrected = ahead.latest
            entry = log_retimed.EVENT.entry({"clock": now, "ahead": ahead.latest})
            unit.aside("system", (entry,), by, now)
            return ahead

        return self._transact(work)


def _ahead(tx: Tx, now: str) -> AheadOfClock:
    count, latest, stream, n = 0, "", "", 0
    for row in tx.scan(Events()):
        if row.recorded > now:
            count += 1
            if row.recorded >= latest:
                latest, stream, n = row.recorded, row.stream, row.n
    return AheadOfClock(now, count, latest, stream, n)
