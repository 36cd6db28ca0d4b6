"""The report's figures, each against rows counted by hand."""

from __future__ import annotations

from decimal import Decimal

import pytest

from procdef.errors import LogBroken
from procdef.render.report import Named, percent, report_text
from procdef.reports import Report
from procdef.reports.funnel import funnel
from procdef.reports.obstacles import obstacles
from procdef.reports.results import results
from procdef.store.rows import DealRow, GateRow, StayRow

EARLY, LATE = "2026-01-01T00:00:00.000000Z", "2026-03-01T00:00:00.000000Z"


def stay(k: int, days: int | None, how: str | None, entered: str = EARLY) -> StayRow:
    left = None if days is None else f"2026-01-{1 + days:02}T00:00:00.000000Z"
    return StayRow("deal:x", k, "lead", entered, left, how, None)


def deal(
    outcome: str, *, offered: bool = False, amount: str | None = None, reason: str | None = None, version: int = 1
) -> DealRow:
    won = EARLY if outcome == "won" else None
    lost = EARLY if outcome == "lost" else None
    return DealRow(
        "deal:x", "X", "p", version, "lead", "open", outcome, "maija", EARLY, EARLY, None, amount, None,
        EARLY if offered else None, won, lost, None, reason, EARLY, 1, "", 1, b"",
    )  # fmt: skip


def test_a_funnel_counts_visits_and_how_they_ended() -> None:
    (figures,) = funnel(
        [stay(1, 1, "advanced"), stay(2, 3, "returned"), stay(3, 8, "lost"), stay(4, None, None)], ["lead"], LATE, None, None
    )
    assert (figures.entered, figures.advanced, figures.returned, figures.lost, figures.finished) == (4, 1, 1, 1, 0)
    assert (figures.median, figures.mean, figures.percentile90) == (3.0, 4.0, 8.0)
    assert figures.conversion == pytest.approx(100 / 3)


def test_the_90th_percentile_is_by_nearest_rank() -> None:
    (figures,) = funnel([stay(k, k, "advanced") for k in range(1, 11)], ["lead"], LATE, None, None)
    assert figures.percentile90 == 9.0


def test_a_stage_without_visits_has_no_times() -> None:
    (figures,) = funnel([], ["lead"], LATE, None, None)
    assert (figures.entered, figures.median, figures.conversion) == (0, None, None)


@pytest.mark.parametrize(
    ("expected", "won", "lost"), [("n/a", 0, 0), ("0.00 %", 0, 2), ("100.00 %", 1, 0), ("33.33 %", 1, 2)]
)
def test_the_hit_rate_is_won_offers_in_percent_of_won_and_lost_offers(expected: str, won: int, lost: int) -> None:
    rows = [deal("won", offered=True)] * won + [deal("lost", offered=True)] * lost + [deal("lost"), deal("won")]
    assert percent(results(rows, {1: "EUR"}, None, None).hit_rate) == expected


def test_the_win_rate_is_over_all_closed_deals_and_open_ones_do_not_count() -> None:
    found = results([deal("won", amount="10.50"), deal("lost", reason="price"), deal("open")], {1: "EUR"}, None, None)
    assert (found.win_rate, found.won_value, found.lost_reasons) == (Decimal(50), {"EUR": Decimal("10.50")}, {"price": 1})
    assert (found.started, found.open) == (3, 1)


def test_what_was_won_is_added_up_in_each_currency_by_itself() -> None:
    deals = [deal("won", amount=amount, version=version) for amount, version in (("100", 1), ("15000", 2), ("5", 3), ("1", 4))]
    found = results([*deals, deal("won")], {1: "EUR", 2: "JPY", 3: "EUR"}, None, None)
    assert found.won_value == {"EUR": Decimal(105), "JPY": Decimal(15000), "": Decimal(1)}
    report = Report("p", None, None, (), found, obstacles([], None, None))
    assert "won value 105 EUR, 15000 JPY, 1" in report_text(report, Named({}, {}), "JPY").splitlines()
    shown = report.as_dict()
    assert (shown["won_value"], shown["won_value_by_currency"]) == (None, {"EUR": "105", "JPY": "15000", "": "1"})


