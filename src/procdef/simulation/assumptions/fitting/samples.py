"""Samples of what was seen, of bounded size: any number of observations go in, and none is likelier to stay than another."""

from __future__ import annotations

from itertools import pairwise
from random import Random
from statistics import fmean
from typing import Generic, TypeVar

T = TypeVar("T")
_KEPT = 2000


class Seen(Generic[T]):
    """``kept`` is a random sample of what was added (J. S. Vitter, "Random Sampling with a Reservoir", ACM Transactions on
    Mathematical Software 11, 1985), ``count`` how many that were."""

    __slots__ = ("_most", "_random", "count", "kept")

    def __init__(self, seed: str, most: int = _KEPT) -> None:
        self._random, self._most = Random(seed), most
        self.kept: list[T] = []
        self.count = 0

    def add(self, one: T) -> None:
        """One more observation."""
        self.count += 1
        if len(self.kept) < self._most:
            self.kept.append(one)
        elif (place := int(self._random.random() * self.count)) < self._most:
            self.kept[place] = one


def condensed(values: list[float], points: int) -> list[float]:
    """At most so many numbers that stand for all of them: the means of groups of equal size, from the least to the most, so
    that the mean stays what it was."""
    ordered, number = sorted(values), min(points, len(values))
    cuts = [round(place * len(ordered) / number) for place in range(number + 1)]
    return [fmean(ordered[begin:end]) for begin, end in pairwise(cuts)]
