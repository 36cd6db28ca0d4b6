"""A writer that says wrongly until when something counts, or goes on as if nothing had lapsed, is found out by the meaning."""

from __future__ import annotations

from collections.abc import Callable
from datetime import UTC, datetime, timedelta
from typing import Any

import pytest
from broken_writer import codes_of
from small_story import MANAGER, SELLER

from procdef import Actor, Engine, open_store
from procdef.deal import Deal
from procdef.decide.context import Context
from procdef.decide.within_stage import APPROVE
from procdef.engine import unit_of_work
from procdef.language import load_source
from procdef.store import Store

DEFINITION = load_source(
    b"""
procdef: 1
id: lapsing
version: 1
title: Lapsing
languages: [en]
currency: EUR
roles: {seller: {title: Seller}, manager: {title: Manager}}
fields: {price: {type: money}}
deal: {value: price, correct_by: manager}
lost: {reasons: {no_need: No need}}
stages:
  offer:
    title: Offer
    start: true
    owner: seller
    required_actions:
      approve:
        {title: Approve, by: manager, decision: true, four_eyes: true, at_least: 2, voided_by: [price], valid_for: 30 days}
      quote: {title: Quote, records: [price]}
    exit_criteria:
      dear: {check: offer.approve is done and price > 1000, waivable_by: manager}
    next: won
  won: {title: Won, owner: seller, outcome: won, required_actions: {deliver: {title: Deliver, needs: [offer.approve]}}}
""",
    "lapsing.yaml",
)
LIISA = Actor("liisa", frozenset({"manager"}))
Step = Callable[["Office"], object]


class Office:
    """A deal in its stage, quoted, and approved by two people at the same time."""

    def __init__(self) -> None:
        self.now = datetime(2026, 3, 2, 8, tzinfo=UTC)
        self.store: Store = open_store("memory:")
        self.engine = Engine(self.store, clock=lambda: self.now)
        self.engine.publish(DEFINITION, by=MANAGER)
        self.engine.start("lapsing", "D", by=SELLER)
        self.engine.do("D", "quote", by=SELLER, values={"price": "100"})

    def approved(self) -> Office:
        for person in (MANAGER, LIISA):
            self.engine.do("D", "approve", by=person, decision=APPROVE)
        return self


def approve(office: Office) -> None:
    office.engine.do("D", "approve", by=MANAGER, decision=APPROVE)


def reject(office: Office) -> None:
    office.engine.do("D", "approve", by=MANAGER, decision="reject", note="Too dear")


def quote(office: Office) -> None:
    office.engine.do("D", "quote", by=SELLER)


UNTIL: dict[str, tuple[Step, str | None]] = {
    "for ever": (approve, None),
    "until before it was done": (approve, "2020-01-01T00:00:00.000000Z"),
    "until a time in another form": (approve, "2030-01-01"),
    "for a time, though it counts for ever": (quote, "2030-01-01T00:00:00.000000Z"),
}


@pytest.mark.parametrize("counts", UNTIL)
def test_what_counts_for_a_wrong_time_is_found(counts: str, monkeypatch: pytest.MonkeyPatch) -> None:
    step, until = UNTIL[counts]
    office = Office()
    monkeypatch.setattr(Context, "lapse", lambda seen, action: until)
    step(office)
    assert codes_of(office.store) == {"illegal"}


def test_a_rejection_that_counts_for_a_time_is_found(monkeypatch: pytest.MonkeyPatch) -> None:
    office, real = Office(), unit_of_work.decide

    def decide(*given: Any) -> Any:
        decided = real(*given)
        (entry,) = decided.entries
        return decided._replace(entries=(entry._replace(data={**entry.data, "until": "2030-01-01T00:00:00.000000Z"}),))

    monkeypatch.setattr(unit_of_work, "decide", decide)
    reject(office)
    assert codes_of(office.store) == {"illegal"}


def lapsing_later(decide: Callable[..., Any], *given: Any) -> Any:
    """What is decided where nothing has lapsed."""
    definition, machine, deal, *rest = given
    return decide(definition, machine, deal and deal._replace(until={}), *rest)


def test_leaving_by_an_approval_that_lapsed_is_found(monkeypatch: pytest.MonkeyPatch) -> None:
    office, real = Office().approved(), unit_of_work.decide
    office.engine.record("D", {"price": "100.00"}, by=SELLER)
    office.now += timedelta(days=1)
    office.engine.waive("D", "dear", by=LIISA, reason="An old customer")
    office.now += timedelta(days=29)
    assert codes_of(office.store) == set()
    monkeypatch.setattr(unit_of_work, "decide", lambda *given: lapsing_later(real, *given))
    office.engine.advance("D", by=SELLER)
    assert codes_of(office.store) == {"illegal"}


def test_a_need_that_lapsed_and_is_told_as_done_is_found(monkeypatch: pytest.MonkeyPatch) -> None:
    office, real = Office().approved(), unit_of_work.decide
    office.engine.waive("D", "dear", by=LIISA, reason="An old customer")
    office.engine.advance("D", by=SELLER)
    office.now += timedelta(days=30)
    assert codes_of(office.store) == set()
    monkeypatch.setattr(unit_of_work, "decide", lambda *given: lapsing_later(real, *given))
    office.engine.do("D", "deliver", by=SELLER)
    assert codes_of(office.store) == {"illegal"}


def test_an_approval_given_twice_before_it_lapsed_is_found(monkeypatch: pytest.MonkeyPatch) -> None:
    office, real = Office(), unit_of_work.decide
    approve(office)
    monkeypatch.setattr(unit_of_work, "decide", lambda *given: real(*given[:2], _emptied(given[2]), *given[3:]))
    approve(office)
    assert codes_of(office.store) == {"illegal"}


def _emptied(deal: Deal) -> Deal:
    """As if everything had lapsed."""
    return deal._replace(standing={}, until={}, rows={})


def test_a_correction_that_spares_what_counts_still_is_found_and_one_after_the_lapse_is_not(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    def correct(office: Office) -> None:
        office.engine.record("D", {"price": "120"}, by=MANAGER, correct=True, reason="A typing error")

    late, real = Office().approved(), unit_of_work.decide
    late.now += timedelta(days=30)
    correct(late)
    assert codes_of(late.store) == set()
    early = Office().approved()
    monkeypatch.setattr(unit_of_work, "decide", lambda *given: real(*given[:2], _emptied(given[2]), *given[3:]))
    correct(early)
    assert codes_of(early.store) == {"illegal"}
