"""A timer that the definition, the time or an earlier one does not allow is found, though all hashes were made anew."""

from __future__ import annotations

import sqlite3
from collections.abc import Callable, Iterator
from contextlib import closing
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

import pytest
from forgery import Event, change, events, findings

from procdef import Actor, Engine, load, open_store

PROCESS = """
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
    sla: {within: 5 days, remind: [1 day, 2 hours], escalate_to: manager}
    required_actions:
      call: {title: Call them, sla: {within: 2 days, remind: 1 hour}}
      write: {title: Write to them}
    optional_actions:
      approve: {title: Approve, decision: true, by: manager, valid_for: 3 days}
    next: offer
  offer: {title: Offer, owner: seller, sla: {within: 2 days}, back: [lead], next: won}
  won: {title: Won, owner: seller, outcome: won}
"""
MONDAY = datetime(2026, 3, 2, 8, 0, tzinfo=UTC)
SELLER, MANAGER = Actor("maija", {"seller"}), Actor("olli", {"manager"})


@pytest.fixture
def timed(tmp_path: Path) -> Path:
    """A log with a deal of which everything was told, and one that is done."""
    file = tmp_path / "timed.db"
    now = [MONDAY]
    with closing(open_store(f"sqlite:///{file}")) as store:
        engine = Engine(store, lambda: now[0])
        engine.publish(load(PROCESS), by=MANAGER)
        engine.start("timed", "D", by=SELLER)
        engine.do("D", "approve", by=MANAGER, decision="approve")
        for hours in (47, 48, 60, 96, 118, 120):
            now[0] = MONDAY + timedelta(hours=hours)
            assert all(told.problem is None for told in engine.tick(by=Actor("cron")))
        engine.do("D", "call", by=SELLER)
        engine.note("D", "The end", by=SELLER)
    return file


@pytest.fixture
def log(timed: Path) -> Iterator[sqlite3.Connection]:
    with closing(sqlite3.connect(timed)) as connection:
        yield connection


def timers(log: sqlite3.Connection) -> list[tuple[str, str, str | None]]:
    told = [event for event in events(log) if event["type"].startswith("timer.")]
    return [(event["type"], event["data"]["of"], event["data"].get("before")) for event in told]


def test_the_honest_log_tells_of_everything_once(timed: Path, log: sqlite3.Connection) -> None:
    assert findings(timed) == []
    assert timers(log) == [
        ("timer.reminded", "lead.call", "1 hour"), ("timer.reminded", "lead.approve", "1 day"),
        ("timer.overdue", "lead.call", None), ("timer.reminded", "lead", "1 day"),
        ("timer.reminded", "lead", "2 hours"), ("timer.overdue", "lead", None), ("timer.escalated", "lead", None),
    ]  # fmt: skip


def data(**changes: Any) -> Callable[[Event], None]:
    return lambda event: event["data"].update(changes)


def into(kind: str, **given: Any) -> Callable[[Event], None]:
    """Another type of event in its place; what is given as none is taken out."""

    def edit(event: Event) -> None:
        event["type"] = kind
        event["data"] = {key: value for key, value in {**event["data"], **given}.items() if value is not None}

    return edit


def envelope(**changes: Any) -> Callable[[Event], None]:
    return lambda event: event.update(changes)


