"""What one run comes to: the figures of reports, counted as deals end, and beside them who was busy and what waited."""

from __future__ import annotations

from collections import Counter
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import UTC, datetime

from procdef.log.event import timestamp
from procdef.model import ProcessDefinition
from procdef.reports import Asked, Report, counted
from procdef.reports.figures.groups import grouping
from procdef.reports.history import Histories, History, histories
from procdef.reports.scope import scope_of
from procdef.reports.sections import Sections, fields_of
from procdef.simulation.passing_store import PassingStore
from procdef.simulation.world import World
from procdef.store.port import Store

_MOST_OVER = 200
"""So many deals that are over are kept before they are counted."""


@dataclass(frozen=True, slots=True)
class Busy:
    """The people of a role in the counted time: the seconds of their working hours, and those in which they were at work."""

    people: int
    there: float
    at_work: float


@dataclass(slots=True)
class Flow:
    """A stage: how many visits to it began and ended in the counted time, and how many deals are in it at the end."""

    began: int = 0
    ended: int = 0
    there: int = 0


@dataclass(frozen=True, slots=True)
class RunFigures:
    """One run. ``months`` is how long the counted time was (of a run of so many deals, until the last came in), ``office`` the
    seconds of working time in it. ``flows`` are by stage, ``queues`` for how long each thing had waited that was taken up, by
    role and what it was, ``left`` what still waits at the end. ``overdue`` is in how many visits the deadline of a stage or of
    an action passed, and ``stuck`` how many deals go on no more by what keeps them."""

    report: Report
    flows: Mapping[str, Flow]
    months: float
    office: float
    busy: Mapping[str, Busy]
    queues: Mapping[tuple[str, str], Sequence[float]]
    left: Mapping[tuple[str, str], int]
    overdue: Mapping[str, int]
    stuck: Mapping[str, int]
    dropped: int
    open: int


class Counting:
    """Counts a run while it goes on. Nothing before ``since`` counts; ``until`` is its end, where that is known."""

    def __init__(self, definition: ProcessDefinition, since: datetime, until: datetime | None) -> None:
        self._definition, self._since, self._until = definition, since, until
        self._what = self._asked(timestamp(until or since))
        self._sections = Sections(*self._what)
        self._flows = {stage: Flow() for stage in definition.stages}
        self._ends = 0

    def _asked(self, now: str) -> Asked:
        # How a goal stands depends on when it is asked, which no deal that is over can wait for.
        scope = scope_of([replace(self._definition, goals={})], now)
        until = None if self._until is None else timestamp(self._until)
        scope = replace(scope, since=timestamp(self._since), until=until)
        return Asked(scope, grouping(scope, "month"))

    def _histories(self, store: Store) -> tuple[list[History], Histories]:
        with store.transaction(write=False) as tx:
            rows = histories(tx, self._definition.id, fields_of(*self._what))
            return list(rows), rows

    def pass_over(self, store: PassingStore, ends: int) -> None:
        """Count the deals that are over, and have the store forget them, once there are enough of them. ``ends`` is how many
        have ended so far, of which some may be over only in part: stuck, or won and never finished."""
        if ends - self._ends < _MOST_OVER:
            return
        self._ends, over = ends, set(store.over())
        for history in self._histories(store)[0]:
            if history.deal.stream in over:
                self._sections.add(history)
                _flow(self._flows, history, self._what.scope.since)
        store.forget(over)

    def figures(self, world: World, store: Store, ended: datetime) -> RunFigures:
        """What it comes to."""
        what = self._asked(timestamp(ended))
        found, rows = self._histories(store)
        sections = counted(found, what)
        sections.refusals.add_starts(rows.refused_starts)
        sections.merge(self._sections)
        flows = {stage: replace(flow) for stage, flow in self._flows.items()}
        for history in found:
            _flow(flows, history, what.scope.since)
        # Where each deal lives to its end, people have less and less to do once the last has come in.
        counted_until = ended if self._until is not None else datetime.fromtimestamp(world.last_arrival, UTC)
        since, end = self._since.timestamp(), counted_until.timestamp()
        return RunFigures(
            report=sections.report(),
            flows=flows,
            months=_months(self._since, counted_until),
            office=world.office.hours_between(since, end),
            busy=_busy(world, since, end),
            queues=_queues(world, since),
            left=_left(world),
            overdue=_overdue(world, since),
            stuck=dict(world.stuck),
            dropped=world.dropped,
            open=sum(history.deal.mode == "open" for history in found),
        )


def _months(since: datetime, end: datetime) -> float:
    """How many months, of 365.2425 days in a year."""
    return (end - since).total_seconds() / (365.2425 * 86_400 / 12)


def _busy(world: World, since: float, end: float) -> dict[str, Busy]:
    at_work = dict.fromkeys(world.desk.people, 0.0)
    for each in world.served:
        at_work[each.person.role] += each.person.shift.hours_between(max(since, each.begun), min(end, each.ended))
    return {
        role: Busy(len(people), sum(one.shift.hours_between(since, end) for one in people), at_work[role])
        for role, people in world.desk.people.items()
    }


def _queues(world: World, since: float) -> dict[tuple[str, str], list[float]]:
    found: dict[tuple[str, str], list[float]] = {}
    for each in world.served:
        if each.begun >= since:
            found.setdefault((each.person.role, each.item), []).append(each.waited)
    return found


def _left(world: World) -> dict[tuple[str, str], int]:
    found: dict[tuple[str, str], int] = {}
    for role, ticket in world.desk.waiting():
        found[role, ticket.item] = found.get((role, ticket.item), 0) + 1
    return found


def _overdue(world: World, since: float) -> Counter[str]:
    return Counter(of for of, _, entered in world.overdue if entered >= since)  # as visits are counted


def _flow(flows: Mapping[str, Flow], history: History, since: str | None) -> None:
    """Count the visits of a deal to its stages."""
    for visit in history.stays:
        flow = flows[visit.stage]
        flow.began += since is None or visit.entered >= since
        flow.ended += visit.left_at is not None and (since is None or visit.left_at >= since)
        flow.there += visit.left_at is None
