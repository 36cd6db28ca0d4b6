"""A case file tells all that the log does of a deal, as of any time, and nothing that came later."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import UTC, datetime, timedelta

import pytest

from procdef import Actor, Engine, InvalidArgument, StepRefused, UnknownDeal, load
from procdef.engine.definition_cache import DefinitionCache
from procdef.log.event import timestamp
from procdef.reports.casefile import CaseFile, casefile_in
from procdef.store.memory.store import MemoryStore

PROCESS = """\
procdef: 1
id: hand
version: 1
title: {en: Hand over, fi: Luovutus}
languages: [en, fi]
currency: EUR
calendar: {timezone: Europe/Helsinki}
roles: {seller: {title: {en: Seller, fi: Myyjä}}, manager: {title: Manager}, delivery: {title: Delivery}}
fields:
  company: {type: text, title: {en: Company, fi: Yritys}}
  price:   {type: money}
  fits:    {type: boolean}
deal: {value: price, assign_by: manager, correct_by: manager, title: company}
lost: {reasons: {price: Too dear}}
stages:
  offer:
    title: {en: Offer, fi: Tarjous}
    start: true
    owner: seller
    sla: {within: 2 days}
    exit_criteria: {fit: {check: fits, message: {en: It must fit, fi: Pitää sopia}, waivable_by: manager}}
    required_actions:
      approve: {title: {en: Approve, fi: Hyväksy}, by: manager, decision: true, voided_by: [price]}
      send: {title: Send, needs: [approve], evidence: document, milestone: offer}
    optional_actions: {call: {title: Call, evidence: note}, look: {title: Look, evidence: link}}
    playbook: {objections: {dear: {concern: {en: Too dear, fi: Liian kallis}, answer: Look at what it saves}}}
    next: {delivery: {title: They accept}}
  delivery:
    title: Delivery
    owner: delivery
    outcome: won
    entry_criteria: {named: {require: [company]}}
    required_actions: {accept: {title: Accept, evidence: document}}
    playbook: {goal: Deliver as agreed, guide: "- [ ] Read the case file"}
