"""A few deals of a small process that bring about every type of event and every kind of row, told in memory."""

from __future__ import annotations

from collections.abc import Callable
from contextlib import suppress
from datetime import UTC, datetime, timedelta

from procdef import Actor, Engine, StepRefused, load_people
from procdef.errors import LogBroken
from procdef.language import load_source
from procdef.log.irregularity import Irregularity
from procdef.log.signed_note import Signer
from procdef.store import Store, open_store
from procdef.verification import Tally, verify
from procdef.verification.tree.assurance import Assurance
from procdef.verification.tree.whole_tree import verify_tree

PROCESS = """
procdef: 1
id: small
version: 3
title: Small
languages: [en]
currency: EUR
placeholders: [TBD]
calendar: {timezone: Europe/Helsinki, hours: {mon-fri: "09:00-17:00"}}
roles: {seller: {title: Seller}, manager: {title: Manager}}
fields:
  company: {type: text, personal: false}
  email: {type: email}
  amount: {type: money}
  close: {type: date}
  small: {type: boolean}
  contacts: {type: list, items: {name: {type: text, required: true}, seats: {type: integer}}}
deal: {value: amount, close: close, assign_by: manager, correct_by: manager}
lost:
  reasons: {price: Too dear, silence: Went silent, cancelled: {title: Cancelled, records: [close, company]}}
  note: required
  reopen: {by: manager, within: 90 days}
stages:
  lead:
    title: Lead
    start: true
    owner: seller
    sla: {within: 3 days, remind: 1 day, escalate_to: manager}
    required_actions: {research: {title: Research, records: [company, email], evidence: note, voided_by: [company]}}
    optional_actions: {greet: {title: Greet, ways: {card: By card, call: By telephone}}}
    exit_criteria: {named: {require: [company]}}
    next: offer
  offer:
    title: Offer
    start: true
    owner: seller
    sla: {within: 5 days}
    entry_criteria: {reachable: {require: [email], waivable_by: manager}}
    required_actions:
      price: {title: Price, records: [amount], voided_by: [amount], milestone: offer, sla: {within: 2 days}}
      approve:
        {title: Approve, by: manager, decision: true, four_eyes: true, needs: [price], when: amount > 1000, sla: {until: close}}
    exit_criteria:
      enough: {check: amount >= 100, waivable_by: manager}
      someone: {check: any(contacts where seats > 1), waivable_by: manager}
    playbook: {objections: {too_dear: {concern: That is too much, answer: Look at what it saves}}}
    next: {delivery: {title: Yes}, parked: {title: Park, when: small == true, unfinished: allowed}}
    back: [lead]
  parked:
    title: Parked
    owner: seller
    required_actions: {call: {title: Call, evidence: link}}
    next: {offer: {reason: required}, shelf: {title: Forget}}
  shelf: {title: Shelf, owner: seller}
  delivery:
    title: Delivery
    owner: seller
    outcome: won
    sla: {until: close, remind: 1 day}
    required_actions: {deliver: {title: Deliver, evidence: document}}
    exit_criteria: {glad: {require: [close], waivable_by: manager}}
"""
DEFINITION = load_source(PROCESS.encode(), "small.yaml")


def _next_version() -> str:
    text = PROCESS
    for was, now in (
        ("version: 3", "version: 4"),
        ("lead:\n    title: Lead", "prospect:\n    title: Prospect"),
        ("back: [lead]", "back: [prospect]"),
        ("email", "mail"),
        ("{type: mail}", "{type: email}"),
        ("contacts", "people"),
        ("small: {type: boolean}", "region: {type: text, personal: false}"),
        ("when: small == true", 'when: region == "north"'),
        ("sla: {within: 5 days}", "sla: {within: 4 days}"),
        ("    optional_actions: {greet: {title: Greet, ways: {card: By card, call: By telephone}}}\n", ""),
    ):
        assert was in text
        text = text.replace(was, now)
    return text


NEXT_VERSION = load_source(_next_version().encode(), "small4.yaml")
PLAN = {
    "procdef-plan": 1,
    "process": "small",
    "from": [3],
    "to": 4,
    "stages": {"lead": "prospect"},
    "fields": {"email": "mail", "contacts": "people", "small": None},
    "actions": {"lead.greet": None},
    "set": {"region": "unknown"},
    "void": ["offer.price"],
}
"""What becomes of the deals of the version before."""
SELLER = Actor("maija", frozenset({"seller"}), auth="token", behalf=Actor("matti", frozenset({"seller"})))
MANAGER = Actor("jaana", frozenset({"manager"}))
DOCUMENT = "Offer of Öljy Oy.pdf sha256:" + "ab" * 32
CONTACTS = [{"name": "Anna Virtanen", "seats": 3}, {"name": "Börje Öberg"}]


