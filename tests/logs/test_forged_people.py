"""Roles that do not come from the directory of people in force are found, even where all hashes were made anew around them."""

from __future__ import annotations

import json
import sqlite3
from collections.abc import Callable
from contextlib import suppress
from pathlib import Path
from typing import Any

import pytest
from forgery import Event, change, events, findings
from story import PEOPLE

from procdef import load_people
from procdef.audit.bundle.verify_bundle import UNREADABLE, is_directory
from procdef.log.canonical import encode

DIRECTORY = load_people(PEOPLE)


def who(**changes: Any) -> Callable[[Event], None]:
    """Change the person whom rules look at."""
    return lambda event: event.get("for", event["by"]).update(changes)


def on_behalf(event: Event) -> None:
    event["for"] = {**event["by"], "auth": "claimed"}


def imported(event: Event) -> None:
    event["via"], event["happened"] = "import", event["at"]


def told_of_a_timer(event: Event) -> None:
    event["type"] = "timer.overdue"


# name: edit of a step of liisa's, who is in the directory, what the finding expected
FORGED: dict[str, tuple[Callable[[Event], None], str]] = {
    "another directory": (who(**{"from": "people:0123456789abcdef"}), "the directory of people that is in force, people:"),
    "roles that it does not give": (who(roles=["manager", "seller"]), "the roles that the directory gives liisa, seller"),
    "fewer roles": (who(roles=["delivery"]), "the roles that the directory gives liisa"),
    "no roles": (lambda event: event["by"].pop("roles"), "the roles that the directory gives liisa"),
    "somebody whom it does not know": (who(id="mallory"), "the roles that the directory gives mallory, nobody whom it knows"),
    "somebody else in it": (who(id="kaisa"), "the roles that the directory gives kaisa, manager"),
    "on behalf of somebody absent": (
        lambda event: event["by"].update({"from": event["by"]["from"] + ":kaisa"}), "the roles that the directory gives liisa",
    ),
    "roles of who only acts for somebody": (on_behalf, "roles from a directory of the person of `for`"),
    "nobody behind the colon": (
        lambda event: event["by"].update({"from": event["by"]["from"] + ":"}), "roles from `people:`, 16 hex digits",
    ),
    "nearly a directory": (who(**{"from": "People:0123456789abcdef"}), "roles from `people:`, 16 hex digits"),
    "an import": (imported, "roles as an import claims them"),
}  # fmt: skip


def place(log: sqlite3.Connection) -> tuple[str, int]:
    """A step of liisa's: the start of her deal."""
    return next((e["stream"], e["n"]) for e in events(log) if e["by"]["id"] == "liisa")


@pytest.mark.parametrize("cheat", FORGED)
def test_roles_that_the_directory_does_not_give_are_found(cheat: str, file: Path, log: sqlite3.Connection) -> None:
    edit, expected = FORGED[cheat]
    change(log, place(log), edit)
    found = findings(file)
    assert [wrong for wrong in found if wrong.code == "illegal" and wrong.expected.startswith(expected)], found


def test_a_directory_is_in_force_from_its_place_in_the_log_on(file: Path, log: sqlite3.Connection) -> None:
    change(log, _earlier_step(log), who(**{"from": DIRECTORY.reference}))
    found = [wrong.expected for wrong in findings(file) if wrong.code == "illegal"]
    assert found == ["the directory of people that is in force, and there is none"]


def _earlier_step(log: sqlite3.Connection) -> tuple[str, int]:
    return next((e["stream"], e["n"]) for e in events(log) if e["type"] == "deal.noted" and "for" not in e)


@pytest.mark.parametrize(
    "source", ["people:", "people:0123456789abcdeg", "people:0123456789abcde", "people", "peoples:0123456789abcdef"]
)
def test_another_text_in_from_is_somebody_elses(source: str, file: Path, log: sqlite3.Connection) -> None:
    change(log, _earlier_step(log), who(**{"from": source}))
    assert [wrong for wrong in findings(file) if wrong.code == "illegal"] == []


# name: what becomes of the row, the codes that are found
ROWS: dict[str, tuple[str, set[str]]] = {
    "gone": ("DELETE FROM directory", {"directory-missing"}),
    "changed": ("UPDATE directory SET source = CAST(source || ' ' AS BLOB)", {"directory-changed"}),
    "another": (
        "UPDATE directory SET sha256 = 'ab' || substr(sha256, 3)",
        {"directory-changed", "directory-missing", "directory-unpublished"},
    ),
    "a text": ("UPDATE directory SET source = CAST(source AS TEXT)", {"unreadable"}),
    "a hash in bytes, beside others": (
        "INSERT INTO directory SELECT CAST(sha256 AS BLOB), source FROM directory UNION ALL SELECT 'ab', source FROM directory "
        "LIMIT 2",
        {"unreadable", "directory-changed", "directory-unpublished"},
    ),
}


