"""Stages, losses, refusals, waivers and measures, counted by hand."""

from __future__ import annotations

from decimal import Decimal

import pytest
from made_histories import PROCESS, at, deal, gate, history, report, scope, stay

from procdef.errors import LogBroken


def test_a_stage_counts_visits_and_how_they_ended() -> None:
    visits = [
        stay(1, "lead", "01-05", "01-06", "advanced"), stay(2, "offer", "01-06", "01-07", "returned"),
        stay(3, "lead", "01-07", "01-10", "advanced"), stay(4, "offer", "01-10", "01-12", "returned"),
        stay(5, "lead", "01-12", "01-20", "lost"), stay(6, "lead", "02-01"),
    ]  # fmt: skip
    found = report(history(deal(), *visits)).stages["lead"]
    assert (found.entered, found.advanced, found.returned, found.lost, found.finished, found.present) == (4, 2, 0, 1, 0, 1)
    assert (found.time.n, found.time.median_days, found.time.mean_days, found.time.percentile_90_days) == (3, 3.0, 4.0, 8.0)
    assert (found.age.n, found.age.median_days) == (1, 58.5)
    assert (found.forward.n, str(found.forward.percent)) == (3, "66.67")
    assert (found.cohort.entered, found.cohort.went_on) == (1, 1)


def test_the_90th_percentile_is_by_nearest_rank() -> None:
    rows = [history(deal(), stay(1, "lead", "01-01", f"01-{1 + k:02}", "advanced")) for k in range(1, 11)]
    assert report(*rows).stages["lead"].time.percentile_90_days == 9.0
    assert report(*rows[:9]).stages["lead"].time.percentile_90_days == 9.0


def test_working_time_leaves_out_nights_weekends_and_holidays() -> None:
    # From Thursday, 14:00 in Helsinki, to Wednesday, 14:00. Thursday is New Year's Day, and Tuesday the 6th Epiphany.
    found = report(history(deal(), stay(1, "lead", "01-01", "01-07", "advanced"))).stages["lead"].working_time
    assert found is not None
    assert found.median_hours == 2 * 8 + 5  # Friday, Monday, and Wednesday from 9 to 14
    without = scope(PROCESS.replace("calendar: {timezone: Europe/Helsinki, holidays: FI}\n", ""))
    assert report(history(deal()), of=without).stages["lead"].working_time is None


@pytest.mark.parametrize(
    ("entered", "n"), [("1900-01-01", 1), ("0001-01-01", 0), ("2150-01-01", 0), ("9999-12-31", 0), ("2026-01-01", 1)]
)
def test_a_visit_of_a_year_whose_holidays_nobody_knows_has_no_working_time(entered: str, n: int) -> None:
    visit = stay(1, "lead", "01-01", "01-02", "advanced")
    other = visit._replace(entered=f"{entered}T00:00:00.000000Z", left_at=f"{entered}T12:00:00.000000Z")
    found = report(history(deal(), other)).stages["lead"]
    assert (found.time.n, found.working_time and found.working_time.n) == (1, n)


def test_a_stage_that_only_older_versions_had_follows_those_of_the_newest() -> None:
    found = report(history(deal(stage="demo"), stay(1, "demo", "01-05"), stay(2, "offer", "01-06")))
    assert [*found.stages] == ["lead", "offer", "won", "demo"]
    assert (found.stages["demo"].entered, found.stages["lead"].entered) == (1, 0)
    assert found.stages["lead"].time.as_dict() == {
        "n": 0, "median_days": None, "mean_days": None, "percentile_90_days": None, "longest_days": None,
    }  # fmt: skip


def test_a_clock_that_is_behind_makes_no_age_below_nothing() -> None:
    early = scope(now="2026-01-01T00:00:00.000000Z")
    assert report(history(deal(), stay(1, "lead", "01-05")), of=early).stages["lead"].age.median_days == 0.0


@pytest.mark.parametrize(("entered", "left"), [("yesterday", None), ("", None), (at("01-05"), "tomorrow")])
def test_a_time_that_is_none_is_told_by_its_deal(entered: str, left: str | None) -> None:
    visit = stay(1, "lead", "01-05")._replace(entered=entered, left_at=left, how="advanced" if left else None)
    with pytest.raises(LogBroken, match=r"deal:1: the time '.*' cannot be read"):
        report(history(deal(), visit))


def test_losses_are_told_by_reason_and_stage_with_what_they_were_worth() -> None:
    rows = [
        deal("01-05", "lost", "02-01", amount="100", stage="offer"), deal("01-05", "lost", "02-02", stage="lead"),
        deal("01-05", "lost", "02-03", amount="7", reason="no_need"), deal("01-05", "won", "02-03", amount="9"),
    ]  # fmt: skip
    found = report(*map(history, rows)).as_dict()["losses"]
    assert [*found] == ["price", "no_need"]
    assert found["price"] == {
        "deals": 2, "value": {"EUR": "100"},
        "stages": {"lead": {"deals": 1, "value": {}}, "offer": {"deals": 1, "value": {"EUR": "100"}}},
    }  # fmt: skip


ON = stay(1, "lead", "01-05", "01-20", "advanced")


