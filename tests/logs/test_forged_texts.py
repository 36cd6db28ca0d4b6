"""Texts that show nothing, or are not trimmed, are found in a log whose hashes were made anew."""

from __future__ import annotations

import json
import sqlite3
from collections.abc import Callable
from pathlib import Path

import pytest
from forgery import Event, change, events, findings

from procdef.decide.input_values import loggable
from procdef.log.chain import commitment_to
from procdef.verification.legality.shown_text import is_shown

FREE = "a text that is trimmed, shows something, and is what belongs there"
TEXTS = [
    ("deal.noted", "/text"), ("deal.corrected", "/reason"), ("action.completed", "/note"),
    ("action.completed", "/evidence/text"),
    ("criterion.waived", "/reason"), ("stage.advanced", "/reason"), ("stage.returned", "/reason"), ("deal.lost", "/note"),
    ("deal.reopened", "/reason"), ("step.refused", "/arguments/reason"), ("step.refused", "/arguments/note"),
    ("step.refused", "/arguments/evidence"), ("action.completed", "/evidence/name"),
]  # fmt: skip
FIELDS = ["/values/story", "/values/phone", "/values/contacts/0/name"]


def illegal(file: Path, log: sqlite3.Connection, kind: str, pointer: str, text: str) -> list[str]:
    """What is found where the first such event commits to that text."""
    event = next(each for each in events(log) if each["type"] == kind and pointer in each.get("private", ()))
    stream, n = place = event["stream"], event["n"]
    value, salt = json.dumps(text, ensure_ascii=False).encode(), b"s" * 32
    log.execute("UPDATE private SET salt=?, value=? WHERE stream=? AND n=? AND path=?", (salt, value, *place, pointer))
    (name,) = log.execute("SELECT log FROM tree").fetchone()
    digest = commitment_to(value, salt, name, stream, n, pointer)
    change(log, place, lambda event: event["private"].update({pointer: digest}))
    return [wrong.expected for wrong in findings(file) if (wrong.code, wrong.stream, wrong.n) == ("illegal", *place)]


@pytest.mark.parametrize(("kind", "pointer"), TEXTS)
def test_a_text_that_shows_nothing(kind: str, pointer: str, file: Path, log: sqlite3.Connection) -> None:
    assert illegal(file, log, kind, pointer, "\u200b\u3164") == [FREE]


@pytest.mark.parametrize("text", [" x", "x ", "x\u200b", "\u2800x", "x\u00a0", "a\tb", "a\x07b", "a\u202eb"])
def test_a_text_that_is_not_trimmed_or_acts(text: str, file: Path, log: sqlite3.Connection) -> None:
    assert illegal(file, log, "deal.noted", "/text", text) == [FREE]


@pytest.mark.parametrize("link", ["javascript:alert(1)", "ftp://a.example", "https://", "https://a b"])
def test_evidence_that_is_no_link(link: str, file: Path, log: sqlite3.Connection) -> None:
    assert illegal(file, log, "action.completed", "/evidence/url", link) == [FREE]


@pytest.mark.parametrize("name", ["", " ", "\u3164", "a\u200bb", "deal:x", "x" * 65, "a\nb", " a"])
def test_a_name_of_a_deal_that_cannot_be_one(name: str, file: Path, log: sqlite3.Connection) -> None:
    found = [wrong for wrong in illegal(file, log, "deal.started", "/key", name) if wrong == FREE]
    assert found == [FREE] or {wrong.code for wrong in findings(file)} & {"unreadable"}


@pytest.mark.parametrize("pointer", FIELDS)
@pytest.mark.parametrize("text", ["\u200b", "x\u200b", "\u3164"])
def test_a_value_that_is_blank_or_padded(text: str, pointer: str, file: Path, log: sqlite3.Connection) -> None:
    (found,) = {wrong.partition(" as ")[0] for wrong in illegal(file, log, "deal.started", pointer, text)}
    assert found == pointer.split("/")[2]


def data(**changes: object) -> Callable[[Event], None]:
    return lambda event: event["data"].update(changes)


@pytest.mark.parametrize("person", ["\u200b", "\u3164", "\u2800", " ", "mat\u200bti", " matti", "matti\u00a0"])
def test_an_assignment_to_whom_nobody_sees(person: str, file: Path, log: sqlite3.Connection) -> None:
    place = next((each["stream"], each["n"]) for each in events(log) if each["type"] == "deal.assigned")
    change(log, place, data(to=person))
    assert "the id of a person" in [wrong.expected for wrong in findings(file) if wrong.code == "illegal"]


SHOWN = ["x", "Äiti", "\u2764\ufe0f", "\u0600\u0661", "a\u200db", "\u200dx", "x\u200e"]


@pytest.mark.parametrize("text", [*SHOWN, "", "\u200b", "\u2060\u200e", "\u3164", "x\u200b", "\x1fx", "\u180ex", "x\u2028"])
def test_verification_takes_what_the_writer_writes_and_nothing_else(text: str) -> None:
    assert is_shown(text) is (text == loggable(text)) is (text in SHOWN)
