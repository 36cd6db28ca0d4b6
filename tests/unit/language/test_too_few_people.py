"""Four eyes that too few people of a directory can give: the cases one by one, and against trying every choice of people."""

from __future__ import annotations

from datetime import date, timedelta
from itertools import combinations, product

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from procdef import load
from procdef.directory import Directory, Period, Person
from procdef.language.people.too_few_people import too_few_people
from procdef.model import ProcessDefinition

TODAY = date(2026, 6, 1)
PROCESS = """\
procdef: 1
id: sale
version: 1
title: Sale
languages: [en]
currency: EUR
roles: {seller: {title: Seller}, manager: {title: Manager}, director: {title: Director}}
fields: {price: {type: money}, discount: {type: percent}}
stages:
  lead: {title: Lead, start: true, owner: seller, next: closing}
  closing:
    title: Closing
    owner: SELLER
    required_actions:
      rate: {title: Set the price, by: director, records: [price]}
      APPROVAL
    WAYS
  won: {title: Won, outcome: won, owner: seller}
"""
PLAIN = "approve: {title: Approve, decision: true, four_eyes: true, by: manager}"
TABLE = (
    "approve: {title: Approve, decision: true, four_eyes: true, records: [discount], "
    'by: [{when: "discount > 10 %", roles: [manager, director], at_least: 2}, {roles: manager}]}'
)
OPTIONAL = f"\n    optional_actions:\n      {PLAIN}\n"
SET = PLAIN.replace("by: manager", "by: director, records: [price], voided_by: [price]")


def process(approval: str, ways: str = "next: won") -> ProcessDefinition:
    return load(PROCESS.replace("APPROVAL", approval).replace("WAYS", ways).replace("SELLER", "seller"))


def told(of: ProcessDefinition, **roles: str) -> list[tuple[str, object, object, object]]:
    """Of which deals too few people may, who may, and when: of people with these roles, from and until some day."""
    people = {}
    for name, given_roles in roles.items():
        held = {}
        for one in given_roles.split():
            role, _, days = one.partition("@")
            first, _, last = days.partition("..")
            held[role] = (Period(*(date.fromisoformat(day) if day else None for day in (first, last))),)
        people[name] = Person(name, roles=held)
    return [
        (
            str(found.subject) + str(found.details["row"]),
            found.details["deals"],
            found.details["able"],
            found.details["when"],
        )
        for found in too_few_people(Directory(people), [of], TODAY)
    ]


@pytest.mark.parametrize(
    ("of", "roles", "expected"),
    [
        (process(PLAIN), {"a": "seller", "b": "manager"}, []),
        (process(PLAIN), {"a": "seller manager", "b": "manager"}, []),
        (process(PLAIN), {"a": "seller"}, [("closing.approve", "any deal", "nobody has", "")]),
        (process(PLAIN), {"a": "seller manager"}, [("closing.approve", "any deal", "only a has", "")]),
        (
            process(PLAIN),
            {"a": "seller manager", "b": "seller"},
            [("closing.approve", "a deal of a", "only a has", "")],
        ),
        (
            process(PLAIN),
            {"a": "seller", "b": "manager@..2026-05-31"},
            [("closing.approve", "any deal", "nobody has", "")],
        ),
        (
            process(PLAIN),
            {"a": "seller", "b": "manager@..2026-06-01"},
            [("closing.approve", "any deal", "nobody has", " from 2026-06-02 on")],
        ),
        (
            process(PLAIN),
            {"a": "seller", "b": "manager@..2026-06-30", "c": "manager@2026-07-03.."},
            [("closing.approve", "any deal", "nobody has", " from 2026-07-01 until 2026-07-02")],
        ),
        (process(TABLE), {"a": "seller", "b": "manager", "c": "director"}, []),
        (
            process(TABLE),
            {"a": "seller", "b": "manager"},
            [("closing.approve by row 1 of its table", "any deal", "only b has", "")],
        ),
        (process(OPTIONAL), {"a": "seller"}, []),
        (
            process(OPTIONAL, "next: {won: {when: closing.approve is done}}"),
            {"a": "seller"},
            [("closing.approve", "any deal", "nobody has", "")],
        ),
        (process(PLAIN, "next: {won: {unfinished: allowed}}"), {"a": "seller"}, []),
        (process(SET), {"a": "seller", "b": "director"}, []),  # the seller may set the price
    ],
    ids=str,
)
def test_what_too_few_people_can_do(
    of: ProcessDefinition, roles: dict[str, str], expected: list[tuple[str, str, str, str]]
) -> None:
    assert told(of, **roles) == expected


