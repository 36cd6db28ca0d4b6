"""What a report is asked for: the process, the period, the moment that it is made at."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import timedelta
from functools import cached_property
from typing import NamedTuple

from procdef.log.event import instant, timestamp
from procdef.model import ProcessDefinition
from procdef.reports.working_time import WorkingTime

BEGINNING, END = "", "~"
"""Texts before and behind every time of a log."""
IDLE_DAYS = 30


class Window(NamedTuple):
    """``since <= t < until``, as UTC text that is compared as it stands: without an end it is ``BEGINNING`` or ``END``."""

    since: str = BEGINNING
    until: str = END


@dataclass(frozen=True)
class Scope:
    """``newest`` is the version of the process whose stages, calendar, goals and measures count; ``currencies`` are those of
    all its versions, and ``private`` are the fields that are personal in any of them; ``titles`` are the fields that name
    deals for people, by version. ``since``, ``until`` and ``now`` are UTC text. ``before`` is the period that growth compares
    with. ``as_of``: it is of the log as it stood at ``now``."""

    newest: ProcessDefinition
    currencies: Mapping[int, str | None]
    private: frozenset[str]
    titles: Mapping[int, str | None]
    now: str
    since: str | None = None
    until: str | None = None
    before: Window | None = None
    idle_days: int = IDLE_DAYS
    as_of: bool = False

    @cached_property
    def window(self) -> Window:
        """The period."""
        return Window(self.since or BEGINNING, self.until or END)

    @cached_property
    def working(self) -> WorkingTime | None:
        """How working time is counted, in a process with a calendar."""
        calendar = self.newest.calendar
        return WorkingTime(calendar) if calendar.given else None

    @cached_property
    def idle_before(self) -> str:
        """A deal whose last step was before this is idle."""
        try:
            return timestamp(instant(self.now) - timedelta(days=self.idle_days))
        except OverflowError:  # before the year 1 nothing was done
            return BEGINNING

    def currency(self, version: int) -> str:
        """That of the deals of a version, "" where it has none."""
        return self.currencies.get(version) or ""

    @property
    def own_currency(self) -> str:
        """That of the newest version, "" where it has none."""
        return self.newest.currency or ""


def scope_of(versions: Iterable[ProcessDefinition], now: str) -> Scope:
    """The scope of a report on a process, given all its published versions: over all time, of the highest of them."""
    own = sorted(versions, key=lambda each: each.version)
    private = frozenset(name for each in own for name, field in each.fields.items() if field.type.private)
    currencies = {each.version: each.currency for each in own}
    return Scope(own[-1], currencies, private, {each.version: each.deal.title for each in own}, now)
