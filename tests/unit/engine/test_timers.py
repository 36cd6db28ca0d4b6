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


def test_each_threshold_is_told_once_as_it_comes(desk: Desk) -> None:
    desk.start()
    told = {}
    for hour in range(24 * 9):
        found = desk.tick(MONDAY + timedelta(hours=hour))
        if found:
            told[utc(desk.now)[:13]] = found
    assert told == {
        "2026-03-05T07": [("lead", "reminded", DUE, "2 business days")],
        "2026-03-09T11": [("lead", "reminded", DUE, "4 hours")],
        "2026-03-09T15": [("lead", "overdue", DUE)],
        "2026-03-10T15": [("lead", "escalated", DUE)],
    }
    assert desk.tick() == []
    assert desk.sound()


def test_what_passed_while_nobody_ticked_is_told_in_order_but_no_reminder_of_what_is_past(desk: Desk) -> None:
    desk.start()
    assert desk.tick(at("2026-03-09T14:00Z")) == [
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
        "title": None, "process": "timed", "stage": "lead", "owner": "maija", "roles": [], "problem": None, "lapses": False,
    }  # fmt: skip


FAR = """
procdef: 1
id: timed
version: 1
title: Timed
languages: [en]
calendar: {timezone: Europe/Helsinki, holidays: FI, hours: {mon-fri: 09:00-17:00}}
roles: {seller: {title: Seller}}
fields: {call_at: {type: datetime}}
stages:
  lead:
    title: Lead
    start: true
    owner: seller
    sla: {until: call_at, remind: [2 business days, 1 day], escalate_to: seller, escalate_after: 1 business day}
    next: [won]
  won: {title: Won, owner: seller, outcome: won}
"""


def test_holidays_that_nobody_knows_hold_up_no_step_and_no_other_deal(tmp_path: Any) -> None:
    far = Desk(open_store(f"sqlite:///{tmp_path / 'log.db'}"), FAR)
    far.engine.start("timed", "FAR", by=SELLER, values={"call_at": "2150-03-04T08:00Z"})
    far.engine.start("timed", "NEAR", by=SELLER, values={"call_at": "2026-03-05T08:00Z"})
    for _ in range(2):
        told = [*far.engine.tick(by=CLOCK)]
        assert [(each.deal, each.kind) for each in told] == [("FAR", "failed")]
        assert "holidays of FI in 2150" in str(told[0].problem)
    far.now = at("2026-03-04T08:00Z")
    assert [(each.deal, each.kind, each.before) for each in far.engine.tick(by=CLOCK)] == [
        ("FAR", "failed", None), ("NEAR", "reminded", "2 business days"), ("NEAR", "reminded", "1 day"),
    ]  # fmt: skip
    far.now = at("2150-03-04T09:00Z")
    assert ("FAR", "overdue") in [(each.deal, each.kind) for each in far.engine.tick(by=CLOCK)]
    assert far.sound()
    far.store.close()


def test_a_clock_that_is_set_back_an_hour_tells_nothing_twice(desk: Desk) -> None:
    desk.start(call_at="2026-03-03T08:00Z")
    assert [each[1] for each in desk.tick(at("2026-03-03T08:10Z"))] == ["overdue"]
    assert desk.tick(at("2026-03-03T07:10Z")) == []
    assert desk.tick(at("2026-03-03T08:20Z")) == []
    assert desk.sound()


def test_a_day_before_is_a_day_also_when_the_clocks_change(desk: Desk) -> None:
    """In Helsinki the night to 29 March 2026 is an hour short."""
    desk.now = at("2026-03-26T07:00Z")
    desk.start(call_at="2026-03-29T09:00+03:00", big=True)
    assert desk.tick(at("2026-03-29T04:59:59Z")) == [
        ("lead.visit", "overdue", "2026-03-28T07:00:00.000000Z"),
        ("lead.visit", "escalated", "2026-03-28T07:00:00.000000Z"),
    ]
    assert desk.tick(at("2026-03-29T05:00Z")) == [("lead.call", "reminded", "2026-03-29T06:00:00.000000Z", "1 hour")]
    assert desk.sound()


LAPSING = """
procdef: 1
id: timed
version: 1
title: Timed
languages: [en]
calendar: {timezone: UTC}
roles: {seller: {title: Seller}, manager: {title: Manager}}
fields: {note: {type: text, personal: false}}
stages:
  lead:
    title: Lead
    start: true
    owner: seller
    optional_actions:
      approve: {title: Approve, decision: true, by: manager, valid_for: 10 days, sla: {within: 3 days}}
      credit: {title: Check the credit, by: manager, valid_for: 5 days, sla: {within: 30 days, remind: [2 days, 1 hour]}}
      quick: {title: A quick look, valid_for: 1 day}
    next: [won]
  won: {title: Won, owner: seller, outcome: won}
"""


def test_approvals_that_lapse_are_reminded_of_and_are_open_again_afterwards(tmp_path: Any) -> None:
    desk = Desk(open_store(f"sqlite:///{tmp_path / 'log.db'}"), LAPSING)
    desk.engine.start("timed", "D", by=SELLER)
    desk.engine.do("D", "approve", by=MANAGER, decision="approve")
    desk.engine.do("D", "credit", by=MANAGER)
    desk.engine.do("D", "quick", by=SELLER)
    hours = {}
    for hour in range(24 * 12):
        if found := desk.tick(MONDAY + timedelta(hours=hour)):
            hours[hour] = found
    lapse = [utc(MONDAY + timedelta(days=days)) for days in (5, 10)]
    assert hours == {
        24 * 3: [("lead.credit", "reminded", lapse[0], "2 days")],
        24 * 5 - 1: [("lead.credit", "reminded", lapse[0], "1 hour")],
        24 * 9: [("lead.approve", "reminded", lapse[1], "1 day")],
        24 * 10: [("lead.approve", "overdue", utc(MONDAY + timedelta(days=3)))],
    }
    assert desk.row().deadline == utc(MONDAY + timedelta(days=3))
    desk.engine.do("D", "approve", by=MANAGER, decision="approve")
    assert desk.row().deadline == utc(MONDAY + timedelta(days=30))
    desk.now = MONDAY + timedelta(days=20, hours=23)
    (told,) = desk.engine.tick(by=CLOCK)
    assert (told.of, told.kind, told.before, told.lapses) == ("lead.approve", "reminded", "1 day", True)
    assert told.due == desk.engine.deal("D").until["lead.approve"][0]
    assert desk.sound()
    desk.store.close()


ASKED = """
procdef: 1
id: timed
version: 1
title: Timed
languages: [en]
calendar: {timezone: UTC}
roles: {seller: {title: Seller}, manager: {title: Manager}}
fields: {note: {type: text, personal: false}}
stages:
  lead:
    title: Lead
    start: true
    owner: seller
    optional_actions:
      credit: {title: Check the credit, valid_for: 1 hour}
      again: {title: Ask again, when: lead.credit is not done, sla: {within: 30 minutes}}
    next: [won]
  won: {title: Won, owner: seller, outcome: won}
"""


def test_an_action_that_is_needed_as_another_lapses_is_overdue_then(tmp_path: Any) -> None:
    desk = Desk(open_store(f"sqlite:///{tmp_path / 'log.db'}"), ASKED)
    desk.engine.start("timed", "D", by=SELLER)
    desk.engine.do("D", "credit", by=SELLER)
    assert desk.tick(MONDAY + timedelta(minutes=59)) == []
    assert desk.tick(MONDAY + timedelta(hours=1)) == [("lead.again", "overdue", utc(MONDAY + timedelta(minutes=30)))]
    assert desk.sound()
    desk.store.close()
