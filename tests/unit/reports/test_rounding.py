"""Halves are rounded away from zero, in every figure alike."""

from __future__ import annotations

from array import array

from procdef.reports.figures.arithmetic import days, hours, rate
from procdef.reports.forecast.back_test import places


def test_days_and_hours_of_a_half_are_rounded_up() -> None:
    assert [days(array("d", [seconds])).longest_days for seconds in (1_911_060, 12 * 3_600, 4.32)] == [22.1188, 0.5, 0.0001]
    assert hours(array("d", [8_100, 0.18])).mean_hours == 1.125
    assert hours(array("d", [0.9])).longest_hours == 0.0003


def test_rates_and_numbers_of_deals_of_a_half_are_rounded_up() -> None:
    assert str(rate(1, 32).percent) == "3.13"
    assert [str(places(number)) for number in (0.0625, 2.4375)] == ["0.063", "2.438"]
