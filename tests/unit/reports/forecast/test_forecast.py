"""A forecast of small logs, counted by hand."""

from __future__ import annotations

import json
from datetime import UTC, datetime, timedelta
from decimal import Decimal

import jsonschema
import pytest
from past_deals import PROCESS, Visit, deal, definition

from procdef.reports.forecast import Forecast, forecast_of_pasts
from procdef.reports.forecast.pasts import Change, Past
from procdef.reports.forecast.results import Band, CurrencyForecast, Outlook, StageChance

NOW = datetime(2026, 4, 1, tzinfo=UTC)


def forecast(*deals: Past, as_of: datetime = NOW, text: str = PROCESS, months: int = 2, backtest: int = 0) -> Forecast:
    return forecast_of_pasts(deals, [definition(text)], as_of, months, backtest, 0)


def only(found: Forecast) -> CurrencyForecast:
    (currency,) = found.currencies
    return currency


def stage(found: Forecast, name: str) -> StageChance:
    return next(each for each in found.stages if each.stage == name)


def value(outlook: Outlook | None) -> Decimal:
    assert outlook is not None
    assert outlook.value is not None
    return outlook.value.expected


def expected_of_open(found: Forecast) -> list[Decimal]:
    return [value(period.open) for period in only(found).periods]


WON = deal("lead 01-01 talk 01-11 won 02-10", "1000")  # ten days in lead, forty to the win; thirty days in talk
LOST = deal("lead 01-01 talk 01-05 lost 02-01", "700")
OPEN = deal("lead 03-20 talk 03-22", "2000")  # nine and a half days in talk


def test_the_chance_is_over_deals_that_had_been_in_the_stage_and_were_decided() -> None:
    found = forecast(WON, LOST, OPEN)
    assert (found.deals, found.decided) == (3, 2)
    lead, talk, offer = (stage(found, name) for name in ("lead", "talk", "offer"))
    assert (lead.decided, lead.won, lead.declared, lead.chance) == (2, 1, 20, Decimal("25.00"))  # (1 + 2) / 12
    assert (talk.decided, talk.won, talk.declared, talk.chance) == (2, 1, None, Decimal("50.00"))  # (1 + 5) / 12
    assert (offer.decided, offer.won, offer.declared, offer.chance) == (0, 0, 50, Decimal("50.00"))
    assert [each.stage for each in found.stages] == ["lead", "talk", "offer"]
    assert [(each.open, each.times, each.median_days) for each in found.stages] == [(0, 1, 40), (1, 1, 30), (0, 0, None)]


def test_the_win_comes_after_the_remaining_time() -> None:
    """Nine days in talk; one visit is not twenty, so it is as if the deal had just come in: thirty days from now, which is the
    first of May. Half of 2000."""
    assert expected_of_open(forecast(WON, LOST, OPEN)) == [0, 1000]


def test_with_twenty_visits_as_old_the_time_that_is_left_counts() -> None:
    """Twenty-one days are left of thirty."""
    assert expected_of_open(forecast(*[WON] * 20, *[LOST] * 20, OPEN)) == [1000, 0]


@pytest.mark.parametrize(
    ("close", "expected"),
    [
        ("2026-04-01", [1000, 0]),  # today is ahead
        ("2026-05-31", [0, 1000]),
        ("2026-08-01", [0, 0]),  # beyond what is looked at
        ("2026-03-31", [0, 1000]),  # over: the log tells when
    ],
)
def test_a_date_of_closing_that_lies_ahead_is_when_the_win_comes(close: str, expected: list[int]) -> None:
    assert expected_of_open(forecast(WON, LOST, OPEN._replace(closes=[Change("2026-03-20", close)]))) == expected


