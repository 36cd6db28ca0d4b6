"""A report as of a time is the report that was made then, whatever came later: steps, corrections, losses, late entries."""

from __future__ import annotations

import random
from contextlib import closing, suppress
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

import pytest

from procdef import Actor, Engine, StepRefused, load, open_store
from procdef.deal import from_state
from procdef.reports import report
from procdef.store import Activities, Store

PROCESS = """
procdef: 1
id: small
version: 1
title: Small
languages: [en]
currency: EUR
calendar: {timezone: Europe/Helsinki, holidays: FI, hours: {mon-fri: "08:00-16:00"}}
roles: {seller: {title: Seller}}
fields:
  need: {type: text, personal: false}
  price: {type: money}
  close: {type: date}
  seats: {type: integer}
deal: {value: price, close: close, assign_by: seller, correct_by: seller}
lost: {reasons: {dear: Too dear, none: No need}, reopen: {by: seller, within: 400 days}}
goals: {hit_rate: 30, won_value: {amount: 1000, per: month}}
MEASURES
stages:
  lead:
    title: Lead
    start: true
    owner: seller
    sla: {within: 5 days}
    required_actions: {call: {title: Call, ways: {phone: By telephone, visit: On site}}}
    exit_criteria: {needed: {require: [need], waivable_by: seller}}
    next: offer
  offer:
    title: Offer
    owner: seller
    sla: {within: 10 days}
    optional_actions: {send: {title: Send, milestone: offer, records: [price]}, agree: {title: Agree, decision: true}}
    playbook: {objections: {dear: {concern: Too dear, answer: Look}}}
    next: won
    back: [lead]
  won: {title: Won, owner: seller, outcome: won}
"""
MEASURES = "measures: {seats: {field: seats, aggregate: sum, over: closed}}"
PEOPLE = [Actor(name, frozenset({"seller"})) for name in ("maija", "matti", "tero")]
STEPS, SEEDS = 500, 2
ASKED: dict[str, dict[str, Any]] = {
    "all time": {},
    "a period": {"since": "2026-02-01", "until": "2026-03-31", "idle_days": 10},
    "by owner": {"by": "owner", "since": "2026-01-15"},
    "by month": {"by": "month"},
}


class Office:
    """People who take steps at random on deals of one process; the refused ones are in the log too."""

    def __init__(self, store: Store, seed: int, process: str) -> None:
        self.choose = random.Random(seed)
        self.now = datetime(2026, 1, 5, 8, tzinfo=UTC)
        self.engine = Engine(store, clock=lambda: self.now)
        self.engine.publish(load(process), by=PEOPLE[0])
        self.names: list[str] = []

    def step(self) -> None:
        """A step some hours later."""
        self.now += timedelta(hours=self.choose.choice([0, 1, 5, 20, 50]), microseconds=1)
        with suppress(StepRefused):
            self._take()

    def _take(self) -> None:
        choose, engine, by = self.choose, self.engine, self.choose.choice(PEOPLE)
        if not self.names or choose.random() < 0.05:
            self.names.append(f"D-{len(self.names) + 1}")
            engine.start("small", self.names[-1], by=by, values=self._values())
            return
        name = choose.choice(self.names[-6:])
        match choose.choice(_VERBS):
            case "record":
                engine.record(name, self._values(), by=by)
            case "correct":
                engine.record(name, self._values(), by=by, correct=True, reason="typed wrongly")
            case "do":
                deal = engine.deal(name)
                action = choose.choice(["call"] if deal.stage == "lead" else ["send", "agree"])
                given: dict[str, Any] = {"way": choose.choice(["phone", "visit"])} if action == "call" else {}
                if action == "agree":
                    given = {"decision": "approve"}
                if action == "send":
                    given = {"values": {"price": choose.choice(["120", "80"])}}
                engine.do(name, action, by=by, **given, **self._happened(name))
            case "note":
                kind, objection = choose.choice(["call", "meeting", None]), choose.choice(["dear", None])
                engine.note(name, "Hm", by=by, kind=kind, objection=objection, **self._happened(name))
            case "advance":
                engine.advance(name, by=by)
            case "back":
                engine.back(name, "lead", by=by, reason="again")
            case "lose":
                engine.lose(name, choose.choice(["dear", "none"]), by=by)
            case "reopen":
                engine.reopen(name, by=by, reason="they wrote")
            case "finish":
                engine.finish(name, by=by)
            case "assign":
                engine.assign(name, choose.choice(PEOPLE).person.id, by=by)
            case "waive":
                engine.waive(name, "needed", by=by, reason="urgent")

    def _values(self) -> dict[str, Any]:
        choose = self.choose
        drawn: dict[str, Any] = {
            "need": choose.choice(["much", "much", "much", None]),
            "price": choose.choice(["100", "250.50", "90", None]),
            "close": choose.choice(["2026-03-01", "2026-04-15", "2026-06-30", None]),
            "seats": choose.choice([3, 5, None]),
        }
        return {name: value for name, value in drawn.items() if choose.random() < 0.6}

    def _happened(self, name: str) -> dict[str, Any]:
        """Now and then it was some time ago, since the deal's latest step."""
        if self.choose.random() > 0.4:
            return {}
        with self.engine.store.transaction(write=False) as tx:
            latest = datetime.fromisoformat(from_state(tx.load([name]).deals[name].state).latest)
        return {"happened": latest + (self.now - latest) * self.choose.random()}


