"""A bundle carries the directories of people that a deal's roles come from, and its verifier holds the roles against them."""

from __future__ import annotations

import json
from collections.abc import Callable
from datetime import UTC, datetime
from hashlib import sha256
from typing import Any

import pytest

from procdef import Actor, Engine, load, load_people, open_store
from procdef.audit.bundle.gathering import gather
from procdef.audit.bundle.verify_bundle import verify
from procdef.directory import ALWAYS, Directory, Person
from procdef.log.canonical import canonical_bytes
from procdef.log.signed_note import Signer
from procdef.verification import Tally
from procdef.verification import verify as whole

PEOPLE = """\
procdef-people: 1
people:
  maija: {roles: seller}
  pekka: {roles: seller}
  jaana: {roles: manager, deputies: {pekka: {from: 2026-06-01, until: 2026-06-30}}}
"""
ROOT = Actor("root", auth="os")
Members = dict[str, bytes]


def bundle(signed: str = "after") -> Members:
    """A deal whose people come without roles, under two directories; the checkpoint is signed after all, before or never."""
    store = open_store("memory:")
    engine = Engine(store, clock=lambda: datetime(2026, 6, 10, 12, tzinfo=UTC))
    engine.publish(load("processes/crm-opportunities.yaml"), by=ROOT)
    signer = Signer.new(engine.origin)
    engine.rekey(signer, by=ROOT)
    engine.people.publish(load_people(PEOPLE), by=ROOT)
    stage = next(name for name, each in engine.definition("crm-opportunities").stages.items() if each.start)
    engine.start("crm-opportunities", "D", stage=stage, by=Actor("given", engine.definition("crm-opportunities").roles))
    if signed == "before":
        engine.checkpoint(signer)
    engine.note("D", "One", by=Actor("pekka"))
    engine.people.publish(load_people(PEOPLE.replace("maija", "liisa")), by=ROOT)
    engine.note("D", "Two", by=Actor("liisa"))
    engine.people.publish(load_people(PEOPLE.replace("maija", "kalle")), by=ROOT)
    if signed == "after":
        engine.checkpoint(signer)
    with store.transaction(write=False) as tx:
        return gather(tx, "D").members()


@pytest.fixture(autouse=True)
def at_the_top(monkeypatch: pytest.MonkeyPatch, request: pytest.FixtureRequest) -> None:
    monkeypatch.chdir(request.config.rootpath)


def summed(members: Members) -> Members:
    """The members with their sums made anew."""
    rest = {name: body for name, body in members.items() if name != "SHA256SUMS"}
    sums = "".join(f"{sha256(rest[name]).hexdigest()}  {name}\n" for name in sorted(rest))
    return {**rest, "SHA256SUMS": sums.encode()}


@pytest.mark.parametrize("signed", ["after", "before", "never"])
def test_an_honest_bundle_holds_and_has_the_directories_that_it_takes(signed: str) -> None:
    members = bundle(signed)
    assert verify(members).wrong == []
    named = {name for name in members if name.startswith("directories/")}
    assert named == {
        f"directories/{load_people(text).sha256}.json" for text in (PEOPLE, PEOPLE.replace("maija", "liisa"))
    }
    assert len(json.loads(members["bundle.json"])["people"]) == 3


def without(prefix: str) -> Callable[[Members], Members]:
    return lambda members: {name: body for name, body in members.items() if not name.startswith(prefix)}


def with_another_directory(members: Members) -> Members:
    changed = {name: body.replace(b"pekka", b"penny") for name, body in members.items() if name.startswith("directories/")}
    return {**members, **changed}


def without_publications(members: Members) -> Members:
    about = json.loads(members["bundle.json"])
    del about["people"]
    return {**without("people/")(members), "bundle.json": canonical_bytes(about)}


@pytest.mark.parametrize(
    ("cheat", "said"),
    [
        (without("directories/"), "its roles are of no directory in force, or that is not here"),
        (with_another_directory, "its roles are of no directory in force, or that is not here"),
        (without_publications, "its roles are of no directory in force, or that is not here"),
        (without("people/"), "missing"),
    ],
    ids=["no directories", "other directories", "no publications", "no bodies"],
)
def test_what_was_taken_away_or_changed_is_found(cheat: Callable[[Members], Members], said: str) -> None:
    found = verify(summed(cheat(bundle()))).wrong
    assert any(said in each for each in found), found


@pytest.mark.parametrize(
    ("edit", "said"),
    [
        ({"roles": ["manager", "seller"], "from": "people:{}"}, "not those that the directory of people gives"),
        ({"roles": ["seller"]}, "not those that the directory of people gives"),
        ({"id": "kalle"}, "not those that the directory of people gives"),
        ({"from": "people:0123456789abcdef"}, "of no directory in force"),
    ],
    ids=["not for whom", "fewer", "somebody unknown", "another directory"],
)
def test_roles_that_the_directory_does_not_give_are_found(edit: dict[str, Any], said: str) -> None:
    """Hashes, chain and proofs are not made anew here: it is enough that the roles are told as well."""
    members = bundle()
    event = json.loads(members["events/000002.json"])
    short = event["by"]["from"][7:23]
    event["by"] |= {key: value.format(short) if isinstance(value, str) else value for key, value in edit.items()}
    found = verify(summed({**members, "events/000002.json": canonical_bytes(event)})).wrong
    assert any(said in each for each in found), found


def test_a_directory_that_no_file_comes_to_is_found() -> None:
    """Whoever publishes it goes round the check of files, so that all hashes, roles and proofs are right."""
    store = open_store("memory:")
    engine = Engine(store, clock=lambda: datetime(2026, 6, 10, 12, tzinfo=UTC))
    engine.publish(load("processes/crm-opportunities.yaml"), by=ROOT)
    definition = engine.definition("crm-opportunities")
    roles = dict.fromkeys(definition.roles, ALWAYS)
    two = {name: Person(name, "shared", roles) for name in ("maija", "pekka")}
    engine.people.publish(Directory(two), by=ROOT)
    stage = next(name for name, each in definition.stages.items() if each.start)
    engine.start("crm-opportunities", "D", stage=stage, by=Actor("pekka"))
    with store.transaction(write=False) as tx:
        found = verify(gather(tx, "D").members()).wrong
    assert [each.partition(": ")[2] for each in found] == ["is no directory of people as the format has it"]
    with store.inspect() as inspected:
        (wrong,) = whole(inspected, Tally())
    expected = "a directory of people with logins that can be seen, each of one person"
    assert (wrong.code, wrong.expected) == ("unreadable", expected)
