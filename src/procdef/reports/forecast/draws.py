"""What a month may bring: 10,000 draws of which deals are won in it, made quickly and the same everywhere.

Each deal is won in the month with a chance q of its own, or not, independently of the others. Wins of new deals come as a
Poisson process, so their number in a month is Poisson distributed with a mean m. A deal without a value, and a new one, is
worth what one of the deals won before was, each as likely.

- Winners alone are drawn: a deal is won in q of the 10,000 draws (rounded up or down by chance, so that q is met on
  average), and it is drawn which ones these are. Within any one draw the deals stay independent, each won with its q.
- At most some ``WINNERS`` are drawn for each draw: the deals that make the sum most uncertain come first, those with the
  greatest v^2 q (1 - q). What all others bring together is taken as normally distributed, with a correction for its skewness
  s (Cornish and Fisher): mean + deviation * (z + s (z^2 - 1) / 6) / sqrt(1 + s^2 / 18). It has exactly the mean and the
  variance of that sum, and nearly its skewness: mean, variance and third central moment of v times a Bernoulli variable are
  v q, v^2 q (1 - q) and v^3 q (1 - q) (1 - 2 q); those of m winners, m E[x], m E[x^2] and m E[x^3].

Of ``random.Random`` only ``random()`` is used, with a seed that is a text: what it returns for one is promised to stay as it
is in every version of Python.
"""

from __future__ import annotations

from bisect import bisect
from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass, replace
from heapq import heapify, heappop, heapreplace
from itertools import accumulate
from math import ceil, floor, fsum, sqrt
from random import Random

from procdef.reports.forecast.normal_quantiles import normal_quantiles

DRAWS = 10_000
WINNERS = 6.0
"""How many winners, on average, are drawn one by one for each draw, of open deals and of new ones."""
_MOST = 1_000
"""How many deals, at most, are drawn one by one."""
_PERCENTILES = (10, 50, 90)


Powers = tuple[float, float, float]
"""The sums of values, of their squares and of their cubes."""


@dataclass(frozen=True, slots=True)
class Alike:
    """Deals of one chance in the month: the values of those that have one, falling, with their ``powers``, and how many have
    none."""

    chance: float
    values: Sequence[float]
    powers: Powers
    blank: int


@dataclass(frozen=True, slots=True)
class Worth:
    """What the deals won before were worth, rising, and the means of that, of its square and of its cube; all 0 where there
    are none."""

    values: Sequence[float]
    mean: float
    square: float
    cube: float

    @classmethod
    def of(cls, values: Sequence[float]) -> Worth:
        """Of these values."""
        known = sorted(values)
        count = len(known) or 1
        mean, square, cube = (total / count for total in powers(known))
        return cls(known, mean, square, cube)


@dataclass(slots=True)
class Moments:
    """Mean, variance and third central moment of a sum."""

    mean: float = 0.0
    variance: float = 0.0
    third: float = 0.0

    def add(self, mean: float, variance: float, third: float) -> None:
        """One more independent part."""
        self.mean += mean
        self.variance += variance
        self.third += third


@dataclass(frozen=True, slots=True)
class Drawn:
    """The draws of a month, each sorted: how many deals are won, and what they are worth. ``deals`` and ``value`` are what is
    expected of both, exactly."""

    deals: float
    value: float
    drawn_deals: Sequence[float]
    drawn_values: Sequence[float]

    @property
    def deal_percentiles(self) -> tuple[float, ...]:
        """The 10th, 50th and 90th percentile, by nearest rank."""
        return _percentiles(self.drawn_deals)

    @property
    def value_percentiles(self) -> tuple[float, ...]:
        """The same of what they are worth."""
        return _percentiles(self.drawn_values)


def _percentiles(rising: Sequence[float]) -> tuple[float, ...]:
    return tuple(rising[ceil(DRAWS * percent / 100) - 1] for percent in _PERCENTILES)


