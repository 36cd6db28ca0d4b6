"""What deals bring that are not there yet: they start as often as in the last half year, in the same stages."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import datetime, timedelta

from procdef.reports.forecast.remaining_times import Times, time_in_months
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


def new_wins(
    seen: Seen,
    currency: str | None,
    chances: Mapping[str, float | None],
    times: Mapping[str, Times],
    at: Standpoint,
    days: float,
) -> tuple[float, ...] | None:
    """How many deals that start from now on are won in each month, on average: for each stage in which deals start, starts a
    day x chance x the mean time that is left for them (``time_in_months``).

    ``None`` where deals start and nothing can be said of any of them. Those of stages without a chance or a time are left out.
    """
    found = [0.0] * len(at.months)
    starting = sorted((stage, count) for (stage, of), count in seen.starts.items() if of == currency)
    known = 0
    for stage, count in starting:
        chance = chances.get(stage)
        if chance is None or not times.get(stage):
            continue
        known += 1
        months = time_in_months(times[stage], at.ends)
        found = [so_far + count / days * chance * time for so_far, time in zip(found, months, strict=True)]
    return tuple(found) if known or not starting else None


def starts_in_30_days(seen: Seen, currency: str | None, days: float) -> float:
    """How many deals start in 30 days, at that rate."""
    return sum(count for (_, of), count in seen.starts.items() if of == currency) / days * 30
