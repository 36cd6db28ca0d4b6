"""When stages and actions are due: from a duration or from a field of the deal, written down with what brought it about."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import UTC, date, datetime, timedelta

import pytest

from procdef import Actor, Deals, Engine, load, open_store
from procdef.render.log import EventTitles, log_text
from procdef.render.status import status_text
from procdef.reports import report
from procdef.store import Activities, Stays
from procdef.verification import Tally, verify

SELLER = Actor("maija", frozenset({"seller"}))
PROCESS = """
procdef: 1
id: fairs
version: 1
title: Fairs
languages: [en]
calendar: {timezone: Europe/Helsinki, holidays: FI, hours: {mon-fri: "09:00-17:00"}}
roles: {seller: {title: Seller}}
fields:
  fair: {type: date}
  slot: {type: datetime}
  stand: {type: text, personal: false}
deal: {correct_by: seller}
lost: {reasons: {price: Too dear}, reopen: {by: seller, within: always}}
stages:
  lead:
    title: Lead
    start: true
    owner: seller
    sla: {until: fair}
    required_actions:
      call: {title: Call, sla: {within: 2 business days}}
      plan: {title: Plan, records: [stand], sla: {until: slot, remind: 1 day, escalate_to: seller, escalate_after: 2 days}}
      dust: {title: Dust}
    optional_actions:
      invite: {title: Invite, sla: {until: fair, remind: [1 week, 1 day]}}
    next: stand
  stand: {title: Stand, owner: seller, sla: {within: 1 day}, required_actions: {build: {title: Build, sla: {until: fair}}},
          next: won, back: lead}
  won: {title: Won, owner: seller, outcome: won}
