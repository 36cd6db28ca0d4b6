"""What deals bring that are not there yet: they start as often as in the last half year, in the same stages."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import datetime, timedelta
from typing import NamedTuple

from procdef.reports.forecast.remaining_times import Shares, time_in_months
from procdef.reports.forecast.standpoints import Standpoint
from procdef.reports.forecast.tallies import Seen

SHORTEST = 30.0
"""Days that the log must be old: a rate over less would say little."""


def observed_days(at: Standpoint, first_start: str | None) -> float | None:
    """Over how many days of 24 hours starts are counted: the half year before, or since the first start of the log where that
    is later. ``None`` where it is less than 30 days."""
    if first_start is None:
        return None
    begin = datetime.fromisoformat(max(first_start, at.half_year))
    days = (at.moment - begin) / timedelta(days=1)
    return days if days >= SHORTEST else None


class Start(NamedTuple):
    """Deals that start in a stage: how many a day, and for how much of the time to come, by month, they have the time to be
    won (``time_in_months``); ``None`` where nothing tells how long that takes."""

    stage: str
    a_day: float
    months: Shares | None


def starting(seen: Seen, currency: str | None, at: Standpoint, days: float) -> list[Start]:
    """The deals in a currency that start from now on, by what started in so many ``days`` before."""
    return [
        Start(stage, count / days, time_in_months(times, at.ends) if (times := seen.times.get(stage)) else None)
        for (stage, of), count in sorted(seen.starts.items(), key=lambda each: each[0][0])
        if of == currency
    ]


def new_wins(starts: Sequence[Start], chances: Mapping[str, float | None], at: Standpoint) -> Shares | None:
    """How many deals that start from now on are won in each month, on average: for each stage in which deals start, starts a
    day x chance x the mean time that is left for them.

    ``None`` where deals start and nothing can be said of any of them. Those of stages without a chance or a time are left out.
    """
    found = [0.0] * len(at.months)
    known = False
    for start in starts:
        chance = chances.get(start.stage)
        if chance is not None and start.months is not None:
            known = True
            found = [so_far + start.a_day * chance * time for so_far, time in zip(found, start.months, strict=True)]
    return tuple(found) if known or not starts else None
