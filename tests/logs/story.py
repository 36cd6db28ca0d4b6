"""Deals that bring about every type of event, every kind of value and every code of refusal, at times of a made-up clock."""

from __future__ import annotations

from collections.abc import Callable
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

from procdef import Actor, Engine, StepRefused, load, load_people
from procdef.language import load_source
from procdef.store.port import Store

PROCESS = Path(__file__).with_name("every-kind.yaml")
SELLER = Actor("maija", frozenset({"seller"}), source="directory")
OTHER = Actor("matti", frozenset({"seller"}), auth="token")
MANAGER = Actor("jaana", frozenset({"manager"}), auth="signed")
TWO_HATS = Actor("kaisa", frozenset({"manager", "seller"}))
DELIVERY = Actor("tero", frozenset({"delivery"}))
AT_A_TERMINAL = Actor("op", auth="os", behalf=Actor("maija", frozenset({"seller"}), auth="claimed"))
DOCUMENT = "Tarjous Öljy Oy.pdf sha256:" + "ab" * 32
VALUES: dict[str, Any] = {
    "company": " Öljy & Sähkö Oy 😀 ",
    "story": 'Two\nlines, "quotes" and a \\',
    "email": "anna.virtanen@customer.example",
    "phone": "+358 40 555 0199",
    "site": "https://customer.example/anna?x=1",
    "seats": "12",
    "weight": "-0.50",
    "expected": "2026-06-30",
    "meeting": "2026-03-05T12:00:00.5+02:00",
    "source": "fair",
    "health": "good",
    "small": False,
    "contacts": [
        {"name": "Anna Virtanen", "role": "decides", "seats": 3},
        {"name": "Börje Öberg"},
        {"role": "user", "name": " "},
    ],
}
PEOPLE = """\
procdef-people: 1
people:
  liisa: {login: lkoski, roles: seller}
  pekka: {roles: {seller: {from: 2026-01-01}, delivery: [{until: 2025-12-31}, {from: 2027-01-01}]}}
  kaisa: {roles: manager, deputies: {pekka: {}, liisa: {from: 2020-01-01, until: 2020-01-31}}}
"""
REFUSALS: list[StepRefused] = []


class Clock:
    """Moves on by a minute and a microsecond at every look."""

    def __init__(self) -> None:
        self.now = datetime(2026, 3, 2, 8, 0, tzinfo=UTC)

    def __call__(self) -> datetime:
        self.now += timedelta(minutes=1, microseconds=1)
        return self.now


def tell(store: Store) -> list[StepRefused]:
    """Write the whole story into an empty store. The refusals that it met, but those of the import."""
    clock = Clock()
    engine = Engine(store, clock=clock)
    engine.publish(load(PROCESS), by=MANAGER)
    _a_sale(engine, clock)
    _parked_and_lost(engine)
    _refusals(engine)
    _shelved(engine, clock)
    _an_import(engine)
    _timers(engine, clock)
    _another_version(engine)
    _people(engine)
    told, REFUSALS[:] = REFUSALS[:], []
    return told


def _refused(step: Callable[..., object], *given: object, **named: object) -> None:
    try:
        step(*given, **named)
    except StepRefused as refused:
        REFUSALS.append(refused)
    else:
        raise AssertionError(f"{step} {given} {named} was not refused")


