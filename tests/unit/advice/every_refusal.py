"""A process and steps that it refuses: at least one for each code, and one for each case that advice treats apart."""

from __future__ import annotations

import json
import sys
from collections.abc import Callable, Iterator, Mapping
from dataclasses import asdict
from datetime import UTC, datetime, timedelta
from functools import partial
from typing import Any, NamedTuple

from procdef import Actor, Engine, StepRefused, load, open_store

PROCESS = """
procdef: 1
id: shop
version: 1
title: Shop
languages: [en]
currency: EUR
roles: {seller: {title: Seller}, manager: {title: Manager}}
fields:
  name: {type: text, personal: false}
  email: {type: email}
  amount: {type: money, max: 1000}
  discount: {type: percent}
  size: {type: integer}
  big: {type: boolean}
deal: {correct_by: manager}
lost:
  reasons: {price: Too dear, need: No need, size: {title: Too large, records: [size, big]}}
  note: required
  reopen: {by: manager, within: 2 days}
stages:
  lead:
    title: Lead
    start: true
    owner: seller
    required_actions: {research: {title: Research, records: [name], voided_by: [name]}}
    optional_actions:
      call: {title: Call, ways: {phone: By phone, video: By video}, evidence: note}
      allow:
        title: Allow
        decision: true
        by: [{when: amount <= 100, roles: manager}, {roles: [manager, seller], at_least: 2}]
      skip: {title: Skip, needs: [allow]}
    playbook: {goal: Meet, objections: {busy: {concern: No time, answer: Later}}}
    next: offer
  offer:
    title: Offer
    start: true
    owner: seller
    entry_criteria: {large: {check: size >= 10, fix: Look again, waivable_by: manager}}
    required_actions:
      quote: {title: Quote, records: [amount, discount], voided_by: [amount]}
      approve:
        title: Approve
        by: manager
        when: discount > 10 %
        decision: true
        four_eyes: true
        at_least: 2
        needs: [quote]
        voided_by: [discount]
      send: {title: Send, needs: [approve], evidence: document}
    exit_criteria:
      enough: {check: amount >= 100, waivable_by: manager}
      named: {require: [email]}
    next:
      delivery: {when: big == true, by: manager}
      parked: {when: big == false, unfinished: allowed}
    back: [lead]
  parked: {title: Parked, owner: seller, entry_criteria: {enough: {check: amount >= 10}}, next: [offer, kept]}
  kept: {title: Kept, owner: seller}
  delivery: {title: Delivery, owner: [seller, manager], outcome: won, required_actions: {deliver: {title: Deliver}}}
"""
SELLER, OTHER = Actor("maija", {"seller"}), Actor("matti", {"seller", "manager"})
OWNER, SECOND = Actor("maija", {"manager"}), Actor("liisa", {"manager"})
MANAGER, NOBODY, STRANGER = Actor("jaana", {"manager"}), Actor("tero"), Actor("olli", {"seler"})
NOW = datetime(2026, 3, 2, 8, 0, tzinfo=UTC)


class Try(NamedTuple):
    """A step by somebody: the method of the engine and what it is given beside the deal."""

    by: Actor
    do: str
    given: tuple[Any, ...] = ()
    more: Mapping[str, Any] = {}


def step(by: Actor, do: str, *given: Any, **more: Any) -> Try:
    return Try(by, do, given, more)


FOUND = step(SELLER, "do", "research", values={"name": "Acme"})
LARGE = step(SELLER, "record", {"size": 20, "email": "a@b.example"})
OFFER = (FOUND, LARGE, step(SELLER, "advance"))
QUOTED = (*OFFER, step(SELLER, "do", "quote", values={"amount": "500", "discount": "20", "big": True}))
APPROVED = (*QUOTED, *(step(who, "do", "approve", decision="approve") for who in (MANAGER, SECOND)))
SMALL = (*QUOTED, step(SELLER, "record", {"big": False}))
PARKED = (*SMALL, step(SELLER, "advance", "parked", reason="Small"))
KEPT = (*PARKED, step(SELLER, "advance", "kept"))
SENT = (
    *APPROVED,
    step(SELLER, "do", "send", evidence=f"o.pdf sha256:{'0' * 64}"),
)
WON = (*SENT, step(MANAGER, "advance", "delivery"))
ALLOWED = (
    step(SELLER, "record", {"amount": "50"}),
    step(MANAGER, "do", "allow", decision="approve"),
    step(SELLER, "record", {"amount": "500"}),
)
LOST = (step(SELLER, "lose", "price", note="Too dear"),)
DONE = (*WON, step(SELLER, "do", "deliver"), step(SELLER, "finish"))

