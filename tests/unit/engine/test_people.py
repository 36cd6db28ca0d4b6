"""Roles of people who come without any are those of the directory in force, on the day of the step."""

from __future__ import annotations

from datetime import UTC, date, datetime
from pathlib import Path
from typing import Any

import pytest

from procdef import Actor, Engine, InvalidArgument, StepRefused, UnknownPerson, load, load_people, open_store
from procdef.commands import Advance, Assign, Do, Finish, Note, Record, Start
from procdef.directory import Directory, HeldRoles
from procdef.verification import Tally, verify

PROCESS = """\
procdef: 1
id: offers
version: 1
title: Offers
languages: [en]
calendar: {timezone: Europe/Helsinki}
roles: {seller: {title: Seller}, manager: {title: Manager}}
fields: {price: {type: number}}
lost: {reasons: {price: Price}}
stages:
  offer:
    title: Offer
    start: true
    owner: seller
    required_actions:
      approve: {title: Approve, decision: true, by: manager, four_eyes: true, at_least: 2, voided_by: price}
    next: won
  won: {title: Won, owner: seller, outcome: won}
"""
PEOPLE = """\
procdef-people: 1
people:
  maija: {roles: seller}
  pekka: {roles: seller}
  jaana:
    roles: {manager: {from: 2026-01-01, until: 2026-07-15}}
    deputies: {pekka: {from: 2026-07-01, until: 2026-07-31}}
  liisa: {roles: manager, deputies: {jaana: {}}}
  ville: {roles: manager}
"""
ROOT = Actor("root", auth="os")


class Office:
    """An engine whose clock stands where it is put, with a published directory."""

    def __init__(self, url: str = "memory:", people: str | None = PEOPLE) -> None:
        self.store = open_store(url)
        self.at("2026-06-01T12:00+03:00")
        self.engine = Engine(self.store, clock=lambda: self.now)
        self.engine.publish(load(PROCESS), by=ROOT)
        if people is not None:
            self.engine.people.publish(load_people(people), by=ROOT)

    def at(self, time: str) -> None:
        self.now = datetime.fromisoformat(time).astimezone(UTC)

    def by(self, deal: str = "D1") -> list[tuple[Any, ...]]:
        """Who took each step on a deal, their roles and where these come from."""
        people = (event.get("for", event["by"]) for event in self.engine.events(deal))
        return [(who["id"], *who.get("roles", ()), who.get("from", "")) for who in people]

    def findings(self) -> list[tuple[str, str]]:
        with self.store.inspect() as tx:
            return [(found.code, found.found) for found in verify(tx, Tally())]


@pytest.fixture(params=["memory:", "sqlite"])
def office(request: pytest.FixtureRequest, tmp_path: Path) -> Office:
    return Office("memory:" if request.param == "memory:" else str(tmp_path / "deals.db"))


def person(name: str, auth: Any = "app") -> Actor:
    return Actor(name, auth=auth)


def hexes(text: str = PEOPLE) -> str:
    return load_people(text).sha256[:16]


def test_a_person_without_roles_has_those_of_the_directory(office: Office) -> None:
    office.engine.start("offers", "D1", by=person("maija"))
    assert office.by() == [("maija", "seller", f"people:{hexes()}")]
    assert office.findings() == []


def test_roles_that_an_application_gives_stand_as_given(office: Office) -> None:
    office.engine.start("offers", "D1", by=Actor("maija", {"seller"}, source="ldap"))
    office.engine.note("D1", "Called", by=Actor("nobody-in-it", {"manager"}))
    assert office.by() == [("maija", "seller", "ldap"), ("nobody-in-it", "manager", "")]
    assert office.findings() == []


def test_without_a_directory_all_is_as_before() -> None:
    office = Office(people=None)
    with pytest.raises(StepRefused) as refused:
        office.engine.start("offers", "D1", by=person("maija"))
    assert [item.code for item in refused.value.unmet] == ["not-yours"]
    assert (office.engine.people.current(), office.engine.people.roles_of("maija", date(2026, 1, 1))) == (None, None)