"""
MONDAY = datetime(2026, 6, 15, 9, 0, tzinfo=UTC)
MIDSUMMER_EVE, FRIDAY = "2026-06-19", "2026-06-26"
"""The first is a holiday in Finland, on which nobody works: its own midnight is its end."""
END_OF_MIDSUMMER_EVE, END_OF_FRIDAY = "2026-06-19T21:00:00.000000Z", "2026-06-26T14:00:00.000000Z"
TWO_DAYS_ON, SLOT = "2026-06-17T14:00:00.000000Z", "2026-06-18T07:30:00.000000Z"


class Fairs:
    """A deal of the process, at a time that a test sets."""

    def __init__(self) -> None:
        self.now = MONDAY
        self.engine = Engine(open_store("memory:"), clock=lambda: self.now)
        self.engine.publish(load(PROCESS), by=SELLER)

    def told(self) -> list[tuple[str, object, object]]:
        """What the events say to be due, those that say nothing left out."""
        events = [event for event in self.engine.events("D") if {"due", "dues"} & event.data.keys()]
        return [(event.type, event.data.get("due", ""), event.data.get("dues", {})) for event in events]

    @property
    def due(self) -> tuple[str | None, dict[str, str]]:
        deal = self.engine.deal("D")
        return deal.due, dict(deal.dues)

    @property
    def stays(self) -> list[tuple[str, str | None]]:
        """By when the stages of its visits were to be left, as their rows have it."""
        with self.engine.store.inspect() as tx:
            return [(stay.stage, stay.due) for stay in tx.scan(Stays())]


@pytest.fixture
def fairs() -> Iterator[Fairs]:
    found = Fairs()
    yield found
    with found.engine.store.inspect() as tx:
        assert list(verify(tx, Tally())) == []


def test_a_start_tells_by_when_the_stage_and_each_of_its_actions_are_due(fairs: Fairs) -> None:
    fairs.engine.start("fairs", "D", by=SELLER, values={"fair": FRIDAY, "slot": "2026-06-18T10:30+03:00"})
    dues = {"lead.call": TWO_DAYS_ON, "lead.invite": END_OF_FRIDAY, "lead.plan": SLOT}
    assert fairs.told() == [("deal.started", END_OF_FRIDAY, dues)]
    assert fairs.due == (END_OF_FRIDAY, dues)


def test_nothing_is_due_by_a_field_that_is_empty(fairs: Fairs) -> None:
    fairs.engine.start("fairs", "D", by=SELLER)
    assert fairs.told() == [("deal.started", "", {"lead.call": TWO_DAYS_ON})]
    assert fairs.due == (None, {"lead.call": TWO_DAYS_ON})
    assert fairs.stays == [("lead", None)]


def test_a_changed_field_moves_what_is_due_by_it_and_nothing_else(fairs: Fairs) -> None:
    fairs.engine.start("fairs", "D", by=SELLER)
    fairs.engine.record("D", {"fair": FRIDAY}, by=SELLER)
    fairs.engine.record("D", {"slot": "2026-06-18T07:30Z"}, by=SELLER)
    fairs.engine.record("D", {"fair": MIDSUMMER_EVE}, by=SELLER, correct=True, reason="A slip")
    assert fairs.told()[1:] == [
        ("deal.recorded", END_OF_FRIDAY, {"lead.invite": END_OF_FRIDAY}),
        ("deal.recorded", "", {"lead.plan": SLOT}),
        ("deal.corrected", END_OF_MIDSUMMER_EVE, {"lead.invite": END_OF_MIDSUMMER_EVE}),
    ]
    dues = {"lead.call": TWO_DAYS_ON, "lead.invite": END_OF_MIDSUMMER_EVE, "lead.plan": SLOT}
    assert fairs.due == (END_OF_MIDSUMMER_EVE, dues)
    assert fairs.stays == [("lead", END_OF_MIDSUMMER_EVE)]


def test_an_emptied_field_takes_the_due_time_away(fairs: Fairs) -> None:
    fairs.engine.start("fairs", "D", by=SELLER, values={"fair": FRIDAY})
    fairs.engine.record("D", {"fair": ""}, by=SELLER)
    assert fairs.told()[1:] == [("deal.recorded", None, {"lead.invite": None})]
    assert fairs.due == (None, {"lead.call": TWO_DAYS_ON})
    assert fairs.stays == [("lead", None)]


@pytest.mark.parametrize("values", [{"fair": FRIDAY}, {"stand": "B 12"}], ids=["as it was", "another"])
def test_a_field_that_does_not_change_moves_nothing(fairs: Fairs, values: dict[str, str]) -> None:
    fairs.engine.start("fairs", "D", by=SELLER, values={"fair": FRIDAY})
    fairs.engine.record("D", values, by=SELLER)
    assert len(fairs.told()) == 1


def test_a_value_that_comes_with_an_action_moves_what_is_due_too(fairs: Fairs) -> None:
    fairs.engine.start("fairs", "D", by=SELLER)
    fairs.engine.do("D", "call", by=SELLER, values={"fair": FRIDAY})
    assert [event.type for event in fairs.engine.events("D")] == ["deal.started", "deal.recorded", "action.completed"]
    assert fairs.due == (END_OF_FRIDAY, {"lead.call": TWO_DAYS_ON, "lead.invite": END_OF_FRIDAY})


def test_every_visit_has_its_own_due_times(fairs: Fairs) -> None:
    engine = fairs.engine
    engine.start("fairs", "D", by=SELLER, values={"fair": FRIDAY, "stand": "B 12"})
    for action in ("call", "plan", "dust"):
        engine.do("D", action, by=SELLER)
    engine.advance("D", by=SELLER)
    tomorrow = "2026-06-16T09:00:00.000000Z"
    assert fairs.due == (tomorrow, {"stand.build": END_OF_FRIDAY})
    engine.record("D", {"slot": "2026-06-18T07:30Z"}, by=SELLER)
    assert fairs.due == (tomorrow, {"stand.build": END_OF_FRIDAY})
    fairs.now += timedelta(days=3)
    engine.back("D", "lead", by=SELLER, reason="Another stand")
    monday_after = "2026-06-23T14:00:00.000000Z"
    dues = {"lead.call": monday_after, "lead.invite": END_OF_FRIDAY, "lead.plan": SLOT}
    assert fairs.due == (END_OF_FRIDAY, dues)
    assert fairs.stays == [("lead", END_OF_FRIDAY), ("stand", tomorrow), ("lead", END_OF_FRIDAY)]


def test_nothing_is_due_in_a_lost_deal_and_all_anew_in_one_that_is_reopened(fairs: Fairs) -> None:
    fairs.engine.start("fairs", "D", by=SELLER, values={"fair": FRIDAY})
    fairs.engine.lose("D", "price", by=SELLER)
    assert fairs.due == (None, {})
    fairs.now += timedelta(days=7)
    fairs.engine.reopen("D", by=SELLER, reason="They called")
    assert fairs.due == (END_OF_FRIDAY, {"lead.call": "2026-06-24T14:00:00.000000Z", "lead.invite": END_OF_FRIDAY})


PLACES = {
    "a date that is over": ("fair", "2026-05-04", "2026-05-04T14:00:00.000000Z"),
    "a date before the summer time of that year": ("fair", "2026-03-27", "2026-03-27T15:00:00.000000Z"),
    "a Saturday, on which nobody works": ("fair", "2026-06-27", "2026-06-27T21:00:00.000000Z"),
    "the Saturday before clocks go forward": ("fair", "2026-03-28", "2026-03-28T22:00:00.000000Z"),
    "the Sunday on which they do": ("fair", "2026-03-29", "2026-03-29T21:00:00.000000Z"),
    "the last day of all": ("fair", "9999-12-31", "9999-12-31T15:00:00.000000Z"),
    "a Saturday of a year whose holidays are not known": ("fair", "9999-12-25", "9999-12-25T22:00:00.000000Z"),
    "the first day of all": ("fair", "0001-01-01", "0001-01-01T15:20:11.000000Z"),
    "the last moment of all": ("slot", "9999-12-31T23:59:59.999999Z", "9999-12-31T23:59:59.999999Z"),
}


@pytest.mark.parametrize(("field", "value", "due"), PLACES.values(), ids=PLACES)
def test_whatever_date_a_field_holds_it_is_due_then(fairs: Fairs, field: str, value: str, due: str) -> None:
    fairs.engine.start("fairs", "D", by=SELLER)
    fairs.engine.record("D", {field: value}, by=SELLER)
    assert fairs.due[1][{"fair": "lead.invite", "slot": "lead.plan"}[field]] == due


def test_an_action_that_is_open_after_its_due_time_is_overdue_and_one_that_was_done_after_it_late(fairs: Fairs) -> None:
    engine = fairs.engine
    engine.start("fairs", "D", by=SELLER, values={"slot": "2026-06-18T07:30Z"})
    engine.do("D", "plan", by=SELLER, values={"stand": "B 12"})
    assert told_of(fairs) == {"call": (TWO_DAYS_ON, "open", ""), "plan": (SLOT, "done", "")}
    fairs.now += timedelta(days=10)
    assert told_of(fairs) == {"call": (TWO_DAYS_ON, "open", "overdue"), "plan": (SLOT, "done", "")}
    engine.do("D", "call", by=SELLER)
    assert told_of(fairs) == {"call": (TWO_DAYS_ON, "done", "late"), "plan": (SLOT, "done", "")}


def test_whether_an_action_was_done_too_late_depends_on_when_it_happened(fairs: Fairs) -> None:
    fairs.engine.start("fairs", "D", by=SELLER)
    fairs.now += timedelta(days=10)
    fairs.engine.do("D", "call", by=SELLER, happened="2026-06-17T13:59Z")
    assert told_of(fairs) == {"call": (TWO_DAYS_ON, "done", "")}


def test_an_action_that_was_done_in_an_earlier_visit_is_not_late_in_this_one(fairs: Fairs) -> None:
    engine = fairs.engine
    engine.start("fairs", "D", by=SELLER, values={"stand": "B 12"})
    fairs.now += timedelta(days=10)
    for action in ("call", "plan", "dust"):
        engine.do("D", action, by=SELLER)
    assert told_of(fairs)["call"][2] == "late"
    engine.advance("D", by=SELLER)
    engine.back("D", "lead", by=SELLER, reason="Another stand")
    assert told_of(fairs)["call"][1:] == ("done", "")


def told_of(fairs: Fairs) -> dict[str, tuple[str, str, str]]:
    """Of the actions that are due: by when, whether they are done, and whether that is too late."""
    todo = fairs.engine.options("D", by=SELLER).todo
    return {
        each.action: (each.due, each.status, "overdue" if each.overdue else "late" if each.late else "")
        for each in todo
        if each.due
    }


def test_status_tells_what_is_due_and_what_is_too_late(fairs: Fairs) -> None:
    engine = fairs.engine
    engine.start("fairs", "D", by=SELLER, values={"slot": "2026-06-18T07:30Z", "stand": "B 12"})
    fairs.now += timedelta(days=2, hours=6)
    engine.do("D", "call", by=SELLER)
    text = status_text(engine.options("D", by=SELLER))
    assert "  [x] Call (call): by maija; done too late, it was due 2026-06-17 17:00\n" in text
    assert "  [ ] Plan (plan): due 2026-06-18 10:30 Europe/Helsinki, in 16 hours\n" in text
    fairs.now += timedelta(days=2)
    text = status_text(engine.options("D", by=SELLER))
    assert "  [ ] Plan (plan): OVERDUE by 1 day, it was due 2026-06-18 10:30 Europe/Helsinki\n" in text


def test_a_reminder_that_the_calendar_does_not_reach_keeps_nobody_from_looking() -> None:
    now = MONDAY
    engine = Engine(open_store("memory:"), clock=lambda: now)
    engine.publish(load(PROCESS.replace("remind: [1 week, 1 day]", "remind: [1 week, 2 business days]")), by=SELLER)
    engine.start("fairs", "D", by=SELLER, values={"fair": "9000-01-02"})
    reminders = {each.action: each.reminders for each in engine.options("D", by=SELLER).todo}
    assert [str(at) for at in reminders["invite"]] == ["8999-12-26 15:00:00+00:00"]


def test_deals_are_listed_by_what_is_due_in_them(fairs: Fairs) -> None:
    fairs.engine.start("fairs", "D", by=SELLER, values={"fair": FRIDAY})
    fairs.engine.start("fairs", "E", by=SELLER)
    fairs.engine.do("E", "call", by=SELLER)
    assert [(row.name, row.due, row.deadline) for row in fairs.engine.deals()] == [
        ("D", END_OF_FRIDAY, TWO_DAYS_ON), ("E", None, None),
    ]  # fmt: skip
    assert [row.name for row in fairs.engine.deals(Deals(due_before="2026-06-18T00:00Z"))] == ["D"]
    assert [row.name for row in fairs.engine.deals(Deals(overdue="2026-06-18T00:00Z"))] == []


def test_reports_count_what_was_done_too_late_in_their_period(fairs: Fairs) -> None:
    engine = fairs.engine
    for name, late in (("D", True), ("E", False)):
        engine.start("fairs", name, by=SELLER, values={"slot": "2026-06-18T07:30Z", "stand": "B 12"})
        fairs.now += timedelta(days=10 if late else 0)
        engine.do(name, "plan", by=SELLER)
        engine.do(name, "call", by=SELLER)
    assert report(engine, now=fairs.now).stages["lead"].done_late == 3  # E began after its slot was over
    assert report(engine, until=date(2026, 6, 20), now=fairs.now).stages["lead"].done_late == 0
    with engine.store.inspect() as tx:
        rows = [
            [(row.item, row.detail) for row in tx.scan(Activities(stream=engine.deal(name).stream, kinds=("overdue",)))]
            for name in ("D", "E")
        ]
    assert rows == [[("lead.plan", SLOT), ("lead.call", TWO_DAYS_ON)], [("lead.plan", SLOT)]]


def test_a_decision_that_is_rejected_is_not_done_too_late() -> None:
    now = MONDAY
    engine = Engine(open_store("memory:"), clock=lambda: now)
    asked = PROCESS.replace("call: {title: Call,", "call: {title: Call, decision: true,")
    engine.publish(load(asked), by=SELLER)
    engine.start("fairs", "D", by=SELLER)
    now += timedelta(days=10)
    engine.do("D", "call", by=SELLER, decision="reject", note="No")
    assert report(engine, now=now).stages["lead"].done_late == 0
    engine.do("D", "call", by=SELLER, decision="approve")
    assert report(engine, now=now).stages["lead"].done_late == 1


def test_the_log_as_people_read_it_tells_what_is_due_and_what_was_done_too_late(fairs: Fairs) -> None:
    engine = fairs.engine
    engine.start("fairs", "D", by=SELLER, values={"slot": "2026-06-18T07:30Z"})
    engine.record("D", {"fair": FRIDAY, "slot": ""}, by=SELLER)
    fairs.now += timedelta(days=10)
    engine.do("D", "call", by=SELLER)
    events = [event.as_dict() for event in engine.events("D")]
    told = log_text(events, EventTitles(engine.definition("fairs")), 300).splitlines()
    assert [line.split("maija  ")[1] for line in told[1:]] == [
        "started in lead with slot=2026-06-18 10:30 Europe/Helsinki; "
        "due lead.call 2026-06-17 17:00, lead.plan 2026-06-18 10:30 (Europe/Helsinki)",
        "recorded fair=2026-06-26, slot emptied; due 2026-06-26 17:00, lead.invite 2026-06-26 17:00 (Europe/Helsinki); "
        "lead.plan no longer due",
        "lead.call done; too late, it was due 2026-06-17 17:00 (Europe/Helsinki)",
    ]