def test_what_was_known_before_counts_and_nothing_later() -> None:
    """At the beginning of February one deal is lost and one is won in what is then the future; its price was another one."""
    raised = WON._replace(values=[Change("2026-01-01", "400"), Change("2026-02-05", "1000")])
    found = forecast(raised, deal("lead 01-02 lost 01-20"), OPEN, as_of=datetime(2026, 2, 1, tzinfo=UTC))
    assert (found.deals, found.decided) == (2, 1)
    assert (only(found).open, only(found).value) == (1, 400)


def test_a_loss_that_was_taken_back_later_is_a_loss_until_then() -> None:
    back = deal("lead 01-05 lost 01-20 lead 02-20", "10")
    found = [forecast(back, as_of=datetime(2026, month, 1, tzinfo=UTC)) for month in (2, 3)]
    assert [(each.decided, only(each).open) for each in found] == [(1, 0), (0, 1)]


def test_a_deal_that_was_lost_after_the_win_counts_as_lost() -> None:
    fell_through = deal("lead 01-05 won 01-20 lost 02-20", "10")
    found = [forecast(fell_through, as_of=datetime(2026, month, 1, tzinfo=UTC)) for month in (2, 3)]
    assert [(stage(each, "lead").decided, stage(each, "lead").won) for each in found] == [(1, 1), (1, 0)]
    assert [stage(each, "lead").times for each in found] == [1, 0]


def test_deals_after_the_win_are_won_and_not_forecast() -> None:
    assert only(forecast(deal("lead 01-05 won 01-20", "10"))).open == 0


def test_without_a_declared_chance_and_without_a_decision_nothing_is_said() -> None:
    found = forecast(OPEN)
    assert stage(found, "talk").chance is None
    assert only(found).without_chance == 1
    assert [period.open for period in only(found).periods] == [None, None]


def test_where_nothing_was_won_no_month_is_known_but_by_a_date() -> None:
    found = only(forecast(deal("lead 03-01", "500"), deal("lead 03-01 lost 03-05", "1")))
    assert (found.without_time, [period.open for period in found.periods]) == (1, [None, None])
    assert [(total.category, total.expected_deals) for total in found.categories if total.deals] == [
        ("pipeline", Decimal("0.182"))  # (0 + 2) / (1 + 10)
    ]
    dated = forecast(deal("lead 03-01", "500", "2026-04-15"), deal("lead 03-01 lost 03-05", "1"))
    assert expected_of_open(dated) == [Decimal("90.91"), 0]


def test_where_all_was_won_the_declared_chance_still_tempers_it() -> None:
    assert stage(forecast(*[WON] * 10), "lead").chance == Decimal("60.00")  # (10 + 2) / 20


def test_a_deal_without_a_value_is_taken_for_the_mean_of_what_was_won() -> None:
    found = forecast(WON, LOST, deal("lead 03-20 talk 03-22"))
    assert (only(found).without_value, only(found).mean_won, only(found).value) == (1, 1000, 0)
    assert expected_of_open(found) == [0, 500]
    bare = only(forecast(deal("lead 01-01 talk 01-11 won 02-10"), LOST, deal("lead 03-20 talk 03-22")))
    assert (bare.without_value, bare.mean_won) == (1, None)
    assert [value(period.open) for period in bare.periods] == [0, 0]


def test_new_deals_come_at_the_rate_of_the_last_half_year() -> None:
    """Three deals in the 89.5 days since the first; won with a chance of 1/4, forty days after the start, which leaves none of
    April's thirty days and 21 of the 61 until the end of May."""
    found = only(forecast(WON, LOST, OPEN))
    assert found.new_deals == Decimal("1.006")  # 3 / 89.5 * 30
    both = [(period.open, period.with_new) for period in found.periods]
    more = [every.deals.expected - alone.deals.expected for alone, every in both if alone and every]
    assert more == [0, round(Decimal(3 / 89.5 * 0.25 * 21), 3)]
    assert [value(period.with_new) - value(period.open) for period in found.periods] == [
        0, pytest.approx(Decimal(3 / 89.5 * 0.25 * 21 * 1000), abs=Decimal("0.01"))
    ]  # fmt: skip


