"""What waits for whom: what is due, and the day of one person."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import UTC, datetime, timedelta
from typing import Any

import pytest

from procdef import Actor, AgendaItem, Engine, InvalidArgument, UnknownPerson, load, load_people, open_store
from procdef.engine import agenda
from procdef.engine.queries import awake

PROCESS = """
procdef: 1
id: daily
version: 1
title: Daily
languages: [en]
roles: {seller: {title: Seller}, manager: {title: Manager}, delivery: {title: Delivery}}
fields:
  discount: {type: percent}
  promised: {type: date}
  chatty: {type: boolean}
deal: {assign_by: seller}
stages:
  lead:
    title: Lead
    start: true
    owner: seller
    sla: {within: 5 days, escalate_to: manager}
    required_actions:
      call: {title: Call them, sla: {within: 2 days}}
    optional_actions:
      approve:
        title: Approve the discount
        decision: true
        by: manager
        when: discount > 5 %
        four_eyes: true
        voided_by: [discount]
        sla: {within: 4 days}
    next: [handover]
  handover:
    title: Hand over
    owner: delivery
    sla: {until: promised}
    next: [won]
  won: {title: Won, owner: delivery, outcome: won}
"""
MONDAY = datetime(2026, 3, 2, 7, 0, tzinfo=UTC)
MAIJA, OLLI = Actor("maija", {"seller"}), Actor("olli", {"manager"})
TERO = Actor("tero", {"delivery"})


class Office:
    def __init__(self, url: str) -> None:
        self.now, self.store = MONDAY, open_store(url)
        self.engine = Engine(self.store, lambda: self.now)
        self.engine.publish(load(PROCESS), by=OLLI)

    def start(self, name: str, by: Actor = MAIJA, **values: object) -> None:
        self.engine.start("daily", name, by=by, values={"discount": "0", **values})

    def told(self, person: Actor | None = None, **asked: Any) -> list[tuple[str, str, str]]:
        return [(each.kind, each.deal, each.of) for each in self.engine.agenda(person, **asked)]

    def later(self, **much: float) -> None:
        self.now += timedelta(**much)


@pytest.fixture(params=["memory:", "sqlite"])
def office(request: pytest.FixtureRequest, tmp_path: Any) -> Iterator[Office]:
    made = Office("memory:" if request.param == "memory:" else f"sqlite:///{tmp_path / 'log.db'}")
    yield made
    made.store.close()


def test_a_deal_is_opened_once_whatever_is_asked_of_it(office: Office, monkeypatch: pytest.MonkeyPatch) -> None:
    opened: list[str] = []
    monkeypatch.setattr(agenda, "awake", lambda tx, row: opened.append(row.key) or awake(tx, row))
    for name, discount in (("A", "0"), ("B", "10"), ("C", "10")):
        office.start(name, discount=discount)
    office.later(days=3)
    told = office.told(Actor("maija", {"seller", "manager"}), idle=timedelta(days=2))
    assert {("overdue", "B", "lead.call"), ("due", "B", "lead.approve"), ("idle", "B", "lead")} <= {*told}
    assert sorted(opened) == ["A", "B", "C"]


def test_what_is_overdue_comes_first_and_then_what_will_be_due_in_order(office: Office) -> None:
    office.start("A")
    office.later(days=3)
    office.start("B")
    assert office.told() == [
        ("overdue", "A", "lead.call"), ("due", "A", "lead"), ("due", "B", "lead.call"), ("due", "B", "lead"),
    ]  # fmt: skip
    near = timedelta(days=2)
    assert office.told(within=near) == [("overdue", "A", "lead.call"), ("due", "A", "lead"), ("due", "B", "lead.call")]
    office.engine.do("A", "call", by=MAIJA)
    assert office.told(within=near) == [("due", "A", "lead"), ("due", "B", "lead.call")]
    assert [each.due for each in office.engine.agenda(within=timedelta(0))] == []


def test_a_person_sees_what_is_theirs_as_owner_or_by_a_role(office: Office) -> None:
    office.start("A")
    office.start("B", by=Actor("pekka", {"seller"}), discount="10")
    assert {each[1] for each in office.told(MAIJA)} == {"A"}
    assert [each[1:] for each in office.told(OLLI)] == [("B", "lead.approve")]
    assert office.told(OLLI)[0][0] == "approve"
    assert office.told(role="manager") == [("due", "B", "lead.approve")]
    assert {each[1:] for each in office.told(role="seller")} == {
        ("A", "lead"), ("A", "lead.call"), ("B", "lead"), ("B", "lead.call"),
    }  # fmt: skip


def test_a_role_of_other_programs_matches_nothing(office: Office) -> None:
    office.start("A", discount="10")
    foreign = {"billing:read", "vpn"}
    assert office.told(Actor("olli", {"manager", *foreign})) == office.told(OLLI) == [("approve", "A", "lead.approve")]
    assert office.told(Actor("nobody", foreign)) == []
    assert {each[1] for each in office.told(Actor("maija", {"seller", *foreign}))} == {"A"}
    assert Engine(open_store("memory:")).agenda(OLLI) == []
    with pytest.raises(InvalidArgument, match=r'no role "vpn" here; there are delivery, manager, seller'):
        office.engine.agenda(role="vpn")


def test_what_was_escalated_is_on_the_agenda_of_those_it_went_to(office: Office) -> None:
    office.start("A")
    office.later(days=6)
    assert office.told(OLLI) == []
    assert len([*office.engine.tick(by=Actor("cron"))]) == 3
    (item,) = office.engine.agenda(OLLI)
    assert (item.kind, item.of, item.escalated) == ("overdue", "lead", True)
    assert office.told(role="manager") == [("overdue", "A", "lead")]


def test_an_approval_waits_for_those_who_may_give_it_and_a_rejection_comes_back(office: Office) -> None:
    both = Actor("maija", {"seller", "manager"})
    office.start("A", discount="10")
    assert ("approve", "A", "lead.approve") not in office.told(both)  # four eyes: it is her own deal
    assert office.told(OLLI) == [("approve", "A", "lead.approve")]
    office.later(hours=1)
    office.engine.do("A", "approve", by=OLLI, decision="reject", note="Too much")
    rejected = [each for each in office.engine.agenda(MAIJA) if each.kind == "rejected"]
    assert [(each.of, each.by, each.roles) for each in rejected] == [("lead.approve", "olli", ("manager",))]
    office.engine.do("A", "approve", by=OLLI, decision="approve")
    assert office.told(OLLI) == []
    assert not [each for each in office.engine.agenda(MAIJA) if each.kind == "rejected"]


def test_a_deal_that_was_handed_over_waits_until_it_is_taken_up(office: Office) -> None:
    office.start("A")
    office.engine.assign("A", "pekka", by=MAIJA)
    pekka = Actor("pekka", {"seller"})
    (handed,) = [each for each in office.engine.agenda(pekka) if each.kind == "handed"]
    assert (handed.deal, handed.by) == ("A", "maija")
    office.engine.note("A", "Read it", by=pekka)
    assert not [each for each in office.engine.agenda(pekka) if each.kind == "handed"]


def test_a_deal_that_came_into_a_stage_of_others_waits_for_them(office: Office) -> None:
    office.start("A", promised="2026-03-20")
    office.engine.do("A", "call", by=MAIJA)
    office.later(hours=1)
    office.engine.advance("A", by=MAIJA)
    assert office.told(TERO) == [("handed", "A", "handover")]
    office.later(hours=1)
    office.engine.note("A", "On it", by=TERO)
    assert [each[0] for each in office.told(TERO)] != ["handed"]


def test_deals_that_nobody_touched_are_told_after_all_else(office: Office) -> None:
    office.start("A")
    office.later(days=10)
    office.start("B")
    assert office.told(MAIJA, idle=timedelta(days=7)) == [
        ("overdue", "A", "lead.call"), ("overdue", "A", "lead"), ("due", "B", "lead.call"), ("due", "B", "lead"),
    ]  # fmt: skip
    office.engine.tick(by=OLLI)
    office.now += timedelta(days=1)
    assert office.told(Actor("nobody")) == []


def test_an_untouched_deal_without_a_deadline_is_told(office: Office) -> None:
    office.start("A")
    office.engine.do("A", "call", by=MAIJA)
    office.engine.advance("A", by=MAIJA)
    office.later(days=15)
    assert office.told(MAIJA) == [("idle", "A", "handover")]
    assert office.told(MAIJA, idle=timedelta(days=16)) == []


def test_however_long_a_time_may_be(office: Office) -> None:
    office.start("A")
    office.engine.do("A", "call", by=MAIJA)
    office.engine.advance("A", by=MAIJA)
    office.later(days=15)
    for length in (timedelta(days=750_000), timedelta.max):
        assert office.told(MAIJA, idle=length, within=length) == []


@pytest.mark.parametrize(
    ("asked", "message"),
    [
        ({"role": "boss"}, "no role"), ({"within": timedelta(days=-1)}, "negative"), ({"idle": 3}, "timedelta"),
        ({"person": MAIJA, "role": "seller"}, "or of a role"), ({"person": "maija"}, "Actor"),
    ],
)  # fmt: skip
def test_what_makes_no_sense_is_told(office: Office, asked: dict[str, Any], message: str) -> None:
    with pytest.raises(InvalidArgument, match=message):
        office.engine.agenda(**asked)


def test_an_item_is_data(office: Office) -> None:
    office.start("A")
    item = office.engine.agenda()[0]
    assert isinstance(item, AgendaItem)
    assert item.as_dict()["what"] == "Call them"


PEOPLE = """
procdef-people: 1
people:
  maija: {roles: seller}
  olli: {roles: {manager: {from: 2026-01-01, until: 2026-03-05}}}
