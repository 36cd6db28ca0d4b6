"""A note may tell of what happened before the deal's latest step, as of last Friday's call; no other step may."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from contextlib import closing
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

import pytest

from procdef import Actor, Engine, InvalidArgument, StepRefused, load, open_store
from procdef.verification import Tally, verify

SELLER = Actor("maija", frozenset({"seller"}))
PROCESS = """
procdef: 1
id: calls
version: 1
title: Calls
languages: [en]
roles: {seller: {title: Seller}}
fields: {name: {type: text}}
stages:
  talk:
    title: Talk
    start: true
    owner: seller
    exit_criteria:
      kept_in_touch: {check: deal.contact_age <= 5 days}
      not_idle: {check: deal.idle <= 5 days}
    required_actions: {ask: {title: Ask, records: [name]}}
    next: won
  won: {title: Won, owner: seller, outcome: won}
"""
MONDAY = datetime(2026, 3, 9, 9, 0, tzinfo=UTC)
FRIDAY = MONDAY - timedelta(days=3)


class Wall:
    """A clock that is set."""

    now = MONDAY - timedelta(days=7)

    def __call__(self) -> datetime:
        return self.now


@pytest.fixture(params=["memory:", "deals.db"])
def engine(request: pytest.FixtureRequest, tmp_path: Path) -> Iterator[Engine]:
    """A deal that began the Monday before, in which the name was recorded this Monday; the log verifies afterwards."""
    wall = Wall()
    with closing(open_store(request.param if request.param == "memory:" else tmp_path / request.param)) as store:
        found = Engine(store, clock=wall)
        found.publish(load(PROCESS), by=SELLER)
        found.start("calls", "D", by=SELLER)
        wall.now = MONDAY
        found.record("D", {"name": "Anna"}, by=SELLER)
        yield found
        with store.inspect() as tx:
            assert list(verify(tx, Tally())) == []


def test_a_note_tells_of_last_fridays_call(engine: Engine) -> None:
    before = engine.deal("D")
    done = engine.note("D", "She will call back", by=SELLER, kind="call", happened=FRIDAY)
    (event,) = done.events
    assert (event.happened, event.at) == (FRIDAY, MONDAY)
    assert (done.deal.latest, done.deal.active) == (before.latest, before.active)
    assert (done.deal.contacted, before.contacted) == ("2026-03-06T09:00:00.000000Z", None)
    assert [each.type for each in engine.events("D")] == ["deal.started", "deal.recorded", "deal.noted"]


def test_an_older_contact_is_not_the_last_one(engine: Engine) -> None:
    for days in (1, 3, 2):
        engine.note("D", f"{days} days ago", by=SELLER, kind="call", happened=MONDAY - timedelta(days=days))
    assert engine.deal("D").contacted == "2026-03-08T09:00:00.000000Z"
    engine.note("D", "No kind", by=SELLER, happened=FRIDAY)
    assert engine.deal("D").contacted == "2026-03-08T09:00:00.000000Z"


def test_what_a_criterion_asks_of_the_last_contact_follows_from_it(engine: Engine) -> None:
    engine.do("D", "ask", by=SELLER)
    with pytest.raises(StepRefused) as refused:
        engine.advance("D", by=SELLER)
    assert [item.id for item in refused.value.unmet] == ["talk.kept_in_touch"]
    engine.note("D", "We spoke", by=SELLER, kind="call", happened=FRIDAY)
    assert engine.advance("D", by=SELLER).deal.outcome == "won"


def test_it_is_taken_for_a_closed_deal_and_from_before_a_refusal_too(engine: Engine) -> None:
    with pytest.raises(StepRefused):
        engine.advance("D", by=SELLER)
    active = engine.deal("D").active
    engine.note("D", "Before the refusal", by=SELLER, happened=FRIDAY)
    assert engine.deal("D").active == active


def test_a_refused_one_is_on_record(engine: Engine) -> None:
    with pytest.raises(StepRefused):
        engine.note("D", "He is busy", by=SELLER, objection="busy", happened=FRIDAY)
    assert [event.type for event in engine.events("D")][-1] == "step.refused"
    assert engine.events("D")[-1].happened == FRIDAY


def test_it_is_told_the_same_after_a_value_was_erased(engine: Engine) -> None:
    engine.note("D", "She will call back", by=SELLER, kind="call", happened=FRIDAY)
    before = engine.deal("D")
    engine.erase("D", ["name"], basis="request", by=SELLER)
    after = engine.deal("D")
    assert (after.contacted, after.latest, after.active) == (before.contacted, before.latest, before.active)


EARLY = FRIDAY - timedelta(days=7)
REFUSED: dict[str, tuple[Callable[[Engine], Any], str]] = {
    "a note of before the deal": (
        lambda e: e.note("D", "Hello", by=SELLER, happened=EARLY),
        "D: happened 2026-02-27T09:00:00.000000Z lies before the deal began, 2026-03-02T09:00:00.000000Z",
    ),
    "a note of tomorrow": (
        lambda e: e.note("D", "Hello", by=SELLER, happened=MONDAY + timedelta(days=1)),
        "D: happened 2026-03-10T09:00:00.000000Z lies in the future",
    ),
    "an action": (
        lambda e: e.do("D", "ask", by=SELLER, happened=FRIDAY),
        "D: happened 2026-03-06T09:00:00.000000Z lies before the deal's latest step, 2026-03-09T09:00:00.000000Z",
    ),
}  # fmt: skip


@pytest.mark.parametrize(("step", "says"), REFUSED.values(), ids=REFUSED.keys())
def test_nothing_else_is(engine: Engine, step: Callable[[Engine], Any], says: str) -> None:
    with pytest.raises(InvalidArgument) as told:
        step(engine)
    assert (str(told.value), told.value.subject) == (says, "happened")
    assert len(engine.events("D")) == 2


def test_a_file_of_steps_goes_on_in_order(engine: Engine) -> None:
    step = {"by": "maija", "roles": ["seller"], "deal": "D", "do": "note", "note": "Hello", "happened": FRIDAY.isoformat()}
    (result,) = engine.run("calls", [step], by=SELLER)
    assert (result.status, "lies before the deal's latest step" in result.message) == ("error", True)
