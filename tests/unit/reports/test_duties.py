"""Who asked and decided, on the story that has every type of event."""

from __future__ import annotations

from collections import Counter

from procdef import Actor, Engine
from procdef.audit.separation_of_duties import Duties, duties
from procdef.language import load_source
from procdef.provenance import Period
from procdef.store import MemoryStore
from procdef.verification.authentication import weakest

PROCESS = """
procdef: 1
id: small
version: 1
title: Small
languages: [en]
currency: EUR
roles: {seller: {title: Seller}, manager: {title: Manager}}
fields: {amount: {type: money}}
stages:
  offer:
    title: Offer
    start: true
    owner: seller
    required_actions:
      price: {title: Price, records: [amount]}
      approve: {title: Approve, by: manager, decision: true, needs: [price], voided_by: [amount]}
    next: won
  won: {title: Won, owner: seller, outcome: won}
"""
SELLER, MANAGER = Actor("maija", frozenset({"seller"})), Actor("jaana", frozenset({"manager"}))
BOTH = Actor("kaisa", frozenset({"seller", "manager"}))


def found(approver: Actor, pricer: Actor, owner: Actor = SELLER) -> tuple[list[tuple[str, ...]], Duties]:
    store = MemoryStore()
    engine = Engine(store)
    engine.publish(load_source(PROCESS.encode(), "small"), by=MANAGER)
    engine.start("small", "A", by=owner)
    engine.do("A", "price", by=pricer, values={"amount": 7})
    engine.do("A", "approve", by=approver, decision="approve")
    seen = Duties()
    with store.transaction(write=False) as tx:
        rows = list(duties(tx, Period(), None, seen))
    return [row.why for row in rows if row.kind == "same-person"], seen


def test_who_recorded_what_a_decision_reads_and_decides_is_told() -> None:
    assert found(BOTH, BOTH)[0] == [("recorded amount", "did offer.price")]


def test_who_owns_the_deal_and_decides_is_told() -> None:
    assert found(BOTH, SELLER, BOTH)[0] == [("owns the deal",)]


def test_two_people_are_nothing_to_tell() -> None:
    why, seen = found(MANAGER, SELLER)
    assert (why, seen.decisions) == ([], 1)
    assert seen.levels == Counter({"app": 6})


def test_the_level_of_an_event_is_the_weaker_of_both_people() -> None:
    assert weakest({"by": {"auth": "os"}, "for": {"auth": "claimed"}}) == "claimed"
    assert weakest({"by": {"auth": "claimed"}, "for": {"auth": "signed"}}) == "claimed"
    assert weakest({"by": {"auth": "token"}}) == "token"
