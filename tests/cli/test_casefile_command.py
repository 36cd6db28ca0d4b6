"""``procdef casefile``: the file that is handed over with a deal, and what the log then holds of it."""

from __future__ import annotations

import hashlib
import json
import sqlite3
from contextlib import closing
from pathlib import Path
from typing import TYPE_CHECKING, Any

import pytest

from procdef import Engine, StoreError

if TYPE_CHECKING:
    from conftest import Procdef


def read(file: Path) -> dict[str, Any]:
    found: dict[str, Any] = json.loads(file.read_text("utf-8"))
    return found


def events(office: Procdef, deal: str) -> list[dict[str, Any]]:
    return [json.loads(line) for line in office("log", deal, "--format", "json")[1].splitlines()]


def test_it_says_where_it_is_what_it_is_and_that_it_is_on_record(office: Procdef, tmp_path: Path) -> None:
    code, out, err = office("casefile", "A-1", "-o", "A-1.html")
    digest = hashlib.sha256((tmp_path / "A-1.html").read_bytes()).hexdigest()
    assert (code, err) == (0, "")
    first, second, third = out.splitlines()
    assert first.startswith("the case file of A-1, as of 20")
    assert first.endswith("is in A-1.html; it holds personal values")
    assert (second, third) == (f"SHA-256 {digest}", "recorded as event 2 of system")
    assert (tmp_path / "A-1.html").stat().st_mode & 0o077 == 0


def test_the_log_tells_which_file_left_it_and_of_which_deal(office: Procdef, tmp_path: Path) -> None:
    told = json.loads(office("casefile", "A-1", "-o", "A-1.json", "--format", "json")[1])
    assert told["sha256"] == hashlib.sha256((tmp_path / "A-1.json").read_bytes()).hexdigest()
    office("audit", "export", "--format", "jsonl", "-o", "all.jsonl")
    left = [json.loads(line) for line in (tmp_path / "all.jsonl").read_text("utf-8").splitlines()]
    (event,) = [each for each in left if each["type"] == "log.exported" and each["data"]["what"] == "export casefile"]
    assert event["data"]["sha256"] == told["sha256"]
    assert event["data"]["filter"] == {"with_personal": True, "deals": [read(tmp_path / "A-1.json")["deal"]["stream"]]}
    assert office("audit", "verify")[0] == 0


def test_named_as_evidence_the_log_holds_the_hash_of_what_was_handed_over(office: Procdef, tmp_path: Path) -> None:
    office("record", "A-1", "company=Acme", "email=anna@acme.example", "score=70", "size=big")
    office("do", "A-1", "research")
    office("advance", "A-1", "offer")
    office("do", "A-1", "quote", "price=2000", "discount=0", 'deciders:=[{"name": "Anna", "signs": true}]')
    office("casefile", "A-1", "-o", "A-1.html")
    code, _, err = office("do", "A-1", "send", "--evidence", "A-1.html")
    assert (code, err) == (0, "")
    evidence = events(office, "A-1")[-1]["data"]["evidence"]
    assert evidence == {
        "kind": "document", "name": "A-1.html", "sha256": hashlib.sha256((tmp_path / "A-1.html").read_bytes()).hexdigest(),
    }  # fmt: skip


@pytest.mark.parametrize("form", ["json", "html"])
def test_made_again_as_of_the_same_time_it_is_the_same_file(office: Procdef, tmp_path: Path, form: str) -> None:
    assert office("casefile", "A-1", "-o", f"a.{form}")[0] == 0
    office("casefile", "A-1", "-o", "a.json", "--force")
    as_of = read(tmp_path / "a.json")["as_of"]
    office("casefile", "A-1", "-o", f"b.{form}", "--until", as_of)
    office("note", "A-1", "later", "--kind", "call")
    office("start", "office", "A-2")
    office("casefile", "A-1", "-o", f"c.{form}", "--until", as_of)
    assert (tmp_path / f"b.{form}").read_bytes() == (tmp_path / f"c.{form}").read_bytes()
    assert b"later" not in (tmp_path / "c.json").read_bytes() if form == "json" else True


def test_a_checkpoint_that_is_signed_later_leaves_it_as_it_is(office: Procdef, tmp_path: Path) -> None:
    office("audit", "key", "new", "log.key")
    office("casefile", "A-1", "-o", "a.json")
    as_of = read(tmp_path / "a.json")["as_of"]
    office("audit", "checkpoint", "--key", "log.key", "-o", "held.note")
    office("casefile", "A-1", "-o", "b.json", "--until", as_of)
    assert (tmp_path / "a.json").read_bytes() == (tmp_path / "b.json").read_bytes()
    office("note", "A-1", "Anna called", "--kind", "call")
    office("casefile", "A-1", "-o", "c.json")
    proof = read(tmp_path / "c.json")["proof"]
    assert proof["checkpoint"] == (tmp_path / "held.note").read_text("utf-8")
    assert proof["checkpoint_size"] < proof["size"]


