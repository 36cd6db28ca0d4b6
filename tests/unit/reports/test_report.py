"""The report's figures, each against rows counted by hand."""

from __future__ import annotations

from decimal import Decimal

import pytest

from procdef.render.report import Named, percent, report_text
from procdef.reports import Report
from procdef.reports.funnel import funnel
from procdef.reports.obstacles import obstacles
from procdef.reports.results import results
from procdef.store.rows import DealRow, GateRow, StayRow

EARLY, LATE = "2026-01-01T00:00:00.000000Z", "2026-03-01T00:00:00.000000Z"


def stay(k: int, days: int | None, how: str | None, entered: str = EARLY) -> StayRow:
    left = None if days is None else f"2026-01-{1 + days:02}T00:00:00.000000Z"
    return StayRow("deal:x", k, "lead", entered, left, how)


def deal(outcome: str, *, offered: bool = False, amount: str | None = None, reason: str | None = None) -> DealRow:
    won = EARLY if outcome == "won" else None
    lost = EARLY if outcome == "lost" else None
    return DealRow(
        "deal:x", "X", "p", 1, "lead", "open", outcome, "maija", EARLY, EARLY, None, amount, None,
        EARLY if offered else None, won, lost, None, reason, 1, "", 1, b"",
    )  # fmt: skip


def test_a_funnel_counts_visits_and_how_they_ended() -> None:
    (figures,) = funnel(
        [stay(1, 1, "advanced"), stay(2, 3, "returned"), stay(3, 8, "lost"), stay(4, None, None)], ["lead"], None, None
    )
    assert (figures.entered, figures.advanced, figures.returned, figures.lost, figures.finished) == (4, 1, 1, 1, 0)
    assert (figures.median, figures.mean, figures.percentile90) == (3.0, 4.0, 8.0)
    assert figures.conversion == pytest.approx(100 / 3)


def test_the_90th_percentile_is_by_nearest_rank() -> None:
    (figures,) = funnel([stay(k, k, "advanced") for k in range(1, 11)], ["lead"], None, None)
    assert figures.percentile90 == 9.0


def test_a_stage_without_visits_has_no_times() -> None:
    (figures,) = funnel([], ["lead"], None, None)
    assert (figures.entered, figures.median, figures.conversion) == (0, None, None)


@pytest.mark.parametrize(
    ("expected", "won", "lost"), [("n/a", 0, 0), ("0.00 %", 0, 2), ("100.00 %", 1, 0), ("33.33 %", 1, 2)]
)
def test_the_hit_rate_is_won_offers_in_percent_of_won_and_lost_offers(expected: str, won: int, lost: int) -> None:
    rows = [deal("won", offered=True)] * won + [deal("lost", offered=True)] * lost + [deal("lost"), deal("won")]
    assert percent(results(rows, None, None).hit_rate) == expected


def test_the_win_rate_is_over_all_closed_deals_and_open_ones_do_not_count() -> None:
    found = results([deal("won", amount="10.50"), deal("lost", reason="price"), deal("open")], None, None)
    assert (found.win_rate, found.won_value, found.lost_reasons) == (Decimal(50), Decimal("10.50"), {"price": 1})
    assert (found.started, found.open) == (3, 1)


def test_a_period_leaves_out_what_happened_outside_it() -> None:
    assert results([deal("won")], LATE, None).won == 0
    assert results([deal("won")], None, EARLY).won == 0
    (figures,) = funnel([stay(1, 1, "advanced")], ["lead"], LATE, None)
    assert figures.entered == 0


@pytest.mark.parametrize(("expected", "kinds"), [([], 15), (["and 7 more; `procdef report --json` lists them all"], 22)])
def test_a_report_says_how_many_obstacles_it_leaves_out(expected: list[str], kinds: int) -> None:
    gates = [
        GateRow("deal:x", 1, n, "p", 1, "lead", EARLY, "advance", f"lead.a{n}", "action-open", "unmet") for n in range(kinds)
    ]
    found = Report("p", None, None, (), results([], None, None), obstacles(gates, None, None))
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
