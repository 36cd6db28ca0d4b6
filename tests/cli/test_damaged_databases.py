"""A database that was damaged or emptied is told in one line, never with a traceback, and is never called clean."""

from __future__ import annotations

import re
import sqlite3
from contextlib import closing
from pathlib import Path
from typing import TYPE_CHECKING

import pytest

from procdef.log.chain import event_hash

if TYPE_CHECKING:
    from conftest import Procdef


@pytest.mark.parametrize(
    ("damage", "expected"),
    [("UPDATE deal SET state = x'ff'", "cannot be read"), ("UPDATE tree SET layout = 'x'", "is damaged")],
)
def test_a_damaged_cell_is_told(office: Procdef, tmp_path: Path, damage: str, expected: str) -> None:
    with closing(sqlite3.connect(tmp_path / "procdef.db")) as plain:
        plain.execute(damage)
        plain.commit()
    code, _, complaint = office("status", "A-1")
    assert code in (1, 3)
    assert expected in complaint


ODD_TEXTS = {
    "UPDATE tree SET frontier = CAST(x'ff' AS TEXT)": "[tree-differs]",
    "UPDATE leaf SET hash = CAST(x'ff' AS TEXT) WHERE idx = 2": "[unreadable]",
    "UPDATE event SET stream = CAST(x'64ff' AS TEXT) WHERE stream LIKE 'deal:%'": "[unreadable]",
    "UPDATE event SET type = CAST(x'ff' AS TEXT) WHERE n = 1": "[unreadable]",
    "UPDATE deal SET owner = CAST(x'ff' AS TEXT)": "[deal-differs]",
    "INSERT INTO note VALUES (1, CAST(x'ff' AS TEXT))": "[note-unreadable]",
}


@pytest.mark.parametrize("damage", ODD_TEXTS)
def test_text_that_is_not_utf_8_is_told_and_verified(office: Procdef, tmp_path: Path, damage: str) -> None:
    with closing(sqlite3.connect(tmp_path / "procdef.db")) as plain:
        plain.execute(damage)
        plain.commit()
    for form in ((), ("--format", "json")):
        code, out, complaint = office("audit", "verify", *form)
        assert (code, form or ODD_TEXTS[damage] in out) == (1, form or True), complaint
    for command in (("status", "A-1"), ("note", "A-1", "Hello"), ("log", "A-1"), ("audit", "checkpoint", "--key", "k")):
        code, _, complaint = office(*command)
        assert code in (0, 1, 2, 3)
        assert "another thread" not in complaint


def test_text_that_is_not_utf_8_ends_no_verification_since_a_note(office: Procdef, tmp_path: Path) -> None:
    assert office("audit", "key", "new", "log.key")[0] == 0
    assert office("audit", "checkpoint", "--key", "log.key", "-o", "held.note")[0] == 0
    with closing(sqlite3.connect(tmp_path / "procdef.db")) as plain:
        plain.execute("UPDATE definition SET id = CAST(x'ff' AS TEXT)")
        plain.commit()
    code, out, _ = office("audit", "verify", "--since", "held.note")
    assert (code, "[unreadable]" in out) == (1, True)


def test_an_emptied_database_holds_no_log(procdef: Procdef, tmp_path: Path) -> None:
    (tmp_path / "procdef.db").touch()
    code, _, complaint = procdef("audit", "verify")
    assert code == 3
    assert "holds no log" in complaint


def test_whatever_the_schema_lacks_findings_end_with_1(office: Procdef, tmp_path: Path) -> None:
    whole = tmp_path / "procdef.db"
    with closing(sqlite3.connect(whole)) as plain:
        plain.execute("PRAGMA wal_checkpoint(TRUNCATE)")
        named = [name for (name,) in plain.execute("SELECT name FROM sqlite_master WHERE name <> 'tree'")]
    for name in named:
        (tmp_path / "lacking.db").write_bytes(whole.read_bytes())
        with closing(sqlite3.connect(tmp_path / "lacking.db")) as plain:
            plain.execute("PRAGMA writable_schema = ON")
            plain.execute("DELETE FROM sqlite_master WHERE name = ?", (name,))
            plain.commit()
        code, told, complaint = office("--db", "sqlite:///lacking.db", "audit", "verify")
        # Where an index is left without its table, SQLite opens nothing: no finding, but a failure.
        if name.startswith("sqlite_autoindex") or code == 1:
            assert (name, code, complaint, "[layout-differs]" in told) == (name, 1, "", True)
        else:
            assert (name, code, told) == (name, 3, "")
    assert "sqlite_autoindex_deal_2" in named


