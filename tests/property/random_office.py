"""People who sell at random, with late entries, corrections, losses and hand-overs: for figures that follow deals over time."""

from __future__ import annotations

import random
from contextlib import suppress
from datetime import UTC, datetime, timedelta
from typing import Any

from procdef import Actor, Engine, StepRefused, load
from procdef.deal import from_state
from procdef.store import Store

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
    optional_actions:
      send: {title: Send, milestone: offer, records: [price]}
      agree:
        title: Agree
        decision: true
        by: [{when: price <= 100, roles: seller}, {when: seats > 4, roles: seller}, {roles: seller, at_least: 2}]
    playbook: {objections: {dear: {concern: Too dear, answer: Look}}}
    next: won
    back: [lead]
  won: {title: Won, owner: seller, outcome: won}
"""
MEASURES = "measures: {seats: {field: seats, aggregate: sum, over: closed}}"
PEOPLE = [Actor(name, frozenset({"seller"})) for name in ("maija", "matti", "tero")]


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