"""
MAIJA, JAANA, TERO = (
    Actor(name, frozenset({role})) for name, role in (("maija", "seller"), ("jaana", "manager"), ("tero", "delivery"))
)
BEGIN = datetime(2026, 3, 2, 8, 0, tzinfo=UTC)


class Story:
    """A deal from its start to its hand-over; step ``k`` is recorded ``k`` hours after the beginning."""

    def __init__(self) -> None:
        self.store, self.hours = MemoryStore(), 0
        self.engine = Engine(self.store, clock=self.clock)
        self.engine.publish(load(PROCESS), by=JAANA)

    def clock(self) -> datetime:
        return BEGIN + timedelta(hours=self.hours)

    def then(self, verb: str, *given: object, **named: object) -> Story:
        self.hours += 1
        try:
            getattr(self.engine, verb)("A-1", *given, **named)
        except StepRefused:
            assert named.pop("refused", True)
        return self

    def told(self, hour: int | None = None, language: str | None = None, name: str = "A-1") -> CaseFile:
        as_of = timestamp(BEGIN + timedelta(hours=self.hours if hour is None else hour))
        with self.store.transaction(write=False) as tx:
            return casefile_in(tx, DefinitionCache(), name, as_of, language)


@pytest.fixture
def story() -> Iterator[Story]:
    told = Story()
    told.hours = 1
    told.engine.start("hand", "A-1", by=MAIJA, values={"company": "Acme", "price": "100"})
    told.then("do", "approve", by=JAANA, decision="approve", note="Fair")  # 2
    told.then("record", {"price": "90"}, by=MAIJA)  # 3, which voids it
    told.then("advance", by=MAIJA)  # 4, refused
    told.then("note", "It is too much", by=MAIJA, kind="call", objection="dear", happened=timestamp(BEGIN + timedelta(hours=2)))
    told.then("do", "approve", by=JAANA, decision="approve")  # 6
    told.then("do", "send", by=MAIJA, evidence=f"offer.pdf sha256:{'ab' * 32}")  # 7
    told.then("do", "look", by=MAIJA, evidence="https://acme.example/")  # 8
    told.then("do", "call", by=MAIJA, evidence="They want it in May")  # 9
    told.then("waive", "fit", by=JAANA, reason="A good customer")  # 10
    told.then("record", {"fits": False}, by=MAIJA)  # 11, which ends the waiver
    told.then("waive", "fit", by=JAANA, reason="All the same")  # 12
    told.then("record", {"company": "Acme Oy"}, by=JAANA, correct=True, reason="A typing error")  # 13
    told.then("assign", "tero", by=JAANA)  # 14
    told.then("advance", by=MAIJA)  # 15
    return told


def test_values_come_with_who_set_them_and_when(story: Story) -> None:
    found = {each.field: (each.value, each.by, each.how, each.n, each.times) for each in story.told().values}
    assert found == {
        "company": ("Acme Oy", "jaana", "correct", 14, 2),
        "price": ("90", "maija", "record", 3, 2),
        "fits": (False, "maija", "record", 12, 1),
    }


def test_decisions_tell_whether_they_still_stand_and_why_not(story: Story) -> None:
    told = story.told()
    approvals = [(each.decision, each.note, each.ended_by) for each in told.approvals]
    assert approvals == [("approved", "Fair", 4), ("approved", None, None)]
    assert [(each.reason, each.state, each.ended_by) for each in told.waivers] == [
        ("A good customer", "lapsed", 12), ("All the same", "used", 16),
    ]  # fmt: skip
    assert [(each.reason, [(one.field, one.old, one.new) for one in each.changes]) for each in told.corrections] == [
        ("A typing error", [("company", "Acme", "Acme Oy")])
    ]
    lapsed = [(each.n, each.lapsed) for each in told.timeline if each.lapsed]
    assert lapsed == [(12, ("offer.fit",))]


def test_talks_stand_in_the_order_in_which_they_were_had(story: Story) -> None:
    told = story.told()
    assert [(each.text, each.kind, each.action_title) for each in told.conversations] == [
        ("It is too much", "call", None), ("They want it in May", None, "Call"),
    ]  # fmt: skip
    assert [(each.concern, each.answer, each.met) for each in told.objections] == [("Too dear", "Look at what it saves", (6,))]
    assert [(each.kind, each.name, each.sha256, each.url) for each in told.documents] == [
        ("document", "offer.pdf", "ab" * 32, None), ("link", None, None, "https://acme.example/"),
    ]  # fmt: skip


def test_people_come_with_what_they_did_and_when_they_owned_the_deal(story: Story) -> None:
    found = {each.id: (each.roles, each.refused, [(one.since[11:13], one.until and one.until[11:13]) for one in each.owned])
             for each in story.told().people}  # fmt: skip
    assert found == {"maija": (("seller",), 1, [("09", "22")]), "jaana": (("manager",), 0, []), "tero": ((), 0, [("22", None)])}


def test_it_ends_with_what_is_open_and_how_that_is_done(story: Story) -> None:
    told = story.told()
    assert [(each.action, each.status) for each in told.open.actions] == [("accept", "open")]
    (guide,) = told.playbooks
    assert (guide.stage, guide.here, guide.goal, guide.to_do) == ("delivery", True, "Deliver as agreed", ("Accept",))
    assert [each.stage for each in story.told(7).playbooks] == ["offer", "delivery"]


def test_as_of_a_time_nothing_is_told_that_came_later(story: Story) -> None:
    then = story.told(4)
    assert [each.n for each in then.timeline] == [1, 2, 3, 4, 5]
    assert (then.deal.stage, then.deal.title, then.deal.owner, then.proof.events) == ("offer", "Acme", "maija", 5)
    assert then.conversations == ()
    assert not then.deal.overdue
    assert [each.code for each in then.open.ways[0].unmet] == ["action-open", "action-open", "criterion-unknown"]
    assert story.told(13).deal.title == "Acme Oy"


def test_an_open_deal_is_overdue_as_of_then(story: Story) -> None:
    story.engine.start("hand", "B-1", by=MAIJA)
    story.hours += 100
    assert story.told(name="B-1").deal.overdue
    assert not story.told(20, name="B-1").deal.overdue


def test_the_same_time_gives_the_same_whatever_was_written_since(story: Story) -> None:
    before = story.told(15).as_dict()
    story.then("do", "accept", by=TERO, evidence=f"deal.html sha256:{'cd' * 32}")
    story.engine.start("hand", "B-1", by=MAIJA)
    assert story.told(15).as_dict() == before


def test_the_proof_is_of_the_tree_that_ends_with_the_last_event_told(story: Story) -> None:
    proof = story.told().proof
    with story.store.transaction(write=False) as tx:
        assert (proof.log, proof.size, proof.root) == (tx.log, tx.tree.size, tx.tree.root.hex())
    assert proof.head == story.told().timeline[-1].hash
    assert story.told(4).proof.size < proof.size


def test_what_was_erased_reads_so_wherever_it_stood(story: Story) -> None:
    story.then("note", "Anna decides", by=MAIJA)
    stream = story.engine.deal("A-1").stream
    story.engine.erase("A-1", basis="art-17", by=JAANA)
    told = story.told(name=stream)
    assert told.deal.name == told.deal.stream == stream
    assert {each.field: each.value for each in told.values}["company"] == "(erased)"
    assert {each.text for each in told.conversations} == {"(erased)"}
    assert {each.reason for each in (*told.waivers, *told.corrections)} == {"(erased)"}
    assert not {"Acme", "Anna", "Fair", "typing"} & set(str(told.as_dict()).replace("'", " ").split())


def test_texts_are_in_the_language_that_was_asked_for(story: Story) -> None:
    told = story.told(4, "fi")
    assert (told.language, told.process.title, told.deal.stage_title) == ("fi", "Luovutus", "Tarjous")
    assert story.told(4).language == "en"


@pytest.mark.parametrize(("error", "name", "hour"), [(UnknownDeal, "A-2", 4), (InvalidArgument, "A-1", 0)])
def test_what_was_not_there_is_refused(story: Story, error: type[Exception], name: str, hour: int) -> None:
    with pytest.raises(error):
        story.told(hour, name=name)


def test_its_keys_are_those_that_the_manual_gives(story: Story) -> None:
    assert list(story.told().as_dict()) == [
        "format", "simulated", "as_of", "language", "time_zone", "process", "deal", "people", "values", "open", "conversations",
        "objections", "approvals", "waivers", "corrections", "documents", "playbooks", "timeline", "proof",
    ]  # fmt: skip
