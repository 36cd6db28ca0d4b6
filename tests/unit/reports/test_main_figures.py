"""What became of deals, counted by hand."""

from __future__ import annotations

from decimal import Decimal

import pytest
from made_histories import NOW, PROCESS, at, deal, history, report, scope, stay

from procdef import load
from procdef.errors import LogBroken
from procdef.reports.scope import scope_of
from procdef.store.rows import DealFactsRow

MARCH = {"since": at("03-01"), "until": at("04-01")}


@pytest.mark.parametrize(
    ("expected", "low", "high", "won", "lost"),
    [
        (None, None, None, 0, 0),
        ("0.00", "0.00", "65.76", 0, 2),
        ("100.00", "20.65", "100.00", 1, 0),
        ("33.33", "6.15", "79.23", 1, 2),
        ("50.00", "23.66", "76.34", 5, 5),
    ],
)
def test_the_hit_rate_is_won_offers_in_percent_of_won_and_lost_offers_with_wilsons_interval(
    expected: str | None, low: str | None, high: str | None, won: int, lost: int
) -> None:
    offered = [deal("01-05", outcome, "02-01", offered=at("01-20")) for outcome in ["won"] * won + ["lost"] * lost]
    others = [deal("01-05", "won", "02-01"), deal("01-05", "lost", "02-01"), deal(offered=at("01-20"))]
    found = report(*map(history, [*offered, *others])).main
    assert found.hit_rate.as_dict() == {"percent": expected, "n": won + lost, "low": low, "high": high}
    assert found.win_rate.n == won + lost + 2
    assert (found.offers.made, found.offers.won, found.offers.lost) == (won + lost + 1, won, lost)


@pytest.mark.parametrize(
    ("expected", "row"),
    [
        ((1, 1, 0, 0, 0), deal("03-05", "won", "04-02")),
        ((1, 0, 1, 0, 0), deal("03-01", "won", "03-31")),
        ((0, 0, 0, 0, 0), deal("04-01", "open")),
        ((0, 1, 0, 0, 0), deal("01-05", "open")),
        ((0, 0, 1, 0, 1), deal("01-05", "won", "03-10", finished=at("03-20"), mode="done")),
        ((0, 0, 0, 1, 0), deal("01-05", "lost", "03-10", won=at("02-01"))),
    ],
    ids=["won later", "both ends", "after it", "open since before", "finished", "lost after the win"],
)
def test_a_period_has_its_first_moment_and_not_its_end(expected: tuple[int, ...], row: DealFactsRow) -> None:
    found = report(history(row), of=scope(**MARCH)).main.deals
    assert (found.started, found.open, found.won, found.lost, found.finished) == expected


def test_what_was_lost_at_the_end_of_the_period_and_taken_up_later_was_not_open() -> None:
    visits = [stay(1, "lead", "01-05", "02-20", "lost"), stay(2, "lead", "03-10")]
    taken_up = history(deal("01-05"), *visits)
    assert [report(taken_up, of=scope(until=at(day))).main.deals.open for day in ("02-20", "03-01", "03-11")] == [1, 0, 1]
    assert report(taken_up).main.deals.open == 1


def test_money_is_of_its_currency_and_means_are_rounded_to_its_decimals() -> None:
    versions = [PROCESS, PROCESS.replace("version: 1", "version: 2").replace("currency: EUR", "currency: JPY")]
    of = scope_of(map(load, versions), NOW)
    amounts = [("100", 1), ("50.5", 1), ("15000", 2), ("15001", 2)]
    won = [history(deal("01-05", "won", "01-15", amount=amount, version=version)) for amount, version in amounts]
    found = report(*won, history(deal("01-05", "won", "01-15", version=2)), of=of).main
    money = {name: (each.n, each.won_value, each.mean, each.median) for name, each in found.money.items()}
    assert money == {
        "JPY": (2, Decimal(30001), Decimal(15001), Decimal(15001)),
        "EUR": (2, Decimal("150.5"), Decimal("75.25"), Decimal("75.25")),
    }
    assert found.as_dict()["money"]["EUR"]["won_value"] == "150.5"


def test_where_nothing_was_won_there_is_no_value_rather_than_0() -> None:
    (money,) = report(history(deal())).main.money.values()
    assert (money.n, money.won_value, money.mean, money.median, money.expected, money.velocity) == (0, *[None] * 5)


def test_velocity_is_open_deals_x_win_rate_x_mean_value_by_the_median_days_to_a_win() -> None:
    won = [history(deal("01-05", "won", day, amount=value)) for day, value in (("01-15", "100"), ("01-25", "200"))]
    lost, still = history(deal("01-05", "lost", "02-01")), [history(deal()), history(deal()), history(deal())]
    found = report(*won, lost, *still).main
    assert (found.cycle.n, found.cycle.median_days, found.cycle.percentile_90_days) == (2, 15.0, 20.0)
    assert found.money["EUR"].velocity == Decimal("20.00")  # 3 x 2/3 x 150 / 15


def test_an_offer_is_worth_the_hit_rate_x_the_mean_value_of_the_offers_won() -> None:
    rows = [deal("01-05", "won", "02-01", amount="300", offered=at("01-10")), deal("01-05", "won", "02-01", amount="9000")]
    lost = [deal("01-05", "lost", "02-01", amount="50", offered=at("01-10"))] * 2
    assert report(*map(history, [*rows, *lost])).main.money["EUR"].expected == Decimal("100.00")


def test_overdue_and_idle_are_of_the_deals_that_are_under_way_now() -> None:
    rows = [
        deal(due=at("03-31"), active=at("03-01")),
        deal(due=at("04-02"), active=at("03-03")),
        deal("01-05", "won", "02-01", due=at("03-01"), active=at("03-31")),
        deal("01-05", "lost", "02-01", due=None),
    ]
    found = report(*map(history, rows)).main.deals
    assert (found.under_way, found.overdue, found.idle) == (3, 2, 1)
    assert report(*map(history, rows), of=scope(idle_days=60)).main.deals.idle == 0


@pytest.mark.parametrize("amount", ["much", "NaN", "Infinity", ""])
def test_a_value_that_is_no_number_is_told_by_its_deal(amount: str) -> None:
    for row in (deal("01-05", "won", "02-01", amount=amount), deal("01-05", "lost", "02-01", amount=amount)):
        with pytest.raises(LogBroken, match=r"deal:1: the value '.*' cannot be read"):
            report(history(row))
