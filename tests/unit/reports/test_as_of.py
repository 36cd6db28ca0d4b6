"""What a report as of a time takes for the process, and deals whose values rows do not tell."""

from __future__ import annotations

from datetime import UTC, datetime
from typing import Any

import pytest

from procdef import Actor, Engine, InvalidArgument, load, open_store
from procdef.reports import asked, report
from procdef.reports.forecast import forecast

PROCESS = """
procdef: 1
id: small
version: 1
title: Small
languages: [en]
currency: EUR
roles: {seller: {title: Seller}}
fields: {price: {type: money}, seats: {type: integer}}
deal: {value: price}
goals: {hit_rate: 30}
stages:
  lead: {title: Lead, start: true, owner: seller, next: won}
  won: {title: Won, owner: seller, outcome: won}
"""
SECOND = PROCESS.replace("version: 1", "version: 2").replace("hit_rate: 30", "hit_rate: 50")
MAIJA = Actor("maija", roles={"seller"})


class Office:
    """An engine whose clock is set by hand."""

    def __init__(self, process: str = PROCESS) -> None:
        self.now = datetime(2026, 1, 1, tzinfo=UTC)
        self.engine = Engine(open_store("memory:"), clock=lambda: self.now)
        self.engine.publish(load(process), by=MAIJA)

    def on(self, month: int, day: int) -> Engine:
        self.now = datetime(2026, month, day, 9, tzinfo=UTC)
        return self.engine

    def as_of(self, moment: str, **more: Any) -> Any:
        return report(self.engine, as_of=moment, now=datetime(2026, 12, 31, tzinfo=UTC), **more)


@pytest.fixture
def office() -> Office:
    return Office()


def test_goals_are_those_of_the_version_that_was_newest_then(office: Office) -> None:
    office.on(3, 1).publish(load(SECOND), by=MAIJA)
    targets = {day: str(office.as_of(day).goals["hit_rate"].target) for day in ("2026-02-28", "2026-03-02")}
    assert targets == {"2026-02-28": "30", "2026-03-02": "50"}


def test_a_forecast_takes_what_the_version_that_was_newest_then_declares() -> None:
    first = PROCESS.replace("start: true,", "start: true, probability: 30,")
    office = Office(first)
    office.on(1, 5).start("small", "A", by=MAIJA)
    second = first.replace("version: 1", "version: 2").replace("probability: 30", "probability: 50")
    office.on(3, 1).publish(load(second), by=MAIJA)
    now = datetime(2026, 12, 31, tzinfo=UTC)
    found = {day: forecast(office.engine, as_of=day, now=now) for day in ("2026-02-28", "2026-03-02", None)}
    assert [str(each.stages[0].declared) for each in found.values()] == ["30.00", "50.00", "50.00"]


def test_imported_deals_of_a_version_that_came_later_keep_their_currency(office: Office) -> None:
    engine = office.on(3, 1)
    engine.publish(load(SECOND), by=MAIJA)
    who = {"deal": "A", "by": "maija", "roles": ["seller"]}
    lines = [
        {**who, "do": "start", "values": {"price": "70"}, "happened": "2026-02-01T00:00:00Z"},
        {**who, "do": "advance", "happened": "2026-02-02T00:00:00Z"},
    ]
    assert [done.status for done in engine.run("small", lines, by=MAIJA)] == ["applied"] * 2
    found = office.as_of("2026-02-10")
    assert {currency: str(money.won_value) for currency, money in found.main.money.items()} == {"EUR": "70"}


def test_before_anything_was_published_the_process_of_now_is_told_with_no_deals(office: Office) -> None:
    office.on(1, 5).start("small", "A", by=MAIJA)
    found = office.as_of("2025-12-01")
    assert (found.main.deals.started, list(found.stages)) == (0, ["lead", "won"])


def test_a_measure_takes_the_values_of_then() -> None:
    office = Office(PROCESS + "measures: {seats: {field: seats, aggregate: sum, over: started}}\n")
    office.on(1, 5).start("small", "A", by=MAIJA, values={"seats": 3})
    office.on(2, 5).record("A", {"seats": 5}, by=MAIJA)
    assert [str(office.as_of(day).measures["seats"].value) for day in ("2026-02-01", "2026-03-01")] == ["3", "5"]
    groups = office.as_of("2026-02-01", by="seats", bands=[4]).groups
    assert {name: group.deals.started for name, group in groups.items()} == {"below 4": 1}


def test_the_value_of_then_of_a_field_of_personal_values_is_not_known() -> None:
    office = Office(PROCESS.replace("price: {type: money}", "price: {type: money, personal: true}"))
    office.on(1, 5).start("small", "A", by=MAIJA, values={"price": "100"})
    office.on(1, 6).advance("A", by=MAIJA)
    office.on(2, 5).record("A", {"price": "80"}, by=MAIJA)
    assert str(office.as_of("2026-02-01").main.money["EUR"].won_value) == "80"
    office.on(2, 6).erase("A", ["price"], basis="art-17", by=MAIJA)
    assert office.as_of("2026-02-01").main.money["EUR"].won_value is None


def test_a_report_is_not_as_of_what_has_not_come_yet(office: Office) -> None:
    with pytest.raises(InvalidArgument, match="has not come yet"):
        asked(office.engine, as_of="2026-02-01", now=datetime(2026, 1, 31, tzinfo=UTC))
