"""What audits tell of approvals by deputies, under rows of tables, and of those that have lapsed."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta

import pytest

from procdef import Actor, Engine, StepRefused, load_people
from procdef.audit.overrides import Counts, Override, overrides
from procdef.audit.population import Reconciliation, population
from procdef.audit.separation_of_duties import Duties, Duty, duties
from procdef.language import load_source
from procdef.provenance import Period
from procdef.render.overrides import duty_text, override_text
from procdef.store import MemoryStore

PROCESS = """
procdef: 1
id: small
version: 1
title: Small
languages: [en]
currency: EUR
roles: {seller: {title: Seller}, manager: {title: Manager}, director: {title: Director}}
fields: {amount: {type: money}}
deal: {value: amount}
lost: {reasons: {no_need: No need}}
stages:
  offer:
    title: Offer
    start: true
    owner: [seller, manager]
    required_actions:
      price: {title: Price, records: [amount]}
      approve:
        title: Approve
        decision: true
        by: [{when: amount < 1000, roles: manager}, {roles: [manager, director], at_least: 2}]
        voided_by: [amount]
        needs: [price]
        valid_for: 30 days
    exit_criteria:
      big: {check: amount > 100000, waivable_by: manager}
    next: {won: {}, parked: {unfinished: allowed}}
  parked: {title: Parked, owner: seller, required_actions: {call: {title: Call}}, next: won}
  won: {title: Won, owner: seller, outcome: won, required_actions: {deliver: {title: Deliver}}}
"""
PEOPLE = """
procdef-people: 1
people:
  maija: {roles: seller}
  jaana: {roles: [manager, seller], deputies: {pekka: {}}}
  liisa: {roles: manager}
  pekka: {roles: seller}
"""
MAIJA, JAANA, LIISA, PEKKA = map(Actor, ("maija", "jaana", "liisa", "pekka"))


class Office:
    def __init__(self) -> None:
        self.now = datetime(2026, 3, 2, 8, tzinfo=UTC)
        self.store = MemoryStore()
        self.engine = Engine(self.store, clock=lambda: self.now)
        self.engine.publish(load_source(PROCESS.encode(), "small"), by=MAIJA)
        self.engine.people.publish(load_people(PEOPLE), by=MAIJA)

    def priced(self, owner: Actor = MAIJA, pricer: Actor = MAIJA, amount: str = "500") -> Office:
        self.engine.start("small", "A", by=owner)
        self.engine.do("A", "price", by=pricer, values={"amount": amount})
        return self

    def approved(self, *people: Actor) -> Office:
        for person in people:
            self.engine.do("A", "approve", by=person, decision="approve")
        return self

    def duties(self, kind: str) -> list[Duty]:
        with self.store.transaction(write=False) as tx:
            return [row for row in duties(tx, Period(), None, Duties()) if row.kind == kind]

    def overrides(self) -> list[Override]:
        with self.store.transaction(write=False) as tx:
            return list(overrides(tx, Period(), Counts(), refused=True))


def test_a_decision_in_the_roles_of_somebody_absent_is_told_with_its_row_and_until_when() -> None:
    office = Office().priced().approved(PEKKA)
    (duty,) = office.duties("as-deputy")
    assert (duty.person, duty.why, duty.row, duty.until) == ("pekka", ("jaana",), 1, "2026-04-01T08:00:00.000000Z")
    assert duty_text(duty).splitlines()[0] == (
        "as a deputy: pekka approved offer.approve by row 1 of its table, until 2026-04-01T08:00:00.000000Z,"
    )
    assert office.duties("same-person") == []


@pytest.mark.parametrize(
    ("owner", "pricer", "why"),
    [
        (JAANA, MAIJA, ("stands in for jaana, who owns the deal",)),
        (MAIJA, JAANA, ("stands in for jaana, who recorded amount", "stands in for jaana, who did offer.price")),
        (PEKKA, MAIJA, ("owns the deal",)),
    ],
)
def test_what_the_absent_one_wanted_is_no_second_pair_of_eyes(owner: Actor, pricer: Actor, why: tuple[str, ...]) -> None:
    assert [each.why for each in Office().priced(owner, pricer).approved(PEKKA).duties("same-person")] == [why]


@pytest.mark.parametrize(
    ("people", "why"),
    [
        ((JAANA, PEKKA), ["stands in for jaana, who approved too"]),
        ((PEKKA, JAANA), ["approved beside pekka, who stood in for jaana"]),
        ((LIISA, PEKKA), []),
    ],
)
def test_two_approvals_of_one_and_of_who_stands_in_for_them_are_told(people: tuple[Actor, ...], why: list[str]) -> None:
    office = Office().priced(amount="5000").approved(*people)
    assert [each for duty in office.duties("same-person") for each in duty.why] == why


def test_what_had_lapsed_is_no_part_of_what_a_decision_rests_on() -> None:
    office = Office().priced(amount="5000").approved(JAANA)
    office.now += timedelta(days=30)
    assert office.approved(PEKKA).duties("same-person") == []


def test_a_waiver_by_a_deputy_is_told() -> None:
    office = Office().priced(JAANA)
    office.engine.waive("A", "big", by=PEKKA, reason="A first order")
    assert [each.why for each in office.duties("as-deputy")] == [("jaana",)]
    assert [each.why for each in office.duties("same-person")] == [("stands in for jaana, who owns the deal",)]


def test_people_with_several_roles_are_told_with_whom_they_stood_in_for() -> None:
    office = Office().priced().approved(PEKKA)
    assert [each.why for each in office.duties("several-roles")] == [("manager (1)", "seller (1)", "standing in for jaana")]


def test_what_was_passed_over_or_stood_in_the_way_because_it_had_lapsed_is_told() -> None:
    office = Office().priced().approved(LIISA)
    office.now += timedelta(days=30)
    with pytest.raises(StepRefused):
        office.engine.advance("A", "won", by=MAIJA)
    office.engine.advance("A", "parked", by=MAIJA, reason="They wait")
    told = {each.kind: each for each in office.overrides() if each.kind in ("refused", "unfinished")}
    for kind in ("refused", "unfinished"):
        assert (told[kind].lapsed, told[kind].rows) == (("offer.approve",), {"offer.approve": 1}), kind
    assert "row 1 of the table of offer.approve; offer.approve had lapsed" in " ".join(
        override_text(told["unfinished"]).split()
    )


def test_the_population_counts_how_decisions_were_taken() -> None:
    office = Office().priced(amount="5000").approved(LIISA, PEKKA)
    with office.store.transaction(write=False) as tx:
        seen = Reconciliation(tx.tree.size)
        (member,) = population(tx, Period(), seen)
    assert (member.decisions, member.by_deputies) == (2, 1)
    assert dict(seen.decisions) == {"decisions": 2, "by_deputies": 1, "by_a_row_of_a_table": 2, "for_a_time": 2}
    assert seen.shown["decided_in_the_period"] == dict(seen.decisions)
