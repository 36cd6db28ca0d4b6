"""What timers tell, and when: reminders, what is overdue, what is escalated, and nothing twice."""

from __future__ import annotations

import json
from collections.abc import Iterator
from datetime import UTC, datetime, timedelta
from typing import Any

import pytest

from procdef import Actor, Engine, TimerTold, load, open_store
from procdef.store import DealsByStream, InspectableStore, Waking
from procdef.verification import Tally, verify

BASE = """
procdef: 1
id: timed
version: 1
title: Timed
languages: [en]
calendar: {timezone: Europe/Helsinki, holidays: FI, hours: {mon-fri: 09:00-17:00}}
roles: {seller: {title: Seller}, manager: {title: Manager}, director: {title: Director}}
fields:
  big: {type: boolean}
  chatty: {type: boolean}
  promised: {type: date}
  call_at: {type: datetime}
stages:
  lead:
    title: Lead
    start: true
    owner: seller
    sla: {within: 5 business days, remind: [2 business days, 4 hours], escalate_to: manager, escalate_after: 1 day}
    required_actions:
      call:
        title: Call them
        sla: {until: call_at, remind: 1 hour}
      visit:
        title: Visit them
        when: big
        by: manager
        sla: {within: 2 days, escalate_to: [director]}
    optional_actions:
      write:
        title: Write
        when: chatty and deal.stage_age > 3 days
        sla: {within: 1 day}
    next: [offer]
  offer:
    title: Offer
    owner: seller
    sla: {until: promised, remind: 1 day}
    back: [lead]
    next: [won]
  won: {title: Won, owner: seller, outcome: won}
lost: {reasons: {price: Too dear}, reopen: {by: manager, within: 60 days}}
"""
MONDAY = datetime(2026, 3, 2, 7, 0, tzinfo=UTC)  # 09:00 in Helsinki
SELLER = Actor("maija", {"seller"})
MANAGER = Actor("olli", {"manager"})
CLOCK = Actor("cron", auth="os")


class Desk:
    """An engine with a clock that is set by hand."""

    def __init__(self, store: InspectableStore, text: str = BASE) -> None:
        self.now, self.store = MONDAY, store
        self.engine = Engine(store, lambda: self.now)
        self.engine.publish(load(text), by=MANAGER)

    def start(self, name: str = "D", **values: object) -> None:
        self.engine.start("timed", name, by=SELLER, values={"big": False, "chatty": False, **values})

    def tick(self, now: datetime | None = None) -> list[tuple[str, ...]]:
        """What a tick tells at that time: of, kind, due, and before."""
        self.now = now or self.now
        return [tuple(filter(None, (each.of, each.kind, each.due, each.before))) for each in self.engine.tick(by=CLOCK)]

    def waking(self) -> int:
        with self.store.transaction(write=False) as tx:
            return len([*tx.scan(Waking("9999"))])

    def row(self) -> Any:
        with self.store.transaction(write=False) as tx:
            return next(iter(tx.scan(DealsByStream())))

    def sound(self) -> bool:
        with self.store.inspect() as tx:
            found = [*verify(tx, Tally())]
        assert found == []
        return not found


@pytest.fixture(params=["memory:", "sqlite"])
def desk(request: pytest.FixtureRequest, tmp_path: Any) -> Iterator[Desk]:
    url = "memory:" if request.param == "memory:" else f"sqlite:///{tmp_path / 'log.db'}"
    store = open_store(url)
    yield Desk(store)
    store.close()


def at(text: str) -> datetime:
    return datetime.fromisoformat(text)


def utc(moment: datetime) -> str:
    return moment.astimezone(UTC).strftime("%Y-%m-%dT%H:%M:%S.%fZ")


DUE = "2026-03-09T15:00:00.000000Z"
VISIT_DUE = "2026-03-04T07:00:00.000000Z"
"""Whether a visit is needed is not known, so it runs on."""
WRITE_DUE = "2026-03-03T07:00:00.000000Z"
"""To write is needed only after three days, when it was to be done long ago."""


def test_each_threshold_is_told_once_as_it_comes(desk: Desk) -> None:
    desk.start()
    told = {}
    for hour in range(24 * 9):
        found = desk.tick(MONDAY + timedelta(hours=hour))
        if found:
            told[utc(desk.now)[:13]] = found
    assert told == {
        "2026-03-04T07": [("lead.visit", "overdue", VISIT_DUE), ("lead.visit", "escalated", VISIT_DUE)],
        "2026-03-05T07": [("lead", "reminded", DUE, "2 business days")],
        "2026-03-05T08": [("lead.write", "overdue", WRITE_DUE)],
        "2026-03-09T11": [("lead", "reminded", DUE, "4 hours")],
        "2026-03-09T15": [("lead", "overdue", DUE)],
        "2026-03-10T15": [("lead", "escalated", DUE)],
    }
    assert desk.tick() == []
    assert desk.sound()


