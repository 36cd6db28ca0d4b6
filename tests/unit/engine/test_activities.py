"""The rows that figures over many deals are made from, step by step."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta
from typing import Any

import pytest

from procdef import Actor, Engine
from procdef.language import load_source
from procdef.store import Activities, ActivityRow, MemoryStore

SOURCE = """
procdef: 1
id: p
version: 1
title: P
languages: [en]
currency: EUR
roles: {{r: {{title: R}}}}
fields: {{price: {{type: money{personal}}}, by_when: {{type: date}}, need: {{type: text, personal: false}}}}
deal: {{value: price, close: by_when, assign_by: r, correct_by: r}}
lost: {{reasons: {{dear: Too dear}}, reopen: {{by: r, within: 90 days}}}}
stages:
  lead:
    title: Lead
    start: true
    owner: r
    optional_actions:
      call: {{title: Call, ways: {{phone: By telephone, visit: On site}}}}
      agree: {{title: Agree, decision: true}}
      think: {{title: Think}}
    exit_criteria: {{needed: {{require: [need], waivable_by: r}}}}
    playbook: {{objections: {{dear: {{concern: Too dear, answer: Look}}}}}}
    next: yes
  yes: {{title: Yes, owner: r, outcome: won}}
"""
PERSON = Actor("maija", frozenset({"r"}))
FOR_ANOTHER = Actor("op", frozenset({"r"}), auth="token", behalf=PERSON)


@pytest.fixture
def engine() -> Engine:
    return engine_on("")


def engine_on(personal: str) -> Engine:
    now = datetime(2026, 3, 2, 8, tzinfo=UTC)

    def clock() -> datetime:
        nonlocal now
        now += timedelta(hours=1)
        return now

    engine = Engine(MemoryStore(), clock=clock)
    engine.publish(load_source(SOURCE.format(personal=personal).encode(), "p.yaml"), by=PERSON)
    return engine


def rows(engine: Engine) -> list[ActivityRow]:
    with engine.store.transaction(write=False) as tx:
        return list(tx.scan(Activities()))


def told(engine: Engine) -> list[tuple[str, str, str | None]]:
    return [(row.kind, row.item, row.detail) for row in rows(engine)]


STEPS: dict[str, tuple[str, tuple[Any, ...], dict[str, Any], list[tuple[str, str, str | None]]]] = {
    "a value changed": ("record", ({"price": "90"},), {}, [("value", "price", "90")]),
    "the same value again": ("record", ({"price": "100.00"},), {}, []),
    "a value emptied": ("record", ({"price": None},), {}, [("value", "price", None)]),
    "both corrected": (
        "record", ({"price": "80", "by_when": "2026-07-01"},), {"correct": True, "reason": "typed wrongly"},
        [("value", "price", "80"), ("close", "by_when", "2026-07-01")],
    ),
    "another field": ("record", ({"need": "much"},), {}, []),
    "an action in a way": ("do", ("call",), {"way": "phone"}, [("done", "lead.call", "phone")]),
    "a decision": ("do", ("agree",), {"decision": "approve"}, [("done", "lead.agree", "approve")]),
    "an action and no more": ("do", ("think",), {}, [("done", "lead.think", None)]),
    "a contact with an objection": (
        "note", ("Hm",), {"kind": "call", "objection": "dear"}, [("note", "call", "dear")],
    ),
    "a note": ("note", ("Hm",), {}, [("note", "", None)]),
    "a loss": ("lose", ("dear",), {}, [("lost", "dear", None)]),
    "a waiver": ("waive", ("needed",), {"reason": "urgent"}, [("waived", "lead.needed", "maija")]),
    "another owner": ("assign", ("tero",), {}, [("assigned", "tero", "maija")]),
}  # fmt: skip


@pytest.mark.parametrize("what", STEPS)
def test_a_step_is_told_in_rows(what: str, engine: Engine) -> None:
    verb, given, named, expected = STEPS[what]
    engine.start("p", "D", by=PERSON, values={"price": "100"})
    getattr(engine, verb)("D", *given, by=FOR_ANOTHER, **named)
    assert told(engine) == [("value", "price", "100"), *expected]


def test_a_row_says_where_and_when(engine: Engine) -> None:
    engine.start("p", "D", by=PERSON, values={"price": "100", "by_when": "2026-06-30"})
    began = engine.deal("D").started
    stream = engine.deal("D").stream
    place = ("p", 1, "lead", began)
    assert rows(engine) == [
        ActivityRow(stream, 1, 1, *place, "value", "price", "100"),
        ActivityRow(stream, 1, 2, *place, "close", "by_when", "2026-06-30"),
    ]


def test_a_late_step_says_when_it_was_recorded(engine: Engine) -> None:
    engine.start("p", "D", by=PERSON)
    began = datetime.fromisoformat(engine.deal("D").started)
    engine.do("D", "think", by=PERSON, happened=began + timedelta(minutes=1))
    (done, late) = rows(engine)
    assert (done.kind, late.kind, late.n) == ("done", "late", done.n)
    assert datetime.fromisoformat(done.occurred) == began + timedelta(minutes=1)
    assert datetime.fromisoformat(late.item) > datetime.fromisoformat(late.occurred)


def test_a_personal_value_has_no_rows() -> None:
    engine = engine_on(", personal: true")
    engine.start("p", "D", by=PERSON, values={"price": "100", "by_when": "2026-06-30"})
    engine.record("D", {"price": "90"}, by=PERSON)
    engine.record("D", {"price": None}, by=PERSON)
    assert told(engine) == [("close", "by_when", "2026-06-30")]


def test_the_row_of_a_deal_says_when_somebody_last_worked_on_it(engine: Engine) -> None:
    engine.start("p", "D", by=PERSON)
    engine.note("D", "Hm", by=PERSON)
    (noted,) = rows(engine)
    engine.waive("D", "needed", by=PERSON, reason="urgent")
    with engine.store.transaction(write=False) as tx:
        (deal,) = tx.load(["D"]).deals.values()
    assert deal.active > noted.occurred
