"""How many deals start each month and on which days, from when those of a log did."""

from __future__ import annotations

from calendar import monthrange
from collections.abc import Mapping
from dataclasses import replace
from datetime import date, timedelta
from math import sqrt

from procdef.calendar import Calendar
from procdef.simulation.assumptions.explained import Route
from procdef.simulation.assumptions.fitting.observed import Observed
from procdef.simulation.assumptions.model import Arrivals

_UNLIKE = 3.0
"""From so many standard deviations on a month is not as the others."""
_YEARS = 1.9
"""So many times a month is to be covered: what was so in one year only is no season."""
_WEEKDAYS = 100
_YEAR = 12


def fitted_arrivals(
    seen: Observed, default: Mapping[str, Arrivals], calendar: Calendar, least: int
) -> tuple[dict[str, Arrivals], dict[Route, str]]:
    """The arrivals of each start stage, and where they come from.

    Months count as far as the log covers them. One has a number of its own where the log covers it twice, and it was each time
    unlike the others in the same direction, by more than three standard deviations of a Poisson count.
    """
    covered = _covered(seen, calendar)
    whole = sum(covered.values())
    found, notes = dict[str, Arrivals](), dict[Route, str]()
    for start, of in default.items():
        counts = seen.arrivals[start]
        total = sum(counts.values())
        route: Route = ("arrivals", start)
        if total < least and sum(map(sum, (each.values() for each in seen.arrivals.values()))) < least:
            notes[route] = f"default, as {total} were seen only"
            found[start] = of
            continue
        mean = total / whole
        months = _unlike(counts, covered, mean)
        others = {month: part for month, part in covered.items() if month[1] not in months}
        if months and sum(others.values()) > 0:
            mean = sum(counts[month] for month in others) / sum(others.values())
        weekdays = {day: float(seen.weekdays[start][day]) for day in range(7)} if total >= _WEEKDAYS else {}
        refused = seen.refused_starts[start]
        notes[route] = f"{total - refused:,} seen in {whole:.1f} months"
        notes[route] += f", and {refused:,} that could not be started" if refused else ""
        found[start] = replace(of, per_month=round(mean, 2), months=months, weekdays=_shares(weekdays))
    return found, notes


def _shares(counts: Mapping[int, float]) -> dict[int, float]:
    """The shares in hundredths of a percent, as files have them."""
    total = sum(counts.values())
    hundredths = {day: round(100 * count / total, 2) for day, count in counts.items() if count}
    whole = sum(hundredths.values())
    return {day: each / whole for day, each in hundredths.items()}


def _covered(seen: Observed, calendar: Calendar) -> dict[tuple[int, int], float]:
    """By month how much of it lies between the first deal and the last step."""
    assert seen.first is not None
    assert seen.last is not None
    first, last = (moment.astimezone(calendar.zone).date() for moment in (seen.first, seen.last))
    found = {}
    month = first.replace(day=1)
    while month <= last:
        days = monthrange(month.year, month.month)[1]
        end = month + timedelta(days=days - 1)
        found[month.year, month.month] = ((min(end, last) - max(month, first)).days + 1) / days
        month = date(month.year + month.month // _YEAR, month.month % _YEAR + 1, 1)
    return found


def _unlike(
    counts: Mapping[tuple[int, int], int], covered: Mapping[tuple[int, int], float], mean: float
) -> dict[int, float]:
    found = {}
    for number in range(1, _YEAR + 1):
        parts = {month: part for month, part in covered.items() if month[1] == number}
        time = sum(parts.values())
        if time >= _YEARS:
            apart = [counts.get(month, 0) / part - mean for month, part in parts.items()]
            limits = [_UNLIKE * sqrt(mean / part) for part in parts.values()]
            pairs = list(zip(apart, limits, strict=True))
            if all(each > limit for each, limit in pairs) or all(each < -limit for each, limit in pairs):
                found[number] = round(sum(counts.get(month, 0) for month in parts) / time, 2)
    return found
