"""What fell due, told: the one thing that comes into a deal's log without a step."""

from __future__ import annotations

from collections.abc import Iterator
from functools import partial
from typing import NamedTuple

from procdef.commands import Actor
from procdef.deal import Deal
from procdef.decide.approvers import doers
from procdef.decide.context import Context
from procdef.decide.timers import NOBODY, Timer, deadlines
from procdef.engine.arguments import actor
from procdef.engine.transactions import Transactions
from procdef.engine.unit_of_work import UnitOfWork
from procdef.errors import ProcdefError
from procdef.log.envelope import is_time
from procdef.log.event import timestamp
from procdef.model import ProcessDefinition
from procdef.results.timer_told import TimerTold
from procdef.store.queries import Waking
from procdef.store.rows import DealRow

PAGE = 100
"""So many deals are looked at in one transaction: others wait no longer than that takes."""

Place = tuple[str, str]
"""When a deal was to be looked at, and its stream."""
_FAR_AHEAD, _NEVER = ("3", ""), "\U0010ffff"
"""Behind every time of this millennium, and behind every text: what stands between them is hardly ever a time."""
_DAMAGED = (
    "{deal}: the database said to look at it at {wake!r}, which is no time: somebody changed it by other means than procdef. "
    "That is right again from now on; verify the log, to find what else was changed"
)


class _Page(NamedTuple):
    """What came of some deals; ``place`` is that of the last of them, where there may be more behind it."""

    told: list[TimerTold]
    place: Place | None


class Ticking(Transactions):
    """An engine as far as its timers go."""

    def tick(self, *, by: Actor) -> Iterator[TimerTold]:
        """Tell what fell due by now in any deal, once: reminders, what is overdue, what is escalated, approvals that lapse.

        Nothing is moved by it. What is told is in the deals' logs, via ``worker``, one transaction for a page of deals, and
        comes once it is durable. Ticks may run side by side, be killed, and come late. A deal of which it cannot be told comes
        as ``failed``, and the others go on. Only deals in which something may be due are read; one whose row says another time
        to look at it than its state is not found. Where the row says what is no time at all, the deal is looked at, its row set
        right, and it comes as ``failed`` besides. Nothing happens before the results are asked for.
        """
        return self._like("worker", self._connection, self._language)._tick(actor(by))

    def _tick(self, by: Actor) -> Iterator[TimerTold]:
        for until, begin in ((timestamp(self.now()), ("", "")), (_NEVER, _FAR_AHEAD)):
            place: Place | None = begin
            while place is not None:
                page = self._transact(partial(_page, until=until, after=place, by=by))
                yield from page.told
                place = page.place
        self._store.seal()


def _page(unit: UnitOfWork, until: str, after: Place, by: Actor) -> _Page:
    rows = [*unit.tx.scan(Waking(until, after, PAGE))]
    told: list[TimerTold] = []
    for row in rows:
        if until == _NEVER and is_time(row.wake):
            continue
        try:
            told += _looked_at(unit, row, by)
        except ProcdefError as error:
            told.append(TimerTold(row.key, "failed", problem=str(error)))
            continue
        if not is_time(row.wake):
            told.append(TimerTold(row.key, "failed", problem=_DAMAGED.format(deal=row.key, wake=row.wake)))
    return _Page(told, (str(rows[-1].wake), rows[-1].stream) if len(rows) == PAGE else None)


def _looked_at(unit: UnitOfWork, row: DealRow, by: Actor) -> Iterator[TimerTold]:
    """What there is to tell of a deal now, queued."""
    definition, deal, now = unit.waked(row)
    found = deadlines(definition, deal, now)
    for timer in found.ready:
        deal = unit.tell(deal, timer.entry(), by, now)
    again = deadlines(definition, deal, now)
    if found.ready or (again.look, again.deadline) != (row.wake, row.deadline):
        unit.looked[deal.stream] = now
        unit.touched[deal.stream] = (deal, definition)
    yield from (_result(definition, deal, timer, now) for timer in found.ready)
    if found.trouble is not None:
        yield TimerTold(deal.name, "failed", problem=f"{deal.name}: {found.trouble}")


def _result(definition: ProcessDefinition, deal: Deal, timer: Timer, now: str) -> TimerTold:
    action = definition.actions.get(timer.of)
    roles = timer.roles or (doers(Context(definition, deal, NOBODY, now), action) if action is not None else ())
    return TimerTold(
        deal.name,
        timer.kind,
        timer.of,
        timer.due,
        timer.before,
        definition.title_of(deal.values),
        deal.process,
        deal.stage,
        deal.owner,
        roles,
        lapses=timer.kind == "reminded" and timer.due in deal.until.get(timer.of, ()),
    )