_VERBS = [*["advance"] * 6, *["do"] * 5, "record", "record", "correct", *["note"] * 4, "back", "lose", "reopen", "finish",
          "assign", "waive"]  # fmt: skip


def told(engine: Engine, asked: dict[str, Any], **when: Any) -> dict[str, Any]:
    return dict(report(engine, **asked, **when).as_dict())


@pytest.mark.parametrize("seed", range(SEEDS))
@pytest.mark.parametrize("where", ["memory:", "sqlite"])
@pytest.mark.parametrize("measures", ["", MEASURES], ids=["rows alone", "with values of fields"])
def test_a_report_as_of_a_time_is_the_one_that_was_made_then(where: str, seed: int, measures: str, tmp_path: Path) -> None:
    address = where if where == "memory:" else f"sqlite:///{tmp_path / 'log.db'}?synchronous=NORMAL"
    with closing(open_store(address)) as store:
        office = Office(store, seed, PROCESS.replace("MEASURES", measures))
        made: list[tuple[datetime, str, dict[str, Any]]] = []
        for number in range(STEPS):
            office.step()
            if number % 71 == 70:
                office.now += timedelta(microseconds=1)
                made += [(office.now, name, told(office.engine, each, now=office.now)) for name, each in ASKED.items()]
        with store.transaction(write=False) as tx:
            assert {row.kind for row in tx.scan(Activities())} == {
                "value", "close", "done", "note", "lost", "waived", "assigned", "late",
            }  # fmt: skip
        last = next(each for _, name, each in reversed(made) if name == "all time")
        assert min(last["deals"]["won"], last["deals"]["lost"], last["objections"]["dear"]["met"]["closed"]) > 0
        assert min(last["slippage"]["value"]["deals"], last["slippage"]["close"]["later"]) > 0
        later = office.now + timedelta(days=200)
        for moment, name, before in made:
            again = told(office.engine, ASKED[name], as_of=moment, now=later)
            differing = {key: (before[key], again[key]) for key in before if before[key] != again[key] and key != "reported"}
            assert (moment, name, differing) == (moment, name, {})


def line(day: int, deal: str, do: str, **more: Any) -> dict[str, Any]:
    moment = datetime(2025, 3, 1, 9, tzinfo=UTC) + timedelta(days=day)
    return {"deal": deal, "do": do, "by": "maija", "roles": ["seller"], "happened": moment.isoformat(), **more}


IMPORTED = [
    line(0, "A", "start", values={"need": "much", "price": "100", "close": "2025-04-01"}),
    line(1, "A", "do", action="call", way="phone"),
    line(2, "A", "advance"),
    line(3, "A", "do", action="send"),
    line(9, "A", "record", values={"price": "150"}),
    line(12, "A", "advance"),
    line(30, "A", "record", values={"price": "120"}, correct=True, reason="typed wrongly"),
    line(40, "A", "lose", reason="dear"),
    line(2, "B", "start", values={"price": "70"}),
    line(5, "B", "lose", reason="none"),
    line(20, "B", "reopen", reason="they wrote"),
    line(25, "B", "assign", person="tero"),
]


@pytest.mark.parametrize("day", range(0, 45, 3))
def test_what_an_import_brought_counts_from_when_it_happened(day: int) -> None:
    """Nothing of a line that had not happened yet is told, though all of them came in at once."""
    moment, now = datetime(2025, 3, 1, 9, tzinfo=UTC) + timedelta(days=day, hours=1), datetime(2026, 1, 5, tzinfo=UTC)
    known = [each for each in IMPORTED if each["happened"] < moment.isoformat()]
    reports = []
    for lines, when in ((IMPORTED, {"as_of": moment, "now": now}), (known, {"now": moment})):
        engine = Engine(open_store("memory:"), clock=lambda: now)
        engine.publish(load(PROCESS.replace("MEASURES", MEASURES)), by=PEOPLE[0])
        assert [done.status for done in engine.run("small", lines, by=PEOPLE[0])] == ["applied"] * len(lines)
        reports.append(told(engine, {}, **when))
    assert reports[0] == reports[1]