class SteadyClock:
    """Moves on by a minute and a microsecond at every look."""

    def __init__(self) -> None:
        self.now = datetime(2026, 3, 2, 8, 0, tzinfo=UTC)

    def __call__(self) -> datetime:
        self.now += timedelta(minutes=1, microseconds=1)
        return self.now


def refused(step: Callable[..., object], *given: object, **named: object) -> None:
    """Ask for what is refused. A broken writer may let it pass, which the log then shows."""
    with suppress(StepRefused):
        step(*given, **named)


PEOPLE = load_people("""\
procdef-people: 1
people:
  liisa: {roles: seller, deputies: kaisa}
  kaisa: {roles: manager}
""")


def tell(engine: Engine) -> None:
    """The story, in a store that holds nothing yet."""
    signer = tell_all_but_the_end(engine)
    engine.checkpoint(signer)
    engine.erase("lost", ["email", "deal"], basis="art-17", by=MANAGER)


def tell_all_but_the_end(engine: Engine) -> Signer:
    """As ``tell``, but for what reads earlier events again: a checkpoint, and an erasure with its purge. The log's key."""
    signer = Signer.new(engine.origin)
    engine.rekey(signer, by=MANAGER)
    engine.publish(DEFINITION, by=MANAGER)
    refused(engine.start, "small", "Nobody", by=SELLER, stage="offer", values={"contacts": CONTACTS})
    _a_sale(engine)
    _a_loss(engine)
    _an_import(engine)
    _timers(engine)
    _another_version(engine)
    _people(engine)
    scope = {"from": "2026-01-01T00:00:00.000000Z", "with_personal": False}
    engine.exported("export csv", scope, 12, "ab" * 32, by=MANAGER)
    Engine(engine.store, clock=lambda: datetime(2026, 2, 1, tzinfo=UTC)).clock_was_wrong(by=MANAGER)
    return signer


def _a_sale(engine: Engine) -> None:
    values = {"email": "anna@a.example", "contacts": CONTACTS, "small": False}
    engine.start("small", "sold", by=SELLER, stage="lead", values=values, request="begin")
    refused(engine.advance, "sold", by=SELLER, request="too-soon")
    engine.do("sold", "research", by=SELLER, values={"company": "Öljy Oy"}, evidence="Told by Anna", request="research")
    engine.do("sold", "greet", by=SELLER, way="card", note="Anna smiled")
    engine.advance("sold", by=SELLER)
    engine.do("sold", "price", by=SELLER, values={"amount": "40"})
    engine.record("sold", {"amount": "50.5", "close": "2026-06-30", "small": None}, by=SELLER)
    engine.do("sold", "price", by=SELLER)
    engine.waive("sold", "enough", by=MANAGER, reason="Anna is a friend")
    refused(engine.advance, "sold", "parked", by=SELLER, reason="Anna waits")
    refused(engine.record, "sold", {"email": "eva@e.example", "contacts": CONTACTS, "colour": "red"}, by=SELLER)
    refused(engine.do, "sold", "approve", by=MANAGER, decision="reject", note="No", evidence="Seen")
    refused(engine.lose, "sold", "price", by=SELLER)
    engine.advance("sold", "delivery", by=SELLER, reason="Anna said yes")
    engine.assign("sold", "tero", by=MANAGER)
    engine.record("sold", {"close": "2026-07-01"}, by=MANAGER, correct=True, reason="Anna's typing error")
    engine.record("sold", {"close": ""}, by=SELLER)
    engine.waive("sold", "glad", by=MANAGER, reason="Anna is busy")
    engine.do("sold", "deliver", by=SELLER, evidence=DOCUMENT)
    engine.finish("sold", by=SELLER)


