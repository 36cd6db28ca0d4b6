"""Linear inequalities over whole numbers: none of them can hold together, or these numbers make them hold.

Fourier and Motzkin's elimination, with every inequality tightened to whole numbers. Where it finds a contradiction there is no
solution. Where it finds none, a solution is looked for; one that is found is one.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass
from math import gcd

Solution = dict[str, int]
Pick = Callable[[str, int | None, int | None], Sequence[int]]
"""The numbers to try for a variable between two bounds, the best first."""

_MOST_INEQUALITIES = 400
_MOST_TRIED = 60


class Undecided(Exception):
    """It was not found out within the bound."""


@dataclass(frozen=True, slots=True)
class Inequality:
    """The sum of the variables, each by its number, and of ``constant`` is at most 0."""

    factors: tuple[tuple[str, int], ...]
    constant: int

    @classmethod
    def of(cls, factors: Mapping[str, int], constant: int) -> Inequality:
        """The same with all that can be said of whole numbers."""
        kept = {name: factor for name, factor in sorted(factors.items()) if factor}
        divisor = gcd(*kept.values()) if kept else 1
        return cls(tuple((name, factor // divisor) for name, factor in kept.items()), -(-constant // divisor))

    def factor(self, name: str) -> int:
        """By what number a variable is multiplied."""
        return next((factor for each, factor in self.factors if each == name), 0)


def solution(inequalities: Iterable[Inequality], pick: Pick, accept: Callable[[Solution], bool]) -> Solution | None:
    """Whole numbers for which all hold and that are accepted; ``None``: there are none for which all hold.

    Raises ``Undecided`` where some may exist and none was found.
    """
    left = _consistent(inequalities)
    if left is None:
        return None
    rounds: list[tuple[str, list[Inequality]]] = []
    while names := {name for each in left for name, _ in each.factors}:
        products = {name: _products(left, name) for name in sorted(names)}
        name = min(products, key=products.__getitem__)
        about = [each for each in left if each.factor(name)]
        rounds.append((name, about))
        others = [each for each in left if not each.factor(name)]
        found = _consistent([*others, *_without(name, about)])
        if found is None:
            return None
        if len(found) > _MOST_INEQUALITIES:
            raise Undecided
        left = found
    tried = [_MOST_TRIED]
    chosen = _chosen(list(reversed(rounds)), {}, pick, accept, tried)
    if chosen is None:
        raise Undecided
    return chosen


def _consistent(inequalities: Iterable[Inequality]) -> list[Inequality] | None:
    """The strongest of the inequalities, or ``None`` where one of them never holds."""
    strongest: dict[tuple[tuple[str, int], ...], int] = {}
    for each in inequalities:
        if not each.factors:
            if each.constant > 0:
                return None
        elif strongest.get(each.factors, each.constant) <= each.constant:
            strongest[each.factors] = each.constant
    return [Inequality(factors, constant) for factors, constant in strongest.items()]


def _products(inequalities: Sequence[Inequality], name: str) -> int:
    factors = [each.factor(name) for each in inequalities]
    above, below = sum(factor > 0 for factor in factors), sum(factor < 0 for factor in factors)
    return above * below - above - below


def _without(name: str, about: Sequence[Inequality]) -> Iterable[Inequality]:
    """What follows for the other variables from each upper and each lower bound of one."""
    for upper in (each for each in about if each.factor(name) > 0):
        for lower in (each for each in about if each.factor(name) < 0):
            one, other = -lower.factor(name), upper.factor(name)
            factors: dict[str, int] = {}
            for part, times in ((upper, one), (lower, other)):
                for each, factor in part.factors:
                    factors[each] = factors.get(each, 0) + factor * times
            yield Inequality.of(factors, upper.constant * one + lower.constant * other)


def _chosen(
    rounds: list[tuple[str, list[Inequality]]],
    known: Solution,
    pick: Pick,
    accept: Callable[[Solution], bool],
    tried: list[int],
) -> Solution | None:
    if not rounds:
        tried[0] -= 1
        return dict(known) if accept(known) else None
    (name, about), *later = rounds
    low: int | None = None
    high: int | None = None
    for each in about:
        factor = each.factor(name)
        rest = each.constant + sum(known[other] * times for other, times in each.factors if other != name)
        if factor > 0:
            bound = -rest // factor
            high = bound if high is None else min(high, bound)
        else:
            bound = _ceiling(rest, -factor)
            low = bound if low is None else max(low, bound)
    if low is not None and high is not None and low > high:
        return None
    for number in pick(name, low, high):
        if tried[0] <= 0:
            return None
        found = _chosen(later, {**known, name: number}, pick, accept, tried)
        if found is not None:
            return found
    return None


def _ceiling(number: int, divisor: int) -> int:
    return -(-number // divisor)
