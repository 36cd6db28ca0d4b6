"""The case file of a deal that was taken over to another version, whose stages have other names."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta

import pytest

from procdef import Actor, Engine, load
from procdef.engine.definition_cache import DefinitionCache
from procdef.log.event import timestamp
from procdef.pages.casefile import casefile_page
from procdef.reports.casefile import CaseFile, casefile_in
from procdef.store.memory.store import MemoryStore

FIRST = """\
procdef: 1
id: sale
version: 1
title: Sale
languages: [en]
currency: EUR
roles: {seller: {title: Seller}}
fields: {price: {type: money}}
deal: {value: price}
stages:
  lead:
    title: Lead
    start: true
    owner: seller
    optional_actions: {call: {title: Call}}
    playbook: {objections: {dear: {concern: Far too dear, answer: Not yet}}}
    next: offer
  offer:
    title: Offer
    owner: seller
    playbook: {objections: {dear: {concern: Too dear, answer: Look at what it saves}}}
    next: won
    back: [lead]
  won: {title: Won, owner: seller, outcome: won}
"""
SECOND = FIRST.replace("version: 1", "version: 2").replace("offer", "bid").replace("Offer", "Bid").replace("price", "worth")
PLAN = {"procdef-plan": 1, "process": "sale", "from": 1, "to": 2, "fields": {"price": "worth"}}
MAIJA = Actor("maija", frozenset({"seller"}))
BEGIN = datetime(2026, 3, 2, 8, 0, tzinfo=UTC)


class Office:
    """Each step is taken an hour after the one before."""

    def __init__(self) -> None:
        self.store, self.hours = MemoryStore(), 0
        self.engine = Engine(self.store, clock=lambda: BEGIN + timedelta(hours=self.hours))
        self.engine.publish(load(FIRST), by=MAIJA)
        self.engine.start("sale", "A-1", by=MAIJA, values={"price": "100"})
        self.then("do", "call")
        self.then("advance")
        self.then("note", "It is too much", objection="dear")

    def then(self, verb: str, *given: object, **named: object) -> None:
        self.hours += 1
        getattr(self.engine, verb)("A-1", *given, by=MAIJA, **named)

    def migrate(self, target: str | None = "bid") -> None:
        self.hours += 1
        self.engine.publish(load(SECOND), by=MAIJA)
        plan = {**PLAN, "stages": {"offer": target}} if target else PLAN
        (told,) = self.engine.migrate("sale", to=2, plan=plan, apply=True, by=MAIJA)
        assert told.status == "migrated"

    def told(self, hour: int) -> CaseFile:
        with self.store.transaction(write=False) as tx:
            found = casefile_in(tx, DefinitionCache(), "A-1", timestamp(BEGIN + timedelta(hours=hour)))
        assert casefile_page(found, self.engine.definition("sale", found.process.version))
        return found


def test_as_of_a_time_before_it_is_told_by_the_version_of_then() -> None:
    office = Office()
    before = office.told(3)
    office.migrate()
    assert office.told(3) == before
    assert (before.process.version, before.deal.stage_title, [each.field for each in before.values]) == (1, "Offer", ["price"])
    after = office.told(4)
    assert (after.process.version, after.deal.stage_title, [each.field for each in after.values]) == (2, "Bid", ["worth"])


def test_an_objection_is_answered_by_the_stage_in_which_it_was_met_under_its_new_name() -> None:
    office = Office()
    office.migrate()
    (met,) = office.told(4).objections
    assert (met.stage, met.concern, met.answer) == ("bid", "Too dear", "Look at what it saves")


@pytest.mark.parametrize("back", [False, True])
def test_an_objection_of_a_stage_that_is_gone_is_answered_where_another_one_does(back: bool) -> None:
    office = Office()
    if back:
        office.then("back", "lead", reason="They are not ready")
    office.migrate(None if back else "lead")
    (met,) = office.told(office.hours).objections
    assert (met.stage, met.concern, met.met) == ("lead", "Far too dear", (4,))