@pytest.mark.parametrize(
    "table",
    ["deal", "event", "leaf", "private", "stay", "gate", "activity", "request", "definition", "node", "note"],
)
def test_a_table_that_is_gone_is_a_finding_with_its_name(office: Procdef, tmp_path: Path, table: str) -> None:
    with closing(sqlite3.connect(tmp_path / "procdef.db")) as plain:
        plain.execute(f"DROP TABLE {table}")
    code, told, complaint = office("audit", "verify")
    assert (code, complaint) == (1, "")
    assert f"expected the table {table}, found none [layout-differs]" in told
    assert f"is damaged: it has no table {table}; restore it from a backup [unreadable]" in told


@pytest.mark.parametrize(
    ("column", "code"),
    [
        ("deal.owner", "deal-differs"), ("deal.stream", "unreadable"), ("deal.key", "deal-differs"),
        ("event.type", "unreadable"), ("event.stream", "unreadable"), ("leaf.hash", "unreadable"),
        ("private.path", "unreadable"), ("stay.stage", "unreadable"), ("definition.id", "unreadable"),
        ("request.key", "unreadable"),
    ],
)  # fmt: skip
def test_a_text_that_is_none_is_a_finding(office: Procdef, tmp_path: Path, column: str, code: str) -> None:
    table, name = column.split(".")
    assert office("note", "A-1", "Hello", "--request", "r-1")[0] == 0
    with closing(sqlite3.connect(tmp_path / "procdef.db")) as plain:
        plain.execute(f"UPDATE {table} SET {name} = CAST(x'ff' AS TEXT) WHERE rowid = 1" if table in ("event", "leaf", "deal")
                      else f"UPDATE {table} SET {name} = CAST(x'ff' AS TEXT)")  # fmt: skip
        plain.commit()
    exit_code, told, complaint = office("audit", "verify")
    assert (exit_code, complaint) == (1, "")
    assert f"[{code}]" in told


def test_a_text_that_is_none_is_told_to_others_as_what_it_is(office: Procdef, tmp_path: Path) -> None:
    with closing(sqlite3.connect(tmp_path / "procdef.db")) as plain:
        plain.execute("UPDATE deal SET owner = CAST(x'ff' AS TEXT)")
        plain.commit()
    expected = "procdef: the database procdef.db is damaged: a text in it is not valid UTF-8; restore it from a backup\n"
    assert office("deals")[0::2] == (3, expected)


def test_a_due_time_that_is_no_text_is_listed_as_what_it_is(office: Procdef, tmp_path: Path) -> None:
    with sqlite3.connect(tmp_path / "procdef.db") as database:
        database.execute("UPDATE deal SET deadline = x'00ff'")
    database.close()
    code, out, complaint = office("deals")
    assert (code, complaint) == (0, "")
    assert "b'\\x00\\xff'" in out
    assert office("audit", "verify")[0] == 1


@pytest.mark.parametrize(
    "body", [b"[]", b"{}", b'{"by":"maija","definition":{"sha256":"a"}}', b'{"by":{},"definition":{"sha256":5}}', b"\xff"]
)
def test_an_event_that_is_nothing_like_one_is_in_no_bundle(office: Procdef, tmp_path: Path, body: bytes) -> None:
    assert office("note", "A-1", "Called")[0] == 0
    with closing(sqlite3.connect(tmp_path / "procdef.db")) as log:
        log.execute("UPDATE event SET body = ? WHERE stream LIKE 'deal:%' AND n = 2", (body,))
        log.commit()
    code, _, complaint = office("audit", "proof", "A-1", "-o", "a.zip")
    assert (code, len(complaint.splitlines()), (tmp_path / "a.zip").exists()) == (1, 1, False)
    assert "`procdef audit verify` tells more" in complaint


