"""Where a forecast stands, and the months that it looks at."""

from __future__ import annotations

from datetime import UTC, datetime
from zoneinfo import ZoneInfo

import pytest

from procdef.errors import InvalidArgument
from procdef.reports.forecast.standpoints import earlier, standpoint

HELSINKI = ZoneInfo("Europe/Helsinki")


def test_within_a_month_its_rest_comes_before_the_whole_months() -> None:
    found = standpoint(datetime(2026, 11, 29, 12, tzinfo=UTC), UTC, 2)
    assert [(month.label, month.whole) for month in found.months] == [("2026-11", False), ("2026-12", True), ("2027-01", True)]
    assert found.ends == (1.5, 32.5, 63.5)
    assert found.cuts == (2, 33, 64)
    assert found.month == "2026-11-01T00:00:00.000000Z"
    assert found.half_year == "2026-05-29T12:00:00.000000Z"


def test_at_its_beginning_a_month_is_whole() -> None:
    found = standpoint(datetime(2026, 12, 1, tzinfo=UTC), UTC, 2)
    assert [(month.label, month.whole) for month in found.months] == [("2026-12", True), ("2027-01", True)]


def test_months_begin_by_the_clocks_of_the_process() -> None:
    found = standpoint(datetime(2026, 2, 28, 22, tzinfo=UTC), HELSINKI, 2)
    assert [month.label for month in found.months] == ["2026-03", "2026-04"]
    assert found.cuts == (31, 61)
    assert found.ends[0] == 31 - 1 / 24  # the clocks go forward in March


def test_a_month_that_is_too_short_ends_the_way_back() -> None:
    found = standpoint(datetime(2026, 8, 31, 9, tzinfo=UTC), UTC, 1)
    assert (found.quarter[:10], found.half_year[:10], found.year[:10]) == ("2026-05-31", "2026-02-28", "2025-08-31")


def test_the_test_stands_at_the_beginnings_of_the_months_that_are_over() -> None:
    now = standpoint(datetime(2026, 3, 15, tzinfo=UTC), UTC, 1)
    assert [point.text[:10] for point in earlier(now, UTC, 3)] == ["2025-12-01", "2026-01-01", "2026-02-01"]
    assert [point.months[0].label for point in earlier(now, UTC, 3)] == ["2025-12", "2026-01", "2026-02"]
    at_its_begin = standpoint(datetime(2026, 3, 1, tzinfo=UTC), UTC, 1)
    assert [point.text[:10] for point in earlier(at_its_begin, UTC, 2)] == ["2026-01-01", "2026-02-01"]
    assert earlier(now, UTC, 0) == ()


@pytest.mark.parametrize(
    ("day", "expected"), [("2026-11-28", None), ("2026-11-29", 0), ("2026-12-31", 1), ("2027-01-01", 2), ("2199-01-01", 3)]
)
def test_a_day_of_closing_lies_in_a_month_or_is_over(day: str, expected: int | None) -> None:
    assert standpoint(datetime(2026, 11, 29, 12, tzinfo=UTC), UTC, 2).month_of(day) == expected


@pytest.mark.parametrize("moment", [datetime(1, 1, 1, tzinfo=UTC), datetime(9999, 12, 31, tzinfo=UTC)])
def test_there_is_an_end_to_the_calendar(moment: datetime) -> None:
    with pytest.raises(InvalidArgument, match="the calendar ends near there"):
        standpoint(moment, HELSINKI, 6)


@pytest.mark.parametrize("year", [1900, 1969, 2101, 9000])
def test_other_centuries_are_like_this_one(year: int) -> None:
    found = standpoint(datetime(year, 2, 1, tzinfo=UTC), UTC, 1)
    assert (found.months[0].label, found.cuts[0]) == (f"{year}-02", 28)