def test_a_log_of_less_than_thirty_days_has_no_rate() -> None:
    found = only(forecast(deal("lead 03-05 won 03-06", "5"), deal("lead 03-10", "7")))
    assert (found.new_deals, [period.with_new for period in found.periods]) == (None, [None, None])
    assert all(period.open for period in found.periods)


def test_the_rest_of_a_month_stands_beside_what_was_won_in_it() -> None:
    earlier = deal("lead 01-01 won 01-20", "5")
    found = only(forecast(WON, LOST, earlier, deal("lead 02-01", "10"), as_of=datetime(2026, 2, 15, tzinfo=UTC), months=1))
    assert [(period.month, period.whole, period.won_deals, period.won_value) for period in (*found.periods, found.total)] == [
        ("2026-02", False, 1, 1000), ("2026-03", True, 0, 0), ("2026-02/2026-03", False, 1, 1000),
    ]  # fmt: skip
    assert found.next_month().month == "2026-03"


def test_categories_roll_up_and_what_is_omitted_counts_not_at_all() -> None:
    text = PROCESS.replace("title: Talk,", "title: Talk, forecast: omitted,")
    offered = deal("lead 01-01 talk 01-02 offer 03-01", "300")
    found = forecast(WON, LOST, OPEN, offered, deal("lead 03-30", "50"), text=text)
    totals = {total.category: total for total in only(found).categories}
    assert {name: (total.deals, total.value, total.expected_value) for name, total in totals.items()} == {
        "commit": (1, 300, 150),
        "best_case": (0, 0, 0),
        "pipeline": (1, 50, Decimal("12.50")),  # 3/12 of it
        "omitted": (1, 2000, 0),
    }
    assert only(found).open == 2


def test_currencies_are_kept_apart_and_the_newest_comes_first() -> None:
    versions = [definition(), definition(version="2", currency="JPY")]
    in_yen = [deal("lead 01-02 talk 02-01 won 02-20", "90000", version=2), deal("lead 03-20", "1500", version=2)]
    found = forecast_of_pasts([WON, LOST, OPEN, *in_yen], versions, NOW, 2, 0, 0)
    assert [(each.currency, each.open, each.value) for each in found.currencies] == [("JPY", 1, 1500), ("EUR", 1, 2000)]
    yen = value(found.currencies[0].periods[0].with_new)
    assert yen == yen.to_integral_value()
    assert stage(found, "lead").won == 2  # what deals do is the same in both


def test_the_newest_version_says_how_likely_it_is_and_a_dropped_stage_is_asked_of_its_last() -> None:
    newer = PROCESS.replace("version: 1", "version: 2").replace("probability: 20, next: talk", "probability: 35, next: offer")
    newer = "\n".join(line for line in newer.splitlines() if not line.startswith("  talk:")) + "\n"
    found = forecast_of_pasts([WON, LOST, OPEN], [definition(newer), definition()], NOW, 2, 0, 0)
    assert [(each.stage, each.declared) for each in found.stages] == [("lead", 35), ("offer", 50), ("talk", None)]
    assert only(found).open == 1
    assert expected_of_open(found) == [0, 1000]


def test_a_process_without_a_value_is_forecast_in_deals() -> None:
    text = PROCESS.replace("deal: {value: price, close: until}", "deal: {close: until}")
    found = only(forecast(WON, LOST, OPEN, text=text))
    assert (found.value, found.periods[1].open) == (
        None, Outlook(Band(Decimal("0.50"), Decimal(0), Decimal(0), Decimal(1)), None)
    )  # fmt: skip


def test_without_any_deal_there_is_nothing_to_say() -> None:
    found = forecast()
    assert (found.deals, only(found).open, only(found).new_deals, only(found).average) == (0, 0, None, None)
    assert [each.chance for each in found.stages] == [20, None, 50]


