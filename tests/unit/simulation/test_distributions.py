"""Each distribution has the mean and the spread that it claims, within its bounds, and a seed repeats it."""

from __future__ import annotations

from math import sqrt
from random import Random
from statistics import fmean, median, pstdev

import pytest

from procdef.simulation.assumptions.distributions import (
    Choice,
    Constant,
    Distribution,
    LogNormal,
    Pert,
    Sample,
    Triangular,
    Uniform,
)

DRAWS = 20_000
NUMBERS = {
    "constant": Constant(7.5),
    "uniform": Uniform(-2, 10),
    "triangular": Triangular(0, 2, 10),
    "triangular, top at its low end": Triangular(1, 1, 4),
    "pert": Pert(10, 20, 90),
    "pert, top at its high end": Pert(0, 8, 8),
    "pert of one point": Pert(3, 3, 3),
    "lognormal": LogNormal(20_000, 1.8),
    "lognormal without a spread": LogNormal(5, 1),
    "sample": Sample((1.0, 1.0, 4.0, 30.0)),
}


@pytest.mark.parametrize("of", NUMBERS.values(), ids=NUMBERS)
def test_mean_and_spread_are_as_claimed(of: Distribution) -> None:
    drawn = [of.draw(random) for random in [Random(20261130)] for _ in range(DRAWS)]
    assert fmean(drawn) == pytest.approx(of.mean, abs=4 * of.spread / sqrt(DRAWS) + 1e-9)
    assert pstdev(drawn) == pytest.approx(of.spread, rel=0.04, abs=1e-9)


@pytest.mark.parametrize("of", [Uniform(-2, 10), Triangular(-2, 0, 10), Pert(-2, 9, 10)], ids=str)
def test_nothing_lies_outside_of_the_bounds(of: Distribution) -> None:
    drawn = [of.draw(random) for random in [Random(1)] for _ in range(2000)]
    assert -2 <= min(drawn) < -1.0 or isinstance(of, Pert)
    assert max(drawn) <= 10
    assert min(drawn) >= -2


def test_two_of_three_draws_of_a_lognormal_lie_within_its_factor() -> None:
    of, random = LogNormal(100, 2), Random(5)
    drawn = [of.draw(random) for _ in range(DRAWS)]
    assert median(drawn) == pytest.approx(100, rel=0.03)
    assert sum(50 <= one <= 200 for one in drawn) / DRAWS == pytest.approx(0.683, abs=0.01)


def test_things_are_chosen_by_their_weights() -> None:
    of, random = Choice({"fair": 30, "never": 0, "referral": 10}), Random(2)
    drawn = [of.draw(random) for _ in range(DRAWS)]
    assert drawn.count("fair") / DRAWS == pytest.approx(of.share("fair"), abs=0.012)
    assert "never" not in drawn
    assert [of.share(one) for one in ("fair", "never", "referral", "else")] == [0.75, 0, 0.25, 0]


@pytest.mark.parametrize("of", [*NUMBERS.values(), Choice({"a": 1, "b": 2})], ids=str)
def test_a_seed_repeats_the_draws(of: Distribution) -> None:
    one, other = ([of.draw(random) for _ in range(20)] for random in (Random(9), Random(9)))
    assert one == other
