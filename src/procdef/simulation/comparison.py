"""Two processes simulated side by side: by how much their figures differ, and whether that is more than chance."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from decimal import Decimal
from math import erfc, sqrt

from procdef.simulation.ranges import Number, number, range_of
from procdef.simulation.results import FigureDifference

_EXACT = 60
"""For so many pairs the test is exact; for more it is normal to three decimals."""
_LEVEL = 0.05


def differences(
    first: Sequence[Mapping[str, Number]], second: Sequence[Mapping[str, Number]]
) -> dict[str, FigureDifference | None]:
    """By how much the second differs from the first, run by run, in each main figure; ``None`` where runs have none."""
    rows = list(zip(first, second, strict=True))
    return {name: _difference([(one[name], other[name]) for one, other in rows]) for name in first[0]}


def _difference(pairs: Sequence[tuple[Number, Number]]) -> FigureDifference | None:
    found = [number(other) - number(one) for one, other in pairs if one is not None and other is not None]
    spread = range_of(found)
    if spread is None:
        return None
    chance = signed_ranks(found)
    return FigureDifference(spread, len(found), Decimal(repr(chance)).quantize(Decimal("0.0001")), chance < _LEVEL)


def signed_ranks(found: Sequence[Decimal]) -> float:
    """How likely differences at least as one-sided are by chance alone, from 0 to 1: the two-sided signed-rank test.

    F. Wilcoxon, "Individual Comparisons by Ranking Methods", Biometrics Bulletin 1 (6), 1945. Differences of 0 are left out,
    equal ones share their ranks. Up to 60 pairs all signs are counted, each as likely; for more the sum is taken for normal,
    with mean n(n+1)/4 and the variance of the ranks' squares over 4.
    """
    known = sorted((each for each in found if each), key=abs)
    ranks = _doubled_ranks(known)
    if not ranks:
        return 1.0
    whole = sum(ranks)
    positive = sum(rank for rank, each in zip(ranks, known, strict=True) if each > 0)
    least = min(positive, whole - positive)
    if len(ranks) <= _EXACT:
        ways = [1] + [0] * whole
        for rank in ranks:
            for total in range(whole, rank - 1, -1):
                ways[total] += ways[total - rank]
        return min(1.0, 2 * sum(ways[: least + 1]) / float(1 << len(ranks)))
    spread = sqrt(sum(rank * rank for rank in ranks)) / 2
    return min(1.0, erfc((whole / 2 - least) / spread / sqrt(2)))


def _doubled_ranks(ordered: Sequence[Decimal]) -> list[int]:
    """Twice the rank of each by its size, so that shared ranks are whole."""
    ranks: list[int] = []
    while len(ranks) < len(ordered):
        first = len(ranks)
        last = first
        while last + 1 < len(ordered) and abs(ordered[last + 1]) == abs(ordered[first]):
            last += 1
        ranks += [first + last + 2] * (last - first + 1)
    return ranks
