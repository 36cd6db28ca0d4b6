"""Quick draws, held against the exact mean and variance, and against draws of every deal."""

from __future__ import annotations

import math
from random import Random
from statistics import NormalDist, fmean, pstdev

import pytest

from procdef.reports.forecast.draws import DRAWS, Alike, Drawn, Draws, Worth, moments, powers
from procdef.reports.forecast.normal_quantiles import natural_logarithm, normal_quantiles

NOTHING = Worth.of([])
SOLD = Worth.of([100.0, 250.0, 250.0, 900.0, 4000.0])


def alike(chance: float, *values: float, blank: int = 0) -> Alike:
    return Alike(chance, sorted(values, reverse=True), powers(values), blank)


def drawn(groups: list[Alike], new: float, worth: Worth, seed: str) -> tuple[Drawn, Drawn]:
    draws = Draws(groups, new, worth, seed)
    return draws.open_deals(), draws.with_new()


def many(count: int, groups: int, likely: float, seed: int = 1) -> list[Alike]:
    random = Random(seed)
    values = [round(random.lognormvariate(8, 1), 2) for _ in range(count)]
    return [alike(likely * random.random(), *values[place::groups]) for place in range(groups)]


CASES = {
    "one deal": ([alike(0.3, 500)], 0.0),
    "a few deals": (many(30, 15, 0.3), 0.0),
    "some without a value": ([*many(20, 10, 0.3), alike(0.25, blank=12), alike(0.75, blank=2)], 0.0),
    "likely deals": ([alike(0.9, *range(100, 400, 10)), alike(0.99, 5000)], 0.0),
    "a few new deals": (many(10, 5, 0.2), 1.5),
    "many new deals": (many(10, 5, 0.2), 40.0),
    "new deals alone": ([], 3.0),
    "hundreds of deals": (many(800, 40, 0.2), 12.0),
}


@pytest.mark.parametrize("name", CASES)
def test_draws_have_the_exact_mean_and_variance(name: str) -> None:
    groups, new = CASES[name]
    deals, value = moments(groups, new, SOLD)
    _, found = drawn(groups, new, SOLD, "1")
    for exact, draws, expected in ((deals, found.drawn_deals, found.deals), (value, found.drawn_values, found.value)):
        deviation = math.sqrt(exact.variance)
        assert expected == pytest.approx(exact.mean, rel=1e-12)
        assert fmean(draws) == pytest.approx(exact.mean, abs=deviation / 25)
        assert pstdev(draws) == pytest.approx(deviation, rel=0.04)


@pytest.mark.parametrize("name", CASES)
def test_draws_are_as_if_every_deal_was_drawn(name: str) -> None:
    groups, new = CASES[name]
    _, value = moments(groups, new, SOLD)
    _, found = drawn(groups, new, SOLD, "1")
    random = Random(7)
    naive = sorted(_drawn_one_by_one(groups, new, random) for _ in range(4000))
    deviation = math.sqrt(value.variance)
    for percent, quick in zip((10, 50, 90), found.value_percentiles, strict=True):
        # A percentile of 4,000 draws lies with certainty between those that are two and a half in a hundred away.
        low, high = naive[int(40 * (percent - 2.5))], naive[int(40 * (percent + 2.5))]
        assert low - deviation / 20 <= quick <= high + deviation / 20


def _drawn_one_by_one(groups: list[Alike], new: float, random: Random) -> float:
    total = 0.0
    for group in groups:
        for value in [*group.values, *(random.choice(SOLD.values) for _ in range(group.blank))]:
            total += value * (random.random() < group.chance)
    left, limit = random.random(), math.exp(-new)
    while left > limit:
        total += random.choice(SOLD.values)
        left *= random.random()
    return total


def test_moments_of_one_deal_are_those_of_a_coin() -> None:
    deals, value = moments([alike(0.25, 8)], 0.0, NOTHING)
    assert (deals.mean, deals.variance, deals.third) == (0.25, 0.1875, 0.09375)
    assert (value.mean, value.variance, value.third) == (2.0, 12.0, 48.0)


def test_moments_of_deals_without_a_value_and_of_new_ones() -> None:
    worth = Worth.of([1.0, 3.0])  # means 2, 5 and 14
    _, value = moments([alike(0.5, blank=1)], 0.0, worth)
    # Worth 0, 1 or 3 with chances of 1/2, 1/4 and 1/4: about the mean of 1 that is -1, 0 and 2.
    assert (value.mean, value.variance, value.third) == (1.0, 1.5, 1.5)
    deals, value = moments([], 2.0, worth)
    assert (deals.mean, deals.variance, value.mean, value.variance, value.third) == (2.0, 2.0, 4.0, 10.0, 28.0)


def test_the_order_of_the_groups_does_not_matter() -> None:
    groups = many(300, 30, 0.3)
    assert drawn(groups, 2.0, SOLD, "1") == drawn(groups[::-1], 2.0, SOLD, "1")


def test_draws_stay_as_they_are() -> None:
    """On whatever machine and version of Python: somebody may have written them down."""
    alone, found = drawn([alike(0.3, 100, 200, 1000), alike(0.6, 50), alike(0.1, blank=3)], 1.2, SOLD, "0/EUR/2026-12")
    assert (alone.value_percentiles, found.value_percentiles) == ((50.0, 250.0, 1350.0), (150.0, 1200.0, 5250.0))
    assert (alone.deal_percentiles, found.deal_percentiles) == ((1.0, 2.0, 3.0), (1.0, 3.0, 5.0))
    hundreds = [alike(0.02 * place, *range(100 * place, 5000, 70)) for place in range(1, 20)]
    _, found = drawn(hundreds, 30.0, SOLD, "0/EUR/2026-12")
    assert [round(value, 4) for value in found.value_percentiles] == [608087.215, 661143.8275, 715637.1083]


def test_what_is_certain_is_not_drawn() -> None:
    alone, found = drawn([alike(1.0, 10, 20), alike(0.0, 99)], 0.0, NOTHING, "1")
    assert alone == found
    assert (found.drawn_values[0], found.drawn_values[-1], found.deal_percentiles) == (30.0, 30.0, (2.0, 2.0, 2.0))


def test_nothing_brings_nothing() -> None:
    _, found = drawn([], 0.0, NOTHING, "1")
    assert (found.deals, found.value, found.value_percentiles) == (0.0, 0.0, (0.0, 0.0, 0.0))
    _, found = drawn([alike(0.5, blank=3)], 2.0, NOTHING, "1")
    assert (found.deals, found.value, found.value_percentiles) == (3.5, 0.0, (0.0, 0.0, 0.0))


def test_no_draw_is_below_nothing() -> None:
    _, found = drawn([alike(0.001, *[10.0] * 20_000)], 0.0, NOTHING, "1")
    assert found.drawn_values[0] >= 0
    assert found.drawn_deals[0] >= 0


def test_quantiles_are_those_of_the_normal_distribution() -> None:
    found = normal_quantiles(DRAWS)
    assert all(
        math.isclose(value, NormalDist().inv_cdf((place + 0.5) / DRAWS), abs_tol=1e-12) for place, value in enumerate(found)
    )
    assert list(found) == sorted(found)
    assert math.fsum(found) == 0


@pytest.mark.parametrize("number", [1e-300, 1e-5, 0.49, 0.5, 0.7, 1.0, 1.5, 2.0, 7e10])
def test_logarithms_are_those_of_the_machine(number: float) -> None:
    assert natural_logarithm(number) == pytest.approx(math.log(number), rel=1e-14, abs=1e-15)
