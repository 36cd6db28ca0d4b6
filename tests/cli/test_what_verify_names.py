"""What ``procdef audit verify`` names, and what it says of notes and ends with."""

from __future__ import annotations

import json
import sqlite3
from collections.abc import Callable
from contextlib import closing

import pytest

Procdef = Callable[..., tuple[int, str, str]]


@pytest.fixture
def noted(office: Procdef, monkeypatch: pytest.MonkeyPatch) -> Procdef:
    """The office with notes over 4 and 5 of its 6 events, of which A-1 has 3."""
    for name in ("PROCDEF_KEY", "PROCDEF_KEY_COMMAND"):
        monkeypatch.delenv(name, raising=False)
    assert office("audit", "key", "new", "log.key")[0] == 0
    for number in (1, 2):
        assert office("audit", "checkpoint", "--key", "log.key", "-o", f"{number}.note")[0] == 0
        assert office("note", "A-1", "Called")[0] == 0
    return office


def execute(statement: str) -> None:
    with closing(sqlite3.connect("procdef.db")) as log:
        log.execute(statement)
        log.commit()


def findings(procdef: Procdef) -> list[tuple[str, int]]:
    code, out, _ = procdef("audit", "verify", "--format", "json")
    assert code == 1
    return [(each["code"], each["n"]) for each in map(json.loads, out.splitlines()[:-1])]


def test_a_note_from_before_the_one_since_which_holds_too(noted: Procdef) -> None:
    code, out, _ = noted("audit", "verify", "--since", "2.note", "--note", "1.note", "--format", "json")
    assert code == 0
    assert [(each["note"], each["holds"]) for each in json.loads(out)["notes"]] == [("1.note", True), ("2.note", True)]
    assert json.loads(out)["anchor"] == {"size": 5, "by": ["2.note"]}
    assert "DOES NOT HOLD" not in noted("audit", "verify", "--since", "2.note", "--note", "1.note")[1]


def test_what_is_missing_is_named_and_no_event_after_it(noted: Procdef) -> None:
    """An event without its place, or a place without its event, says nothing of the places of later events."""
    execute("DELETE FROM event WHERE stream LIKE 'deal:%' AND n = 1")
    found = findings(noted)
    assert [each for each in found if "leaf" in each[0]] == []
    assert [each for each in found if each[0] == "events-missing"] == [("events-missing", 1)]


def test_a_place_that_is_missing_is_named_alone(noted: Procdef) -> None:
    execute("DELETE FROM leaf WHERE stream LIKE 'deal:%' AND n = 2")
    assert [each for each in findings(noted) if each[1]] == [("leaf-missing", 2)]


def test_an_event_that_cannot_be_read_has_its_place(noted: Procdef) -> None:
    execute("UPDATE event SET recorded = CAST(recorded AS BLOB) WHERE stream LIKE 'deal:%' AND n = 2")
    assert not {"leaf-missing", "events-missing"} & {code for code, _ in findings(noted)}
    execute("UPDATE event SET hash = CAST(hash AS BLOB) WHERE stream LIKE 'deal:%' AND n = 2")
    assert ("leaf-hash", 2) in findings(noted)