def test_somebody_unknown_is_told_who_published_the_directory(office: Office) -> None:
    with pytest.raises(UnknownPerson, match=r'"mija" \(did you mean "maija"\?\); root published it') as error:
        office.engine.start("offers", "D1", by=person("mija"))
    assert (error.value.subject, error.value.http_status) == ("mija", 403)


@pytest.mark.parametrize(
    ("day", "roles", "absent"),
    [
        ("2026-06-30", "seller", ""),
        ("2026-07-01", "manager seller", ":jaana"),
        ("2026-07-15", "manager seller", ":jaana"),
        ("2026-07-16", "seller", ""),
        ("2026-08-01", "seller", ""),
    ],
)
def test_a_deputy_has_the_roles_that_the_absent_one_has_that_day(office: Office, day: str, roles: str, absent: str) -> None:
    office.at(f"{day}T12:00+03:00")
    office.engine.start("offers", "D1", by=person("pekka"))
    assert office.by() == [("pekka", *roles.split(), f"people:{hexes()}{absent}")]
    assert office.findings() == []


def test_a_deputy_of_a_deputy_has_no_part_of_it() -> None:
    directory = load_people(PEOPLE)
    # jaana stands in for liisa at all times, and pekka for jaana in July: after jaana's own role is over, she is a manager by
    # liisa alone, and pekka is none.
    assert directory.roles_of("jaana", date(2026, 7, 20)) == HeldRoles(frozenset({"manager"}), ("liisa",))
    assert directory.roles_of("pekka", date(2026, 7, 20)) == HeldRoles(frozenset({"seller"}))


def test_who_stands_in_is_named_only_where_that_gives_a_role() -> None:
    directory = load_people(PEOPLE)
    assert directory.roles_of("jaana", date(2026, 7, 1)) == HeldRoles(frozenset({"manager"}))


def test_the_day_is_that_of_the_process(office: Office) -> None:
    office.at("2026-06-30T21:30+00:00")  # half past midnight of the first of July in Helsinki
    office.engine.start("offers", "D1", by=person("pekka"))
    assert office.by() == [("pekka", "manager", "seller", f"people:{hexes()}:jaana")]


def test_somebody_whose_role_is_over_may_no_longer_and_what_they_approved_stands(office: Office) -> None:
    office.engine.start("offers", "D1", by=person("maija"))
    office.engine.record("D1", {"price": "10"}, by=person("maija"))
    office.engine.do("D1", "approve", decision="approve", by=person("jaana"))
    office.at("2026-08-01T12:00+03:00")
    office.engine.people.publish(load_people(PEOPLE.replace(", deputies: {jaana: {}}", "")), by=ROOT)
    with pytest.raises(StepRefused) as refused:
        office.engine.do("D1", "approve", decision="approve", by=person("jaana"))
    assert [item.code for item in refused.value.unmet] == ["not-yours"]
    office.engine.do("D1", "approve", decision="approve", by=person("ville"))
    office.engine.advance("D1", by=person("maija"))
    assert office.findings() == []


def test_a_deputy_is_one_person_for_four_eyes_and_at_least(office: Office) -> None:
    office.at("2026-07-10T12:00+03:00")
    office.engine.start("offers", "D1", by=person("pekka"))
    with pytest.raises(StepRefused) as refused:
        office.engine.do("D1", "approve", decision="approve", by=person("pekka"))
    assert [item.code for item in refused.value.unmet] == ["four-eyes"]  # the deal is his own
    office.engine.start("offers", "D2", by=person("maija"))
    office.engine.do("D2", "approve", decision="approve", by=person("pekka"))
    with pytest.raises(StepRefused) as refused:
        office.engine.do("D2", "approve", decision="approve", by=Actor("pekka", auth="os", behalf=person("jaana", "claimed")))
    assert [item.code for item in refused.value.unmet] == ["four-eyes"]
    assert office.findings() == []


