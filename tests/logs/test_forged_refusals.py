"""A refusal tells no other deal than the one that was there, and no name where an id belongs."""

from __future__ import annotations

import sqlite3
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest
from forgery import Event, change, events, findings

from procdef.commands import ARGUMENTS, COMMANDS
from procdef.verification.legality import refused_arguments

Edit = Callable[[Event], object]


def facts(**changes: dict[str, Any]) -> Edit:
    """Other facts beside those that are there."""

    def edit(event: Event) -> None:
        for key, told in changes.items():
            event["data"]["facts"].setdefault(key, {}).update(told)

    return edit


def arguments(**changes: Any) -> Edit:
    return lambda event: event["data"]["arguments"].update(changes)


def unmet(**changes: Any) -> Edit:
    return lambda event: event["data"]["unmet"][0].update(changes)


def without(argument: str) -> Edit:
    return lambda event: event["data"]["arguments"].pop(argument)


def about_it_twice(event: Event) -> None:
    event["data"]["unmet"][0]["about"] *= 2


ABOUT, ROLES = "a list of the ids that it is about", "the roles that could, sorted, as they are declared"
FORGED: dict[str, tuple[str, str, Edit, str]] = {
    "another value": ("advance", "action-open", facts(values={"amount": "9999"}), "the value of amount as recorded"),
    "another type": ("advance", "several-targets", facts(values={"small": 1}), "the value of small as recorded"),
    "other rows": ("advance", "action-open", facts(values={"contacts": []}), "the value of contacts as recorded"),
    "a value that is not set": ("finish", "no-such-move", facts(values={"seats": 3}), "the value of seats as recorded"),
    "a value of no step": ("do", "four-eyes", facts(values={"discount": "12"}), "the value of discount as recorded"),
    "an action done": ("do", "when-unknown", facts(actions={"offer.price": "done"}), "offer.price open"),
    "an action open": ("do", "four-eyes", facts(actions={"offer.price": "open"}), "offer.price done"),
    "a criterion met": ("waive", "not-waivable", facts(criteria={"offer.known": "met"}), "offer.known unmet"),
    "a criterion waived": ("waive", "not-waivable", facts(criteria={"offer.known": "waived"}), "a waiver of offer.known"),
    "a start with a value": ("start", "not-yours", facts(values={"amount": "1"}), "the value of amount as recorded"),
    "a start that was met": (
        "start",
        "criterion-unmet",
        facts(criteria={"offer.reachable": "met"}),
        "offer.reachable unmet",
    ),
    "about a name": ("advance", "criterion-unmet", unmet(about=["Clara Coyne"]), ABOUT),
    "about a name that looks like an id": ("advance", "criterion-unmet", unmet(about=["clara"]), ABOUT),
    "about an undeclared name": ("do", "not-declared", unmet(about=["Clara"]), ABOUT),
    "about a telephone": ("do", "not-declared", unmet(about=["tel-358401234"]), ABOUT),
    "about an undeclared stage": ("do", "not-declared", unmet(about=["clara.coyne"]), ABOUT),
    "elsewhere about a field": ("do", "elsewhere", unmet(about=["amount"]), ABOUT),
    "a criterion about an action": ("advance", "criterion-unmet", unmet(about=["offer.price"]), ABOUT),
    "an action about a criterion": ("advance", "action-open", unmet(about=["offer.known"]), ABOUT),
    "four eyes about a stage": ("do", "four-eyes", unmet(about=["offer"]), ABOUT),
    "a value that does not fit about a stage": ("note", "bad-value", unmet(about=["offer"]), ABOUT),
    "not yours about a role": ("advance", "not-yours", unmet(about=["manager"]), ABOUT),
    "no such move about an action": ("advance", "no-such-move", unmet(about=["offer.price"]), ABOUT),
    "about one thing twice": ("advance", "criterion-unmet", about_it_twice, "each id that it is about once"),
    "a start of nothing": ("start", "not-yours", without("process"), "process, without which"),
    "nothing done": ("do", "four-eyes", without("action"), "action, without which"),
    "nothing waived": ("waive", "not-waivable", without("criterion"), "criterion, without which"),
    "an assignment to nobody": ("assign", "not-yours", without("person"), "person, without which"),
    "another action as not declared": ("do", "not-declared", arguments(action="nothing"), "nothing as not declared"),
    "a declared field as not declared": ("do", "not-declared", unmet(about=["seats"]), "what the step named"),
    "a stage as not declared that nobody named": (
        "advance",
        "no-such-move",
        unmet(code="not-declared", about=["clara"]),
        "what the step named",
    ),
    "roles that are names": ("advance", "not-yours", unmet(roles=["Clara Coyne"]), ROLES),
    "roles that nobody declared": ("advance", "not-yours", unmet(roles=["clara"]), ROLES),
    "to a name": ("advance", "no-such-move", arguments(to="Clara Coyne"), "an id as to"),
    "a stage that is a name": ("start", "elsewhere", arguments(stage="Clara"), "an id as stage"),
    "a process that is a name": ("start", "elsewhere", arguments(process="Clara"), "an id as process"),
    "an action that is a name": ("do", "not-declared", arguments(action="Clara Coyne"), "an id as action"),
    "a way that is a name": ("do", "not-declared", arguments(way="Clara Coyne"), "an id as way"),
    "a decision that is a name": ("do", "four-eyes", arguments(decision="Clara Coyne"), "an id as decision"),
    "a criterion that is a name": ("waive", "elsewhere", arguments(criterion="Clara Coyne"), "an id as criterion"),
    "a reason that is a name": ("lose", "not-declared", arguments(reason="Clara Coyne"), "an id as reason"),
    "a kind that is a name": ("note", "bad-value", arguments(kind="Clara Coyne"), "an id as kind"),
    "an objection that is a name": ("note", "bad-value", arguments(objection="Clara Coyne"), "an id as objection"),
    "a process of another definition": ("start", "elsewhere", arguments(process="clara"), "an id as process"),
    "a stage that nobody declared": ("start", "elsewhere", arguments(stage="clara"), "a declared id as stage"),
    "an action that nobody declared": ("do", "four-eyes", arguments(action="clara"), "a declared id as action"),
    "a way that nobody declared": ("do", "four-eyes", arguments(way="clara"), "a declared id as way"),
    "a criterion that nobody declared": ("waive", "not-waivable", arguments(criterion="clara"), "a declared id as criterion"),
    "a target that nobody declared": ("advance", "no-such-move", arguments(to="clara"), "a declared id as to"),
    "an action that is a stage": ("do", "four-eyes", arguments(action="offer"), "a declared id as action"),
    "a criterion that is a role": ("waive", "not-waivable", arguments(criterion="seller"), "a declared id as criterion"),
    "a target that is a field": ("advance", "no-such-move", arguments(to="seats"), "a declared id as to"),
    "a decision that there is none": ("do", "four-eyes", arguments(decision="clara"), "approve or reject as decision"),
    "a person where nobody is assigned": ("do", "four-eyes", arguments(person="Clara Coyne"), "arguments of do"),
    "a stage to go to on a note": ("note", "bad-value", arguments(to="offer"), "arguments of note"),
    "a name under another key": ("advance", "no-such-move", arguments(customer="Clara Coyne"), "nothing but ids"),
    "a name within another key": ("do", "four-eyes", arguments(more=[{"who": "Clara Coyne"}]), "nothing but ids"),
    "a name as another key": ("do", "four-eyes", arguments(more={"Clara Coyne": 1}), "nothing but ids"),
    "an assignment to what is not seen": ("assign", "not-yours", arguments(person="mat\u200bti"), "the id of a person"),
}