@pytest.mark.parametrize(
    ("met", "length", "rows"),
    [
        (1, 5.0, [gate(1, "01-15"), gate(2, "01-18"), ON]),
        (0, None, [gate(1, "01-15"), gate(2, "01-20", result="waived"), ON]),
        (1, 5.0, [gate(1, "01-15"), gate(2, "01-20", "lead.other", result="waived"), ON]),
        (0, None, [gate(1, "01-21"), ON]),
        (1, 0.0, [gate(1, "01-20"), ON]),
        (0, None, [gate(1, "01-15"), stay(1, "lead", "01-05", "01-20", "lost")]),
        (1, 5.0, [gate(1, "01-15", "offer.fits"), ON, stay(2, "offer", "01-20")]),
        (0, None, [gate(1, "01-15", "offer.fits"), ON, stay(2, "won", "01-20")]),
        (1, 15.0, [gate(1, "01-05", "price"), ON]),
        (1, 5.0, [gate(1, "01-15", "offer.fits"), gate(2, "01-20", "lead.fits", result="waived"), ON,
                  stay(2, "offer", "01-20")]),
        (1, 5.0, [gate(1, "01-15"), ON._replace(stage="first")]),
        (0, None, [gate(1, "01-15", "lead.fit"), gate(2, "01-20", "first.fit", result="waived"), ON._replace(stage="first")]),
        (0, None, [gate(1, "01-15"), ON._replace(stage="first", how="returned"),
                   stay(2, "lower", "01-20", "02-02", "advanced")]),
    ],
    ids=["later", "waived", "another waived", "before it", "then", "never", "came into its stage", "went elsewhere", "a field",
         "another stage's waived",
         "its stage has another id now", "and was waived", "and was left back"],
)
def test_what_was_unmet_is_met_once_the_deal_is_past_it_without_a_waiver(met: int, length: float | None, rows: list) -> None:
    (found,) = [each for each in report(history(deal(), *rows)).refusals.values() if each.deals]
    assert (found.deals, found.met_later, found.days_to_success.median_days) == (1, met, length)


def test_what_stopped_most_deals_stands_first() -> None:
    often = history(deal(), *[gate(k, "01-15", "lead.often") for k in range(1, 5)])
    wide = [history(deal(), gate(1, "01-15", "lead.wide", code=code)) for code in ("action-open", "four-eyes")]
    found = report(often, *wide).refusals
    assert [(name, each.times, each.deals, each.codes) for name, each in found.items()] == [
        ("lead.wide", 2, 2, {"action-open": 1, "four-eyes": 1}),
        ("lead.often", 4, 1, {"action-open": 4}),
    ]
    assert report(often, of=scope(since=at("01-16"))).refusals == {}


def test_waivers_count_moves_and_deals() -> None:
    days = (("01-15", "lead.fits"), ("02-15", "lead.fits"), ("02-15", "lead.x"))
    rows = [gate(k, day, item, "waived") for k, (day, item) in enumerate(days)]
    found = report(history(deal(), *rows), history(deal(), rows[0])).waivers
    assert [(name, each.times, each.deals) for name, each in found.items()] == [("lead.fits", 3, 2), ("lead.x", 1, 1)]


@pytest.mark.parametrize(
    ("aggregate", "over", "value"),
    [
        ("mean", "closed", "15.0000"), ("median", "closed", "15.0000"), ("sum", "closed", "30"), ("min", "closed", "10"),
        ("max", "closed", "20"), ("count", "closed", "2"), ("sum", "won", "10"), ("sum", "lost", "20"),
        ("sum", "started", "37"), ("mean", "offered", None), ("count", "offered", "0"),
    ],
)  # fmt: skip
def test_a_measure_is_taken_over_the_deals_that_it_is_declared_for(aggregate: str, over: str, value: str | None) -> None:
    measures = f"measures: {{seats: {{field: seats, aggregate: {aggregate}, over: {over}}}}}"
    lines = [measures if line.startswith("measures:") else line for line in PROCESS.splitlines()]
    rows = [
        deal("01-05", "won", "02-01", values=("10",)), deal("01-05", "lost", "02-01", values=("20",)),
        deal(values=("7",)), deal("01-05", "won", "02-01", values=(None,)), deal("01-05", "won", "02-01", values=('"x"',)),
    ]  # fmt: skip
    found = report(*map(history, rows), of=scope("\n".join(lines))).as_dict()["measures"]["seats"]
    extra = aggregate == "count" and over == "closed"
    assert found["value"] == ("3" if extra else value)  # what is no number is counted where all that counts is that it is there


def test_a_measure_of_money_is_by_currency() -> None:
    rows = [deal("01-05", "won", "02-01", values=(None, '"10.5"')), deal("01-05", "lost", "02-01", values=(None, '"20"'))]
    found = report(*map(history, rows)).measures["mean_price"]
    assert (found.n, found.value, found.money) == (2, None, {"EUR": Decimal("15.25")})


def test_a_measure_of_a_personal_field_is_left_out() -> None:
    private = scope(PROCESS.replace("seats: {type: integer}", "seats: {type: integer, personal: true}"))
    assert [*report(history(deal()), of=private).measures] == ["mean_price"]
