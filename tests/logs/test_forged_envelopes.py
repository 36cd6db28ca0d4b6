"""An envelope that says what none can say is found, even where all hashes were made anew around it."""

from __future__ import annotations

import json
import sqlite3
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest
from forgery import Event, change, events, findings

B = "B"


def set_to(**changes: Any) -> Callable[[Event], None]:
    return lambda event: event.update(changes)


def person(**changes: Any) -> Callable[[Event], None]:
    return lambda event: event["by"].update(changes)


# name: edit of a note, what the finding expected
FORGED: dict[str, tuple[Callable[[Event], None], str]] = {
    "another door": (set_to(via="banana"), "via: "),
    "a door that is no text": (set_to(via=["cli"]), "via: "),
    "nobody": (set_to(by={}), "by: "),
    "a person without a name": (person(id=""), "by: "),
    "a person with a line break": (person(id="maija\n"), "by: "),
    "a person who is a number": (person(id=7), "by: "),
    "another way to be sure of it": (person(auth="banana"), "by: "),
    "roles that are no list": (person(roles="seller"), "by: "),
    "roles out of order": (person(roles=["seller", "manager"]), "by: "),
    "a role twice": (person(roles=["seller", "seller"]), "by: "),
    "a role that is no text": (person(roles=[["seller"]]), "by: "),
    "a source that is no text": (person(**{"from": 1}), "by: "),
    "on behalf of nothing": (set_to(**{"for": None}), "for: "),
    "an id that is no UUID": (set_to(id="z"), "id: "),
    "an id of another version": (set_to(id="01a21570-adfa-496d-8223-e379c4d13d5f"), "id: "),
    "a format that is only equal to 1": (set_to(v=True), "v: 1"),
    "a time that is none": (set_to(at="zzzz"), "at: "),
    "a day that is none": (set_to(at="2027-02-30T00:00:00.000000Z"), "at: "),
    "a time with an offset": (set_to(at="2027-02-03T00:00:00.000000+00:00"), "at: "),
    "happened at no time": (set_to(happened="2026"), "happened: "),
    "an addition that is no object": (set_to(ext=[]), "ext: an object"),
    "a command without an id": (set_to(cmd={"id": "", "i": 1, "of": 1}), "cmd: "),
    "a command whose place is only equal to 1": (set_to(cmd={"id": "c", "i": True, "of": 1}), "cmd: "),
    "data that is no object": (set_to(data=[]), "data: an object"),
    "an x-event by nobody": (set_to(type="x-mine", by={}), "by: "),
}


@pytest.mark.parametrize("cheat", FORGED)
def test_a_forged_envelope_is_found(cheat: str, file: Path, log: sqlite3.Connection) -> None:
    edit, expected = FORGED[cheat]
    (stream,) = log.execute("SELECT stream FROM deal WHERE key = ?", (B,)).fetchone()
    n = next(e["n"] for e in events(log) if e["type"] == "deal.noted" and e["stream"] == stream)
    change(log, (stream, n), edit)
    given = json.loads(log.execute("SELECT body FROM event WHERE stream = ? AND n = ?", (stream, n)).fetchone()[0])["id"]
    log.execute("UPDATE event SET id = ? WHERE stream = ? AND n = ?", (str(given), stream, n))
    log.commit()
    found = findings(file)
    assert [wrong for wrong in found if wrong.code == "unreadable" and wrong.expected.startswith(expected)], found