@pytest.mark.parametrize("year", [1969, 2101])
def test_a_log_of_another_century_is_forecast_alike(year: int) -> None:
    moved = [_moved(each, year) for each in (WON, LOST, OPEN)]
    assert expected_of_open(forecast(*moved, as_of=NOW.replace(year=year))) == [0, 1000]


def _moved(past: Past, year: int) -> Past:
    def moved(text: str) -> str:
        return f"{year}{text[4:]}"

    visits = [
        Visit(each.stage, moved(each.entered), moved(each.left_at) if each.left_at else None, each.how) for each in past.visits
    ]
    return past._replace(visits=visits, values=[Change(moved(each.since), each.value) for each in past.values])


def test_the_same_seed_gives_the_same_answer_in_whatever_order_deals_come() -> None:
    deals = [deal(f"lead 01-{day:02} talk 02-{day:02} won 03-{day:02}", f"{day * 100}") for day in range(1, 25)]
    deals += [deal(f"lead 03-{day:02} talk 03-{day + 1:02}", f"{day * 70}") for day in range(1, 25)]
    there, back = forecast(*deals, months=3, backtest=6), forecast(*reversed(deals), months=3, backtest=6)
    assert json.dumps(there.as_dict()) == json.dumps(back.as_dict())
    other = forecast_of_pasts(deals, [definition()], NOW, 3, 6, 1)
    assert other.as_dict() != there.as_dict()
    assert [value(each.open) for each in only(other).periods] == [value(each.open) for each in only(there).periods]


def test_the_test_is_of_months_that_began_three_months_after_the_first_deal() -> None:
    """Of April and May; at the beginning of each what was to be known of it then."""
    deals = [deal(f"lead 01-01 won {month:02}-10", "100") for month in (1, 2, 3, 4, 5)]
    found = only(forecast(*deals, as_of=datetime(2026, 6, 10, tzinfo=UTC), backtest=6)).back_test
    assert [month.month for month in found.months] == ["2026-05"]
    (month,) = found.months
    assert (month.deals.actual, month.deals.naive) == (1, 1)  # one a month from February to April
    # At the beginning of May four of four were won: (4 + 2) / 14 for the one in lead, which has been there for 119 days, longer
    # than the others: all four ways count (9, 40, 68 and 99 days), of which the first is shorter than the month. No deal
    # starts in the half year before but these five, in 119.5 days, and the first way leaves 22 of the 31 days.
    new = 5 / 119.5 * 6 / 14 * 22 / 4
    assert month.deals.forecast == round(Decimal(6 / 14 / 4 + new), 3)
    assert month.deals.declared == round(Decimal(0.2 / 4 + 5 / 119.5 * 0.2 * 22 / 4), 3)
    assert (found.asked, found.lacking) == (6, None)
    assert found.deals is not None
    assert (found.deals.naive.mean_absolute, found.deals.naive_was_better) == (0, True)


@pytest.mark.parametrize(
    ("deals", "asked", "lacking"),
    [
        ([WON], 12, "history"),
        ([deal("lead 2025-06-01")], 12, "decisions"),
        ([deal("lead 2025-06-01 won 2025-06-10")], 0, "months"),
        ([], 12, "history"),
    ],
)
def test_where_no_month_can_be_tested_it_says_why(deals: list[Past], asked: int, lacking: str) -> None:
    found = only(forecast(*deals, backtest=asked)).back_test
    assert (found.lacking, found.months, found.deals, found.value) == (lacking, (), None, None)


def test_errors_are_means_over_the_months_and_in_percent_of_what_came() -> None:
    deals = [deal(f"lead 2025-{month:02}-01 won 2025-{month:02}-20", "100") for month in range(1, 13)]
    found = only(forecast(*deals, as_of=datetime(2026, 1, 1, tzinfo=UTC), backtest=3))
    misses, months = found.back_test.value, found.back_test.months
    assert misses is not None
    assert [month.month for month in months] == ["2025-10", "2025-11", "2025-12"]
    errors = [month.value.forecast - month.value.actual for month in months if month.value]
    assert misses.forecast.mean_absolute == round(sum(map(abs, errors), Decimal(0)) / 3, 2)
    assert misses.forecast.bias == round(sum(errors, Decimal(0)) / 3, 2)
    assert misses.forecast.percent == round(100 * sum(map(abs, errors), Decimal(0)) / 300, 1)
    assert (misses.naive.mean_absolute, misses.naive.percent, found.average.value if found.average else None) == (0, 0, 100)


