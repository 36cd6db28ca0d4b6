"""What a picture says of the deals that went through a process."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from decimal import ROUND_HALF_UP, Decimal
from typing import TYPE_CHECKING, Literal

if TYPE_CHECKING:
    from procdef.reports.flow import Flow


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


def figures(counts: Counts, stage: str) -> tuple[Figure, ...]:
    """What stands in the box of a stage."""
    found = counts.stages.get(stage, _NONE)
    late = (Figure(f"⚠ {number(found.overdue)} overdue", "late"),) if found.overdue else ()
    return (
        Figure(f"{number(found.here)} here now", "here"),
        *late,
        Figure(f"{number(found.entered)} entered, {_share(found.went_on)} went on", "quiet"),
        Figure(f"median {_days(found.days)}", "quiet"),
        *((Figure(f"{number(found.lost)} lost", "quiet"),) if found.lost else ()),
    )


def elsewhere(counts: Counts, stages: frozenset[str], ways: frozenset[tuple[str, str]]) -> str:
    """What was counted of stages and ways that the process drawn does not have; empty where there is nothing of that."""
    entered = sum(found.entered for name, found in counts.stages.items() if name not in stages)
    taken = sum(count for way, count in counts.ways.items() if way not in ways)
    parts = [f"{number(taken)} moves by ways"] * bool(taken) + [f"{number(entered)} visits to stages"] * bool(entered)
    return f"Not drawn: {' and '.join(parts)} that this version does not have" if parts else ""


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
    return f"{days:.1f} days" if days < 9.95 else f"{days:.0f} days"