def test_the_text_of_a_process_in_another_form_is_told(office: Procdef, tmp_path: Path) -> None:
    with closing(sqlite3.connect(tmp_path / "procdef.db")) as log:
        log.execute("UPDATE definition SET source = CAST(source AS TEXT)")
        log.commit()
    for command in ("export-person maija", "erase --person maija --basis a --dry-run"):
        code, out, complaint = office(*command.split())
        assert (code, out, len(complaint.splitlines())) == (1, "", 1)
        assert "the source of office v1 was changed" in complaint


@pytest.mark.parametrize(
    "damage",
    [
        "event SET stream = x'' WHERE n = 1", "event SET stream = CAST(stream AS BLOB)", "event SET id = CAST(id AS BLOB)",
        "definition SET version = 'x'",
    ],
)  # fmt: skip
def test_a_column_of_another_type_is_told(office: Procdef, tmp_path: Path, damage: str) -> None:
    with closing(sqlite3.connect(tmp_path / "procdef.db")) as log:
        log.execute(f"UPDATE OR REPLACE {damage}")
        log.commit()
    commands = ["population", "sample --seed a", "overrides"]
    if "definition" not in damage:
        commands += ["sod", "replay", *(f"export -o a.{form} --format {form}" for form in ("csv", "xes", "ocel-json"))]
    for command in commands:
        code, _, complaint = office("audit", *command.split())
        assert (code, len(complaint.splitlines())) == (1, 1), command
    assert office("audit", "verify")[0] == 1


@pytest.mark.parametrize(
    "change", ["$.by', 'maija", "$.for.id', 7, '$.via', 'cli", "$.data', 'a", "$.type', 7, '$.via', 'cli", "$.definition', 'a"]
)
def test_an_event_of_another_shape_under_its_own_hash_is_told(office: Procdef, tmp_path: Path, change: str) -> None:
    assert office("note", "A-1", "Called")[0] == 0
    with closing(sqlite3.connect(tmp_path / "procdef.db")) as log:
        log.create_function("hash", 1, event_hash)
        log.execute(f"UPDATE event SET body = CAST(json_set(body, '{change}') AS BLOB) WHERE stream LIKE 'deal:%' AND n = 2")
        log.execute("UPDATE event SET hash = hash(body) WHERE stream LIKE 'deal:%' AND n = 2")
        log.commit()
    asked = ["log A-1", "log A-1 --full", "casefile A-1 -o a.html", "audit sod", "audit overrides"]
    asked += [f"audit export -o a.{form} --format {form}" for form in ("csv", "xes", "ocel-json", "ocel-sqlite", "jsonl")]
    for command in asked:
        code, _, complaint = office(*command.split())
        assert (code, len(complaint.splitlines())) == (1, 1), command
        assert "`procdef audit verify` tells more" in complaint
    assert [*tmp_path.glob("a.*")] == []


@pytest.mark.parametrize(
    ("damage", "command", "expected"),
    [
        ("UPDATE definition SET lang = 'x'", "report", "was changed"),
        ("UPDATE event SET n = 'x' WHERE stream = 'system'", "people publish team.yaml", "number of its last event"),
    ],
)
def test_a_column_of_another_type_ends_no_command_with_a_traceback(
    damage: str, command: str, expected: str, office: Procdef, tmp_path: Path
) -> None:
    with closing(sqlite3.connect(tmp_path / "procdef.db")) as plain:
        plain.execute(damage)
        plain.commit()
    Path("team.yaml").write_text("procdef-people: 1\npeople: {maija: {roles: seller}}\n", "utf-8")
    code, _, complaint = office(*command.split())
    assert code == 1, complaint
    assert expected in complaint


def test_a_stage_that_the_process_does_not_have_is_told(office: Procdef, tmp_path: Path) -> None:
    with closing(sqlite3.connect(tmp_path / "procdef.db")) as plain:
        ((body,),) = plain.execute("SELECT body FROM event WHERE type = 'deal.started'")
        forged = re.sub(rb'"stage":"[a-z_]+"', b'"stage":"dreaming"', body)
        assert forged != body
        plain.execute("UPDATE event SET body = ?, hash = ? WHERE type = 'deal.started'", (forged, event_hash(forged)))
        plain.commit()
    code, _, complaint = office("casefile", "A-1", "-o", "case.html")
    assert code == 1
    assert "stage that" in complaint
    assert not Path("case.html").exists()
