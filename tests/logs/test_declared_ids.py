"""A process with ids in capital letters and a way for all else: what its log tells is true, and is held against itself."""

from __future__ import annotations

import sqlite3
from collections.abc import Iterator
from contextlib import closing
from pathlib import Path
from typing import Any

import pytest
from forgery import change, events, findings

from procdef import Actor, Engine, InvalidArgument, StepRefused, load, open_store

PROCESS = """
procdef: 1
id: ids-2026001
version: 1
title: Ids
languages: [en]
currency: EUR
roles: {seller: {title: Seller}}
fields: {price: {type: money}}
lost: {reasons: {Price-2: Too dear}, note: required}
stages:
  lead:
    title: Lead
    start: true
    owner: seller
    required_actions: {call: {title: Call, ways: {Phone7654321: By telephone, Mail: By mail}, evidence: note}}
    next:
      small: {when: price < 10}
      large: {when: price > 100, unfinished: allowed}
      won: {when: else, unfinished: allowed}
  small: {title: Small, owner: seller, next: won}
  large: {title: Large, owner: seller, next: won}
  won: {title: Won, owner: seller, outcome: won}
"""
SELLER = Actor("maija", frozenset({"seller"}))


@pytest.fixture
def file(tmp_path: Path) -> Path:
    return tmp_path / "deals.db"


@pytest.fixture
def engine(file: Path) -> Iterator[Engine]:
    (file.parent / "ids.yaml").write_text(PROCESS)
    with closing(open_store(f"sqlite:///{file}")) as store:
        engine = Engine(store)
        engine.publish(load(file.parent / "ids.yaml"), by=SELLER)
        engine.start("ids-2026001", "D", by=SELLER, values={"price": "50"})
        yield engine


def refused(step: Any, *given: object, **named: object) -> None:
    with pytest.raises(StepRefused):
        step(*given, by=SELLER, **named)


def told(file: Path) -> list[dict[str, Any]]:
    with closing(sqlite3.connect(file)) as log:
        return [event["data"] for event in events(log) if event["type"] == "step.refused"]


def test_declared_ids_are_repeated_however_they_look(engine: Engine, file: Path) -> None:
    refused(engine.lose, "D", "Price-2")
    refused(engine.do, "D", "call", way="Mail")
    refused(engine.do, "D", "call", way="Phone7654321")
    refused(engine.do, "D", "call", way="Post")
    refused(engine.lose, "D", "Price-3")
    ids = [list(each["arguments"].values())[-1] for each in told(file)]
    assert ids == ["Price-2", "Mail", "Phone7654321", "(not an id)", "(not an id)"]
    assert findings(file) == []


def test_a_refused_start_names_its_process(engine: Engine, file: Path) -> None:
    refused(engine.start, "ids-2026001", "E", stage="won")
    assert [each["arguments"]["process"] for each in told(file)] == ["ids-2026001"]
    assert findings(file) == []


BRANCHES = [
    (["won unmet"], {"small": "unmet", "large": "met", "won": "met"}),
    (["won unmet"], {"large": "met", "won": "unknown"}),
    (["won met"], {"small": "unmet", "large": "unmet", "won": "unmet"}),
    (["won met"], {"small": "unmet", "large": "unmet", "won": "unknown"}),
    (["won unknown"], {"small": "unknown", "large": "unmet", "won": "met"}),
    (["won unmet or unknown"], {"small": "unknown", "won": "met"}),
    ([], {"won": "met"}),
    ([], {"small": "unmet", "won": "met"}),
    ([], {"small": "unmet", "large": "unmet", "won": "met"}),
    ([], {"small": "unmet", "large": "unknown", "won": "unknown"}),
]


@pytest.mark.parametrize(("expected", "branches"), BRANCHES)
def test_a_way_for_all_else_agrees_with_the_others(
    expected: list[str], branches: dict[str, str], engine: Engine, file: Path
) -> None:
    refused(engine.advance, "D")
    assert findings(file) == []
    with closing(sqlite3.connect(file)) as log:
        place = next((each["stream"], each["n"]) for each in events(log) if each["type"] == "step.refused")
        change(log, place, lambda event: event["data"]["facts"].update(branches=branches))
    assert [wrong.expected for wrong in findings(file) if wrong.code == "illegal"] == expected


@pytest.mark.parametrize("nobody", ["\u2800", "\u3164", "\u200b", " "])
def test_what_shows_nothing_is_nobody_and_no_deal(nobody: str, engine: Engine) -> None:
    with pytest.raises(InvalidArgument, match="characters"):
        Actor(nobody)
    with pytest.raises(InvalidArgument, match="characters"):
        engine.start("ids-2026001", nobody, by=SELLER)
