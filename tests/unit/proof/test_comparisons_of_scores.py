"""What a comparison of scores can come to: the lowest and the highest totals tell as much as all of them, in fewer looks."""

from __future__ import annotations

import operator
from collections.abc import Callable, Sequence
from itertools import product

import pytest

from procdef.proof.formulas import ANY, FALSE, TRUE, UNKNOWN, Leaf, Points, Scored

ORDERS: dict[str, Callable[[int, int], bool]] = {
    "<": operator.lt, "<=": operator.le, ">": operator.gt, ">=": operator.ge
}  # fmt: skip


def scores(*points: Sequence[int]) -> list[Points]:
    """Scores with these points, each for an atom of its own."""
    numbers = iter(range(100))
    return [tuple((each, Leaf(next(numbers))) for each in of_score) for of_score in points]


@pytest.mark.parametrize("order", ORDERS)
@pytest.mark.parametrize("points", [((3, 5), (4, 4)), ((1, 2, 0), (2,)), ((7,), (7,)), ((5, -3), (1, 2))])
def test_the_extremes_tell_what_all_totals_tell(order: str, points: tuple[tuple[int, ...], ...]) -> None:
    def compare(numbers: Sequence[int]) -> bool:
        return ORDERS[order](numbers[0], numbers[1])

    by_extremes, by_all = (Scored(scores(*points), compare, ordered=ordered) for ordered in (True, False))
    atoms = sorted(by_all.atoms)
    for truths in product((TRUE, FALSE, UNKNOWN, TRUE | FALSE, ANY), repeat=len(atoms)):
        known = dict(zip(atoms, truths, strict=True))
        assert by_extremes.possible(known) == by_all.possible(known), known


def test_two_scores_are_compared_by_four_looks() -> None:
    looks = []

    def compare(numbers: Sequence[int]) -> bool:
        looks.append(numbers)
        return numbers[0] >= numbers[1]

    many = tuple(3**each for each in range(7))
    assert Scored(scores(many, many), compare, ordered=True).possible({}) == ANY
    assert len(looks) == 4
