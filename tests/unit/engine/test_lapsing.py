"""What is done counts for its ``valid_for``: for the steps, the facts, waivers, four eyes and the gate behind a deal."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from datetime import UTC, datetime, timedelta
from typing import Any

import pytest

from procdef import Actor, Engine, StepRefused, open_store
from procdef.language import load
from procdef.render.log import EventTitles, summary
from procdef.render.status import status_text
from procdef.store import Store
from procdef.verification import Tally, verify

PROCESS = """
procdef: 1
id: lapsing
version: 1
title: Lapsing
languages: [en]
currency: EUR
calendar: {timezone: Europe/Helsinki}
roles: {seller: {title: Seller}, manager: {title: Manager}}
fields:
  price: {type: money}
  discount: {type: percent}
deal: {value: price, correct_by: manager}
lost: {reasons: {no_need: No need}}
stages:
  offer:
    title: Offer
    start: true
    owner: seller
    required_actions:
      quote: {title: Quote, records: [price, discount]}
      approve:
        title: Approve
        by: manager
        decision: true
        four_eyes: true
        at_least: 2
        voided_by: [discount]
        valid_for: 30 days
    optional_actions:
      credit: {title: Check their credit, valid_for: 10 business days}
    exit_criteria:
      solvent: {check: "offer.credit is done and price >= 200", waivable_by: manager}
    next: {closing: {}, parked: {unfinished: allowed}}
  closing:
    title: Closing
    owner: seller
    required_actions:
      sign: {title: Sign, milestone: offer, valid_for: 1 week}
    next: {won: {when: offer.approve is done}, parked: {}}
    back: offer
  parked:
    title: Parked
    owner: seller
    required_actions: {call: {title: Call, needs: [offer.credit]}}
    next: closing
    back: offer
  won: {title: Won, owner: seller, outcome: won, required_actions: {deliver: {title: Deliver}}}