def test_who_stands_in_for_somebody_counts_on_those_days_only() -> None:
    days = (Period(TODAY, TODAY + timedelta(4)),)
    people = {
        "a": Person("a", roles={"seller": (Period(),)}),
        "b": Person(
            "b", roles={"manager": (Period(None, TODAY + timedelta(9)),)}, deputies={"a": (Period(),), "c": days}
        ),
        "c": Person("c", roles={"seller": (Period(),)}),
    }
    (found,) = too_few_people(Directory(people), [process(PLAIN)], TODAY)
    assert (found.details["deals"], found.details["when"]) == ("any deal", f" from {TODAY + timedelta(10)} on")
    directory = Directory({**people, "b": Person("b", roles={}, deputies={})})
    (found,) = too_few_people(directory, [process(PLAIN)], TODAY)
    assert found.details["able"] == "nobody has"


def test_of_a_process_only_the_newest_version_counts() -> None:
    old = process(PLAIN)
    new = load(old.source.decode().replace("version: 1", "version: 2").replace(", four_eyes: true", ""))
    directory = Directory({"a": Person("a", roles={"seller": (Period(),)})})
    assert [*too_few_people(directory, [new, old], TODAY)] == []


LONE = load(
    PROCESS.replace("APPROVAL", "approve: {title: Approve, decision: true, four_eyes: true, at_least: 2, "
                                "by: [manager, director], records: [price], voided_by: [price]}")
    .replace("WAYS", "next: won").replace("owner: seller, next", "owner: manager, next")
    .replace("owner: SELLER", "owner: director").replace("outcome: won, owner: seller", "outcome: won, owner: director")
)  # fmt: skip
"""Whoever starts a deal is a manager; whoever sets the price is a manager or a director; two others of these approve."""
days = st.one_of(st.none(), st.integers(-2, 4).map(lambda many: TODAY + timedelta(many)))
periods = st.tuples(days, days).map(lambda both: (Period(*both),))
held = st.dictionaries(st.sampled_from(["seller", "manager", "director"]), periods, max_size=3)
somebody = st.tuples(held, st.dictionaries(st.sampled_from("abcde"), periods, max_size=2))


@settings(max_examples=150)
@given(st.lists(somebody, min_size=1, max_size=5))
def test_it_is_told_just_when_no_choice_of_people_serves_some_deal(drawn: list[tuple[dict, dict]]) -> None:  # type: ignore[type-arg]
    people = {name: Person(name, None, *given) for name, given in zip("abcde", drawn, strict=False)}
    directory = Directory(people)
    found = [*too_few_people(directory, [LONE], TODAY)]
    assert bool(found) == any(_stuck(directory, TODAY + timedelta(day)) for day in range(7))


def _stuck(directory: Directory, day: date) -> bool:
    """Whether some deal of that day cannot be approved: tried with everybody who may own it, set the price and approve."""

    def having(*roles: str) -> list[str]:
        there = ((name, directory.roles_of(name, day)) for name in directory.people)
        return [name for name, held in there if held is not None and not held.roles.isdisjoint(roles)]

    owners, setters, able = (
        having("manager") or [""],
        having("manager", "director") or [""],
        having("manager", "director"),
    )
    served = {
        owner
        for owner, setter in product(owners, setters)
        for one, other in combinations(able, 2)
        if not {owner, setter} & {one, other}
    }
    return served != {*owners}