def _a_sale(engine: Engine, clock: Clock) -> None:
    engine.start("every-kind", "Anna Virtanen, Öljy", by=AT_A_TERMINAL, stage="lead", values=VALUES, request="first")
    deal = "Anna Virtanen, Öljy"
    engine.do(deal, "research", by=SELLER, note="Told by Anna on the phone")
    engine.do(deal, "greet", by=SELLER, way="card", happened=clock.now + timedelta(seconds=30))
    engine.advance(deal, by=SELLER)
    engine.note(deal, "Anna finds it dear", by=DELIVERY, kind="meeting", objection="too_dear")
    engine.note(deal, "Anna called", by=SELLER, kind="call", happened=clock.now)
    engine.do(deal, "price", by=SELLER, values={"amount": "60000.50", "discount": "15 %", "story": ""})
    engine.do(deal, "approve", by=MANAGER, decision="reject", note="Too much for Anna")
    engine.do(deal, "approve", by=MANAGER, decision="approve", evidence="Agreed with Anna")
    engine.do(deal, "sign", by=MANAGER)
    engine.do(deal, "sign", by=DELIVERY)
    engine.do(deal, "send", by=SELLER, way="mail", evidence=DOCUMENT, request="send-it")
    engine.record(deal, {"amount": "60000.5", "phone": None}, by=SELLER)
    engine.record(deal, {"amount": "50", "contacts": [{"name": "Börje Öberg"}]}, by=SELLER)
    engine.do(deal, "price", by=SELLER)
    engine.do(deal, "approve", by=MANAGER, decision="approve")
    engine.do(deal, "send", by=SELLER, way="visit", evidence=DOCUMENT)
    engine.waive(deal, "offer.enough", by=MANAGER, reason="Anna is a friend")
    engine.waive(deal, "someone", by=MANAGER, reason="Anna decides")
    engine.advance(deal, "delivery", by=SELLER, reason="Anna said yes")
    engine.assign(deal, "tero", by=MANAGER)
    engine.record(deal, {"discount": "14"}, by=MANAGER, correct=True, reason="Anna's typing error")
    engine.record(deal, {"story": "Anna got it"}, by=DELIVERY)
    engine.do(deal, "deliver", by=DELIVERY)
    engine.advance(deal, by=DELIVERY)
    engine.do(deal, "ask", by=DELIVERY, values={"weight": "0.5"})
    engine.waive(deal, "glad", by=DELIVERY, reason="Anna is busy")
    engine.advance(deal, by=DELIVERY)
    engine.back(deal, "care", by=DELIVERY, reason="Anna asked for it")
    engine.record(deal, {"weight": 3}, by=DELIVERY)
    engine.advance(deal, by=DELIVERY)
    engine.do(deal, "call", by=DELIVERY)
    engine.finish(deal, by=DELIVERY)
    engine.note(deal, "Anna is glad", by=SELLER, kind="email")
    _refused(engine.assign, deal, "matti", by=MANAGER)


def _parked_and_lost(engine: Engine) -> None:
    engine.start(
        "every-kind",
        "B",
        by=SELLER,
        stage="lead",
        origin="Anna Virtanen, Öljy",
        values={"company": "B", "health": "good"},
    )
    engine.do("B", "research", by=SELLER, evidence="Börje knows")
    engine.waive("B", "reachable", by=MANAGER, reason="Börje has no e-mail")
    engine.advance("B", by=SELLER)
    engine.record("B", {"email": "borje@b.example", "small": True, "amount": "1", "discount": "0"}, by=SELLER)
    engine.advance("B", "parked", by=SELLER, reason="Börje is on leave")
    engine.do("B", "call", by=SELLER, evidence="https://calls.example/borje")
    engine.do("B", "call", by=SELLER, evidence="https://calls.example/borje/2")
    engine.record("B", {"small": False}, by=SELLER)
    _refused(engine.advance, "B", by=SELLER, reason="Börje is back")  # no-target
    engine.record("B", {"small": True}, by=SELLER)
    _refused(engine.advance, "B", by=SELLER, reason="Börje is back")  # not-yours
    engine.advance("B", by=TWO_HATS, reason="Börje is back")
    engine.back("B", "lead", by=SELLER, reason="Börje left the company")
    engine.lose("B", "silence", by=SELLER, note="Börje is silent")
    engine.note("B", "Börje wrote", by=SELLER)
    engine.assign("B", "matti", by=SELLER)
    engine.reopen("B", by=MANAGER, reason="Börje is there again")
    engine.lose("B", "price", by=SELLER, note="Börje has no money")
    engine.start("every-kind", "C", by=SELLER, stage="offer", values={"email": "c@c.example", "health": "good"})


def _shelved(engine: Engine, clock: Clock) -> None:
    values = {"email": "dora@d.example", "health": "good", "company": "D", "amount": "20", "small": True}
    engine.start("every-kind", "D", by=SELLER, stage="offer", values=values)
    engine.advance("D", "parked", by=SELLER, reason="Dora waits")
    engine.record("D", {"small": False}, by=SELLER)
    engine.do("D", "call", by=SELLER, evidence="https://calls.example/dora")
    engine.do("D", "call", by=SELLER, evidence="https://calls.example/dora")
    engine.advance("D", by=SELLER)
    _refused(engine.finish, "D", by=SELLER)  # not-won
    engine.lose("D", "silence", by=SELLER, note="Dora is gone")
    clock.now += timedelta(days=91)
    _refused(engine.reopen, "D", by=MANAGER, reason="Dora is back")  # too-late