"""


def test_who_comes_without_roles_has_those_of_the_directory(office: Office) -> None:
    office.start("B", discount="10")
    office.engine.people.publish(load_people(PEOPLE), by=OLLI)
    assert office.told(Actor("olli")) == [("approve", "B", "lead.approve")]
    office.later(days=4)
    assert office.told(Actor("olli")) == []
    with pytest.raises(UnknownPerson, match='"nina"'):
        office.told(Actor("nina"))


LAPSING = PROCESS.replace("        sla: {within: 4 days}", "        valid_for: 30 days")


def test_what_lapses_is_told_to_those_who_are_to_approve_it_again(office: Office) -> None:
    assert LAPSING != PROCESS
    office.engine.publish(load(LAPSING.replace("version: 1", "version: 2")), by=OLLI)
    office.start("A", discount="10")
    office.engine.do("A", "call", by=MAIJA)
    office.engine.do("A", "approve", by=OLLI, decision="approve")
    assert not [each for each in office.told() if each[0] == "lapses"]
    near = [each for each in office.engine.agenda(within=timedelta(days=30)) if each.kind == "lapses"]
    assert [(each.of, each.due, each.roles, each.by) for each in near] == [
        ("lead.approve", "2026-04-01T07:00:00.000000Z", ("manager",), "olli")
    ]
    office.later(days=17)
    assert ("lapses", "A", "lead.approve") in office.told(OLLI)
    assert ("lapses", "A", "lead.approve") in office.told(role="manager")
    assert ("lapses", "A", "lead.approve") not in office.told(MAIJA)
    assert ("lapses", "A", "lead.approve") not in office.told(OLLI, within=timedelta(days=12))
    office.later(days=14)
    assert ("lapses", "A", "lead.approve") not in office.told()
    assert ("approve", "A", "lead.approve") in office.told(OLLI)


@pytest.mark.parametrize(
    "by", ["by: manager\n        at_least: 2", "by: [{when: discount > 50 %, roles: seller}, {roles: manager, at_least: 2}]"]
)
def test_of_several_approvals_that_lapse_it_is_told_when_too_few_are_left(office: Office, by: str) -> None:
    office.engine.publish(load(LAPSING.replace("by: manager\n", f"{by}\n").replace("version: 1", "version: 2")), by=OLLI)
    office.start("A", discount="10")
    managers = [Actor(name, {"manager"}) for name in ("olli", "nina", "pia")]
    for person in managers:
        office.engine.do("A", "approve", by=person, decision="approve")
        office.later(days=1)
    (item,) = [each for each in office.engine.agenda(within=timedelta(days=40)) if each.kind == "lapses"]
    assert (item.due, item.by) == ("2026-04-02T07:00:00.000000Z", "nina")
    office.later(days=27)
    assert [each.by for each in office.engine.agenda() if each.kind == "lapses"] == ["nina"]
    office.later(days=1)
    assert not [each for each in office.told() if each[0] == "lapses"]


BY_TIME = """
procdef: 1
id: by-time
version: 1
title: By time
languages: [en]
roles: {seller: {title: Seller}, manager: {title: Manager}}
fields: {size: {type: number}}
stages:
  lead:
    title: Lead
    start: true
    optional_actions:
      check: {title: Check the credit, valid_for: 5 days, sla: {within: 1 day}}
      ask: {title: Ask again, when: lead.check is not done, sla: {within: 2 days}}
      approve: {title: Approve, decision: true, four_eyes: true}
    next: [won]
  won: {title: Won, owner: seller, outcome: won}