@pytest.mark.parametrize(("amounts", "expected"), [([], "0"), (["10.50"], "10.50"), (["10.50", "2"], "12.50")])
def test_what_was_won_in_one_currency_is_one_figure(amounts: list[str], expected: str) -> None:
    found = results([deal("won", amount=amount) for amount in amounts], {1: "EUR"}, None, None)
    report = Report("p", None, None, (), found, obstacles([], None, None))
    assert (report.as_dict()["won_value"], f"won value {expected} EUR" in report_text(report, Named({}, {}), "EUR")) == (
        expected, True
    )  # fmt: skip


def test_deals_that_are_still_in_a_stage_are_told_beside_those_that_left_it() -> None:
    stuck = [stay(k, None, None, f"2026-01-0{k}T00:00:00.000000Z") for k in (1, 2, 4)]
    (figures,) = funnel([stay(9, 1, "advanced"), *stuck], ["lead"], LATE, None, None)
    assert (figures.entered, figures.median, figures.present) == (4, 1.0, 3)
    assert (figures.median_age, figures.longest_age) == (58.0, 59.0)
    report = Report("p", None, None, (figures,), results([], {}, None, None), obstacles([], None, None))
    (stage,) = report.as_dict()["stages"]
    assert (stage["present"], stage["median_age_days"], stage["longest_age_days"]) == (3, 58.0, 59.0)
    line = next(line for line in report_text(report, Named({}, {}), None).splitlines() if "59.00" in line)
    assert line.split() == ["lead", "3", "58.00", "59.00"]


def test_a_clock_that_is_behind_makes_no_age_below_nothing() -> None:
    (figures,) = funnel([stay(1, None, None, LATE)], ["lead"], EARLY, None, None)
    assert (figures.median_age, figures.longest_age) == (0.0, 0.0)


def test_a_period_leaves_out_what_happened_outside_it() -> None:
    assert results([deal("won")], {1: "EUR"}, LATE, None).won == 0
    assert results([deal("won")], {1: "EUR"}, None, EARLY).won == 0
    (figures,) = funnel([stay(1, 1, "advanced")], ["lead"], LATE, LATE, None)
    assert figures.entered == 0


@pytest.mark.parametrize(("expected", "kinds"), [([], 15), (["and 7 more; `procdef report --format json` lists them all"], 22)])
def test_a_report_says_how_many_obstacles_it_leaves_out(expected: list[str], kinds: int) -> None:
    gates = [
        GateRow("deal:x", 1, n, "p", 1, "lead", EARLY, "advance", f"lead.a{n}", "action-open", "unmet") for n in range(kinds)
    ]
    found = Report("p", None, None, (), results([], {1: "EUR"}, None, None), obstacles(gates, None, None))
    lines = report_text(found, Named({}, {}), None).splitlines()
    assert sum(line.endswith("was not done") for line in lines) == 15
    assert expected == lines[lines.index("refused because") + 16 :]


def test_obstacles_count_what_was_unmet_and_what_was_waived() -> None:
    def gate(k: int, item: str, result: str) -> GateRow:
        return GateRow("deal:x", 1, k, "p", 1, "lead", EARLY, "advance", item, "criterion-unmet", result)

    found = obstacles(
        [gate(1, "a", "unmet"), gate(2, "b", "unmet"), gate(3, "b", "unmet"), gate(4, "c", "waived")], None, None
    )
    assert found.unmet == (("b", "criterion-unmet", 2), ("a", "criterion-unmet", 1))
    assert found.waived == (("c", 1),)


@pytest.mark.parametrize(("entered", "left"), [("yesterday", None), ("", None), (EARLY, "tomorrow")])
def test_a_time_that_is_none_is_told_by_its_stay(entered: str, left: str | None) -> None:
    row = StayRow("deal:x", 2, "lead", entered, left, None if left is None else "advanced", None)
    with pytest.raises(LogBroken, match="deal:x: the times of stay 2 cannot be read"):
        funnel([row], ["lead"], LATE, None, None)
