"""How deals come through the stages, and how long they stay."""

from __future__ import annotations

from array import array
from collections.abc import Iterable
from dataclasses import dataclass, field
from datetime import datetime

from procdef.store.rows import StayRow


@dataclass(frozen=True, slots=True)
class StageFigures:
    """One stage. ``entered`` counts visits, not deals; days are of 24 hours, over the visits that ended.

    ``percentile90`` is the nearest-rank 90th percentile: the smallest time that at least 90 % of the visits did not
    exceed. The three times are ``None`` where no visit has ended.
    """

    stage: str
    entered: int
    advanced: int
    returned: int
    lost: int
    finished: int
    median: float | None
    mean: float | None
    percentile90: float | None

    @property
    def conversion(self) -> float | None:
        """Visits that were left forward or finished, in percent of those that ended; ``None`` when none has."""
        ended = self.advanced + self.returned + self.lost + self.finished
        return 100 * (self.advanced + self.finished) / ended if ended else None


@dataclass(slots=True)
class _Tally:
    entered: int = 0
    left: dict[str, int] = field(default_factory=dict)
    days: array[float] = field(default_factory=lambda: array("d"))


def funnel(
    stays: Iterable[StayRow], stages: Iterable[str], since: str | None, until: str | None
) -> tuple[StageFigures, ...]:
    """Figures of the visits that began in ``since <= entered < until`` (UTC text), in the order of ``stages``."""
    tallies = {stage: _Tally() for stage in stages}
    for stay in stays:
        if (since is not None and stay.entered < since) or (until is not None and stay.entered >= until):
            continue
        tally = tallies.setdefault(stay.stage, _Tally())
        tally.entered += 1
        if stay.left_at is not None and stay.how is not None:
            tally.left[stay.how] = tally.left.get(stay.how, 0) + 1
            spent = datetime.fromisoformat(stay.left_at) - datetime.fromisoformat(stay.entered)
            tally.days.append(spent.total_seconds() / 86400)
    return tuple(_figures(stage, tally) for stage, tally in tallies.items())


def _figures(stage: str, tally: _Tally) -> StageFigures:
    days = sorted(tally.days)
    count = len(days)
    median = (days[(count - 1) // 2] + days[count // 2]) / 2 if days else None
    rank = days[-(-count * 9 // 10) - 1] if days else None
    left = tally.left
    return StageFigures(
        stage=stage,
        entered=tally.entered,
        advanced=left.get("advanced", 0),
        returned=left.get("returned", 0),
        lost=left.get("lost", 0),
        finished=left.get("finished", 0),
        median=median,
        mean=sum(days) / count if days else None,
        percentile90=rank,
    )