def test_who_claims_to_act_for_somebody_they_stand_in_for_acts_as_themself(office: Office) -> None:
    claim = Actor("pekka", auth="os", behalf=person("jaana", "claimed"))
    office.at("2026-07-10T12:00+03:00")
    office.engine.start("offers", "D1", by=claim)
    office.at("2026-09-10T12:00+03:00")
    office.engine.note("D1", "Back again", by=Actor("pekka", auth="os", behalf=person("liisa", "claimed")))
    assert office.by() == [
        ("pekka", "manager", "seller", f"people:{hexes()}:jaana"),
        ("liisa", "manager", f"people:{hexes()}"),
    ]
    assert office.engine.events("D1")[1]["for"]["auth"] == "claimed"
    assert office.findings() == []


def test_a_request_sent_again_is_answered_whatever_the_directory_says_now(office: Office) -> None:
    office.engine.start("offers", "D1", by=person("maija"), request="r1")
    office.engine.people.publish(load_people(PEOPLE.replace("  maija: {roles: seller}\n", "")), by=ROOT)
    assert office.engine.start("offers", "D1", by=person("maija"), request="r1").replayed
    with pytest.raises(UnknownPerson):
        office.engine.note("D1", "More", by=person("maija"))


def test_a_refusal_put_on_record_again_is_judged_by_the_directory_of_then(office: Office) -> None:
    office.engine.start("offers", "D1", by=person("maija"))
    with pytest.raises(StepRefused) as refused:
        office.engine.do("D1", "approve", decision="approve", by=person("pekka"))
    office.engine.people.publish(load_people(PEOPLE.replace("ville", "kalle")), by=ROOT)
    office.engine.record_refusal(refused.value)
    assert [source for *_, source in office.by()][1:] == [
        f"people:{hexes()}", f"people:{hexes(PEOPLE.replace('ville', 'kalle'))}"
    ]  # fmt: skip
    assert office.findings() == []


def test_publishing_the_same_again_says_so_and_an_earlier_one_comes_into_force_again(office: Office) -> None:
    other = load_people(PEOPLE.replace("ville", "kalle"))
    published = office.engine.people.publish
    assert [published(each, by=ROOT) for each in (load_people(PEOPLE), other, other, load_people(PEOPLE))] == [
        False, True, False, True
    ]  # fmt: skip
    assert office.engine.people.current() == load_people(PEOPLE)
    assert office.findings() == []


def test_names_and_the_way_a_file_is_written_make_no_other_directory() -> None:
    named = PEOPLE.replace("maija: {roles: seller}", "maija: {name: Maija Virtanen, roles: [seller]}")
    assert load_people(named).sha256 == load_people(PEOPLE).sha256
    assert b"Virtanen" not in load_people(named).source
    assert Directory.stored(load_people(PEOPLE).source) == load_people(PEOPLE)


@pytest.mark.parametrize(
    "who", [Actor("x", source="people:0123456789abcdef"), Actor("y", behalf=Actor("x", source="people:y"))], ids=["by", "for"]
)
def test_nobody_says_themself_that_roles_come_from_a_directory(office: Office, who: Actor) -> None:
    with pytest.raises(InvalidArgument, match="only where a published directory gave them"):
        office.engine.start("offers", "D1", by=who)


def test_imports_keep_the_roles_that_they_claim(office: Office) -> None:
    steps = [
        {"do": "start", "deal": "D1", "by": "maija", "roles": ["seller"], "happened": "2026-05-01T12:00Z"},
        {"do": "note", "deal": "D1", "by": "nobody-in-it", "roles": ["manager"], "note": "x", "happened": "2026-05-02T12:00Z"},
    ]
    assert [each.status for each in office.engine.run("offers", steps, by=ROOT)] == ["applied", "applied"]
    assert office.by() == [("maija", "seller", ""), ("nobody-in-it", "manager", "")]
    assert office.findings() == []