def test_a_month_in_which_nothing_came_has_no_percent() -> None:
    deals = [deal("lead 2025-01-01 won 2025-01-20", "100"), deal("lead 2025-01-01", "5")]
    misses = only(forecast(*deals, as_of=datetime(2026, 1, 1, tzinfo=UTC), backtest=3)).back_test.value
    assert misses is not None
    assert (misses.forecast.percent, misses.naive.percent) == (None, None)


def test_deals_that_are_older_than_any_that_was_won_are_told_and_in_no_month() -> None:
    stale = deal("lead 2025-01-01 talk 2025-01-02", "10")
    found = only(forecast(*[WON] * 20, stale, OPEN))
    assert (found.beyond_times, found.without_time, found.open) == (1, 0, 2)
    assert found.total.open == only(forecast(*[WON] * 20, OPEN)).total.open
    assert only(forecast(WON, stale, OPEN)).beyond_times == 0


def test_json_has_text_for_decimals_and_numbers_for_counts() -> None:
    shown = forecast(WON, LOST, OPEN, backtest=3).as_dict()
    (currency,) = shown["currencies"]
    assert currency["months"][1]["open"] == {
        "deals": {"expected": "0.500", "percentile_10": "0.000", "percentile_50": "0.000", "percentile_90": "1.000"},
        "value": {"expected": "1000.00", "percentile_10": "0.00", "percentile_50": "0.00", "percentile_90": "2000.00"},
    }
    assert shown["stages"][0] == {
        "stage": "lead", "category": "pipeline", "declared": "20.00", "decided": 2, "won": 1, "chance": "25.00", "times": 1,
        "median_days": 40, "open": 0,
    }  # fmt: skip
    assert (shown["as_of"], shown["seed"], shown["draws"]) == ("2026-04-01T00:00:00.000000Z", 0, 10000)
    assert json.loads(json.dumps(shown)) == shown


def test_what_it_hands_out_is_as_its_schema_says() -> None:
    for found in (forecast(WON, LOST, OPEN, backtest=3), forecast(), forecast(WON, as_of=datetime(2027, 1, 1, tzinfo=UTC))):
        jsonschema.validate(found.as_dict(), Forecast.json_schema())


def test_a_deal_started_at_that_very_moment_is_not_known_yet() -> None:
    assert forecast(deal("lead 03-31T23:59"), deal("lead 04-01T00:00")).deals == 1
    assert forecast(deal("lead 04-01T00:00"), as_of=NOW + timedelta(microseconds=1)).deals == 1


def test_a_deal_that_moves_at_that_very_moment_is_where_it_was() -> None:
    stories = ("lead 03-01 talk 04-01T00:00", "lead 03-01 talk 03-02 won 04-01T00:00", "lead 03-01 lost 04-01T00:00")
    found = forecast(*map(deal, stories))
    assert [each.open for each in found.stages] == [2, 1, 0]
    assert (only(found).open, found.decided) == (3, 0)


@pytest.mark.parametrize(("recent", "expected"), [(20, 100), (19, 550)])
def test_a_deal_without_a_value_is_worth_what_twenty_deals_of_the_year_were(recent: int, expected: int) -> None:
    """Nine months ago; with fewer of them all deals that were won count, here as many at 1000 two years ago."""
    late = [deal("lead 2025-06-01 won 2025-07-01", "100")] * recent
    early = [deal("lead 2024-01-01 won 2024-04-01", "1000")] * recent
    assert only(forecast(*late, *early, deal("lead 03-01"))).mean_won == expected
