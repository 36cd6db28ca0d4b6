"""Halves are rounded away from zero, in every figure alike."""

from __future__ import annotations

from array import array
from decimal import Decimal

import pytest

from procdef.render import forecast as forecast_text
from procdef.render import report_layout
from procdef.reports.figures.arithmetic import days, hours, rate
from procdef.reports.forecast.back_test import misses, places
from procdef.reports.forecast.results import Compared


def test_days_and_hours_of_a_half_are_rounded_up() -> None:
    assert [days(array("d", [seconds])).longest_days for seconds in (1_911_060, 12 * 3_600, 4.32)] == [22.1188, 0.5, 0.0001]
    assert hours(array("d", [8_100, 0.18])).mean_hours == 1.125
    assert hours(array("d", [0.9])).longest_hours == 0.0003


def test_rates_and_numbers_of_deals_of_a_half_are_rounded_up() -> None:
    assert str(rate(1, 32).percent) == "3.13"
    assert [str(places(number)) for number in (0.0625, 2.4375)] == ["0.063", "2.438"]


def test_shares_of_a_back_test_of_a_half_are_rounded_up() -> None:
    four = Decimal(4)
    within = Compared(four, Decimal("4.032"), four, four, None, four)
    months = [within, *[Compared(four, four, four + 1, four + 2, None, four)] * 15]
    found = misses(months, places)
    assert found is not None
    assert (str(found.within), str(found.forecast.percent)) == ("6.3", "0.1")  # of 6.25 and 0.05 percent


@pytest.mark.parametrize(
    ("value", "whole", "text"), [("0.25", False, "0.3"), ("2.125", True, "2.13"), ("1234.5", True, "1,235")]
)
def test_a_half_is_rounded_up_in_the_text_of_a_forecast(value: str, whole: bool, text: str) -> None:
    assert forecast_text.number(Decimal(value), whole) == text


def test_a_half_is_rounded_up_in_the_text_of_a_report() -> None:
    assert [report_layout.days(each) for each in (0.125, 2.675, 4.0)] == ["0.13", "2.68", "4.00"]