def _a_loss(engine: Engine) -> None:
    values = {"email": "bo@b.example", "amount": "2000", "small": True}
    engine.start("small", "lost", by=SELLER, stage="offer", values=values, origin="sold", request="second")
    engine.do("lost", "price", by=SELLER)
    engine.do("lost", "approve", by=MANAGER, decision="reject", note="Too much for Bo")
    engine.do("lost", "approve", by=MANAGER, decision="approve")
    engine.advance("lost", "parked", by=SELLER, reason="Bo is on leave")
    engine.do("lost", "call", by=SELLER, evidence="https://calls.example/bo")
    engine.advance("lost", "offer", by=SELLER, reason="Bo is back")
    engine.lose("lost", "silence", by=SELLER, note="Bo is silent")
    engine.reopen("lost", by=MANAGER, reason="Bo wrote")
    engine.note("lost", "Bo finds it dear", by=SELLER, kind="call", objection="too_dear")
    engine.lose("lost", "price", by=SELLER, note="Bo has no money")
    engine.start("small", "back", by=SELLER, stage="lead", values={"company": "C", "email": "c@c.example"})
    engine.do("back", "research", by=SELLER, evidence="Read about them")
    engine.advance("back", by=SELLER)
    engine.back("back", "lead", by=SELLER, reason="Another company")
    engine.note("back", "Carl called in the morning", by=SELLER, kind="call", happened=engine.deal("back").started)


def _an_import(engine: Engine) -> None:
    """Deals from before, with the times at which things are said to have happened."""
    told = {"by": "matti", "roles": ["seller"], "deal": "old"}
    steps = [
        {**told, "do": "start", "stage": "lead", "values": {"company": "D"}, "happened": "2026-01-05T08:00:00Z"},
        {**told, "do": "do", "action": "research", "note": "Dora said", "happened": "2026-01-06T08:00:00Z"},
        {**told, "do": "advance", "happened": "2026-01-07T08:00:00Z"},
        {**told, "do": "lose", "reason": "price", "note": "Dora is gone", "happened": "2026-01-08T08:00:00Z"},
    ]
    for _ in engine.run("small", steps, by=MANAGER):
        pass


def _timers(engine: Engine) -> None:
    """A deal that is reminded of, and then overdue; from here on the clock is days later."""
    clock = engine._clock
    assert isinstance(clock, SteadyClock)
    for days in (2, 2):
        clock.now += timedelta(days=days)
        for _ in engine.tick(by=MANAGER):
            pass


def _another_version(engine: Engine) -> None:
    """A deal that goes over to a later version of its process, and on in it."""
    people = [{"name": "Eva Everyday", "seats": 1}]
    values = {"company": "E", "email": "eva@e.example", "contacts": people, "small": True, "amount": "20"}
    engine.start("small", "moved", by=SELLER, stage="lead", values=values)
    engine.do("moved", "research", by=SELLER, evidence="Read about them")
    engine.do("moved", "greet", by=SELLER, way="call")
    engine.advance("moved", by=SELLER)
    engine.do("moved", "price", by=SELLER)
    engine.waive("moved", "enough", by=MANAGER, reason="Eva is a friend")
    engine.waive("moved", "someone", by=MANAGER, reason="Eva decides")
    engine.assign("moved", "tero", by=MANAGER)
    engine.publish(NEXT_VERSION, by=MANAGER)
    told = list(engine.migrate("small", to=4, plan=PLAN, deals=["moved"], apply=True, reason="As Eva asked", by=MANAGER))
    assert [each.status for each in told] == ["migrated"]
    engine.do("moved", "price", by=SELLER)
    refused(engine.advance, "moved", "delivery", by=SELLER, reason="Eva said yes")
    engine.back("moved", "prospect", by=SELLER, reason="Another company")


def _people(engine: Engine) -> None:
    """A directory of people, and a deal of somebody who comes without roles; a manager stands in for the seller."""
    engine.people.publish(PEOPLE, by=MANAGER)
    with suppress(LogBroken):  # a writer that is broken may not find its own directory
        engine.start("small", "known", by=Actor("liisa"), stage="prospect", values={"company": "P"})
        engine.note("known", "Anna called", by=Actor("kaisa"), kind="call")


def last_words(engine: Engine) -> None:
    """A note on each deal: their rows are written once more, otherwise as they were."""
    for row in engine.deals():
        engine.note(row.name, "The end", by=SELLER)


def findings(store: Store) -> list[Irregularity]:
    """Everything wrong with the log: its bytes, its meaning, its rows, its tree."""
    with store.inspect() as tx:
        return [*verify(tx, Tally()), *verify_tree(tx, (), Assurance())]


def fresh() -> tuple[Store, Engine]:
    """An empty log in memory, and an engine on it."""
    store = open_store("memory:")
    return store, Engine(store, clock=SteadyClock())
