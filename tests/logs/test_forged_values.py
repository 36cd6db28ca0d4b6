"""A personal value is canonical JSON, and of its kind, or it is a finding; who asks for it is told plainly."""

from __future__ import annotations

import json
import sqlite3
from pathlib import Path
from typing import Any

import pytest
from forgery import change, events, findings

from procdef.cli import run
from procdef.log.chain import commitment_to

STREAMS = "SELECT stream FROM deal WHERE key = ?"
BYTES = [
    b"NaN", b"1.5", b"1e3", b' "x"', b'"x" ', b'"\\ud800"', b'"\\u0061"', b'"\xff"', b"\xff", b"", b'{"a":1,"a":2}',
    b'{"b":1,"a":2}', b"9" * 5000, b"9007199254740992", b"[" * 600 + b"]" * 600, b"[" * 5000 + b"]" * 5000, b"Infinity",
]  # fmt: skip
"""What is not canonical JSON, or no text."""
NO_TEXT: list[bytes] = [b"5", b"null", b"true", b"[]", b"{}", b'["x"]', b'{"a":1}', b'""']


def recommit(log: sqlite3.Connection, leaf: tuple[str, int, str], value: bytes, salt: bytes = b"s" * 32) -> None:
    """Put another value there, with commitment and hashes made anew."""
    stream, n, pointer = leaf
    (name,) = log.execute("SELECT log FROM tree").fetchone()
    given = (salt, value, *leaf)
    assert log.execute("UPDATE private SET salt=?, value=? WHERE stream=? AND n=? AND path=?", given).rowcount == 1
    digest = commitment_to(value, salt, name, stream, n, pointer)
    change(log, (stream, n), lambda event: event["private"].update({pointer: digest}))


def leaf_of(log: sqlite3.Connection, kind: str, pointer: str) -> tuple[str, int, str]:
    found = [e for e in events(log) if e["type"] == kind and pointer in e.get("private", ())]
    return found[0]["stream"], found[0]["n"], pointer


def told(file: Path, stream: str) -> set[str]:
    return {wrong.code for wrong in findings(file) if wrong.stream == stream}


@pytest.mark.parametrize("value", BYTES + NO_TEXT)
def test_a_note_that_is_no_text(value: bytes, file: Path, log: sqlite3.Connection) -> None:
    leaf = leaf_of(log, "deal.noted", "/text")
    recommit(log, leaf, value)
    assert "unreadable" in told(file, leaf[0])


TEXTS = [
    ("deal.started", "/key"), ("deal.corrected", "/reason"), ("action.completed", "/note"),
    ("action.completed", "/evidence/text"), ("action.completed", "/evidence/url"), ("action.completed", "/evidence/name"),
    ("criterion.waived", "/reason"), ("stage.advanced", "/reason"), ("stage.returned", "/reason"), ("deal.lost", "/note"),
    ("deal.reopened", "/reason"), ("step.refused", "/arguments/key"), ("step.refused", "/arguments/reason"),
    ("step.refused", "/arguments/note"),
]  # fmt: skip


@pytest.mark.parametrize(("kind", "pointer"), TEXTS)
@pytest.mark.parametrize("value", [b"5", b'{"a":1}'])
def test_a_text_that_is_none(kind: str, pointer: str, value: bytes, file: Path, log: sqlite3.Connection) -> None:
    leaf = leaf_of(log, kind, pointer)
    recommit(log, leaf, value)
    assert "unreadable" in told(file, leaf[0])


FIELDS = ["/values/email", "/values/phone", "/values/story", "/values/contacts/0/name"]


@pytest.mark.parametrize("pointer", FIELDS)
@pytest.mark.parametrize("value", [b"5", b"null", b'{"a":1}', b'["x"]', b'""', b'" x "', b'"a\x02b"'])
def test_a_value_that_its_field_does_not_take(pointer: str, value: bytes, file: Path, log: sqlite3.Connection) -> None:
    leaf = leaf_of(log, "deal.started", pointer)
    recommit(log, leaf, value)
    assert told(file, leaf[0]) & {"illegal", "unreadable"}


@pytest.mark.parametrize("value", BYTES)
def test_a_value_of_a_field_that_is_not_canonical(value: bytes, file: Path, log: sqlite3.Connection) -> None:
    leaf = leaf_of(log, "deal.started", "/values/email")
    recommit(log, leaf, value)
    assert told(file, leaf[0]) & {"illegal", "unreadable"}


def test_a_value_in_vain_that_its_field_does_not_take(file: Path, log: sqlite3.Connection) -> None:
    leaf = leaf_of(log, "step.refused", "/arguments/values/email")
    recommit(log, leaf, b"5")
    assert "illegal" in told(file, leaf[0])


@pytest.mark.parametrize("salt", [b"", b"s" * 5, b"s" * 33])
def test_a_salt_of_another_length(salt: bytes, file: Path, log: sqlite3.Connection) -> None:
    leaf = leaf_of(log, "deal.noted", "/text")
    recommit(log, leaf, json.dumps("a note").encode(), salt)
    assert "unreadable" in told(file, leaf[0])


def test_another_text_is_no_finding_of_its_own(file: Path, log: sqlite3.Connection) -> None:
    leaf: Any = leaf_of(log, "deal.noted", "/text")
    recommit(log, leaf, b'"a note"')
    assert told(file, leaf[0]) <= {"deal-differs"}  # the state of its row names the head of the chain


PERSONAL = [
    ("log", "B", "--full"), ("log", "B"), ("audit", "proof", "B", "--with-personal", "-o", "out"),
    *(("audit", "export", "--format", form, "--with-personal", "-o", "out") for form in ("csv", "xes", "jsonl", "ocel-json")),
    ("export-person", "nobody"),
]  # fmt: skip


@pytest.mark.parametrize("command", PERSONAL, ids=" ".join)
@pytest.mark.parametrize("pointer", ["/text", "/values/email"])
def test_who_asks_for_such_a_value_is_told_plainly(
    pointer: str,
    command: tuple[str, ...],
    file: Path,
    log: sqlite3.Connection,
    tmp_path: Path,
    monkeypatch: pytest.MonkeyPatch,
    capsys: pytest.CaptureFixture[str],
) -> None:
    monkeypatch.chdir(tmp_path)
    (stream,) = log.execute(STREAMS, ("B",)).fetchone()
    place = "SELECT stream, n, path FROM private WHERE stream = ? AND path = ?"
    leaf = log.execute(place, (stream, pointer)).fetchone()
    for value in BYTES:
        recommit(log, leaf, value)
        code = run(["--db", f"sqlite:///{file}", *command])
        out, said = capsys.readouterr()
        told = '"unreadable"' in out if command[0] == "export-person" else "audit verify" in said
        assert (code, told) == (1, True), (value[:20], code, said)
    assert not (tmp_path / "out").exists()


@pytest.mark.parametrize("value", NO_TEXT)
def test_a_text_that_is_none_is_told_plainly(
    value: bytes, file: Path, log: sqlite3.Connection, capsys: pytest.CaptureFixture[str]
) -> None:
    (stream,) = log.execute(STREAMS, ("B",)).fetchone()
    place = "SELECT stream, n, path FROM private WHERE stream = ? AND path = '/text'"
    recommit(log, log.execute(place, (stream,)).fetchone(), value)
    for command in PERSONAL[:1] + PERSONAL[3:-1]:
        assert run(["--db", f"sqlite:///{file}", *command]) == 1
        assert "audit verify" in capsys.readouterr().err
