"""Chances and remaining times, counted by hand."""

from __future__ import annotations

import pytest

from procdef.reports.forecast.chances import chance, overall
from procdef.reports.forecast.remaining_times import (
    Times,
    median_way,
    ordered,
    shares_by_age,
    time_in_months,
)

TWENTY = ordered({(10, 20): 10, (30, 40): 10})
"""Ten visits of 10 days whose win came 20 days after the entry, and ten of 30 days with 40."""


@pytest.mark.parametrize(
    ("declared", "won", "decided", "of_all", "expected"),
    [
        (0.2, 0, 0, None, 0.2),  # nothing in the log: what is declared
        (0.2, 8, 10, 0.5, 0.5),  # (8 + 2) / (10 + 10)
        (0.2, 800, 1000, 0.5, 0.794059),  # (800 + 2) / 1010: the log has the say
        (None, 3, 10, 0.5, 0.4),  # nothing declared: drawn towards the rate of all deals, (3 + 5) / 20
        (None, 0, 0, 0.25, 0.25),
        (None, 0, 0, None, None),  # neither
        (0.0, 0, 5, 0.5, 0.0),  # declared as hopeless, and nothing says otherwise
        (1.0, 5, 5, 1.0, 1.0),
    ],
)
def test_a_chance_is_what_the_log_says_drawn_towards_what_is_declared(
    declared: float | None, won: int, decided: int, of_all: float | None, expected: float | None
) -> None:
    found = chance(declared, won, decided, of_all)
    assert found == (None if expected is None else pytest.approx(expected, abs=1e-6))


def test_the_rate_of_all_deals_is_not_there_before_one_is_decided() -> None:
    assert (overall(0, 0), overall(1, 4)) == (None, 0.25)


@pytest.mark.parametrize(
    ("age", "expected"),
    [
        (0, (0.5, 0.5)),  # ways of 20 and 40 days: before day 30, and before day 60
        (5, (0.5, 0.5)),  # 15 and 35 days are left
        (10, (0.5, 0.5)),  # 10 and 30 days are left, and 30 is not before day 30
        (11, (1.0, 0.0)),  # 29 days are left, of the ten that lasted 11 days
        (31, None),  # none lasted as long
    ],
)
def test_a_deal_is_like_the_visits_that_lasted_as_long(age: int, expected: tuple[float, ...] | None) -> None:
    found = shares_by_age(TWENTY, [age], [30, 60]).get(age)
    assert found == expected


def test_of_fewer_than_twenty_visits_all_count_as_from_their_entry() -> None:
    times = ordered({(10, 20): 10, (30, 40): 9})
    assert shares_by_age(times, [0, 11, 400], [30, 60]) == dict.fromkeys((0, 11, 400), (10 / 19, 9 / 19))


def test_without_a_win_there_are_no_times() -> None:
    assert shares_by_age((), [3], [30]) == {}
    assert median_way(()) is None


def test_what_comes_after_the_last_month_is_missing_from_the_shares() -> None:
    assert shares_by_age(ordered({(1, 100): 3}), [0], [30, 60]) == {0: (0.0, 0.0)}


@pytest.mark.parametrize(
    ("times", "ends", "expected"),
    [
        (ordered({(0, 0): 1}), [30.0, 61.0], (30.0, 31.0)),  # won on the day: all that start
        (ordered({(5, 10): 1}), [30.0, 61.0], (20.0, 31.0)),  # what starts in the last ten days is won in the next month
        (ordered({(5, 10): 1, (40, 50): 1}), [30.0, 61.0], (10.0, 21.0)),  # (20 + 0) / 2, (31 + 11) / 2
        (ordered({(5, 90): 4}), [30.0], (0.0,)),
    ],
)
def test_new_deals_have_less_time_the_longer_their_way(
    times: Times, ends: list[float], expected: tuple[float, ...]
) -> None:
    assert time_in_months(times, ends) == pytest.approx(expected)


def test_the_median_way_is_the_lower_one_of_two() -> None:
    assert median_way(ordered({(0, 3): 1, (0, 9): 1})) == 3
    assert median_way(ordered({(0, 3): 1, (0, 9): 2})) == 9
