"""What timers tell, and when: reminders, what is overdue, what is escalated, and nothing twice."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import UTC, datetime, timedelta
from typing import Any

import pytest

from procdef import Actor, Engine, load, open_store
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
        when: deal.stage_age > 3 days
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
        self.engine.start("timed", name, by=SELLER, values=values)

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
    assert desk.waking() == 0
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


def test_nothing_is_told_of_a_deal_that_is_lost_and_a_reopened_one_begins_anew(desk: Desk) -> None:
    desk.start()
    desk.engine.lose("D", "price", by=SELLER)
    assert desk.tick(at("2026-03-12T08:00Z")) == []
    assert desk.waking() == 0
    desk.engine.reopen("D", reason="They called", by=MANAGER)
    assert [each[:2] for each in desk.tick(at("2026-04-20T08:00Z"))].count(("lead", "overdue")) == 1
    assert desk.sound()


