"""How long deals take from a stage to the win, as the visits to it by deals that were won tell.

A visit is counted by two numbers of whole days of 24 hours, rounded down: its *length*, and its *way* from the entry to the
win. A deal that has been in the stage for ``age`` days is like the visits of at least that length: it is won so many days
from now as their ways were longer than ``age``. Where none lasted as long, nothing tells when it is won, if ever. A stage with
fewer than 20 visits in all says too little of ages: there a deal is like all of them, as if it had just come in.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from itertools import pairwise
from math import fsum

FEWEST = 20
Times = Sequence[tuple[tuple[int, int], int]]
"""How many visits were of which length and way, in days, the longest first."""
Shares = tuple[float, ...]
"""Of the deals that will be won, how many in each month; what is missing to 1 comes later."""


def ordered(counts: Mapping[tuple[int, int], int]) -> Times:
    """The times, from how many visits were of each length and way."""
    return sorted((each for each in counts.items() if each[1]), reverse=True)


def shares_by_age(times: Times, ages: Iterable[int], cuts: Sequence[int]) -> dict[int, Shares]:
    """For each age in days the shares won before the first cut, between the first and the second, and so on. ``cuts`` are
    whole days from now, and do not fall. An age that no visit reached is missing."""
    if not times:
        return {}
    longest = max(way for (_, way), _ in times)
    every = [0] * (longest + 1)
    for (_, way), count in times:
        every[way] += count
    of = sum(every)
    if of < FEWEST:
        return dict.fromkeys(ages, _shares(every, 0, cuts, of))
    found: dict[int, Shares] = {}
    ways, like, place = [0] * (longest + 1), 0, 0
    for age in sorted(set(ages), reverse=True):
        while place < len(times) and times[place][0][0] >= age:
            (_, way), count = times[place]
            ways[way] += count
            like += count
            place += 1
        if like:
            found[age] = _shares(ways, age, cuts, like)
    return found


def _shares(ways: Sequence[int], age: int, cuts: Sequence[int], of: int) -> Shares:
    limits = [age, *(age + cut for cut in cuts)]
    return tuple(sum(ways[begin:end]) / of for begin, end in pairwise(limits))


def time_in_months(times: Times, ends: Sequence[float]) -> Shares:
    """What deals that start evenly over time, one a day from now on, bring: how many of them are won before the first end,
    between the first and the second, and so on, if all of them are won. ``ends`` are days from now.

    A deal that starts at u and takes w days is won before an end h where u < h - w, so of the deals that take w it is
    max(0, h - w), and what counts is the mean of that over the ways of all visits.
    """
    ways = _ways(times)
    of = sum(ways.values())
    # Not `sum`, which rounds fractions in another way from Python 3.12 on.
    before = [fsum((end - way) * count for way, count in ways.items() if way < end) / of for end in ends]
    return tuple(later - sooner for sooner, later in pairwise([0.0, *before]))


def median_way(times: Times) -> int | None:
    """The median of the days from the entry to the win (the lower one of two), or ``None`` without visits."""
    ways = _ways(times)
    left = (sum(ways.values()) + 1) // 2
    for way, count in ways.items():
        left -= count
        if left <= 0:
            return way
    return None


def _ways(times: Times) -> Mapping[int, int]:
    """How many visits were of each way, the shortest first."""
    found: dict[int, int] = {}
    for (_, way), count in times:
        found[way] = found.get(way, 0) + count
    return dict(sorted(found.items()))
