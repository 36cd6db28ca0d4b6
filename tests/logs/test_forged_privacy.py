"""What the log tells of its own erasures and purges is held against itself."""

from __future__ import annotations

import json
import sqlite3
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest
from forgery import Event, change, events, findings

from procdef import Actor, Engine, open_store
from procdef.errors import LogBroken

SELLER = Actor("maija", frozenset({"seller"}))


@pytest.fixture
def erased(file: Path, log: sqlite3.Connection) -> list[tuple[str, int]]:
    """The places of two erasures, of values of B, whose bytes were purged, and of the purge."""
    store = open_store(f"sqlite:///{file}")
    engine = Engine(store)
    engine.erase("B", ["email"], basis="art-17", by=SELLER)
    engine.erase("B", ["deal"], basis="art-17", by=SELLER)
    store.close()
    kinds = ("privacy.erased", "privacy.purged")
    return [(event["stream"], event["n"]) for kind in kinds for event in events(log) if event["type"] == kind]


def data(**changes: Any) -> Callable[[Event], None]:
    return lambda event: event["data"].update(changes)


def illegal(file: Path) -> list[str]:
    return [wrong.expected for wrong in findings(file) if wrong.code == "illegal"]


def test_honest_ones_are_clean(file: Path, erased: list[tuple[str, int]]) -> None:
    assert len(erased) == 4
    assert findings(file) == []


@pytest.mark.parametrize("basis", ["", "Anna Virtanen", "-x", "x" * 65, "ä"])
def test_a_basis_that_is_no_word(basis: str, file: Path, log: sqlite3.Connection, erased: list[tuple[str, int]]) -> None:
    change(log, erased[0], data(basis=basis))
    assert illegal(file) == ["a word or a reference as basis"]


def test_a_value_erased_twice_at_once(file: Path, log: sqlite3.Connection, erased: list[tuple[str, int]]) -> None:
    change(log, erased[0], lambda event: event["data"]["leaves"].append(event["data"]["leaves"][0]))
    assert illegal(file) == ["each value erased once"]


@pytest.mark.parametrize("n", [0, -1, True, 99])
def test_a_value_of_no_earlier_event(n: int, file: Path, log: sqlite3.Connection, erased: list[tuple[str, int]]) -> None:
    change(log, erased[0], data(leaves=[[erased[0][0], n, "/key"]]))
    assert "leaves of earlier events of this stream" in [wrong.expected for wrong in findings(file)]


def test_a_purge_of_what_is_no_erasure(file: Path, log: sqlite3.Connection, erased: list[tuple[str, int]]) -> None:
    for events_ in ([[erased[0][0], 1]], [["deal:none", 1]], [[erased[0][0], 999]], [["system", 1]]):
        change(log, erased[2], data(events=events_))
        assert [(wrong.code, wrong.stream, wrong.n) for wrong in findings(file)] == [("events-missing", *events_[0])]


def test_a_purge_of_a_later_erasure(file: Path, log: sqlite3.Connection, erased: list[tuple[str, int]]) -> None:
    change(log, erased[2], data(events=[list(erased[1])]))
    assert illegal(file) == ["erasures before it as purged"]


def test_two_purges_of_one_erasure(file: Path, log: sqlite3.Connection, erased: list[tuple[str, int]]) -> None:
    change(log, erased[3], data(events=[list(erased[0])]))
    assert illegal(file) == ["each erasure purged once"]


@pytest.mark.parametrize("filter_", [{"with_personal": 1}, {"with_personal": True, "deals": ["Anna"]}, {}])
def test_an_export_with_a_filter_that_is_none(filter_: Any, file: Path, log: sqlite3.Connection) -> None:
    store = open_store(f"sqlite:///{file}")
    event = Engine(store).exported("proof", {"with_personal": True}, 1, "ab" * 32, by=SELLER)
    store.close()
    assert findings(file) == []
    assert json.loads(event.body)["type"] == "log.exported"
    change(log, (event.stream, event.n), data(filter=filter_))
    assert [wrong.code for wrong in findings(file)] == ["unreadable"]


QUESTIONS: dict[str, Callable[[Engine], object]] = {
    "erasures": lambda engine: engine.erasures(),
    "purge": lambda engine: engine.purge(by=SELLER),
}


@pytest.mark.parametrize("question", QUESTIONS)
@pytest.mark.parametrize("purged", [5, None, [5], [[]], [[["x"], 1]], ["ab"]])
def test_a_purge_that_is_none_is_told_plainly(
    purged: Any, question: str, file: Path, log: sqlite3.Connection, erased: list[tuple[str, int]]
) -> None:
    change(log, erased[2], data(events=purged))
    store = open_store(f"sqlite:///{file}")
    with pytest.raises(LogBroken, match="cannot be read"):
        QUESTIONS[question](Engine(store))
    store.close()


def test_a_purge_that_is_none_keeps_nothing_from_being_erased(
    file: Path, log: sqlite3.Connection, erased: list[tuple[str, int]]
) -> None:
    change(log, erased[2], data(events=5))
    store = open_store(f"sqlite:///{file}")
    done = Engine(store).erase("C", basis="asked", by=SELLER)
    store.close()
    assert (bool(done.leaves), done.purged) == (True, False)
    assert "cannot be read" in str(done.pending)


@pytest.mark.parametrize("leaves", [5, None, [5], [["x", 1]], [[["x"], 1, "/key"]]])
def test_an_erasure_that_is_none_is_told_plainly(
    leaves: Any, file: Path, log: sqlite3.Connection, erased: list[tuple[str, int]]
) -> None:
    change(log, erased[0], data(leaves=leaves))
    store = open_store(f"sqlite:///{file}")
    with pytest.raises(LogBroken, match="cannot be read"):
        Engine(store).erasures()
    store.close()
