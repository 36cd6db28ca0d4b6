"""How deals come through the stages, how long they stay, and how long those have been there that stay on."""

from __future__ import annotations

from array import array
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field
from datetime import datetime

from procdef.errors import LogBroken
from procdef.store.rows import StayRow


@dataclass(frozen=True, slots=True)
class StageFigures:
    """One stage. ``entered`` counts visits, not deals; days are of 24 hours.

    ``median``, ``mean`` and ``percentile90`` are over the visits that ended, ``None`` where none has. The last is the
    nearest-rank 90th percentile: the smallest time that at least 90 % of the visits did not exceed. ``present`` counts the
    visits that have not ended; ``median_age`` and ``longest_age`` are how long they have lasted, ``None`` where there are none.
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
    present: int
    median_age: float | None
    longest_age: float | None

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
    ages: array[float] = field(default_factory=lambda: array("d"))


def funnel(
    stays: Iterable[StayRow], stages: Iterable[str], now: str, since: str | None, until: str | None
) -> tuple[StageFigures, ...]:
    """Figures of the visits that began in ``since <= entered < until`` (UTC text), in the order of ``stages``. Visits that go
    on are as old as they are ``now``."""
    tallies = {stage: _Tally() for stage in stages}
    for stay in stays:
        if (since is not None and stay.entered < since) or (until is not None and stay.entered >= until):
            continue
        tally = tallies.setdefault(stay.stage, _Tally())
        tally.entered += 1
        if stay.left_at is not None and stay.how is not None:
            tally.left[stay.how] = tally.left.get(stay.how, 0) + 1
            tally.days.append(_lasted(stay, stay.left_at))
        else:
            tally.ages.append(_lasted(stay, max(now, stay.entered)))
    return tuple(_figures(stage, tally) for stage, tally in tallies.items())


def _lasted(stay: StayRow, end: str) -> float:
    """The days from when the stage was entered. Raises ``LogBroken`` for a time that is none."""
    try:
        return (datetime.fromisoformat(end) - datetime.fromisoformat(stay.entered)).total_seconds() / 86400
    except (ValueError, TypeError):
        raise LogBroken(f"{stay.stream}: the times of stay {stay.k} cannot be read", stay.stream) from None


def _median(days: Sequence[float]) -> float | None:
    """Of days that are sorted."""
    count = len(days)
    return (days[(count - 1) // 2] + days[count // 2]) / 2 if days else None


def _figures(stage: str, tally: _Tally) -> StageFigures:
    days, ages = sorted(tally.days), sorted(tally.ages)
    count = len(days)
    rank = days[-(-count * 9 // 10) - 1] if days else None
    left = tally.left
    return StageFigures(
        stage=stage,
        entered=tally.entered,
        advanced=left.get("advanced", 0),
        returned=left.get("returned", 0),
        lost=left.get("lost", 0),
        finished=left.get("finished", 0),
        median=_median(days),
        mean=sum(days) / count if days else None,
        percentile90=rank,
        present=len(ages),
        median_age=_median(ages),
        longest_age=ages[-1] if ages else None,
    )
