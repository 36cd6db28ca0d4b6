"""What a report holds: frozen figures, whose fields are its JSON. ``docs/metrics.md`` defines each of them.

Whole numbers among the figures are counts, and each of them has a name that opens it: its keys in JSON, joined by dots
(``stages.closing.overdue``). Rates are percent and money is of its currency, both ``Decimal`` here and text in JSON; times are
days of 24 hours, or hours of working time. What nothing was counted for is ``None``, never 0.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from decimal import Decimal
from typing import Literal

from procdef.reports.rates_and_spreads import Days as Days
from procdef.reports.rates_and_spreads import Rate as Rate
from procdef.reports.rates_and_spreads import WorkingHours as WorkingHours
from procdef.results.result import MAIN, Result, json_key

_ALL = 100
"""Percent."""


@dataclass(frozen=True, slots=True)
class DealCounts(Result):
    """``started``, ``won``, ``lost``, ``finished``: in the period. ``open``: neither won nor lost at its end.

    ``under_way`` are neither lost nor finished now, won ones among them; of these, ``overdue`` are past their due time, and of
    those that are not won, ``idle`` had no step for some days. They are of now whatever the period, and ``None`` in a group of
    another time.
    """

    started: int
    open: int
    won: int
    lost: int
    finished: int
    under_way: int | None
    overdue: int | None
    idle: int | None


@dataclass(frozen=True, slots=True)
class Offers(Result):
    """Deals that got their offer in the period, and those with an offer that were won or lost in it."""

    made: int
    won: int
    lost: int


@dataclass(frozen=True, slots=True)
class Money(Result):
    """Amounts of one currency. ``n`` are the deals won in the period that have a value.

    ``expected``: what an offer is worth before it is decided, the hit rate times the mean value of the offers won.
    ``velocity``: open deals x win rate x mean won value / median days to win, a day.
    """

    n: int
    won_value: Decimal | None
    mean: Decimal | None
    median: Decimal | None
    expected: Decimal | None
    velocity: Decimal | None


@dataclass(frozen=True, slots=True)
class MainFigures(Result):
    """What became of deals. ``cycle``: from the start to the win. ``money`` is by currency, "" where there is none."""

    deals: DealCounts
    offers: Offers
    hit_rate: Rate
    win_rate: Rate
    cycle: Days
    money: Mapping[str, Money]


@dataclass(frozen=True, slots=True)
class Goal(Result):
    """What was to be reached. ``start`` and ``end`` are of the time in which (UTC), ``None`` where it has no end.

    ``n`` are the deals behind ``actual``. ``share`` of the target and ``time_gone`` are percent; it is on track when the
    first is not behind the second, and a rate when it reaches its target; ``None`` where nothing was counted for a rate.
    """

    actual: Decimal | None
    target: Decimal
    currency: str | None
    per: Literal["week", "month", "quarter", "year"] | None
    start: str | None = field(metadata=json_key("from"))
    end: str | None = field(metadata=json_key("to"))
    n: int
    share: Decimal | None
    time_gone: Decimal | None
    on_track: bool | None

    @property
    def standing(self) -> Literal["reached", "on_track", "missed", "behind"] | None:
        """How it stands; ``None`` where nothing was counted. A goal with a time is ``reached`` with its target, not with what
        rounds to 100 % of it, and ``missed`` once its time is over."""
        if self.on_track is None:
            return None
        if self.time_gone is not None and self.actual is not None and self.actual >= self.target:
            return "reached"
        over = self.time_gone is not None and self.time_gone >= _ALL
        return "on_track" if self.on_track else "missed" if over else "behind"


@dataclass(frozen=True, slots=True)
class Change(Result):
    """A count of this period beside that of the one before; ``change`` in percent."""

    now: int
    before: int
    change: Decimal | None


@dataclass(frozen=True, slots=True)
class ValueChange(Result):
    """A sum of this period beside that of the one before, in one currency; ``change`` in percent."""

    now: Decimal | None
    before: Decimal | None
    change: Decimal | None


@dataclass(frozen=True, slots=True)
class Growth(Result):
    """This period beside the one before, which began at ``since`` and ended at ``until`` (UTC)."""

    since: str = field(metadata=json_key("from"))
    until: str = field(metadata=json_key("to"))
    started: Change
    won: Change
    won_value: Mapping[str, ValueChange]


@dataclass(frozen=True, slots=True)
class Cohort(Result):
    """Of the deals started in the period: those that ever entered a stage, and those of them that went on from it."""

    entered: int
    went_on: int
    rate: Rate


@dataclass(frozen=True, slots=True)
class StageFigures(Result):
    """A stage. ``entered`` to ``present`` count its visits that began in the period, which are not deals: how they ended, or
    that they have not.

    ``forward`` is the share of those that ended that were left forward or finished. ``time`` and ``working_time`` are of
    visits that ended, ``age`` and ``working_age`` of those that go on, until now; the working ones are ``None`` without a
    calendar. ``under_way``, ``overdue`` and ``idle`` are the deals that are here now, whatever the period. ``done_late`` counts
    the actions of the stage that were done in the period, after they were due; ``None`` in an older log, which does not tell.
    """

    entered: int
    advanced: int
    returned: int
    lost: int
    finished: int
    present: int
    forward: Rate
    time: Days
    working_time: WorkingHours | None
    age: Days
    working_age: WorkingHours | None
    cohort: Cohort
    under_way: int
    overdue: int
    idle: int
    done_late: int | None


@dataclass(frozen=True, slots=True)
class LostIn(Result):
    """Deals that were lost for a reason in one stage, and what they were worth by currency."""

    deals: int
    value: Mapping[str, Decimal]


@dataclass(frozen=True, slots=True)
class Loss(Result):
    """Deals that were lost for a reason, what they were worth by currency, and in which stages."""

    deals: int
    value: Mapping[str, Decimal]
    stages: Mapping[str, LostIn]


@dataclass(frozen=True, slots=True)
class Refusal(Result):
    """What stood in steps' ways. ``times`` it was unmet in ``deals``; ``codes`` why. ``starts`` are refused starts, of which
    no deal came.

    ``met_later``: the deals that went on later without a waiver of it; ``days_to_success`` from the first refusal to then.
    """

    times: int
    deals: int
    starts: int
    codes: Mapping[str, int]
    met_later: int
    days_to_success: Days


@dataclass(frozen=True, slots=True)
class Waived(Result):
    """A criterion that was waived for moves: how often, in how many deals, and by whom, where the log's tables tell."""

    times: int
    deals: int
    people: Mapping[str, int]


