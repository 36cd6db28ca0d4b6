"""A clock that was ahead once: what it left in the log holds up no erasure, and nothing else once that is on record."""

from __future__ import annotations

import sqlite3
from collections.abc import Iterator
from contextlib import closing
from datetime import UTC, datetime
from pathlib import Path

import pytest

from procdef import Actor, ClockBehind, Engine, InvalidArgument, LogBroken, StepRefused, open_store
from procdef.language import load
from procdef.verification import Tally, verify

PROCESS = Path(__file__).parents[3] / "processes" / "crm-opportunities.yaml"
SELLER = Actor("maija", frozenset({"seller"}))
GIVEN = {"product": "GTX Pro", "account": "Acme"}
WRONG, RIGHT = datetime(2099, 1, 1, tzinfo=UTC), datetime(2026, 11, 29, 12, tzinfo=UTC)


class Office:
    """An engine whose clock is set by hand."""

    def __init__(self, address: str) -> None:
        self.now = RIGHT
        self.engine = Engine(open_store(address), clock=lambda: self.now)
        self.engine.publish(load(PROCESS), by=SELLER)
        self.engine.start("crm-opportunities", "A-1", by=SELLER, values=GIVEN)
        self.engine.note("A-1", "Pekka Virtanen called", by=SELLER)

    def refused_start(self, name: str) -> None:
        with pytest.raises(StepRefused):
            self.engine.start("crm-opportunities", name, by=Actor("nobody"), values=GIVEN)

    def went_wrong(self) -> None:
        """A start is refused, and a deal noted and begun, under a clock that is ahead."""
        self.now = WRONG
        self.refused_start("VIRTANEN-1")
        self.engine.note("A-1", "Pekka Virtanen called again", by=SELLER)
        self.engine.start("crm-opportunities", "B-1", by=SELLER, values=GIVEN)
        self.now = RIGHT

    def findings(self) -> list[object]:
        with self.engine.store.inspect() as tx:  # type: ignore[attr-defined]
            return list(verify(tx, Tally()))

    def times(self, stream: str) -> list[str]:
        return [item.event["at"] for item in self.engine.feed() if item.event["stream"] == stream]


@pytest.fixture(params=["memory", "sqlite"])
def office(request: pytest.FixtureRequest, tmp_path: Path) -> Iterator[Office]:
    office = Office("memory:" if request.param == "memory" else f"sqlite:///{tmp_path / 'log.db'}")
    office.went_wrong()
    yield office
    office.engine.store.close()


def exported(office: Office) -> None:
    office.engine.exported("export csv", {"with_personal": False}, 1, "0" * 64, by=SELLER)


def test_an_erasure_and_its_purge_are_never_held_up(office: Office) -> None:
    done = office.engine.erase_person("Virtanen", basis="art-17", by=SELLER)
    assert (len(done.leaves), done.purged, done.pending) == (3, True, None)
    done = office.engine.erase("B-1", basis="art-17", by=SELLER)
    assert (done.purged, office.engine.purge_pending()) == (True, False)
    assert office.findings() == []


def test_what_else_is_held_up_names_the_way_on(office: Office) -> None:
    for step in (
        lambda: exported(office),
        lambda: office.engine.note("A-1", "Called", by=SELLER),
        lambda: office.engine.start("crm-opportunities", "C-1", by=Actor("nobody"), values=GIVEN),
    ):
        with pytest.raises(ClockBehind, match="where it was wrong then, put that on record"):
            step()


def test_a_time_that_is_none_is_told_as_damage(tmp_path: Path) -> None:
    office = Office(f"sqlite:///{tmp_path / 'log.db'}")
    office.refused_start("C-1")
    with closing(sqlite3.connect(tmp_path / "log.db")) as log:
        log.execute("UPDATE event SET recorded = 'not a time' WHERE stream = 'system'")
        log.commit()
    for step in (lambda: exported(office), lambda: office.refused_start("C-2")):
        with pytest.raises(LogBroken, match="system: its last event was recorded at no time that there is"):
            step()
    office.engine.store.close()


def test_once_it_is_on_record_steps_go_on_at_the_time_that_stands_and_others_at_the_clocks(office: Office) -> None:
    ahead = office.engine.clock_was_wrong(by=SELLER)
    assert (ahead.clock[:10], ahead.latest[:10], ahead.events) == ("2026-11-29", "2099-01-01", 3)
    exported(office)
    office.refused_start("C-1")
    office.engine.note("A-1", "Called", by=SELLER)
    office.engine.start("crm-opportunities", "C-1", by=SELLER, values=GIVEN)
    assert {at[:4] for at in office.times("system")} == {"2026", "2099"}
    assert office.times(office.engine.deal("C-1").stream)[-1][:4] == "2026"
    assert office.findings() == []
    office.now = datetime(2099, 1, 2, tzinfo=UTC)
    office.engine.note("A-1", "Called", by=SELLER)
    assert office.times(office.engine.deal("A-1").stream)[-1][:10] == "2099-01-02"


def test_it_covers_no_time_that_came_after_it(office: Office) -> None:
    office.engine.clock_was_wrong(by=SELLER)
    office.now = datetime(2100, 1, 1, tzinfo=UTC)
    office.engine.note("A-1", "Called", by=SELLER)
    office.now = RIGHT
    with pytest.raises(ClockBehind):
        office.engine.note("A-1", "Called", by=SELLER)
    office.engine.note("B-1", "Called", by=SELLER)
    assert office.engine.clock_was_wrong(by=SELLER).latest[:4] == "2100"
    office.engine.note("A-1", "Called", by=SELLER)
    assert office.findings() == []


def test_a_clock_that_is_not_behind_is_not_put_on_record(office: Office) -> None:
    office.now = datetime(2100, 1, 1, tzinfo=UTC)
    with pytest.raises(InvalidArgument, match="no event is of a time after 2100-01-01"):
        office.engine.clock_was_wrong(by=SELLER)


def test_a_start_that_is_refused_while_the_clock_is_a_little_behind_is_recorded_as_of_the_event_before(office: Office) -> None:
    office.now = datetime(2098, 12, 31, 23, 59, 57, tzinfo=UTC)
    office.refused_start("C-1")
    assert office.times("system")[-1][:4] == "2099"
    assert office.findings() == []