def _timers(engine: Engine, clock: Clock) -> None:
    """A deal that is reminded of, and then overdue."""
    engine.start("every-kind", "T", by=SELLER, stage="lead", values={"company": "T", "health": "good"})
    for days in (3, 4):
        clock.now += timedelta(days=days)
        for _ in engine.tick(by=AT_A_TERMINAL):
            pass


def _refusals(engine: Engine) -> None:
    start, do, advance, record = engine.start, engine.do, engine.advance, engine.record
    _refused(start, "every-kind", "Clara Coyne", by=SELLER, values={"email": "clara@c.example"})  # several-targets
    _refused(start, "every-kind", "Clara Coyne", by=SELLER, stage="care")  # elsewhere
    _refused(
        start, "every-kind", "Clara Coyne", by=SELLER, stage="offer", origin="B", values={"health": "poor"}
    )  # criterion-unmet
    _refused(start, "every-kind", "Clara Coyne", by=DELIVERY, stage="lead", values={"health": "poor"})  # not-yours
    _refused(do, "C", "nothing", by=SELLER, request="no")  # not-declared
    _refused(do, "C", "call", by=SELLER)  # elsewhere, in two stages
    _refused(do, "C", "send", by=SELLER, way="fax")  # not-declared
    _refused(do, "C", "price", by=SELLER, way="mail", values={"discount": "41"})  # not-declared way
    _refused(do, "C", "price", by=SELLER, values={"discount": "41"}, decision="approve", note="a\x00b")  # bad-value
    _refused(do, "C", "price", by=SELLER, values={"story": "Clara's", "discount": "", "contacts": [{"name": "Clara"}]})
    _refused(do, "C", "approve", by=MANAGER)  # when-unknown, decision-missing
    _refused(do, "C", "send", by=SELLER, evidence="Clara.pdf")  # bad-value, way-missing, needs-open
    _refused(advance, "C", "delivery", by=SELLER)  # when-unknown, action-open, criterion-unknown
    _refused(advance, "C", "parked", by=SELLER)  # branch-closed, reason-missing
    record("C", {"small": True, "discount": "12", "contacts": [{"name": "Clara", "role": "decides"}]}, by=OTHER)
    _refused(advance, "C", by=SELLER)  # several-targets
    _refused(advance, "C", "care", by=SELLER)  # no-such-move
    _refused(advance, "C", "nowhere", by=SELLER)  # not-declared
    _refused(advance, "C", "delivery", by=DELIVERY)  # not-yours
    do("C", "price", by=TWO_HATS, values={"amount": "7"})
    record("C", {"discount": "13"}, by=TWO_HATS)
    _refused(do, "C", "approve", by=TWO_HATS, decision="approve")  # four-eyes
    _refused(do, "C", "approve", by=MANAGER, decision="reject")  # note-missing
    _refused(do, "C", "sign", by=MANAGER)  # when-false
    _refused(do, "C", "send", by=SELLER, way="mail")  # evidence-missing, needs-open
    _refused(record, "C", {"amount": "8"}, by=MANAGER, correct=True, reason="Clara asked")  # gate-shut
    _refused(record, "C", {"amount": "8"}, by=MANAGER, correct=True)  # reason-missing
    _refused(record, "C", {"amount": "8"}, by=DELIVERY)  # not-yours
    _refused(record, "C", {"colour": "red", "email": "clara@c.example"}, by=SELLER)  # not-declared
    _refused(engine.waive, "C", "someone", by=MANAGER, reason="Clara said so")  # already-met
    _refused(engine.waive, "C", "healthy", by=MANAGER, reason="Clara said so")  # elsewhere
    _refused(engine.waive, "C", "enough", by=MANAGER)  # reason-missing
    _refused(engine.waive, "C", "known", by=MANAGER, reason="Clara said so")  # several-criteria
    _refused(engine.waive, "C", "offer.known", by=MANAGER, reason="Clara said so")  # not-waivable
    _refused(engine.back, "C", "lead", by=SELLER, reason="Clara")  # not-on-path
    _refused(engine.back, "C", "care", by=SELLER, reason="Clara")  # no-such-move
    _refused(engine.lose, "C", "boredom", by=SELLER, note="Clara")  # not-declared
    _refused(engine.lose, "C", by=SELLER)  # reason-missing, note-missing
    _refused(engine.reopen, "C", by=MANAGER, reason="Clara")  # no-such-move
    _refused(engine.finish, "C", by=SELLER)  # no-such-move
    _refused(engine.note, "C", " ", by=SELLER)  # note-missing
    _refused(engine.note, "C", "Clara", by=SELLER, kind="fax", objection="too_dear")  # bad-value
    _refused(engine.note, "C", "Clara", by=Actor("guest"))  # not-yours
    _refused(engine.assign, "C", "matti", by=DELIVERY)  # not-yours
    _refused(advance, "C", "delivery", by=SELLER, reason="Clara waits")  # criterion-unmet
    _refused(record, "B", {"amount": "8"}, by=SELLER)  # closed