"""


@pytest.fixture
def by_time(office: Office) -> Office:
    office.engine.publish(load(BY_TIME), by=OLLI)
    office.engine.start("by-time", "D", by=MAIJA)
    return office


def test_what_is_open_again_with_time_alone_is_told_without_a_tick(by_time: Office) -> None:
    by_time.engine.do("D", "check", by=MAIJA)
    by_time.later(days=4)
    assert [each for each in by_time.told(MAIJA) if each[0] != "lapses"] == []
    by_time.later(days=2)
    overdue = [("overdue", "D", "lead.check"), ("overdue", "D", "lead.ask")]
    assert by_time.told(MAIJA) == overdue
    told = [(each.kind, each.deal, each.of) for each in by_time.engine.tick(by=Actor("cron"))]
    assert [each for each in told if each[0] == "overdue"] == overdue


def test_a_stage_without_an_owner_is_everybodys(by_time: Office) -> None:
    assert by_time.told(OLLI) == [("approve", "D", "lead.approve")]
    assert by_time.told(MAIJA)[:1] == [("due", "D", "lead.check")]  # four eyes: it is her own deal
    due = [("due", "D", "lead.check"), ("due", "D", "lead.ask")]
    assert by_time.told(role="manager") == due
    assert by_time.told(role="seller") == due
