"""Periods on the calendar of a process, the one before, goals in their time, and growth."""

from __future__ import annotations

from datetime import UTC, date
from decimal import Decimal
from typing import Any
from zoneinfo import ZoneInfo

import pytest
from made_histories import PROCESS, at, deal, history, report, scope

from procdef.errors import InvalidArgument
from procdef.reports import periods
from procdef.reports.scope import Window

HELSINKI = ZoneInfo("Europe/Helsinki")
NOW = "2026-05-10T12:00:00.000000Z"


def utc(text: str) -> str:
    """A short time in full."""
    return f"{text}:00.000000Z"


@pytest.mark.parametrize(
    ("given", "since", "until"),
    [
        ("90d", utc("2026-02-09T12:00"), None),
        ("month", utc("2026-03-31T21:00"), utc("2026-04-30T21:00")),
        ("quarter", utc("2025-12-31T22:00"), utc("2026-03-31T21:00")),
        ("year", utc("2024-12-31T22:00"), utc("2025-12-31T22:00")),
    ],
)
def test_the_last_period_is_up_to_now_in_days_and_over_else(given: str, since: str, until: str | None) -> None:
    assert periods.last(given, NOW, HELSINKI) == (since, until)


@pytest.mark.parametrize("given", ["week", "0d", "-1d", "90", "d", "1000000d", "99999d", ""])
def test_what_is_no_period_is_told_with_what_is(given: str) -> None:
    if given == "99999d":
        assert periods.last(given, NOW, UTC).since == utc("1752-07-26T12:00")
        return
    with pytest.raises(InvalidArgument, match=r"90d \(so many days up to now\), month, quarter or year"):
        periods.last(given, NOW, UTC)


def test_days_before_the_calendar_are_told() -> None:
    with pytest.raises(InvalidArgument, match="begins before the year 1"):
        periods.last("99999d", "0100-01-01T00:00:00.000000Z", UTC)


@pytest.mark.parametrize(
    ("expected", "since", "until"),
    [
        (None, None, utc("2026-03-01T00:00")),
        ((utc("2026-02-01T00:00"), utc("2026-03-01T00:00")), utc("2026-03-01T00:00"), utc("2026-04-01T00:00")),
        ((utc("2025-10-01T00:00"), utc("2026-01-01T00:00")), utc("2026-01-01T00:00"), utc("2026-04-01T00:00")),
        ((utc("2026-03-05T00:00"), utc("2026-03-08T00:00")), utc("2026-03-08T00:00"), utc("2026-03-11T00:00")),
        ((utc("2026-05-09T00:00"), utc("2026-05-09T18:00")), utc("2026-05-09T18:00"), utc("2026-05-10T12:00")),
        ((utc("2026-05-08T12:00"), utc("2026-05-09T12:00")), utc("2026-05-09T12:00"), None),
        (None, utc("2027-01-01T12:00"), None),
        (None, utc("0001-01-05T12:00"), utc("0001-02-05T12:00")),
    ],
)
def test_the_period_before_is_as_long_in_months_days_or_time(
    expected: tuple[str, str] | None, since: str | None, until: str | None
) -> None:
    assert periods.before(since, until, NOW, UTC) == expected


def test_the_last_day_of_a_period_is_the_one_before_a_day_whose_first_hour_the_clocks_skip() -> None:
    cairo = ZoneInfo("Africa/Cairo")
    until = periods.midnight(date(2026, 4, 24), cairo)  # at 0:00 it is 1:00
    assert periods.last_day(until, cairo) == date(2026, 4, 23)
    assert periods.last_day(utc("2026-04-23T12:00"), cairo) == date(2026, 4, 23)


def test_a_month_in_which_the_clocks_change_is_a_month() -> None:
    march = (utc("2026-02-28T22:00"), utc("2026-03-31T21:00"))
    assert periods.whole("month", *march, HELSINKI) == 1
    assert periods.before(*march, NOW, HELSINKI) == (utc("2026-01-31T22:00"), utc("2026-02-28T22:00"))


GOALS = PROCESS.replace("timezone: Europe/Helsinki, holidays: FI", "timezone: UTC")


def goals(*rows: Any, **more: Any) -> dict[str, Any]:
    found = report(*map(history, rows), of=scope(GOALS, **more)).as_dict()["goals"]
    keys = ("actual", "target", "n", "share", "time_gone", "on_track")
    return {name: [each[key] for key in keys] for name, each in found.items()}