@pytest.mark.parametrize(
    ("step", "found"),
    [
        (
            Do("approve"),
            [
                *("jaana manager", "liisa manager", "ville manager"),
                "pekka manager jaana: approve needs a second person: pekka owns the deal",
            ],
        ),
        (Advance("won"), ["maija seller", "pekka seller"]),
        (Record({}), ["maija seller", "pekka seller"]),
        (Note("..."), ["jaana manager", "liisa manager", "maija seller", "pekka manager seller", "ville manager"]),
        (Assign("..."), ["maija seller", "pekka seller"]),
    ],
)
def test_who_could_take_a_step_and_why_others_may_not(office: Office, step: Any, found: list[str]) -> None:
    office.at("2026-07-10T12:00+03:00")
    office.engine.start("offers", "D1", by=person("pekka"))
    told = office.engine.people.who_can("D1", step)
    assert [
        " ".join((each.person, *each.roles, *each.deputy_of)) + (f": {each.why_not}" if each.why_not else "") for each in told
    ] == found


@pytest.mark.parametrize(
    ("on", "who"),
    [
        (None, ["jaana manager", "liisa manager", "ville manager"]),
        (date(2026, 6, 1), ["jaana manager", "liisa manager", "ville manager"]),
        (date(2026, 7, 10), ["jaana manager", "liisa manager", "pekka manager jaana", "ville manager"]),
        (date(2026, 7, 16), ["jaana manager liisa", "liisa manager", "ville manager"]),
        (datetime(2026, 7, 15, 20, 59, tzinfo=UTC), ["jaana manager", "liisa manager", "pekka manager jaana", "ville manager"]),
        (datetime(2026, 7, 15, 21, 0, tzinfo=UTC), ["jaana manager liisa", "liisa manager", "ville manager"]),
    ],
    ids=str,
)
def test_who_could_on_another_day(office: Office, on: date | None, who: list[str]) -> None:
    office.engine.start("offers", "D1", by=person("maija"))
    told = office.engine.people.who_can("D1", Do("approve"), on=on)
    assert [" ".join((each.person, *each.roles, *each.deputy_of)) for each in told] == who


@pytest.mark.parametrize("on", [date(2026, 5, 31), datetime(2026, 6, 1, 8, 59, tzinfo=UTC), datetime(2026, 7, 1), "2026-07-01"])
def test_only_of_a_day_to_come_it_is_asked_who_could(office: Office, on: Any) -> None:
    office.engine.start("offers", "D1", by=person("maija"))
    with pytest.raises(InvalidArgument, match=r"is past|has no offset|is a date"):
        office.engine.people.who_can("D1", Do("approve"), on=on)


@pytest.mark.parametrize("step", ["approve", Do, None, {"do": "approve"}, Start("offers")], ids=repr)
def test_what_is_no_step_on_a_deal_is_told(office: Office, step: Any) -> None:
    office.engine.start("offers", "D1", by=person("maija"))
    with pytest.raises(InvalidArgument, match=r"a command of procdef\.commands"):
        office.engine.people.who_can("D1", step)


def test_a_step_that_nobody_could_take_is_refused_and_not_logged(office: Office) -> None:
    office.engine.start("offers", "D1", by=person("maija"))
    with pytest.raises(StepRefused, match="D1 cannot"):
        office.engine.people.who_can("D1", Finish())
    assert len(office.engine.events("D1")) == 1


def test_who_could_where_it_takes_several_roles_together(office: Office) -> None:
    office.engine.start("offers", "D1", by=person("maija"))
    told = office.engine.people.who_can("D1", Do("approve", {"price": 1}), on=date(2026, 7, 10))
    assert [(each.person, each.roles, each.deputy_of) for each in told] == [("pekka", ("manager", "seller"), ("jaana",))]
