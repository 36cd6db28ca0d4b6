"""What was done, objected to and put off, counted by hand."""

from __future__ import annotations

from decimal import Decimal

import pytest
from made_histories import at, deal, history, report, scope, stay

from procdef.render.report_activity import activity_tables
from procdef.reports.history import History
from procdef.reports.report import Report
from procdef.store.rows import ActivityFactsRow, DealFactsRow, StayRow

PROCESS = """
procdef: 1
id: small
version: 1
title: Small
languages: [en]
currency: EUR
roles: {seller: {title: Seller}}
fields: {price: {type: money}, by_when: {type: date}}
deal: {value: price, close: by_when}
lost: {reasons: {price: Too dear}}
stages:
  lead:
    title: Lead
    start: true
    owner: seller
    required_actions: {call: {title: Call, ways: {phone: By telephone, visit: On site}}}
    next: offer
  offer:
    title: Offer
    owner: seller
    optional_actions: {send: {title: Send, milestone: offer}, agree: {title: Agree, decision: true}}
    playbook: {objections: {dear: {concern: Too dear, answer: Look}, late: {concern: Too late, answer: Now}}}
    next: won
  won: {title: Won, owner: seller, outcome: won}
"""
MARCH = {"since": at("03-01"), "until": at("04-01")}


def row(n: int, day: str, kind: str, item: str, detail: str | None = None) -> ActivityFactsRow:
    return ActivityFactsRow("deal:1", n, at(day), kind, item, detail)


def counted(*histories: History, **period: str) -> Report:
    return report(*histories, of=scope(PROCESS, **period))


def done(of: DealFactsRow, *rows: ActivityFactsRow | StayRow) -> History:
    stays = [each for each in rows if isinstance(each, StayRow)]
    return history(of, *stays)._replace(activities=[each for each in rows if isinstance(each, ActivityFactsRow)])


def test_completions_are_counted_by_action_and_way_and_notes_by_kind() -> None:
    one = done(
        deal(), row(1, "02-28", "done", "lead.call", "phone"), row(2, "03-01", "done", "lead.call", "phone"),
        row(3, "03-02", "done", "lead.call", "visit"), row(4, "03-03", "done", "offer.send"), row(5, "03-04", "note", "call"),
        row(6, "03-05", "note", ""), row(7, "04-01", "note", "call"),
    )  # fmt: skip
    other = done(deal(), row(1, "03-09", "done", "lead.call", "visit"), row(2, "03-10", "done", "offer.agree", "reject"))
    found = counted(one, other, done(deal()), **MARCH).activity
    assert found is not None
    assert found.as_dict() == {
        "actions": {
            "lead.call": {"times": 3, "deals": 2, "ways": {"visit": 2, "phone": 1}},
            "offer.send": {"times": 1, "deals": 1, "ways": {}},
            "offer.agree": {"times": 1, "deals": 1, "ways": {"reject": 1}},
        },
        "notes": {"call": {"times": 1, "deals": 1}, "other": {"times": 1, "deals": 1}},
    }


def test_an_objection_is_told_with_the_deals_that_met_it_and_beside_all_that_were_there() -> None:
    there = stay(1, "offer", "03-05")
    histories = [
        done(deal(outcome="won", decided="03-20"), there, row(1, "03-06", "note", "call", "dear")),
        done(
            deal(outcome="lost", decided="03-20"), there,
            row(1, "03-06", "note", "call", "dear"), row(2, "03-07", "note", "", "dear"),
        ),
        done(deal(), there, row(1, "03-06", "note", "call", "dear")),
        done(deal(outcome="won", decided="03-20"), there),
        done(deal(outcome="won", decided="02-20"), stay(1, "offer", "02-01", "02-20", "advanced")),
        done(deal(), stay(1, "lead", "03-05"), row(1, "03-06", "note", "", "of_before")),
    ]  # fmt: skip
    found = counted(*histories, **MARCH).objections
    assert found is not None
    assert list(found) == ["dear", "late", "of_before"]
    assert (found["late"].times, found["late"].met.deals, found["late"].beside.deals) == (0, 0, 4)
    dear = found["dear"]
    assert (dear.times, dear.met.deals, dear.met.closed, dear.met.won) == (4, 3, 2, 1)
    assert (dear.beside.deals, dear.beside.closed, dear.beside.won) == (4, 3, 2)
    assert (dear.met.win_rate.percent, dear.beside.win_rate.percent) == (Decimal("50.00"), Decimal("66.67"))
    assert (found["of_before"].met.deals, found["of_before"].beside.deals) == (1, 1)


