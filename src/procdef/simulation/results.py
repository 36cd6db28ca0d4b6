"""What a simulation hands out. ``None`` stands where nothing can be said (n/a)."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from decimal import Decimal

from procdef.results.result import Result, json_key

BUSY = Decimal(85)
"""From so many percent of their hours on, people are the bottleneck: little more work makes queues much longer."""
PILING = Decimal("0.2")
"""From such a share of those that come on, deals that do not leave a stage again pile up in it."""
LATE = Decimal(20)
"""From so many percent of visits on, it is told first that an action goes past its deadline."""
MOST_LISTED = 12
"""So many of what waits, and of what stands in the way, are told."""


@dataclass(frozen=True, slots=True)
class Range(Result):
    """A figure over all runs that have one: its mean, and the 10th, 50th and 90th percentile (nearest rank)."""

    mean: Decimal
    percentile_10: Decimal
    percentile_50: Decimal
    percentile_90: Decimal


@dataclass(frozen=True, slots=True)
class MainRanges(Result):
    """The main figures of a run. ``started``, ``won_deals`` and ``won_value`` are a month's, on average over the run; the rates
    are percent, as reports define them; ``cycle_days`` is the median from the start to the win, ``overdue`` the share of visits
    to stages with a deadline that went past it, in percent."""

    started: Range | None
    won_deals: Range | None
    won_value: Range | None
    hit_rate: Range | None
    win_rate: Range | None
    cycle_days: Range | None
    overdue: Range | None


@dataclass(frozen=True, slots=True)
class MonthRanges(Result):
    """What was won in one month of the simulated time."""

    month: str
    won_deals: Range
    won_value: Range | None


@dataclass(frozen=True, slots=True)
class StageRanges(Result):
    """A stage: visits that began in a month, their median length in days, the share of those that ended that went forward, and
    the share that went past the deadline, both in percent; visits that ended in a month (``left``), by how many more began
    (``growth``), and how many deals are in it when a run ends (``there``)."""

    entered: Range | None
    days: Range | None
    forward: Range | None
    overdue: Range | None
    left: Range | None
    growth: Range | None
    there: Range | None

    @property
    def piles_up(self) -> bool:
        """Whether deals pile up in it: in nine of ten runs more come in than leave, and on average a fifth more."""
        if self.entered is None or self.growth is None:
            return False
        return self.growth.percentile_10 > 0 and self.growth.mean >= PILING * self.entered.mean


@dataclass(frozen=True, slots=True)
class ActionRanges(Result):
    """An action with a deadline of its own: the share of the visits to its stage, in percent, in which that passed."""

    overdue: Range | None


@dataclass(frozen=True, slots=True)
class RoleRanges(Result):
    """The people of a role: how many, which share of their hours they were at work (percent), how many things waited for them
    on average, and for how long what they took up had waited, in working hours on average."""

    people: int
    load: Range | None
    waiting: Range | None
    wait_hours: Range | None


@dataclass(frozen=True, slots=True)
class QueueRanges(Result):
    """What waits for a role: an action, or a criterion to be waived. ``waiting``: how many of it wait on average;
    ``wait_hours``: for how long, in working hours on average; ``left``: how many nobody had begun when a run ended, on
    average."""

    role: str
    item: str
    waiting: Range | None
    wait_hours: Range | None
    left: Decimal


@dataclass(frozen=True, slots=True)
class RefusalRanges(Result):
    """What stood in the way of steps: how often a month, and in how many deals a month."""

    times: Range
    deals: Range


@dataclass(frozen=True, slots=True)
class Simulated(Result):
    """What a process comes to under some assumptions, over ``runs`` runs. Counted is from ``since`` to ``until`` (UTC text;
    ``None`` where runs end at different times, once their deals are over). ``stuck`` are the deals of an average run that go on
    no more, by what keeps them; ``dropped`` those whose start was refused, ``open`` those that were open at its end."""

    process: str
    version: int
    currency: str | None
    timezone: str
    seed: int
    runs: int
    deals: int | None
    months: int | None
    warm_up: int
    since: str = field(metadata=json_key("from"))
    until: str | None = field(metadata=json_key("to"))
    figures: MainRanges
    by_month: tuple[MonthRanges, ...]
    stages: Mapping[str, StageRanges]
    actions: Mapping[str, ActionRanges]
    roles: Mapping[str, RoleRanges]
    queues: tuple[QueueRanges, ...]
    refusals: Mapping[str, RefusalRanges]
    stuck: Mapping[str, Decimal]
    dropped: Decimal
    open: Decimal

    def piles(self) -> list[str]:
        """The stages in which deals pile up, the fullest first."""
        found = {name: each.there.mean for name, each in self.stages.items() if each.piles_up and each.there is not None}
        return sorted(found, key=lambda name: -found[name])

    def latest_action(self) -> tuple[str, Range] | None:
        """The action that goes past its own deadline most often, and how often, where it is often enough to be told first."""
        late = [(path, each.overdue) for path, each in self.actions.items() if each.overdue is not None]
        path, found = max(late, key=lambda each: each[1].percentile_50, default=("", None))
        return (path, found) if found is not None and found.percentile_50 >= LATE else None


@dataclass(frozen=True, slots=True)
class FigureDifference(Result):
    """By how much a figure of the second process is above that of the first, over the ``n`` pairs of runs that have both.
    ``chance`` is how likely differences at least as one-sided would be if there were none (0 to 1, Wilcoxon's signed-rank
    test); below 0.05 it is ``more_than_chance``."""

    range: Range
    n: int
    chance: Decimal
    more_than_chance: bool


@dataclass(frozen=True, slots=True)
class Compared(Result):
    """Two processes, or one under two assumptions, on the same seeds. ``differences`` are by the names of ``figures``."""

    first: Simulated
    second: Simulated
    differences: Mapping[str, FigureDifference | None]