"""
MAIJA, MATTI = Actor("maija", frozenset({"seller"})), Actor("matti", frozenset({"seller"}))
JAANA, LIISA = (Actor(name, frozenset({"manager"})) for name in ("jaana", "liisa"))
MONDAY = datetime(2026, 1, 5, 9, tzinfo=UTC)


class Office:
    """A deal D in the stage offer, priced by maija, on a clock that is set by hand."""

    def __init__(self, store: Store) -> None:
        self.now = MONDAY
        self.store = store
        self.engine = Engine(store, clock=lambda: self.now)
        self.engine.publish(load(PROCESS), by=JAANA)
        self.engine.start("lapsing", "D", by=MAIJA)
        self.engine.do("D", "quote", by=MAIJA, values={"price": "500", "discount": "10"})

    def approve(self, *people: Actor, **more: Any) -> None:
        for person in people:
            self.engine.do("D", "approve", by=person, decision="approve", **more)

    def after(self, **length: int) -> None:
        self.now += timedelta(**length)

    def status(self, action: str) -> str:
        return next(todo.status for todo in self.engine.options("D").todo if todo.action == action)

    def refused(self, step: Callable[[], object]) -> list[tuple[str, ...]]:
        with pytest.raises(StepRefused) as told:
            step()
        return [(item.code, *item.about) for item in told.value.unmet]

    def advance(self, to: str = "closing", **more: Any) -> None:
        self.engine.advance("D", to, by=MAIJA, **more)


@pytest.fixture(params=["memory:", "sqlite"])
def office(request: pytest.FixtureRequest, tmp_path: Any) -> Iterator[Office]:
    store = open_store("memory:" if request.param == "memory:" else f"sqlite:///{tmp_path / 'deals.db'}")
    made = Office(store)
    yield made
    with store.inspect() as tx:
        assert list(verify(tx, Tally())) == []
    store.close()


def test_it_counts_to_the_last_moment_before_and_not_at_it(office: Office) -> None:
    office.approve(JAANA, LIISA)
    office.after(days=30, microseconds=-1)
    assert office.status("approve") == "done"
    office.after(microseconds=1)
    assert office.status("approve") == "open"
    assert ("action-open", "offer.approve") in office.refused(office.advance)


def test_until_stands_in_the_event_and_goes_by_the_calendar_of_the_process(office: Office) -> None:
    office.engine.do("D", "credit", by=MAIJA)
    (done,) = [each for each in office.engine.events("D") if each["type"] == "action.completed"][1:]
    assert done["data"]["until"] == "2026-01-19T15:00:00.000000Z"  # the end of working hours ten working days on, in Helsinki
    assert office.engine.deal("D").until == {"offer.credit": ("2026-01-19T15:00:00.000000Z",)}


def test_it_runs_from_when_it_is_said_to_have_happened(office: Office) -> None:
    office.after(days=20)
    office.approve(JAANA, happened=MONDAY + timedelta(days=1))
    assert office.engine.deal("D").until == {"offer.approve": ("2026-02-05T09:00:00.000000Z",)}
    office.after(days=20)
    office.approve(LIISA, happened=office.now - timedelta(minutes=1))
    assert office.status("approve") == "open"  # jaana's has lapsed meanwhile


def test_each_of_several_has_its_own_time_and_a_new_one_sweeps_what_lapsed(office: Office) -> None:
    office.approve(JAANA)
    office.after(days=20)
    office.approve(LIISA)
    office.after(days=10)
    assert office.status("approve") == "open"
    office.approve(JAANA)  # who approved before, which is none any more
    deal = office.engine.deal("D")
    assert deal.standing["offer.approve"] == ("liisa", "jaana")
    assert deal.until["offer.approve"] == ("2026-02-24T09:00:00.000000Z", "2026-03-06T09:00:00.000000Z")
    assert office.status("approve") == "done"
    assert office.refused(lambda: office.approve(JAANA)) == [("four-eyes", "offer.approve")]


@pytest.mark.parametrize(
    "ending",
    [
        lambda office: office.engine.record("D", by=MATTI, values={"discount": "11"}),
        lambda office: office.engine.do("D", "approve", by=LIISA, decision="reject", note="Too much"),
    ],
    ids=["voided", "rejected"],
)
def test_what_ends_a_completion_ends_its_time(office: Office, ending: Callable[[Office], object]) -> None:
    office.approve(JAANA)
    ending(office)
    deal = office.engine.deal("D")
    assert (deal.standing.get("offer.approve"), deal.until) == (None, {})


def test_a_correction_spares_nothing_that_has_lapsed(office: Office) -> None:
    office.approve(JAANA)

    def correct() -> None:
        office.engine.record("D", by=LIISA, values={"discount": "12"}, correct=True, reason="A typing error")

    assert office.refused(correct) == [("gate-shut", "discount", "offer.approve")]
    office.after(days=30)
    correct()


def test_conditions_and_needs_see_a_lapse_wherever_the_deal_is(office: Office) -> None:
    office.engine.do("D", "credit", by=MAIJA)
    office.approve(JAANA, LIISA)
    office.advance()
    office.engine.do("D", "sign", by=MAIJA)
    office.after(days=30)
    assert ("branch-closed", "won") in office.refused(lambda: office.advance("won"))
    office.engine.do("D", "sign", by=MAIJA)
    office.advance("parked")
    assert office.refused(lambda: office.engine.do("D", "call", by=MAIJA)) == [("needs-open", "offer.credit")]


def test_a_gate_that_was_passed_is_neither_opened_nor_forgotten_by_a_lapse(office: Office) -> None:
    office.engine.do("D", "credit", by=MAIJA)
    office.approve(JAANA, LIISA)
    office.advance()
    office.after(days=60)
    raise_it = {"discount": "40"}
    assert office.refused(lambda: office.engine.record("D", by=MAIJA, values=raise_it)) == [
        ("gate-shut", "discount", "offer.approve")
    ]
    office.engine.back("D", "offer", by=MAIJA, reason="They want another price")
    assert office.status("approve") == "open"
    office.engine.record("D", by=MAIJA, values=raise_it)


def test_what_had_lapsed_before_the_gate_was_passed_does_not_count_behind_it(office: Office) -> None:
    office.approve(JAANA, LIISA)
    office.after(days=30)
    office.advance("parked", reason="They wait")
    assert "offer.approve" not in office.engine.deal("D").standing
    office.engine.record("D", by=MAIJA, values={"discount": "40"})  # nothing stands there that this would undo


@pytest.mark.parametrize(("waived_after", "stands"), [(timedelta(days=1), False), (timedelta(days=14, hours=6), True)])
def test_a_waiver_ends_when_something_lapses_that_its_criterion_reads(
    office: Office, waived_after: timedelta, stands: bool
) -> None:
    office.approve(JAANA, LIISA)
    office.engine.do("D", "credit", by=MAIJA)
    office.engine.record("D", by=MAIJA, values={"price": "100"})
    office.now += waived_after
    office.engine.waive("D", "offer.solvent", by=LIISA, reason="An old customer")
    assert office.engine.options("D").deal.waived == ("offer.solvent",)
    office.now = MONDAY + timedelta(days=15)
    assert office.engine.options("D").deal.waived == (("offer.solvent",) if stands else ())
    if stands:
        office.advance()
    else:
        assert office.refused(office.advance) == [("criterion-unmet", "offer.solvent")]


def test_a_milestone_is_told_once_however_often_its_action_is_done_again(office: Office) -> None:
    office.engine.do("D", "credit", by=MAIJA)
    office.approve(JAANA, LIISA)
    office.advance()
    office.engine.do("D", "sign", by=MAIJA)
    office.after(weeks=1)
    assert office.status("sign") == "open"
    office.engine.do("D", "sign", by=MAIJA)
    told = [each["data"].get("milestone") for each in office.engine.events("D") if each["data"].get("action") == "closing.sign"]
    assert told == ["offer", None]


def test_status_says_who_approved_until_when_and_who_is_still_needed(office: Office) -> None:
    office.approve(JAANA)
    office.after(days=20)
    todo = next(each for each in office.engine.options("D").todo if each.action == "approve")
    assert [(each.by, each.until, each.state) for each in todo.completions] == [
        ("jaana", "2026-02-04T09:00:00.000000Z", "counts")
    ]
    assert (todo.missing, todo.excluded, todo.until, todo.who) == (1, ("maija", "jaana"), None, ("manager",))
    screen = status_text(office.engine.options("D"))
    assert "approved by jaana, until 2026-02-04 11:00" in screen
    assert "still needed: 1, by manager" in screen
    office.approve(LIISA)
    assert "by jaana and liisa, until 2026-02-04 11:00, in 10 days" in status_text(office.engine.options("D"))
    office.after(days=10)
    assert "approved by jaana, which lapsed 2026-02-04 11:00" in status_text(office.engine.options("D"))
    with pytest.raises(StepRefused, match="what jaana did has lapsed"):
        office.advance()


def test_the_log_says_until_when_it_counts_on_the_clocks_of_the_process(office: Office) -> None:
    office.approve(JAANA)
    (event,) = [each for each in office.engine.events("D") if each["data"].get("action") == "offer.approve"]
    book = EventTitles(office.engine.definition_of(office.engine.deal("D")))
    assert event["data"]["until"] == "2026-02-04T09:00:00.000000Z"
    assert summary(event, book) == "offer.approve approved, until 2026-02-04 11:00 Europe/Helsinki"
