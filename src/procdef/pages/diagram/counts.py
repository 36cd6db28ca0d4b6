"""What a picture of a process is painted with, and what it says of the deals that went through it."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from decimal import ROUND_HALF_UP, Decimal
from typing import TYPE_CHECKING, Literal, Protocol

if TYPE_CHECKING:
    from procdef.reports.flow import Flow


class Painting(Protocol):
    """What a picture says beside the process itself. ``ways`` has by source and target how often a way was taken."""

    @property
    def told(self) -> str:
        """What it says it of."""

    @property
    def ways(self) -> Mapping[tuple[str, str], int]: ...

    @property
    def heading(self) -> str:
        """What the figures of a stage are, where they are read out."""

    @property
    def lost(self) -> str:
        """What stands before how deals are lost."""

    def figures(self, stage: str) -> tuple[Figure, ...]:
        """What stands in the box of a stage."""

    def taken(self, times: int) -> str:
        """How often a way was taken, where that is read out."""

    def elsewhere(self, stages: frozenset[str], ways: frozenset[tuple[str, str]]) -> str:
        """What it would say of other stages and ways than these; empty where there is nothing of that."""


@dataclass(frozen=True, slots=True)
class StageCounts:
    """One stage. ``here`` are the deals that are in it now, ``overdue`` those of them that should have left it by now.

    Of the visits that began in the period: ``entered`` are all, ``lost`` those that ended in a loss; ``went_on`` is the percent
    of those that ended that were left forward or finished, ``days`` the median of how long those took. ``None``: none ended.
    """

    here: int
    overdue: int
    entered: int
    lost: int
    went_on: Decimal | None
    days: float | None


@dataclass(frozen=True, slots=True)
class Counts:
    """Those of a process. ``ways`` counts how many visits were left by each way, by source and target; ``told`` says of which
    time they are. Stages and ways that the process drawn does not have are told by their number."""

    told: str
    stages: Mapping[str, StageCounts]
    ways: Mapping[tuple[str, str], int]

    @property
    def heading(self) -> str:
        """What the figures of a stage are, where they are read out."""
        return "Deals"

    @property
    def lost(self) -> str:
        """How many were lost."""
        return f"{number(sum(each.lost for each in self.stages.values()))} lost. "

    def figures(self, stage: str) -> tuple[Figure, ...]:
        """What stands in the box of a stage."""
        found = self.stages.get(stage, _NONE)
        late = (Figure(f"⚠ {number(found.overdue)} overdue", "late"),) if found.overdue else ()
        return (
            Figure(f"{number(found.here)} here now", "here"),
            *late,
            Figure(f"{number(found.entered)} entered, {_share(found.went_on)} went on", "quiet"),
            Figure(f"median {_days(found.days)}", "quiet"),
            *((Figure(f"{number(found.lost)} lost", "quiet"),) if found.lost else ()),
        )

    def taken(self, times: int) -> str:
        """How often a way was taken, where that is read out."""
        return f"taken {number(times)} {'time' if times == 1 else 'times'}"

    def elsewhere(self, stages: frozenset[str], ways: frozenset[tuple[str, str]]) -> str:
        """What was counted of stages and ways that the process drawn does not have; empty where there is nothing of that."""
        entered = sum(found.entered for name, found in self.stages.items() if name not in stages)
        moved = sum(count for way, count in self.ways.items() if way not in ways)
        parts = [f"{number(moved)} moves by ways"] * bool(moved) + [f"{number(entered)} visits to stages"] * bool(entered)
        return f"Not drawn: {' and '.join(parts)} that this version does not have" if parts else ""


@dataclass(frozen=True, slots=True)
class Figure:
    """A line of figures in a box. ``kind``: ``here`` is what is there now, ``late`` what is overdue, ``quiet`` the rest."""

    text: str
    kind: Literal["here", "late", "quiet"]


def counts_of(flow: Flow, told: str) -> Counts:
    """What a picture says of that flow; the figures are those of a report."""
    stages = {
        name: StageCounts(
            each.under_way, each.overdue, each.entered, each.lost, each.forward.percent, each.time.median_days
        )
        for name, each in flow.stages.items()
    }
    return Counts(told, stages, flow.ways)


_NONE = StageCounts(0, 0, 0, 0, None, None)


def number(count: int) -> str:
    """A count with its thousands apart."""
    return f"{count:,}".replace(",", "\u202f")


def _share(percent: Decimal | None) -> str:
    if percent is None:
        return "n/a"
    if 0 < percent < 1:
        return "under 1 %"
    return "over 99 %" if 99 < percent < 100 else f"{percent.quantize(Decimal(1), ROUND_HALF_UP)} %"


def _days(days: float | None) -> str:
    if days is None:
        return "n/a"
    if 0 < days < 0.05:
        return "under 0.1 days"
    return f"{Decimal(str(days)).quantize(Decimal('0.1') if days < 9.95 else Decimal(1), ROUND_HALF_UP)} days"