def test_a_goal_is_of_the_month_that_it_is_for_and_a_rate_of_the_period() -> None:
    now = "2026-03-16T12:00:00.000000Z"  # half of the 31 days of March
    rows = [
        deal("03-01", "won", "03-10", amount="600", offered=at("03-02")), deal("02-01", "won", "02-10", amount="5000"),
        deal("03-02", "lost", "03-12", offered=at("03-05")), deal("02-20"),
    ]  # fmt: skip
    assert goals(*rows, now=now) == {
        "hit_rate": ["50.00", "30", 2, "166.67", None, True],
        "won_value": ["600", "1000", 1, "60.00", "50.00", True],
        "new_deals": ["2", "4", 2, "50.00", "50.00", True],
    }
    later = goals(*rows, now="2026-03-17T00:00:00.000000Z")
    assert (later["new_deals"][-1], later["won_value"][-1]) == (False, True)


def test_a_period_of_two_whole_months_has_twice_the_target() -> None:
    two = {"since": utc("2026-02-01T00:00"), "until": utc("2026-04-01T00:00"), "now": NOW}
    rows = [deal("02-05", "won", "03-10", amount="1999"), deal("01-05", "won", "02-01", amount="1")]
    assert goals(*rows, **two)["won_value"] == ["2000", "2000", 2, "100.00", "100.00", True]
    assert goals(*rows, **two)["new_deals"] == ["1", "8", 1, "12.50", "100.00", False]


@pytest.mark.parametrize(
    ("won", "target", "told"),
    [(1, "30", ["33.33", "30", 3, "111.11", None, True]), (2, "66.67", ["66.67", "66.67", 3, "100.00", None, False])],
)
def test_a_rate_is_held_against_its_goal_as_it_is_and_not_as_it_is_rounded(won: int, target: str, told: list[Any]) -> None:
    rows = [deal("03-01", "won" if each < won else "lost", "03-10", offered=at("03-02")) for each in range(3)]
    of = scope(GOALS.replace("hit_rate: 30", f"hit_rate: {target}"))
    goal = report(*map(history, rows), of=of).as_dict()["goals"]["hit_rate"]
    assert [goal[key] for key in ("actual", "target", "n", "share", "time_gone", "on_track")] == told


@pytest.mark.parametrize(
    ("won", "standing"), [("999.96", "missed"), ("1000", "reached"), ("1000.01", "reached")]
)
def test_a_goal_is_reached_with_its_target_and_not_with_what_rounds_to_it(won: str, standing: str) -> None:
    of = scope(GOALS, since=utc("2026-03-01T00:00"), until=utc("2026-04-01T00:00"), now=NOW)
    goal = report(history(deal("03-01", "won", "03-10", amount=won)), of=of).goals["won_value"]
    assert (goal.share, goal.on_track, goal.standing) == (Decimal("100.00"), standing == "reached", standing)


def test_without_a_decision_a_rate_is_no_rate() -> None:
    assert goals(deal())["hit_rate"] == [None, "30", 0, None, None, None]


def test_growth_is_the_period_beside_the_one_before() -> None:
    rows = [
        deal("03-01", "won", "03-10", amount="600"), deal("02-01", "won", "02-10", amount="500"), deal("02-20"), deal("02-21"),
        deal("01-01", "won", "01-31", amount="7"),
    ]  # fmt: skip
    march = {"since": utc("2026-03-01T00:00"), "until": utc("2026-04-01T00:00")}
    of = scope(**march, before=Window(utc("2026-02-01T00:00"), utc("2026-03-01T00:00")))
    growth = report(*map(history, rows), of=of).growth
    assert growth is not None
    assert (growth.started.now, growth.started.before, growth.started.change) == (1, 3, Decimal("-66.67"))
    assert (growth.won.now, growth.won.before, growth.won.change) == (1, 1, Decimal("0.00"))
    assert growth.won_value["EUR"].as_dict() == {"now": "600", "before": "500", "change": "20.00"}
    assert report(*map(history, rows)).growth is None


def test_growth_from_nothing_has_no_percentage() -> None:
    of = scope(since=utc("2026-03-01T00:00"), before=Window(utc("2026-02-01T00:00"), utc("2026-03-01T00:00")))
    growth = report(history(deal("03-01", "won", "03-10", amount="600")), of=of).growth
    assert growth is not None
    assert growth.won.change is None
    assert growth.won_value["EUR"].as_dict() == {"now": "600", "before": None, "change": None}