REFUSED: list[tuple[tuple[Try, ...], Try]] = [
    (LOST, LARGE),
    (DONE, step(SELLER, "lose", "price")),
    ((), step(SELLER, "record", {"nam": "x", "Anna Virtanen": "y"})),
    ((), step(SELLER, "do", "call", way="fax")),
    ((), step(SELLER, "do", "research", way="fax")),
    ((), step(SELLER, "do", "reserch")),
    ((), step(SELLER, "do", "Anna Virtanen")),
    ((), step(SELLER, "lose", "cost")),
    ((), step(SELLER, "advance", "nowhere")),
    ((), step(SELLER, "back", "nowhere")),
    ((), step(MANAGER, "waive", "nothing")),
    ((), step(SELLER, "note", "They said so", objection="lazy")),
    (OFFER, step(SELLER, "note", "They said so", objection="busy")),
    ((), step(SELLER, "do", "quote")),
    (OFFER, step(SELLER, "do", "call")),
    (QUOTED, step(MANAGER, "waive", "large", reason="Once")),
    ((), step(NOBODY, "advance")),
    ((), step(STRANGER, "advance")),
    (QUOTED, step(SELLER, "do", "approve", decision="approve")),
    (WON, step(SELLER, "record", {"size": 21}, correct=True, reason="Typing")),
    (QUOTED, step(MANAGER, "record", {"size": 21})),
    (QUOTED, step(MANAGER, "record", {"amount": "501"})),
    ((), step(SELLER, "back", "offer")),
    ((), step(SELLER, "advance", "delivery")),
    ((), step(SELLER, "reopen", reason="Once more")),
    (OFFER, step(SELLER, "finish")),
    (KEPT, step(SELLER, "finish")),
    (SMALL, step(SELLER, "advance", "parked")),
    (PARKED, step(SELLER, "advance")),
    (WON, step(SELLER, "advance")),
    (OFFER, step(SELLER, "back", "parked")),
    (OFFER, step(SELLER, "advance")),
    (QUOTED, step(OTHER, "advance", "parked")),
    ((), step(SELLER, "advance")),
    (OFFER, step(MANAGER, "advance", "delivery")),
    (OFFER, step(SELLER, "do", "approve")),
    (OFFER, step(MANAGER, "do", "approve")),
    ((*OFFER, step(SELLER, "do", "quote", values={"amount": "5", "discount": "1"})), step(MANAGER, "do", "approve")),
    ((), step(MANAGER, "do", "allow", decision="approve")),
    ((), step(SELLER, "do", "skip")),
    (ALLOWED, step(SELLER, "do", "skip")),
    (QUOTED, step(SELLER, "do", "send")),
    (OFFER, step(SELLER, "do", "send")),
    ((*QUOTED, step(MANAGER, "do", "approve", decision="reject", note="Dear")), step(MANAGER, "advance", "delivery")),
    ((FOUND,), step(SELLER, "advance")),
    ((*QUOTED, step(SELLER, "record", {"email": ""})), step(MANAGER, "advance", "delivery")),
    ((*OFFER, step(SELLER, "record", {"amount": "5"})), step(MANAGER, "waive", "enough", reason="Once")),
    (OFFER, step(MANAGER, "waive", "named", reason="Once")),
    (QUOTED, step(MANAGER, "waive", "offer.enough", reason="Once")),
    ((), step(MANAGER, "waive", "offer.large")),
    ((), step(SELLER, "lose")),
    ((), step(SELLER, "lose", "price")),
    ((), step(SELLER, "lose", "size", note="Too large")),
    (OFFER, step(SELLER, "back", "lead")),
    (SENT, step(MANAGER, "record", {"size": 9}, correct=True)),
    ((), step(SELLER, "note", " ")),
    ((), step(SELLER, "do", "call")),
    (QUOTED, step(MANAGER, "do", "approve")),
    (QUOTED, step(MANAGER, "do", "approve", decision="maybe")),
    (QUOTED, step(MANAGER, "do", "approve", decision="reject")),
    ((), step(SELLER, "do", "research", decision="approve")),
    ((), step(SELLER, "do", "research")),
    ((), step(SELLER, "note", "Called", kind="fax")),
    ((), step(SELLER, "record", {"amount": "1 234,50", "discount": "7,5", "size": "much"})),
    (APPROVED, step(SELLER, "do", "send", evidence="nowhere.pdf")),
    (OFFER, step(SELLER, "record", {"name": "Other"})),
    (WON, step(SELLER, "record", {"name": "Other"})),
    (SENT, step(MANAGER, "record", {"amount": "7"}, correct=True, reason="Typing")),
    (QUOTED, step(OWNER, "do", "approve", decision="approve")),
    ((*QUOTED, step(OTHER, "record", {"discount": "21"})), step(OTHER, "do", "approve", decision="approve")),
    (APPROVED, step(SECOND, "do", "approve", decision="approve")),
]
"""What a deal went through since its start, and the step that is refused then."""