def test_texts_are_in_the_language_that_was_asked_for(office: Procdef, tmp_path: Path) -> None:
    assert office("casefile", "A-1", "-o", "a.html", "--lang", "fi")[0] == 0
    page = (tmp_path / "a.html").read_text("utf-8")
    assert '<html lang="fi"' in page
    assert "Mitä on auki" in page
    assert "Selvitä" in page
    assert "Sivulla on henkilötietoja" in page


@pytest.mark.parametrize(
    ("said", "given"),
    [
        ("there is no deal 'A-9'; `procdef deals` lists them", ("A-9", "-o", "x.html")),
        ("there is no deal 'a-1' (did you mean A-1?)", ("a-1", "-o", "x.html")),
        ("says what it is to be: x.html or x.json", ("A-1", "-o", "x.pdf")),
        ("Missing option '-o'", ("A-1",)),
        ("does not exist; create it first", ("A-1", "-o", "no/x.html")),
        ("is there already; name another file, or replace it; --force does that", ("A-1", "-o", "there.html")),
        ("is still to come", ("A-1", "-o", "x.html", "--until", "2999-01-01")),
        ("nothing of A-1 was recorded by 2001-01-01T21:59:59.999999Z", ("A-1", "-o", "x.html", "--until", "2001-01-01")),
        ("yesterday is no date; write 2026-01-31, or a time", ("A-1", "-o", "x.html", "--until", "yesterday")),
        ('nothing here is written in "sv"', ("A-1", "-o", "x.html", "--lang", "sv")),
    ],
)  # fmt: skip
def test_what_cannot_be_meant_is_said_and_nothing_is_left(
    said: str, given: tuple[str, ...], office: Procdef, tmp_path: Path
) -> None:
    (tmp_path / "there.html").write_text("before")
    before = sorted(path.name for path in tmp_path.iterdir())
    code, out, err = office("casefile", *given)
    assert (code, out) == (2, "")
    assert said in err
    assert sorted(path.name for path in tmp_path.iterdir()) == before
    assert (tmp_path / "there.html").read_text() == "before"
    assert len(events(office, "A-1")) == 1


def test_of_a_read_only_database_it_is_made_and_says_that_nothing_tells_of_it(
    office: Procdef, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("procdef.store.sqlite.database_file.claim", lambda _: False)
    code, out, err = office("casefile", "A-1", "-o", "a.html")
    assert (code, err) == (0, "")
    assert out.endswith("not recorded: the database is read-only, so the log does not tell of this\n")
    assert (tmp_path / "a.html").exists()


def test_once_a_deal_has_lost_its_name_it_is_told_by_its_stream(office: Procdef, tmp_path: Path) -> None:
    office("record", "A-1", "email=anna@acme.example")
    office("casefile", "A-1", "-o", "before.json")
    stream = read(tmp_path / "before.json")["deal"]["stream"]
    office("erase", "A-1", "--all", "--basis", "art-17")
    assert office("casefile", stream, "-o", "after.json")[0] == 0
    told = read(tmp_path / "after.json")
    assert told["deal"]["name"] == stream
    assert {each["field"]: each["value"] for each in told["values"]} == {"email": "(erased)", "score": 45}
    assert "anna@" not in (tmp_path / "after.json").read_text("utf-8")


def test_a_log_that_was_changed_gives_none(office: Procdef, tmp_path: Path) -> None:
    with sqlite3.connect(tmp_path / "procdef.db") as log:
        log.execute("UPDATE event SET body = replace(body, 'office', 'offxce') WHERE stream LIKE 'deal:%'")
    code, out, err = office("casefile", "A-1", "-o", "a.html")
    assert (code, out) == (1, "")
    assert "event 1 was changed or damaged; `procdef audit verify` tells more" in err
    assert not (tmp_path / "a.html").exists()


def test_while_another_program_writes_no_file_is_left(office: Procdef, tmp_path: Path) -> None:
    before = sorted(path.name for path in tmp_path.iterdir())
    with closing(sqlite3.connect(tmp_path / "procdef.db", isolation_level=None)) as other:
        other.execute("BEGIN IMMEDIATE")
        code, out, err = office("--db", "sqlite:///procdef.db?busy=0", "casefile", "A-1", "-o", "a.html")
    assert (code, out) == (3, "")
    assert "procdef.db" in err
    assert sorted(path.name for path in tmp_path.iterdir()) == before


@pytest.mark.parametrize("fault", [StoreError("the disk is full"), OSError(28, "No space left on device")])
def test_where_it_cannot_be_put_on_record_no_file_is_left(
    office: Procdef, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, fault: Exception
) -> None:
    def full(*_: object, **__: object) -> None:
        raise fault

    monkeypatch.setattr(Engine, "exported", full)
    before = sorted(path.name for path in tmp_path.iterdir())
    code, out, err = office("casefile", "A-1", "-o", "a.html")
    assert (code, out) == (3, "")
    assert "the disk is full" in err or "No space left" in err
    assert sorted(path.name for path in tmp_path.iterdir()) == before