def moments(groups: Sequence[Alike], new: float, worth: Worth) -> tuple[Moments, Moments]:
    """Those of the number of deals won and of their value, exactly. ``new`` is how many new deals are won on average."""
    deals, value = Moments(), Moments()
    for group in groups:
        _add(deals, value, group, worth)
    deals.add(new, new, new)
    value.add(new * worth.mean, new * worth.square, new * worth.cube)
    return deals, value


def _add(deals: Moments, value: Moments, group: Alike, worth: Worth) -> None:
    q, count = group.chance, len(group.values) + group.blank
    spread, skew = q * (1 - q), q * (1 - q) * (1 - 2 * q)
    deals.add(count * q, count * spread, count * skew)
    first, second, third = group.powers
    value.add(q * first, spread * second, skew * third)
    if group.blank:
        x, xx, xxx = worth.mean, worth.square, worth.cube
        mean = q * x
        third = q * xxx - 3 * mean * q * xx + 2 * mean * mean * mean
        value.add(group.blank * mean, group.blank * (q * xx - mean * mean), group.blank * third)


def powers(values: Sequence[float]) -> Powers:
    """Those of these values, whatever order they are in."""
    return fsum(values), fsum([value * value for value in values]), fsum([value * value * value for value in values])


class Draws:
    """The draws of a month: of ``open_deals`` alone, and ``with_new`` ones, so many on average. The groups may come in any
    order; the same deals and the same seed give the same draws."""

    def __init__(self, groups: Iterable[Alike], new: float, worth: Worth, seed: str) -> None:
        self._groups = sorted(groups, key=lambda group: (group.chance, group.values, group.blank))
        self._new, self._worth, self._random = new, worth, Random(seed).random
        self._sums = _Sums([0.0] * DRAWS, [0.0] * DRAWS, worth.values, self._random)
        singled, self._rest = _singled_out(self._groups, worth)
        for chance, value in singled:
            self._sums.scatter(chance, value)

    def open_deals(self) -> Drawn:
        """Without new deals."""
        return self._finished(self._sums, 0.0, 0.0)

    def with_new(self) -> Drawn:
        """With new deals."""
        if not 0 < self._new <= WINNERS:
            return self._finished(self._sums, self._new, self._new)
        sums = replace(self._sums, counts=self._sums.counts[:], values=self._sums.values[:])
        sums.scatter_new(self._new)
        return self._finished(sums, 0.0, self._new)

    def _finished(self, sums: _Sums, in_bulk: float, new: float) -> Drawn:
        left, every = moments(self._rest, in_bulk, self._worth), moments(self._groups, new, self._worth)
        counts = _with_rest(sums.counts, sums.in_all_deals, left[0], whole=True)
        values = _with_rest(sums.values, sums.in_all_value, left[1], whole=False)
        return Drawn(every[0].mean, every[1].mean, sorted(counts), sorted(values))


def _singled_out(groups: Sequence[Alike], worth: Worth) -> tuple[list[tuple[float, float | None]], list[Alike]]:
    """The deals that are drawn one by one, each with its chance and its value, and what is left of the groups."""
    left = [[0, group.blank] for group in groups]  # of each group: the place of the next value, and how many have none
    heap = [
        (-weight, place, blank)
        for place, group in enumerate(groups)
        for blank in (False, True)
        if (weight := _weight(group, left[place], blank, worth)) is not None
    ]
    heapify(heap)
    found: list[tuple[float, float | None]] = []
    room = WINNERS
    while heap and len(found) < _MOST:
        _, place, blank = heap[0]
        group, at = groups[place], left[place]
        room -= group.chance if blank else min(group.chance, 1 - group.chance)
        if room < 0:
            break
        found.append((group.chance, None if blank else group.values[at[0]]))
        at[blank] += -1 if blank else 1
        weight = _weight(group, at, blank, worth)
        if weight is None:
            heappop(heap)
        else:
            heapreplace(heap, (-weight, place, blank))
    return found, [
        Alike(group.chance, left_over, powers(left_over) if at else group.powers, blank)
        for group, (at, blank) in zip(groups, left, strict=True)
        for left_over in (group.values[at:] if at else group.values,)
    ]


