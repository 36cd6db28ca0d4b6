"""Who has which roles, held against an oracle that writes out day by day what a file of people says; and steps that run while
another directory is published."""

from __future__ import annotations

from datetime import UTC, date, datetime, timedelta
from pathlib import Path
from threading import Thread
from time import sleep
from typing import Any, NamedTuple
from zoneinfo import ZoneInfo

from hypothesis import given, settings
from hypothesis import strategies as st

from procdef import Actor, Engine, StepRefused, load, load_people, open_store
from procdef.verification import Tally, verify

PROCESS = """\
procdef: 1
id: offers
version: 1
title: Offers
languages: [en]
calendar: {timezone: Europe/Helsinki}
roles: {seller: {title: Seller}, manager: {title: Manager}, delivery: {title: Delivery}}
fields: {price: {type: number}}
lost: {reasons: {price: Price}}
stages:
  offer:
    title: Offer
    start: true
    owner: seller
    required_actions:
      check: {title: Check, by: manager}
      send: {title: Send, by: delivery}
    next: won
  won: {title: Won, owner: seller, outcome: won}
"""
HELSINKI = ZoneInfo("Europe/Helsinki")
ROOT = Actor("root", auth="os")
NAMES, ROLES = ("anna", "bertta", "cecilia", "daniel"), ("seller", "manager", "delivery")
DAYS = [date(2026, 3, 26) + timedelta(days=each) for each in range(8)]  # summer time begins on the 29th


class Span(NamedTuple):
    """From one of ``DAYS`` until another, or without an end there."""

    first: date | None
    last: date | None

    def __str__(self) -> str:
        ends = (("from", self.first), ("until", self.last))
        return "{" + ", ".join(f"{key}: {day}" for key, day in ends if day) + "}"

    def days(self) -> set[date]:
        return {day for day in DAYS if not (self.first and day < self.first) and not (self.last and day > self.last)}


class Somebody(NamedTuple):
    """A person as the file has them."""

    roles: dict[str, Span]
    deputies: dict[str, Span]

    def __str__(self) -> str:
        parts = (("roles", self.roles), ("deputies", self.deputies))
        told = (f"{key}: {{{', '.join(f'{name}: {span}' for name, span in of.items())}}}" for key, of in parts if of)
        return f"{{{', '.join(told)}}}"


def span(ends: tuple[int, int], open_at: str) -> Span:
    first, last = sorted(ends)
    return Span(None if "<" in open_at else DAYS[first], None if ">" in open_at else DAYS[last])


WITHIN = st.integers(0, len(DAYS) - 1)
SPANS = st.builds(span, st.tuples(WITHIN, WITHIN), st.sampled_from(("", "", "<", ">", "<>")))


@st.composite
def offices(draw: st.DrawFn) -> dict[str, Somebody]:
    """People of whom each may stand in for any other, circles and deputies of deputies among them."""
    people = {}
    for name in NAMES:
        others = st.sampled_from([each for each in NAMES if each != name])
        roles = draw(st.dictionaries(st.sampled_from(ROLES), SPANS, min_size=1, max_size=2))
        people[name] = Somebody(roles, draw(st.dictionaries(others, SPANS, max_size=3)))
    return people


def text(people: dict[str, Somebody]) -> str:
    return "procdef-people: 1\npeople:\n" + "".join(f"  {name}: {who}\n" for name, who in people.items())


def expected(people: dict[str, Somebody], name: str, day: date) -> tuple[set[str], list[str]]:
    """The roles of somebody on a day, and for whom they stand in who has a role then that they lack themself."""
    calendar = {who: {role for role, when in people[who].roles.items() if day in when.days()} for who in people}
    absent = [
        who for who in sorted(people) if name in people[who].deputies and day in people[who].deputies[name].days()
    ]
    named = [who for who in absent if calendar[who] - calendar[name]]
    return calendar[name].union(*(calendar[who] for who in absent)), named


def findings(store: Any) -> list[str]:
    with store.inspect() as tx:
        return [found.code for found in verify(tx, Tally())]


@settings(max_examples=60, deadline=None)
@given(offices())
def test_roles_of_every_day_are_those_that_the_file_says(people: dict[str, Somebody]) -> None:
    directory = load_people(text(people))
    for day in DAYS:
        for name in people:
            held, (roles, absent) = directory.roles_of(name, day), expected(people, name, day)
            assert held is not None
            assert (set(held.roles), list(held.absent)) == (roles, absent), (name, day)


@settings(max_examples=40, deadline=None)
@given(offices(), st.integers(1, len(DAYS) - 1), st.sampled_from((-1, 0, 1)), st.sampled_from(NAMES))
def test_a_step_near_midnight_has_the_roles_of_the_day_in_helsinki(
    people: dict[str, Somebody], at: int, seconds: int, name: str
) -> None:
    now = datetime.combine(DAYS[at], datetime.min.time(), HELSINKI).astimezone(UTC) + timedelta(seconds=seconds)
    day = now.astimezone(HELSINKI).date()
    store = open_store("memory:")
    engine = Engine(store, clock=lambda: now)
    engine.publish(load(PROCESS), by=ROOT)
    directory = load_people(text(people))
    engine.people.publish(directory, by=ROOT)
    engine.start("offers", "D1", by=Actor("app", {"seller"}))
    roles, absent = expected(people, name, day)
    try:
        engine.note("D1", "Near midnight", by=Actor(name, auth="app"))
    except StepRefused:
        assert not roles
    else:
        by = engine.events("D1")[-1]["by"]
        origin = f"people:{directory.sha256[:16]}" + (f":{','.join(absent)}" if absent else "")
        assert (by["id"], set(by.get("roles", ())), by["from"]) == (name, roles, origin)
    assert findings(store) == []


def test_each_step_names_the_directory_in_force_at_its_place_in_the_log(tmp_path: Path) -> None:
    url = str(tmp_path / "deals.db")
    engine = Engine(open_store(url))
    engine.publish(load(PROCESS), by=ROOT)
    both = [
        load_people(f"procdef-people: 1\npeople: {{anna: {{roles: {roles}}}}}")
        for roles in ("seller", "[seller, manager]")
    ]
    engine.people.publish(both[0], by=ROOT)
    engine.start("offers", "D1", by=Actor("anna", auth="app"))

    def publish() -> None:
        other = Engine(open_store(url))
        for turn in range(1, 13):
            other.people.publish(both[turn % 2], by=ROOT)
            sleep(0.01)  # so that steps come in between

    publisher = Thread(target=publish)
    publisher.start()
    while publisher.is_alive():
        engine.note("D1", "In between", by=Actor("anna", auth="app"))
    publisher.join()
    in_force, published, named = "", 0, set()
    for item in engine.feed():
        if item.event["type"] == "people.published":
            in_force = f"people:{item.event['data']['sha256'][:16]}"
            published += 1
        elif item.event["by"]["id"] == "anna":
            named.add(in_force)
            assert item.event["by"]["from"] == in_force
    assert (published, len(named)) == (13, 2)
    assert findings(open_store(url)) == []