def test_what_passed_while_nobody_ticked_is_told_in_order_but_no_reminder_of_what_is_past(desk: Desk) -> None:
    desk.start()
    assert desk.tick(at("2026-03-09T14:00Z")) == [
        ("lead.write", "overdue", WRITE_DUE), ("lead.visit", "overdue", VISIT_DUE), ("lead.visit", "escalated", VISIT_DUE),
        ("lead", "reminded", DUE, "2 business days"), ("lead", "reminded", DUE, "4 hours"),
    ]  # fmt: skip
    desk.start("E", call_at="2026-03-11T08:00Z")
    assert desk.tick(at("2026-04-01T08:00Z"))[:2] == [("lead", "overdue", DUE), ("lead", "escalated", DUE)]
    assert desk.tick() == []
    assert desk.sound()


def test_an_action_is_told_of_until_it_is_done(desk: Desk) -> None:
    desk.start(call_at="2026-03-03T08:00Z", big=True)
    due, visit = "2026-03-03T08:00:00.000000Z", utc(MONDAY + timedelta(days=2))
    assert desk.row().deadline == due
    assert desk.tick(at("2026-03-03T07:30Z")) == [("lead.call", "reminded", due, "1 hour")]
    desk.engine.do("D", "call", by=SELLER)
    assert desk.row().deadline == visit
    assert desk.tick(at("2026-03-03T09:00Z")) == []
    told = [*desk.engine.tick(by=CLOCK)]
    assert told == []
    desk.now = at("2026-03-04T08:00Z")
    told = [*desk.engine.tick(by=CLOCK)]
    assert [(each.kind, each.of, each.owner, each.roles) for each in told] == [
        ("overdue", "lead.visit", "maija", ("manager",)),
        ("escalated", "lead.visit", "maija", ("director",)),
    ]
    assert desk.sound()


def test_a_new_due_time_is_told_of_anew(desk: Desk) -> None:
    desk.start(call_at="2026-03-03T08:00Z")
    assert [each[:2] for each in desk.tick(at("2026-03-03T09:00Z"))] == [("lead.call", "overdue")]
    desk.engine.record("D", {"call_at": "2026-03-04T08:00Z"}, by=SELLER)
    assert [each[1:] for each in desk.tick(at("2026-03-04T07:30Z"))] == [
        ("reminded", "2026-03-04T08:00:00.000000Z", "1 hour")
    ]
    desk.engine.record("D", {"call_at": None}, by=SELLER)
    assert desk.tick(at("2026-03-04T09:00Z")) == []
    assert desk.sound()


def test_an_action_that_comes_to_apply_with_time_alone_is_overdue_then(desk: Desk) -> None:
    desk.start(chatty=True)
    assert [each for each in desk.tick(MONDAY + timedelta(days=2)) if each[0] == "lead.write"] == []
    assert desk.waking() == 1
    told = [each for each in desk.tick(MONDAY + timedelta(days=3, hours=1)) if each[0] == "lead.write"]
    assert told == [("lead.write", "overdue", utc(MONDAY + timedelta(days=1)))]
    assert desk.row().deadline == utc(MONDAY + timedelta(days=1))
    assert desk.sound()


def test_nothing_is_told_of_a_deal_that_is_lost_and_a_reopened_one_begins_anew(desk: Desk) -> None:
    desk.start()
    desk.engine.lose("D", "price", by=SELLER)
    assert desk.tick(at("2026-03-12T08:00Z")) == []
    assert desk.waking() == 0
    desk.engine.reopen("D", reason="They called", by=MANAGER)
    assert [each[:2] for each in desk.tick(at("2026-04-20T08:00Z"))].count(("lead", "overdue")) == 1
    assert desk.sound()


def test_a_timer_is_no_step(desk: Desk) -> None:
    desk.start(call_at="2026-03-03T08:00Z")
    began = desk.engine.deal("D").active
    desk.tick(at("2026-03-03T09:00Z"))
    deal = desk.engine.deal("D")
    assert (deal.active, deal.latest) == (began, began)
    done = desk.engine.do("D", "call", by=SELLER, happened="2026-03-03T07:50Z")
    assert done.deal.n == 3
    event = json.loads(json.dumps(desk.engine.events("D")[1].as_dict()))
    assert (event["type"], event["via"], event["by"]["id"]) == ("timer.overdue", "worker", "cron")
    assert desk.sound()


def test_a_clock_that_is_behind_holds_up_the_deal_and_no_other(desk: Desk) -> None:
    desk.start("A")
    desk.now += timedelta(days=20)
    desk.engine.note("A", "late", by=SELLER)
    desk.now -= timedelta(days=10)
    desk.start("B", call_at="2026-03-11T08:00Z")
    told = [*desk.engine.tick(by=CLOCK)]
    assert [(each.deal, each.kind) for each in told] == [("A", "failed"), ("B", "overdue")]
    assert "the clock says" in str(told[0].problem)
    assert desk.sound()


def test_what_a_tick_tells_is_told_in_the_language_of_a_script(desk: Desk) -> None:
    desk.start(call_at="2026-03-03T08:00Z")
    desk.now = at("2026-03-03T07:30Z")
    (told,) = desk.engine.tick(by=CLOCK)
    assert isinstance(told, TimerTold)
    assert told.as_dict() == {
        "deal": "D", "kind": "reminded", "of": "lead.call", "due": "2026-03-03T08:00:00.000000Z", "before": "1 hour",
        "title": None, "process": "timed", "stage": "lead", "owner": "maija", "roles": [], "problem": None,
    }  # fmt: skip
