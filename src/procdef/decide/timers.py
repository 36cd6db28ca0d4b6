"""What timers tell of a deal: reminders, what is overdue, what is escalated, and approvals that are about to lapse.

What is told and when follows from the deal and its definition alone; nothing here waits for a time.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from datetime import datetime
from itertools import chain
from typing import Literal, NamedTuple

from procdef.calendar import Duration, due, reminder
from procdef.commands import Actor
from procdef.deal import Deal
from procdef.decide.context import Context
from procdef.errors import CalendarUnknown
from procdef.events.types import timer_escalated, timer_overdue, timer_reminded
from procdef.log.event import Entry, instant, timestamp
from procdef.model import Action, ProcessDefinition, Sla

_DAY_BEFORE = Duration(1, "days")
_NEVER = "9999"
"""Behind every time of the log."""
NOBODY = Actor("nobody")
"""No timer asks who looks."""
_RANK: dict[Kind, int] = {"reminded": 0, "overdue": 1, "escalated": 2}


Kind = Literal["reminded", "overdue", "escalated"]


class Timer(NamedTuple):
    """Something to be told from ``at`` on: that ``of`` (a stage, or ``stage.action``) is ``due`` soon, is ``overdue``, or goes
    before other ``roles``. ``kind``: ``reminded``, ``overdue`` or ``escalated``; of a reminder ``before``."""

    at: str
    of: str
    kind: Kind
    due: str
    before: str | None = None
    roles: tuple[str, ...] = ()

    @property
    def told(self) -> tuple[str, ...]:
        """As a deal remembers that it was told."""
        return (self.of, self.kind, self.due, *([] if self.before is None else [self.before]))

    def entry(self) -> Entry:
        """The entry for the log."""
        if self.kind == "reminded":
            return timer_reminded.EVENT.entry({"of": self.of, "due": self.due, "before": self.before})
        if self.kind == "overdue":
            return timer_overdue.EVENT.entry({"of": self.of, "due": self.due})
        return timer_escalated.EVENT.entry({"of": self.of, "due": self.due, "to": [*self.roles]})


class Deadlines(NamedTuple):
    """A deal at a moment. ``ready`` are the timers to be told now, in their order; ``wake`` is when to look next, should these
    be told; ``deadline`` the earliest due time of what is still to be done. ``trouble`` is why some cannot be told yet."""

    ready: tuple[Timer, ...] = ()
    wake: str | None = None
    deadline: str | None = None
    trouble: CalendarUnknown | None = None

    @property
    def look(self) -> str | None:
        """When to look at the deal next, whether anything was told now or not."""
        if not self.ready:
            return self.wake
        first = min(timer.at for timer in self.ready)
        return first if self.wake is None else min(first, self.wake)


NOTHING = Deadlines()


class _Item(NamedTuple):
    """Something with a due time. ``open``: it is to be done, as far as is known; ``restless``: time alone may change that."""

    of: str
    sla: Sla
    due: str
    open: bool
    restless: bool


def deadlines(definition: ProcessDefinition, deal: Deal, moment: str) -> Deadlines:
    """What is to be told of the deal by then, and when to look at it next. Never raises for what the calendar lacks."""
    if deal.mode != "open" or deal.stage not in definition.timed:
        return NOTHING
    return _Look(Context(definition, deal, NOBODY, moment)).found()


def open_items(context: Context) -> Iterator[tuple[str, str, Sla]]:
    """What is still to be done in an open deal, as far as is known: what, when it is due, and the deadline as declared."""
    yield from ((item.of, item.due, item.sla) for item in _Look(context).items() if item.open)


def lapsing(context: Context) -> Iterator[tuple[Action, str, str]]:
    """What is done in the present stage of an open deal and will be open again as it lapses: the action, when that is, and
    whose completion lapses then. Nothing is told of what does not apply, and where the calendar does not tell."""
    deal = context.deal
    assert deal is not None
    counting = deal.counting_at(context.moment)
    for action in context.stage.actions if counting.until else ():
        ends = counting.until.get(action.path)
        try:
            if ends is None or context.status(action) != "done":
                continue
            who = context.approvers(action)
        except CalendarUnknown:
            continue
        under = counting.rows.get(action.path, (0,) * len(ends))
        whole = zip(ends, counting.standing[action.path], under, strict=False)
        held = sorted((end or _NEVER, person) for end, person, row in whole if not action.table or row == who.row)
        end, person = held[len(held) - who.at_least]
        if end != _NEVER:
            yield action, end, person


class _Look:
    """A deal that is looked at."""

    def __init__(self, context: Context) -> None:
        assert context.deal is not None
        self._definition, self._deal, self._moment = context.definition, context.deal, context.moment
        self._context = context
        self._told = frozenset(context.deal.told)
        self._trouble: CalendarUnknown | None = None

    def found(self) -> Deadlines:
        """What there is to tell, and when to look again."""
        ready, later = list[Timer](), list[str]()
        items = [*self.items()]
        for timer, open_now in chain(self._running(items), ((lapse, True) for lapse in self._lapses())):
            if timer.told in self._told or (timer.kind == "reminded" and timer.due <= self._moment):
                continue
            if open_now and timer.at <= self._moment:
                ready.append(timer)
            else:
                later.append(timer.at)
        later += self._reopenings(items)
        if self._trouble is not None:
            later.append(self._deal.entered)
        ready.sort(key=lambda timer: (timer.at, _RANK[timer.kind], timer.of))
        deadline = min((item.due for item in items if item.open), default=None)
        return Deadlines(tuple(ready), min(later, default=None), deadline, self._trouble)

    def items(self) -> Iterator[_Item]:
        """What has a due time in the present stage."""
        deal, stage = self._deal, self._context.stage
        if stage.sla is not None and deal.due is not None:
            yield _Item(stage.id, stage.sla, deal.due, True, False)
        for action in stage.actions if deal.dues else ():
            moment = deal.dues.get(action.path)
            if action.sla is not None and moment is not None:
                yield _Item(action.path, action.sla, moment, *self._is_open(action))

    def _is_open(self, action: Action) -> tuple[bool, bool]:
        """Whether it is still to be done, also where it is not known whether it applies; and whether it may come to apply with
        time alone."""
        try:
            if self._context.is_done(action):
                return False, False
            if action.when is None:
                return True, False
            return self._context.truth(action.when) is not False, bool(action.when.clock)
        except CalendarUnknown as error:
            self._trouble = error
            return True, True

    def _running(self, items: Iterable[_Item]) -> Iterator[tuple[Timer, bool]]:
        """What is told of what is still to be done, or may be so by itself; and whether it is now."""
        for item in items:
            for timer in self._timers(item.of, item.sla, item.due) if item.open or item.restless else ():
                yield timer, item.open

    def _timers(self, of: str, sla: Sla, moment: str) -> Iterator[Timer]:
        """All that is told of a due time, some time or other."""
        end = instant(moment)
        for before in sla.remind:
            at = self._reminder(end, before)
            if at is not None and at < moment:
                yield Timer(at, of, "reminded", moment, str(before))
        yield Timer(moment, of, "overdue", moment)
        if sla.escalate_to:
            at = self._escalation(end, sla.escalate_after) if sla.escalate_after is not None else moment
            if at is not None:
                yield Timer(at, of, "escalated", moment, roles=sla.escalate_to)

    def _reminder(self, end: datetime, before: Duration) -> str | None:
        try:
            return timestamp(reminder(self._definition.calendar, instant(self._deal.entered), end, before))
        except CalendarUnknown as error:
            if timestamp(end) > self._moment:  # else it will never be told
                self._trouble = error
            return None

    def _escalation(self, end: datetime, after: Duration) -> str | None:
        try:
            return timestamp(due(self._definition.calendar, end, after))
        except CalendarUnknown as error:
            self._trouble = error
            return None

    def _lapses(self) -> Iterator[Timer]:
        """Reminders of approvals that lapse: those of the action's deadline, else one a day before."""
        for action in self._context.stage.actions if self._deal.until else ():
            if action.valid_for is None or self._is_open(action)[0]:
                continue
            remind = action.sla.remind if action.sla is not None else ()
            if not remind and not _is_short(action.valid_for):
                remind = (_DAY_BEFORE,)
            for moment in sorted({end for end in self._ends(action.path) if end > self._moment}):
                for before in remind:
                    at = self._reminder(instant(moment), before)
                    if at is not None and at < moment:
                        yield Timer(at, action.path, "reminded", moment, str(before))

    def _reopenings(self, items: list[_Item]) -> Iterator[str]:
        """When what has a due time and is not open may be, as it lapses, or something else that its ``when`` asks for."""
        actions = self._definition.actions
        for item in items if self._deal.until else ():
            when = actions[item.of].when if item.of in actions else None
            if not item.open:
                asked = (item.of, *(when.actions if when is not None else ()))
                yield from (end for path in asked for end in self._ends(path) if end > self._moment)

    def _ends(self, path: str) -> Iterator[str]:
        return filter(None, self._deal.until.get(path, ()))


def _is_short(valid_for: Duration) -> bool:
    """Whether that is a day or less, so that a reminder a day before would come at once."""
    most = {"minutes": 24 * 60, "business minutes": 24 * 60, "hours": 24, "business hours": 24, "days": 1, "business days": 1}
    return valid_for.amount <= most.get(valid_for.unit, 0)