STARTS = [
    step(SELLER, "start", "shop"),
    step(SELLER, "start", "shop", stage="offer"),
    step(SELLER, "start", "shop", stage="offer", values={"size": 3}),
    step(SELLER, "start", "shop", stage="parked"),
    step(MANAGER, "start", "shop"),
    step(SELLER, "start", "shop", stage="nowhere", values={"colour": "red"}),
]


class Clock:
    """A clock that stands still until it is set."""

    now = NOW

    def __call__(self) -> datetime:
        return self.now


def shop(clock: Clock) -> Engine:
    """An engine in memory with the process published."""
    engine = Engine(open_store("memory:"), clock=clock)
    engine.publish(load(PROCESS), by=MANAGER)
    return engine


def refusals(engine: Engine | None = None, clock: Clock | None = None) -> Iterator[tuple[StepRefused, StepRefused]]:
    """Each refusal, and the one that comes when its request is repeated; the deals stay as they were refused."""
    clock = clock or Clock()
    engine = engine or shop(clock)
    for number, tried in enumerate(STARTS):
        yield _twice(partial(engine.start, *tried.given, f"START-{number}", by=tried.by, **tried.more))
    for number, (before, tried) in enumerate(REFUSED):
        name = f"DEAL-{number}"
        engine.start("shop", name, by=SELLER, stage="lead")
        for each in before:
            getattr(engine, each.do)(name, *each.given, by=each.by, **each.more)
        yield _twice(partial(getattr(engine, tried.do), name, *tried.given, by=tried.by, request="again", **tried.more))
    engine.start("shop", "SHORT", by=SELLER, stage="offer", values={"size": 20})
    yield _twice(lambda: engine.back("SHORT", "lead", by=SELLER, reason="Again", request="again"))
    engine.start("shop", "LATE", by=SELLER, stage="lead")
    engine.lose("LATE", "price", by=SELLER, note="Too dear")
    clock.now += timedelta(days=3)
    yield _twice(lambda: engine.reopen("LATE", by=MANAGER, reason="Late", request="again"))


def _twice(call: Callable[[], Any]) -> tuple[StepRefused, StepRefused]:
    first, second = (_refused(call) for _ in range(2))
    return first, second


def _refused(call: Callable[[], Any]) -> StepRefused:
    try:
        done = call()
    except StepRefused as refused:
        return refused
    raise AssertionError(f"this step is not refused: {done.events}")


def advice(refused: StepRefused) -> list[list[Any]]:
    """What a refusal comes to without its sentences: codes, ids, and which step is suggested to whom."""
    return [
        [item.code, list(item.about), sorted(item.who), asdict(item.suggestion) if item.suggestion else None]
        for item in refused.unmet
    ]


if __name__ == "__main__":
    for once, _ in refusals():
        sys.stdout.write(json.dumps([advice(once), str(once)], default=str) + "\n")