@pytest.mark.parametrize("what", ROWS)
def test_a_row_of_a_directory_that_was_changed_is_found(what: str, file: Path, log: sqlite3.Connection) -> None:
    statement, expected = ROWS[what]
    log.execute(statement)
    log.commit()
    assert {wrong.code for wrong in findings(file)} == expected


def test_a_directory_that_was_put_in_is_found(file: Path, log: sqlite3.Connection) -> None:
    other = load_people(PEOPLE.replace("liisa:", "lissu:").replace("liisa", "lissu"))
    log.execute("INSERT INTO directory VALUES (?, ?)", (other.sha256, other.source))
    log.commit()
    assert {wrong.code for wrong in findings(file)} == {"directory-unpublished"}


# name: what stands in the directory in the place of what was published
FORMS: dict[str, Callable[[dict[str, Any]], Any]] = {
    "another version": lambda told: told.update({"procdef-people": 2}),
    "a key that it has not": lambda told: told.update(more=1),
    "people out of order": lambda told: told["people"].reverse(),
    "somebody twice": lambda told: told["people"].insert(0, told["people"][0]),
    "a name": lambda told: told["people"][0].update(name="Kaisa"),
    "no roles instead of none": lambda told: told["people"][0].update(roles=[]),
    "a role without periods": lambda told: told["people"][0]["roles"][0].update(periods=[]),
    "a date that is none": lambda told: told["people"][2]["roles"][1]["periods"][0].update({"from": "soon"}),
    "a list": lambda told: [told],
    "nobody": lambda told: told["people"].clear(),
    "a date of no calendar": lambda told: told["people"][2]["roles"][1]["periods"][0].update({"from": "2026-02-30"}),
    "a date in another form": lambda told: told["people"][2]["roles"][1]["periods"][0].update({"from": "20260101"}),
    "a period that ends before it begins": lambda told: told["people"][2]["roles"][1]["periods"].insert(
        0, {"from": "2026-02-02", "until": "2026-02-01"}
    ),
    "periods out of order": lambda told: told["people"][2]["roles"][1].update(
        periods=[{"from": "2026-03-01"}, {"from": "2026-02-01", "until": "2026-02-02"}]
    ),
    "a login of two": lambda told: [each.update(login="root") for each in told["people"]] and None,
    "a login that cannot be seen": lambda told: told["people"][0].update(login="a\u200b"),
    "a login with blanks at its ends": lambda told: told["people"][0].update(login=" a"),
    "a comma in an id": lambda told: told["people"].append({"id": "zoe,kaisa"}),
    "a colon in an id": lambda told: told["people"].append({"id": "zoe:kaisa"}),
    "a blank in an id": lambda told: told["people"].append({"id": "zoe kaisa"}),
    "an id that cannot be seen": lambda told: told["people"].append({"id": "zo\u3164e"}),
    "a long id": lambda told: told["people"].append({"id": "z" * 65}),
    "a role of no process's form": lambda told: told["people"][0].update(roles=[{"id": "Boss", "periods": [{}]}]),
    "a deputy who is nobody": lambda told: told["people"][0].update(deputies=[{"id": "mallory", "periods": [{}]}]),
    "somebody who stands in for themself": lambda told: told["people"][0].update(
        deputies=[{"id": told["people"][0]["id"], "periods": [{}]}]
    ),
}


@pytest.mark.parametrize("what", FORMS)
def test_a_directory_in_another_form_is_not_read(what: str, file: Path, log: sqlite3.Connection) -> None:
    told = json.loads(DIRECTORY.source)
    told = FORMS[what](told) or told
    source = encode(told)
    from hashlib import sha256

    digest = sha256(source).hexdigest()
    n = next(e["n"] for e in events(log) if e["type"] == "people.published")
    change(log, ("system", n), lambda event: event["data"].update(sha256=digest))
    log.execute("UPDATE directory SET sha256 = ?, source = ?", (digest, source))
    log.commit()
    assert "unreadable" in {wrong.code for wrong in findings(file)}
    with suppress(UNREADABLE):
        assert not is_directory(told)


def test_the_verifier_of_bundles_reads_a_directory_that_is_in_its_form() -> None:
    assert is_directory(json.loads(DIRECTORY.source))
    more = "procdef-people: 1\npeople:\n  zoë: {login: DOM\\\\zoe}\n"
    more += "  a.b-c: {roles: {boss: [{}, {until: 2026-01-01}, {from: 2026-02-01}]}}\n"
    assert is_directory(json.loads(load_people(more).source))