@pytest.mark.parametrize(
    ("expected", "days"),
    [
        ((0, 0, 0, None), []),
        ((1, 0, 0, None), ["2026-05-01"]),
        ((1, 1, 1, 30.0), ["2026-05-01", "2026-05-31"]),
        ((1, 1, 2, 31.0), ["2026-05-01", "2026-05-31", "2026-05-20", "2026-05-21"]),
        ((1, 0, 0, None), ["2026-05-31", "2026-05-01"]),
        ((1, 1, 1, 1.0), ["2026-05-01", None, "2026-05-02"]),
    ],
)
def test_a_day_of_closing_that_was_put_off(expected: tuple[int, int, int, float | None], days: list[str | None]) -> None:
    rows = [row(n, f"03-{n:02}", "close", "by_when", day) for n, day in enumerate(days, 1)]
    found = counted(done(deal(), *rows)).slippage
    assert found is not None
    close = found.close
    assert (close.deals, close.later, close.times, close.days.median_days) == expected


@pytest.mark.parametrize(
    ("expected", "values"),
    [
        ((0, 0, 0), []),
        ((1, 0, 0), [("03-01", "100")]),
        ((1, 0, 1), [("03-01", "100"), ("03-20", "80")]),
        ((1, 1, 0), [("03-01", "100"), ("03-10", "120"), ("03-20", "150")]),
        ((1, 0, 0), [("03-10", "100"), ("03-20", "150"), ("03-21", "100.00")]),
        ((0, 0, 0), [("03-11", "100"), ("03-20", "150")]),
        ((0, 0, 0), [("03-01", "100"), ("03-20", None)]),
    ],
    ids=["none", "as it was", "lower", "higher than at the offer", "as at the offer", "none at the offer", "none now"],
)
def test_a_value_that_changed_since_the_first_offer(
    expected: tuple[int, int, int], values: list[tuple[str, str | None]]
) -> None:
    rows = [row(n, day, "value", "price", value) for n, (day, value) in enumerate(values, 1)]
    found = counted(done(deal(offered=at("03-10")), *rows)).slippage
    assert found is not None
    assert (found.value.deals, found.value.up, found.value.down) == expected
    moved = {"EUR": (Decimal(30), Decimal(0))} if expected[1] else {"EUR": (Decimal(0), Decimal(20))} if expected[2] else {}
    assert {currency: (each.up, each.down) for currency, each in found.value.money.items()} == moved


def test_slippage_is_of_deals_that_were_open_at_the_end_of_the_period_or_won_in_it() -> None:
    rows = [row(1, "02-01", "close", "by_when", "2026-05-01"), row(2, "03-02", "close", "by_when", "2026-05-31")]
    later = row(3, "04-01", "close", "by_when", "2026-07-01")
    deals = [
        deal(), deal(outcome="won", decided="03-20"), deal(outcome="won", decided="02-20"),
        deal(outcome="lost", decided="03-20"),
    ]  # fmt: skip
    found = counted(*(done(each, *rows, later) for each in deals), **MARCH).slippage
    assert found is not None
    assert (found.close.later, found.close.times) == (2, 2)


@pytest.mark.parametrize("width", [50, 60, 100])
def test_what_was_done_fits_the_terminal(width: int) -> None:
    there = stay(1, "offer", "03-05")
    whole = done(
        deal(offered=at("03-02")), there, row(1, "03-01", "value", "price", "1000"), row(2, "03-03", "value", "price", "900"),
        row(3, "03-03", "close", "by_when", "2026-05-01"), row(4, "03-04", "close", "by_when", "2026-06-30"),
        row(5, "03-05", "done", "lead.call", "phone"), row(6, "03-06", "done", "lead.call", "visit"),
        row(7, "03-07", "note", "meeting", "dear"),
    )  # fmt: skip
    blocks = list(activity_tables(counted(whole), {"lead.call": "Call the customer and agree on a meeting"}, width))
    lines = [line for block in blocks for line in block]
    assert [line for line in lines if len(line) > width] == []
    assert [block[0].split("  ")[0] for block in blocks if block] == [
        "what was done", "in which ways", "notes", "objections", "what slipped",
    ]  # fmt: skip
    told = " ".join(" ".join(lines).split())
    assert "phone 1, visit 1" in told
    assert "closing was put off in 1 of 1 deal, 1 time, by 60.00 days (median)" in told
    assert "the value has risen since the offer in 0 and fallen in 1 of 1 deal: +0 and -100 EUR" in told
