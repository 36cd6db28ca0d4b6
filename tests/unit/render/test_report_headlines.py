"""What a report begins with on a terminal: each goal with the days that it is measured over, and whether it was reached."""

from __future__ import annotations

from dataclasses import replace
from datetime import UTC, datetime
from decimal import Decimal
from pathlib import Path

import pytest

from procdef import Actor, Engine, load, open_store
from procdef.render.report_headlines import headlines
from procdef.reports import Report, report
from procdef.reports.report import Change, Goal, Growth

ROOT = Path(__file__).parents[3]
QUARTER = "2025-06-30T21:00:00.000000Z", "2025-09-30T21:00:00.000000Z"


@pytest.fixture(scope="module")
def empty() -> Report:
    engine = Engine(open_store("memory:"))
    engine.publish(load(ROOT / "processes" / "b2b-sales.yaml"), by=Actor("jaana", roles={"manager"}))
    return report(engine, "b2b-sales", now=datetime(2025, 9, 10, tzinfo=UTC))


def shown(told: Report) -> str:
    return "\n".join(line for block in headlines(told, {}, {}, 200) for line in block)


@pytest.mark.parametrize(
    ("share", "gone", "on_track", "said"),
    [
        ("50", "77.17", False, "a quarter (2025-07-01 to 2025-09-30): 50 % of it, 77.17 % of the time gone, BEHIND"),
        ("80", "77.17", True, "a quarter (2025-07-01 to 2025-09-30): 80 % of it, 77.17 % of the time gone, on track"),
        ("133.33", "77.17", True, "77.17 % of the time gone, reached"),
        ("99", "100.00", False, "100.00 % of the time gone, MISSED"),
    ],
)
def test_a_goal_says_which_days_it_is_measured_over_and_how_it_stands(
    share: str, gone: str, on_track: bool, said: str, empty: Report
) -> None:
    goal = Goal(Decimal(share), Decimal(100), None, "quarter", *QUARTER, 6, Decimal(share), Decimal(gone), on_track)
    assert said in shown(replace(empty, goals={"won_deals": goal}))


@pytest.mark.parametrize(("on_track", "said"), [(True, "120 % of it, on track"), (False, "120 % of it, BEHIND")])
def test_a_rate_has_no_days_of_its_own(on_track: bool, said: str, empty: Report) -> None:
    goal = Goal(Decimal(60), Decimal(50), None, None, None, None, 10, Decimal(120), None, on_track)
    assert f"hit rate  60 of 50 %: {said}" in shown(replace(empty, goals={"hit_rate": goal}))


def test_the_period_before_is_named(empty: Report) -> None:
    change = Change(36, 58, Decimal("-37.93"))
    told = replace(empty, growth=Growth("2025-04-20T21:00:00.000000Z", "2025-06-30T21:00:00.000000Z", change, change, {}))
    assert "beside the period before (2025-04-21 to 2025-06-30)" in shown(told)


def test_the_period_before_ends_before_a_day_whose_first_hour_the_clocks_skip(empty: Report) -> None:
    change = Change(36, 58, Decimal("-37.93"))
    growth = Growth("2026-04-16T22:00:00.000000Z", "2026-04-23T22:00:00.000000Z", change, change, {})
    told = replace(empty, timezone="Africa/Cairo", growth=growth)
    assert "beside the period before (2026-04-17 to 2026-04-23)" in shown(told)


@pytest.mark.parametrize(("idle", "said"), [(44, True), (43, False), (0, False)])
def test_that_no_open_deal_had_a_step_is_told_before_where_deals_stall(idle: int, said: bool, empty: Report) -> None:
    main = replace(empty.main, deals=replace(empty.main.deals, open=44, idle=idle))
    assert ("no open deal had a step for 30 days" in shown(replace(empty, main=main))) is said


def test_one_day_without_a_step_is_told_in_the_singular(empty: Report) -> None:
    assert " idle for 1 day\n" in shown(replace(empty, idle_days=1))