def _an_import(engine: Engine) -> None:
    def step(happened: str | None, deal: str, do: str, **more: Any) -> dict[str, Any]:
        given = {"by": "maija", "roles": ["seller"], "deal": deal, "do": do, **more}
        return given if happened is None else {"happened": happened, **given}

    steps = [
        step(
            "2026-01-05T08:00:00Z", "I", "start", stage="lead", values={"company": "I", "health": "good"}, request="i1"
        ),
        step("2026-01-06T08:00:00+02:00", "I", "do", action="research", note="Ida said", request="i2"),
        step("2026-01-07T08:00:00Z", "I", "advance", request="i3"),
        step("2026-01-07T09:00:00Z", "J", "start", values={"email": "jo@j.example"}),
        step("2026-01-08T08:00:00Z", "I", "waive", criterion="reachable", reason="Ida", roles=["manager"]),
        step("2026-01-09T08:00:00Z", "I", "advance", request="i4"),
        step(None, "I", "note", note="Ida again"),
    ]
    for _ in engine.run("every-kind", steps, by=Actor("importer", auth="os")):
        pass


def _another_version(engine: Engine) -> None:
    """A deal goes over to version 2, in which what it has in use has other names."""
    text = PROCESS.read_text("utf-8")
    for was, now in (("version: 1", "version: 2"), ("seats", "licences"), ("phone:", "telephone:"), ("research", "study")):
        assert was in text
        text = text.replace(was, now)
    values = {"company": "K", "phone": "+358 40 555 0100", "seats": 4, "story": "Kalle", "health": "good"}
    engine.start("every-kind", "K", by=SELLER, stage="lead", values=values)
    engine.do("K", "research", by=SELLER, note="Kalle said")
    engine.waive("K", "reachable", by=MANAGER, reason="Kalle is known")
    engine.publish(load_source(text.encode(), "every-kind-2.yaml"), by=MANAGER)
    plan = {
        "procdef-plan": 1, "process": "every-kind", "from": 1, "to": 2, "actions": {"lead.research": "lead.study"},
        "fields": {"seats": "licences", "phone": "telephone", "story": None}, "set": {"source": "web"},
    }  # fmt: skip
    told = engine.migrate("every-kind", to=2, plan=plan, deals=["K"], apply=True, by=MANAGER, reason="Kalle agreed")
    assert [each.status for each in told] == ["migrated"]
    engine.advance("K", by=SELLER)


def _people(engine: Engine) -> None:
    """A directory of people is published, and people come without roles, one of whom stands in for another."""
    engine.people.publish(load_people(PEOPLE), by=MANAGER)
    seller, deputy = Actor("liisa"), Actor("op", auth="os", behalf=Actor("pekka", auth="claimed"))
    engine.start("every-kind", "P", by=seller, stage="lead", values={"company": "P", "health": "good"})
    engine.note("P", "Pia called", by=deputy, kind="call")
    _refused(engine.advance, "P", by=deputy)
    engine.assign("P", "pekka", by=deputy)