def place_of(log: sqlite3.Connection, verb: str, code: str) -> tuple[str, int]:
    """The last refusal of that verb whose first code is that."""
    refusals = [event for event in events(log) if event["type"] == "step.refused" and event["data"]["do"] == verb]
    return [(each["stream"], each["n"]) for each in refusals if each["data"]["unmet"][0]["code"] == code][-1]


@pytest.mark.parametrize("lie", FORGED)
def test_a_refusal_that_lies_is_found(lie: str, file: Path, log: sqlite3.Connection) -> None:
    verb, code, edit, expected = FORGED[lie]
    place = place_of(log, verb, code)
    change(log, place, edit)
    found = [wrong for wrong in findings(file) if (wrong.code, wrong.stream, wrong.n) == ("illegal", *place)]
    assert [wrong for wrong in found if wrong.expected.startswith(expected)], found


def undeclared(action: str, *fields: str) -> Edit:
    """Of the action that was named, and of fields, it is told that they are not declared."""

    def edit(event: Event) -> None:
        arguments(action=action)(event)
        unmet(about=[action, *fields])(event)

    return edit


SOUND: dict[str, tuple[str, str, Edit]] = {
    "what does not look like an id": ("do", "not-declared", undeclared("(not an id)")),
    "a declared stage before it": ("do", "not-declared", undeclared("offer.nothing")),
    "an action that is not declared, as it says": ("do", "not-declared", undeclared("nothing")),
    "a field beside it that is called the same": ("do", "not-declared", undeclared("nothing", "nothing", "colour")),
    "two fields whose names look like no ids": ("do", "not-declared", undeclared("nothing", "(not an id)", "(not an id)")),
    "what only a later procdef knows": ("do", "four-eyes", arguments(more=["offer", 5, "2026-03-02", {"due": True}])),
    "an assignment to a person": ("assign", "not-yours", arguments(person="Matti Meikäläinen")),
}


@pytest.mark.parametrize("told", SOUND)
def test_a_refusal_that_may_be_true_is_none(told: str, file: Path, log: sqlite3.Connection) -> None:
    verb, code, edit = SOUND[told]
    place = place_of(log, verb, code)
    change(log, place, edit)
    assert [wrong for wrong in findings(file) if wrong.code == "illegal"] == []


def test_the_arguments_of_each_verb_are_those_of_its_command() -> None:
    taken = {
        verb: {each.written for each in ARGUMENTS[command]} | ({"unset"} if verb in ("start", "record", "do") else set())
        for verb, command in COMMANDS.items()
    }
    assert {**taken, "start": taken["start"] | {"key"}} == refused_arguments._TAKEN


def test_the_argument_that_a_verb_needs_is_that_of_its_command() -> None:
    needed = {
        verb: {each.written for each in ARGUMENTS[command] if each.needed and each.written not in ("note", "values")}
        for verb, command in COMMANDS.items()
    }
    assert {verb: {name} for verb, name in refused_arguments._NEEDED.items()} == {v: n for v, n in needed.items() if n}


def test_what_was_unmet_stands_in_its_order(file: Path, log: sqlite3.Connection) -> None:
    several = "SELECT stream, n FROM gate WHERE result = 'unmet' GROUP BY stream, n HAVING count(*) > 1"
    stream, n = log.execute(several).fetchone()
    for before, after in ((1, -1), (2, 1), (-1, 2)):
        log.execute("UPDATE gate SET k = ? WHERE k = ? AND stream = ? AND n = ?", (after, before, stream, n))
    log.commit()
    assert [(wrong.code, wrong.stream, wrong.n) for wrong in findings(file)] == [("gate-differs", stream, n)]
