"""Nothing that lies in a database acts on the terminal of whoever looks at it, or passes for a line of procdef's own."""

from __future__ import annotations

import json
import re
import sqlite3
from contextlib import closing
from pathlib import Path
from typing import TYPE_CHECKING

import pytest

from procdef.cli import output
from procdef.unsafe_characters import one_line, tame

if TYPE_CHECKING:
    from conftest import Procdef

EVIL = "\x1b[2J\x1b[H\x9b8m\x07\x7f\u202eclean\nFORGED line\r\u2028FORGED too\x85FORGED again"
FREE = "clean\nFORGED line\u2028FORGED too"
"""What free text takes of it."""
ACTING = re.compile("[\x00-\x08\x0b-\x1f\x7f-\x9f\u2028\u2029\u202a-\u202e\u2066-\u2069]")
COMMANDS = [
    ("status", "A-1"),
    ("log", "A-1"),
    ("log", "A-1", "--full"),
    ("deals",),
    ("deals", "--stage", EVIL),
    ("deals", "--process", EVIL),
    ("report", "office"),
    ("report", EVIL),
    ("show", "office.yaml"),
    ("diff", "office@1", "office.yaml"),
    ("diff", EVIL, "office.yaml"),
    ("check", "office.yaml"),
    ("status", EVIL),
    ("log", EVIL),
    ("export-person", "called"),
    ("erase", "--person", "called", "--basis", "x", "--dry-run"),
    ("erase", "A-1", "--field", EVIL, "--basis", "x"),
    ("audit", "verify"),
    ("audit", "population"),
    ("audit", "sample", "--seed", EVIL),
    ("audit", "overrides"),
    ("audit", "sod"),
    ("audit", "definitions"),
    ("audit", "erasures"),
    ("audit", "replay"),
    ("audit", "key", "show"),
    ("audit", "proof", "A-1", "-o", "a.zip"),
    ("audit", "export", "--format", "csv", "-o", "a.csv"),
]
COLUMNS = {
    "event": ("id", "type", "recorded", "hash"),
    "deal": ("key", "stage", "outcome", "owner", "due", "deadline", "wake", "amount", "reason", "head"),
    "stay": ("stage", "entered", "how", "due"),
    "activity": ("stage", "occurred", "kind", "item", "detail"),
    "gate": ("stage", "occurred", "step", "item", "code", "result"),
    "request": ("key",),
    "definition": ("id",),
    "private": ("path", "value"),
    "note": ("text",),
}


def change(statement: str, *values: object) -> None:
    with closing(sqlite3.connect("procdef.db")) as log:
        log.execute(statement, values)
        log.commit()


@pytest.fixture
def evil(office: Procdef) -> Procdef:
    """An office where somebody wrote into free text, and as whom to do it for, what a person may."""
    assert office("note", "A-1", f"He called {FREE}", "--request", "called-1")[0] == 0
    assert office("do", "A-1", "research", f"company=called {FREE}", "email=a@b.example", "size=big")[0] == 0
    assert office("advance", "A-1", "offer")[0] == 1
    jaana = ("--as", "jaana:manager")
    assert office(*jaana, "waive", "A-1", "offer.fits", "--reason", f"They called {FREE}")[0] == 0
    return office


def look(procdef: Procdef, *more: str) -> None:
    for command in COMMANDS:
        code, told, complaint = procdef(*command, *more)
        assert code in (0, 1, 2, 3), command
        assert not ACTING.search(told + complaint), (command, told, complaint)
        lines = (told + complaint).splitlines()
        assert not [line for line in lines if line.startswith(("FORGED", "clean\n")) and EVIL not in command], command


def test_free_text_acts_on_no_terminal(evil: Procdef) -> None:
    look(evil)
    lines = evil("log", "A-1")[1].splitlines()
    assert len([line for line in lines if line.startswith("20")]) == 6
    assert not [line for line in lines if line[32:].startswith("FORGED")]
    told = evil("export-person", "called")[1]
    assert any(json.loads(line).get("value") == f"He called {FREE}" for line in told.splitlines())


@pytest.mark.parametrize(("table", "column"), [(table, column) for table, names in COLUMNS.items() for column in names])
def test_what_was_written_into_the_database_acts_on_no_terminal(evil: Procdef, table: str, column: str) -> None:
    change(f"UPDATE OR IGNORE {table} SET {column} = ?", EVIL)
    look(evil)


def test_events_that_were_forged_act_on_no_terminal(evil: Procdef) -> None:
    with closing(sqlite3.connect("procdef.db")) as log:
        (body,) = log.execute("SELECT body FROM event WHERE type = 'deal.noted'").fetchone()
        event = json.loads(body)
        for part in ("by", "for"):
            event[part]["id"] = EVIL
        event["data"][EVIL] = EVIL
        event["at"] = event["via"] = EVIL
        log.execute("UPDATE event SET body = ? WHERE type = 'deal.noted'", (json.dumps(event).encode(),))
        log.commit()
    look(evil)


def test_json_means_the_same(evil: Procdef) -> None:
    *_, noted = [line for line in evil("log", "A-1", "--format", "json")[1].splitlines() if "deal.noted" in line]
    assert json.loads(noted)["data"]["text"] == f"He called {FREE}"
    assert not ACTING.search(noted)


def test_colour_is_all_that_acts_on_a_terminal(monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]) -> None:
    monkeypatch.setattr(output, "wanted", lambda color, stream: True)
    output.show(f"  [x] {EVIL}", color=True)
    told = capsys.readouterr().out
    assert not ACTING.search(re.sub("\x1b\\[[0-9;]*m", "", told))
    assert "\\u001b[2J" in re.sub("\x1b\\[[0-9;]*m", "", told)


def test_what_is_tamed_stays_readable() -> None:
    assert tame("ä\t\u4e00\n\u200d\x1b") == "ä\t\u4e00\n\u200d\\u001b"
    assert one_line("a\r\nb\u2029c") == "a b c"
    assert Path(output.__file__).read_text("utf-8").count("tame(") == 2
