"""How what is not certain is spread: each distribution is drawn from with a ``random.Random``, and knows its mean and spread.

All numbers are floats of the caller's unit; ``spread`` is the standard deviation in it. A draw uses the random numbers that it
is given and nothing else, so that a seed repeats it.
"""

from __future__ import annotations

from bisect import bisect
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from itertools import accumulate
from math import exp, log, sqrt
from random import Random
from statistics import fmean, pstdev
from typing import Any, Protocol

Number = float | int


class Distribution(Protocol):
    """What numbers are drawn from."""

    def draw(self, random: Random) -> float:
        """One number."""

    @property
    def mean(self) -> float:
        """The expected value."""

    @property
    def spread(self) -> float:
        """The standard deviation."""


@dataclass(frozen=True, slots=True)
class Constant:
    """Always the same."""

    value: float

    def draw(self, random: Random) -> float:
        """The value; no random number is used."""
        return self.value

    @property
    def mean(self) -> float:
        return self.value

    @property
    def spread(self) -> float:
        return 0.0


@dataclass(frozen=True, slots=True)
class Uniform:
    """Anything from ``low`` to ``high``, all of it as likely."""

    low: float
    high: float

    def draw(self, random: Random) -> float:
        """One number of the range."""
        return self.low + (self.high - self.low) * random.random()

    @property
    def mean(self) -> float:
        return (self.low + self.high) / 2

    @property
    def spread(self) -> float:
        return (self.high - self.low) / sqrt(12)


@dataclass(frozen=True, slots=True)
class Triangular:
    """From ``low`` to ``high``, rising and falling in straight lines with its top at ``likely``."""

    low: float
    likely: float
    high: float

    def draw(self, random: Random) -> float:
        """One number of the range."""
        return random.triangular(self.low, self.high, self.likely)

    @property
    def mean(self) -> float:
        return (self.low + self.likely + self.high) / 3

    @property
    def spread(self) -> float:
        a, b, c = self.low, self.likely, self.high
        return sqrt(max(0.0, a * a + b * b + c * c - a * b - a * c - b * c) / 18)


@dataclass(frozen=True, slots=True)
class Pert:
    """From ``low`` to ``high`` in a smooth hill with its top at ``likely``: the distribution of estimates in three points.

    A beta distribution whose mean is ``(low + 4 likely + high) / 6`` (D. G. Malcolm et al., "Application of a Technique for
    Research and Development Program Evaluation", Operations Research 7, 1959; in the form of D. Vose, "Risk Analysis", 2000).
    """

    low: float
    likely: float
    high: float

    def draw(self, random: Random) -> float:
        """One number of the range."""
        if self.high <= self.low:
            return self.low
        return self.low + (self.high - self.low) * random.betavariate(*self._shape)

    @property
    def _shape(self) -> tuple[float, float]:
        width = self.high - self.low
        return 1 + 4 * (self.likely - self.low) / width, 1 + 4 * (self.high - self.likely) / width

    @property
    def mean(self) -> float:
        return (self.low + 4 * self.likely + self.high) / 6

    @property
    def spread(self) -> float:
        return sqrt(max(0.0, (self.mean - self.low) * (self.high - self.mean) / 7))


@dataclass(frozen=True, slots=True)
class LogNormal:
    """Many small and few large ones around ``median``: two of three lie within median / ``factor`` and median × ``factor``.

    The logarithm is normal, with the standard deviation ``log(factor)``; ``factor`` is 1 or more.
    """

    median: float
    factor: float

    def draw(self, random: Random) -> float:
        """One positive number."""
        return self.median * exp(log(self.factor) * random.gauss(0.0, 1.0))

    @property
    def mean(self) -> float:
        return self.median * exp(log(self.factor) ** 2 / 2)

    @property
    def spread(self) -> float:
        return self.mean * sqrt(exp(log(self.factor) ** 2) - 1)


@dataclass(frozen=True, slots=True)
class Sample:
    """One of the numbers that were seen, each as likely as it was often."""

    values: tuple[float, ...]

    def draw(self, random: Random) -> float:
        """One of the numbers."""
        return self.values[int(random.random() * len(self.values))]

    @property
    def mean(self) -> float:
        return fmean(self.values)

    @property
    def spread(self) -> float:
        return pstdev(self.values)


@dataclass(frozen=True, slots=True)
class Choice:
    """One of several things, each as likely as its weight among all. Weights are not negative, and not all 0."""

    weights: Mapping[Any, float]
    _items: Sequence[Any] = field(init=False, repr=False, compare=False)
    _sums: Sequence[float] = field(init=False, repr=False, compare=False)

    def __post_init__(self) -> None:
        object.__setattr__(self, "_items", tuple(self.weights))
        object.__setattr__(self, "_sums", tuple(accumulate(map(float, self.weights.values()))))

    def draw(self, random: Random) -> Any:
        """One of the things."""
        total = self._sums[-1]
        place = bisect(self._sums, random.random() * total)
        return self._items[min(place, len(self._items) - 1)]

    def share(self, item: Any) -> float:
        """How likely one of the things is, from 0 to 1; 0 for what is not among them."""
        return float(self.weights.get(item, 0)) / self._sums[-1]
