"""A kind of timer is taken up wherever timers are told: who adds one is led to each place that needs a line of its own."""

from __future__ import annotations

from typing import Any, get_args, get_type_hints

import pytest

from procdef import TimerTold, load
from procdef.decide.timers import _RANK, Kind, Timer
from procdef.events.declaration import EventType, NamedRule
from procdef.events.types import BY_NAME, EVENT_TYPES
from procdef.pages.casefile.timeline import TimeLine
from procdef.pages.casefile.values import Values
from procdef.pages.casefile.words import CASEFILE_WORDS
from procdef.pages.definition_words import WORDS as DEFINITION_WORDS
from procdef.pages.passages import Words
from procdef.pages.words import WORDS
from procdef.reports.casefile.contents import Moment
from procdef.scenarios.coverage import Item, items
from procdef.scenarios.judged_items import Known, judged

PROCESS = load("""\
procdef: 1
id: late
version: 1
title: Late
languages: [en]
roles: {seller: {title: Seller}, manager: {title: Manager}}
fields: {need: {type: text}}
stages:
  ask:
    title: Ask
    start: true
    owner: seller
    sla: {within: 5 days, remind: 2 days, escalate_to: manager}
    required_actions: {call: {title: Call them}}
    next: end
  end: {title: End, owner: seller, outcome: won}
""")
TIMERS = [kind.name for kind in EVENT_TYPES if kind.timer]
DATA: dict[str, Any] = {"of": "ask.call", "due": "2026-03-02T08:00:00.000000Z", "to": ["manager"], "before": "2 days"}
NEW = "timer.slipped"


@pytest.fixture
def new_kind(monkeypatch: pytest.MonkeyPatch) -> None:
    """A timer that no release knows."""
    made = EventType(name=NEW, about="It slipped.", keys=(), timer=True, sentence="{of}", rule=NamedRule("{of}", "slipped"))
    monkeypatch.setitem(BY_NAME, NEW, made)  # type: ignore[arg-type]


def row_of(name: str) -> Any:
    words = Words("en", WORDS, DEFINITION_WORDS, CASEFILE_WORDS)
    line = TimeLine(PROCESS, "en", words, Values(PROCESS, "en", words))
    return line.row(Moment(
        n=2, id="", hash="", type=name, applied=True, stage="ask", by="worker", roles=(), entered_by=None, via="worker",
        happened=DATA["due"], recorded=DATA["due"], changes=(), lapsed=(), late=None, data=DATA,
    ))  # fmt: skip


def test_what_becomes_due_is_told_in_the_same_words_everywhere() -> None:
    kinds = {*get_args(Kind)}
    assert kinds == {BY_NAME[name].rule.outcome for name in TIMERS}  # type: ignore[union-attr]
    assert kinds == {*get_args(get_type_hints(TimerTold)["kind"])} - {"failed"}


@pytest.mark.parametrize("kind", get_args(Kind))
def test_every_kind_is_told_by_an_event_of_its_own(kind: Kind) -> None:
    told = Timer(DATA["due"], "ask.call", kind, DATA["due"], "2 days", ("manager",)).entry()
    assert BY_NAME[told.type].rule.outcome == kind  # type: ignore[union-attr]
    assert kind in _RANK


def test_every_kind_is_listed_as_something_to_be_tried() -> None:
    listed = {item.what for item in items(PROCESS) if item.kind == "deadlines"}
    assert listed == {*get_args(Kind)}


@pytest.mark.usefixtures("new_kind")
@pytest.mark.parametrize("name", [*TIMERS, NEW])
def test_scenarios_count_what_was_told(name: str) -> None:
    outcome = BY_NAME[name].rule.outcome  # type: ignore[union-attr]
    assert judged(PROCESS, Known("ask"), name, DATA)[1] == {Item("deadlines", "ask", "ask.call", outcome)}


@pytest.mark.usefixtures("new_kind")
@pytest.mark.parametrize("name", [*TIMERS, NEW])
def test_a_case_file_says_of_what_and_by_when(name: str) -> None:
    row = row_of(name)
    assert [str(each) for each in row.about] == ["Call them"]
    due, whom = map(str, row.notes)
    assert due.endswith("2026-03-02 08:00")
    assert whom == "Manager"