@dataclass(frozen=True, slots=True)
class MeasureFigures(Result):
    """A figure that the process declares, over the ``n`` deals that have a value; money is in ``money``, by currency."""

    field: str
    aggregate: str
    over: str
    n: int
    value: Decimal | None
    money: Mapping[str, Decimal]


@dataclass(frozen=True, slots=True)
class Completions(Result):
    """An action, or a decision: how often it was completed, in how many deals, and in which ways, or how it was decided."""

    times: int
    deals: int
    ways: Mapping[str, int]


@dataclass(frozen=True, slots=True)
class Notes(Result):
    """Notes of one kind of contact, or of none (``other``): how many, and in how many deals."""

    times: int
    deals: int


@dataclass(frozen=True, slots=True)
class ActivityFigures(Result):
    """What was done in the period: completions by action, notes by kind."""

    actions: Mapping[str, Completions]
    notes: Mapping[str, Notes]


@dataclass(frozen=True, slots=True)
class Decided(Result):
    """Deals; those of them that are won or lost by now; and those that are won."""

    deals: int
    closed: int
    won: int
    win_rate: Rate


@dataclass(frozen=True, slots=True)
class ObjectionFigures(Result):
    """An objection: how often it was noted in the period, the deals that met it, and ``beside`` them all that were in a stage
    whose playbook answers it, those that met it among them."""

    times: int
    met: Decided
    beside: Decided


@dataclass(frozen=True, slots=True)
class ClosingMoved(Result):
    """Deals with a day of closing; those of them whose day was moved ``later``, how many ``times`` in all, and by how long
    each, all moves later together."""

    deals: int
    later: int
    times: int
    days: Days


@dataclass(frozen=True, slots=True)
class MovedValue(Result):
    """By how much values rose, and by how much others fell."""

    up: Decimal
    down: Decimal


@dataclass(frozen=True, slots=True)
class ValueMoved(Result):
    """Deals that had a value when they got their first offer and have one now; those whose value is higher now, and lower."""

    deals: int
    up: int
    down: int
    money: Mapping[str, MovedValue]


@dataclass(frozen=True, slots=True)
class Slippage(Result):
    """What slipped in the deals that were open at the end of the period, or won in it."""

    close: ClosingMoved
    value: ValueMoved


GroupKind = Literal["owner", "stage", "version", "month", "options", "bands", "texts"]


@dataclass(frozen=True, slots=True)
class Report(Result):
    """The figures of one process, all its versions, over a period ``since <= t < until`` (UTC, ``None``: without an end) as
    they stand at ``now``.

    ``activity``, ``objections`` and ``slippage`` are ``None`` for a log of an earlier layout that may only be read.
    ``reported`` are the main figures as they stood at the end of a period that is over, where they have changed since.
    ``groups`` are the main figures by what ``by`` names, in order: a field, of whose values ``kind`` tells how they make
    groups, or something of the deal itself. Deals without a value are the group ``(none)``.
    """

    process: str
    since: str | None = field(metadata=json_key("from"))
    until: str | None = field(metadata=json_key("to"))
    now: str = field(metadata=json_key("as_of"))
    timezone: str
    idle_days: int
    main: MainFigures = field(metadata=MAIN)
    goals: Mapping[str, Goal]
    growth: Growth | None
    stages: Mapping[str, StageFigures]
    losses: Mapping[str, Loss]
    refusals: Mapping[str, Refusal]
    waivers: Mapping[str, Waived]
    measures: Mapping[str, MeasureFigures]
    activity: ActivityFigures | None
    objections: Mapping[str, ObjectionFigures] | None
    slippage: Slippage | None
    reported: MainFigures | None
    by: str | None
    kind: GroupKind | None
    groups: Mapping[str, MainFigures]