FIRST = ("timer.reminded", "lead.call", "1 hour")
OVERDUE, LATER = ("timer.overdue", "lead.call", None), ("timer.overdue", "lead", None)
LAPSE, STAGE, LAST = (
    ("timer.reminded", "lead.approve", "1 day"), ("timer.reminded", "lead", "2 hours"), ("timer.escalated", "lead", None),
)  # fmt: skip
FORGED: dict[str, tuple[tuple[str, str, str | None], Callable[[Event], object], str]] = {
    "of an action without a deadline": (OVERDUE, data(of="lead.write"), "a deadline of the present stage or an action in it"),
    "of another stage": (LATER, data(of="offer"), "a deadline of the present stage or an action in it"),
    "of nothing": (LATER, data(of="lead.nothing"), "a deadline of the present stage or an action in it"),
    "of another due time": (OVERDUE, data(due="2026-03-03T08:00:00.000000Z"), "lead.call due 2026-03-04T08:00:00.000000Z"),
    "overdue too early": (FIRST, into("timer.overdue", before=None), "nothing overdue before 2026-03-04T08:00:00.000000Z"),
    "reminded too late": (LATER, into("timer.reminded", before="1 day"), "a reminder before 2026-03-07T08:00:00.000000Z"),
    "another reminder": (FIRST, data(before="2 hours"), "a reminder 1 hour before"),
    "told twice": (STAGE, data(before="1 day"), "a timer told once"),
    "overdue twice": (LAST, into("timer.overdue", to=None), "a timer told once"),
    "escalated to nobody's role": (LAST, data(to=["seller"]), "brought before manager"),
    "escalated where nobody is told": (OVERDUE, into("timer.escalated", to=["manager"]), "brought before nobody"),
    "by hand": (OVERDUE, envelope(via="cli"), "a timer told by a worker"),
    "as of another time": (OVERDUE, envelope(happened="2026-03-04T07:30:00.000000Z"), "a timer told when it is recorded"),
    "a lapse at another time": (LAPSE, data(due="2026-03-05T09:00:00.000000Z"), "a deadline, or an approval that lapses then"),
    "a lapse by another reminder": (LAPSE, data(before="2 days"), "a reminder 1 day before"),
}


@pytest.mark.parametrize("forged", FORGED)
def test_what_timers_cannot_tell_is_found(forged: str, timed: Path, log: sqlite3.Connection) -> None:
    (kind, of, before), edit, expected = FORGED[forged]
    place = next(
        (event["stream"], event["n"]) for event in events(log)
        if (event["type"], event["data"].get("of"), event["data"].get("before")) == (kind, of, before)
    )  # fmt: skip
    change(log, place, edit)
    found = [wrong.expected for wrong in findings(timed) if wrong.code == "illegal" and wrong.n == place[1]]
    assert any(each.startswith(expected) for each in found), found


def test_a_timer_of_what_was_done_is_found(timed: Path, log: sqlite3.Connection) -> None:
    last = events(log)[-1]

    def edit(event: Event) -> None:
        event.pop("private")
        event.update(type="timer.escalated", via="worker")
        event["data"] = {"of": "lead.call", "due": "2026-03-04T08:00:00.000000Z", "to": ["manager"]}

    log.execute("DELETE FROM private WHERE stream = ? AND n = ?", (last["stream"], last["n"]))
    log.execute("DELETE FROM activity WHERE stream = ? AND n = ?", (last["stream"], last["n"]))
    change(log, (last["stream"], last["n"]), edit)
    assert "lead.call still to be done" in [wrong.expected for wrong in findings(timed)]


COLUMNS = {
    "a deadline that nothing has": ("deadline", "2026-03-05T08:00:00.000000Z"),
    "no deadline": ("deadline", None),
    "a deadline of what is done": ("deadline", "2026-03-04T08:00:00.000000Z"),
    "a time that is none": ("wake", "soon"),
    "text that is bytes": ("wake", b"2026"),
}


@pytest.mark.parametrize("column", COLUMNS)
def test_columns_that_no_deal_can_have_are_found(column: str, timed: Path, log: sqlite3.Connection) -> None:
    name, value = COLUMNS[column]
    log.execute(f"UPDATE deal SET {name} = ?", (value,))
    log.commit()
    assert {wrong.code for wrong in findings(timed)} == {"deal-differs"}


@pytest.mark.parametrize("wake", [None, "2026-03-07T08:00:00.000001Z", "2099-01-01T00:00:00.000000Z"])
def test_a_deal_that_would_be_looked_at_too_late_is_found(wake: str | None, tmp_path: Path) -> None:
    file = tmp_path / "late.db"
    with closing(open_store(f"sqlite:///{file}")) as store:
        engine = Engine(store, lambda: MONDAY)
        engine.publish(load(PROCESS), by=MANAGER)
        engine.start("timed", "D", by=SELLER)
        engine.do("D", "call", by=SELLER)
    with closing(sqlite3.connect(file)) as log:
        log.execute("UPDATE deal SET wake = '2026-03-02T08:00:00.000000Z'")  # too early does no harm
        log.commit()
        assert findings(file) == []
        log.execute("UPDATE deal SET wake = ?", (wake,))
        log.commit()
    assert [(wrong.code, wrong.expected) for wrong in findings(file)] == [
        ("deal-differs", "wake: 2026-03-07T08:00:00.000000Z or earlier")
    ]