def _weight(group: Alike, left: Sequence[int], blank: bool, worth: Worth) -> float | None:
    """How much a deal with a value, or one without, adds to the variance; ``None`` where there is none left, or nothing to
    draw."""
    q = group.chance
    if not 0 < q < 1:
        return None
    if blank:
        return q * worth.square - q * worth.mean * q * worth.mean if left[1] else None
    return q * (1 - q) * group.values[left[0]] * group.values[left[0]] if left[0] < len(group.values) else None


@dataclass(slots=True)
class _Sums:
    """The draws so far; ``worth`` is what deals without a value are worth. ``in_all`` is to be added to every draw."""

    counts: list[float]
    values: list[float]
    worth: Sequence[float]
    random: Callable[[], float]
    in_all_deals: float = 0.0
    in_all_value: float = 0.0

    def scatter(self, chance: float, value: float | None) -> None:
        """Add a deal to the draws in which it is won; one that is won in most counts in all, and is taken from those where
        it is not."""
        many = chance > 0.5
        counts, values, random = self.counts, self.values, self.random
        if value is None:
            for place in range(DRAWS) if many else sorted(_places(chance, random)):
                if not many or random() < chance:
                    counts[place] += 1
                    values[place] += self._worth()
            return
        step = -1 if many else 1
        for place in _places(1 - chance if many else chance, random):
            counts[place] += step
            values[place] += step * value
        if many:
            self.in_all_deals += 1
            self.in_all_value += value

    def scatter_new(self, mean: float) -> None:
        """Add a Poisson distributed number of winners to each draw."""
        limits = _poisson(mean)
        counts, values, random, worth, size = self.counts, self.values, self.random, self.worth, len(self.worth)
        for place in range(DRAWS):
            many = bisect(limits, random())
            counts[place] += many
            if size:
                for _ in range(many):
                    values[place] += worth[int(random() * size)]

    def _worth(self) -> float:
        return self.worth[int(self.random() * len(self.worth))] if self.worth else 0.0


def _places(share: float, random: Callable[[], float]) -> set[int]:
    """So many of the draws, each as likely as any other."""
    times = floor(DRAWS * share + random())
    found = {int(random() * DRAWS) for _ in range(times)}
    while len(found) < times:
        found.add(int(random() * DRAWS))
    return found


def _poisson(mean: float) -> list[float]:
    """The chances of at most 0, 1, 2, ... winners; without the last, which is certain. The chances of k are mean^k / k!,
    over their sum, so that no exponential is needed."""
    parts = [1.0]
    while parts[-1] > 1e-18 * parts[0] or len(parts) <= mean:
        parts.append(parts[-1] * mean / len(parts))
    of = fsum(parts)
    return [part / of for part in accumulate(parts)][:-1]


def _with_rest(sums: list[float], in_all: float, of: Moments, *, whole: bool) -> list[float]:
    """The draws with what is in all of them and with the normally distributed rest. One of its quantiles stands in each draw;
    in which, does not matter, as nothing else in a draw depends on its place."""
    mean = of.mean + in_all
    if of.variance <= 0:
        return [each + mean for each in sums] if mean else sums
    deviation = sqrt(of.variance)
    skew = of.third / (of.variance * deviation)
    scale = deviation / sqrt(1 + skew * skew / 18)
    bend, level = scale * skew / 6, mean - scale * skew / 6
    rest = [level + z * (scale + bend * z) for z in normal_quantiles(DRAWS)]
    if whole:
        rest = [float(floor(each + 0.5)) for each in rest]
    found = [each + more for each, more in zip(sums, rest, strict=True)]
    return found if min(found) >= 0 else [max(each, 0.0) for each in found]
