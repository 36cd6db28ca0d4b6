"""Erasing on the command line: what it prints, what it leaves, and what a restored backup needs."""

from __future__ import annotations

import hashlib
import json
import os
import shutil
import sqlite3
from contextlib import closing
from pathlib import Path
from typing import TYPE_CHECKING

import pytest
from auditing import sheet

from procdef import open_store
from procdef.cli.global_options import Settings

if TYPE_CHECKING:
    from conftest import Procdef


@pytest.fixture
def noted(office: Procdef) -> Procdef:
    """A deal with a note that names somebody."""
    assert office("note", "A-1", "Pekka Virtanen will call")[0] == 0
    return office


def test_a_deal_is_erased_and_says_so_everywhere(noted: Procdef) -> None:
    code, told, _ = noted("erase", "A-1", "--all", "--basis", "art-17")
    assert (code, told.splitlines()[0]) == (0, "erased 2 personal values of 1 deal")
    assert "the database's files were written anew without it; values of fewer than 4 characters" in told
    (deal,) = [json.loads(line) for line in noted("deals", "--format", "json")[1].splitlines()]
    assert deal["deal"].startswith("deal:")
    assert noted("status", "A-1")[0] == 2
    log = noted("log", deal["deal"])[1]
    assert "(erased)" in log
    assert "erased 2 personal values (key, text), basis art-17" in log
    assert "Pekka" not in log
    assert noted("audit", "verify")[0] == 0
    assert "purged" in noted("audit", "erasures")[1]
    (erasure,), about = sheet(noted, "erasures")
    assert (erasure["basis"], erasure["purged"], len(erasure["leaves"])) == ("art-17", True, 2)
    assert about["totals"] == {"erasures": 1, "values": 2, "purge_pending": 0}
    assert sheet(noted, "erasures", "--to", "2020-12-31")[0] == []


def test_a_dry_run_says_what_would_go(noted: Procdef) -> None:
    code, told, _ = noted("erase", "--person", "virtanen", "--basis", "art-17", "--dry-run")
    assert (code, told) == (0, "would erase 1 personal value of 1 deal (tried only, nothing was erased)\n")
    assert "Pekka" in noted("log", "A-1")[1]


def test_what_nothing_erases_is_named_and_the_exit_code_says_so(noted: Procdef) -> None:
    assert noted("do", "A-1", "pekka")[0] == 1
    code, told, _ = noted("erase", "--person", "pekka", "--basis", "art-17")
    assert code == 1
    assert "no byte of it is left" not in told
    assert told.splitlines()[-1].startswith("event 3 of deal:")
    code, told, _ = noted("erase", "--person", "pekka", "--basis", "art-17", "--format", "json")
    assert code == 1


def test_request_keys_are_told_and_erased_with_the_rest(noted: Procdef) -> None:
    assert noted("note", "A-1", "Called", "--request", "pekka-virtanen-7")[0] == 0
    assert noted("note", "A-1", "Called", "--request", "liisa-8")[0] == 0
    *_, asked = [json.loads(line) for line in noted("export-person", "virtanen")[1].splitlines()]
    assert (asked["deal"], asked["n"], asked["request"]) == ("A-1", 3, "pekka-virtanen-7")
    assert set(asked) == {"deal", "stream", "n", "at", "request"}
    code, told, _ = noted("erase", "--person", "virtanen", "--basis", "art-17")
    assert (code, told.splitlines()[0]) == (0, "erased 1 personal value of 1 deal, and 1 request key")
    code, told, _ = noted("erase", "--person", "liisa", "--basis", "art-17", "--format", "json")
    shown = json.loads(told)
    assert (code, shown["leaves"], shown["requests"], shown["purged"]) == (0, [], 1, True)
    assert noted("audit", "verify")[0] == 0


def test_what_is_handed_out_on_a_person_is_on_record_and_does_not_say_on_whom(noted: Procdef) -> None:
    told = noted("export-person", "virtanen")[1]
    assert noted("audit", "export", "--format", "jsonl", "-o", "events.jsonl")[0] == 0
    events = [json.loads(line) for line in Path("events.jsonl").read_text("utf-8").splitlines()]
    (event,) = [event for event in events if event["type"] == "log.exported"]
    digest = hashlib.sha256(told.encode()).hexdigest()
    assert event["data"] == {"what": "person", "filter": {"with_personal": True}, "rows": 1, "sha256": digest}
    assert noted("audit", "verify")[0] == 0


def test_what_is_handed_out_from_a_copy_that_only_reads_is_not_on_record_and_says_so(
    noted: Procdef, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(Settings, "store", lambda now: open_store(now.db, read_only=True))
    before = Path("procdef.db").read_bytes()
    code, told, complaint = noted("export-person", "virtanen")
    assert (code, len(told.splitlines())) == (0, 1)
    assert complaint == "not recorded: the database is read-only, so the log does not tell of this export\n"
    assert Path("procdef.db").read_bytes() == before


def test_what_stands_in_the_open_is_told_with_what_is_held(noted: Procdef) -> None:
    assert noted("do", "A-1", "pekka")[0] == 1
    code, told, _ = noted("export-person", "pekka")
    held, standing = [json.loads(line) for line in told.splitlines()]
    assert (code, held["path"]) == (0, "/text")
    assert list(standing) == ["in_the_open"]
    assert standing["in_the_open"].startswith("event 3 of deal:")


@pytest.fixture
def damaged(noted: Procdef) -> Procdef:
    """The same, with a second note that was damaged."""
    assert noted("note", "A-1", "Somebody else")[0] == 0
    with closing(sqlite3.connect("procdef.db")) as log:
        log.execute("UPDATE private SET value = x'ff' WHERE n = 3 AND path = '/text'")
        log.commit()
    return noted


def test_a_value_that_cannot_be_read_is_named_and_holds_nothing_up(damaged: Procdef) -> None:
    code, told, complaint = damaged("export-person", "pekka")
    held, hurt = [json.loads(line) for line in told.splitlines()]
    assert (code, held["value"]) == (1, "Pekka Virtanen will call")
    assert (hurt["unreadable"][1:], complaint) == ([3, "/text"], "")
    code, told, _ = damaged("erase", "--person", "pekka", "--basis", "art-17", "--dry-run", "--format", "json")
    assert (code, json.loads(told)["unreadable"]) == (1, [hurt["unreadable"]])
    code, told, _ = damaged("erase", "--person", "pekka", "--basis", "art-17")
    assert (code, told.splitlines()[0]) == (1, "erased 1 personal value of 1 deal")
    assert told.splitlines()[-2].startswith("damaged values cannot be read, so nobody can tell whom they are about")
    assert told.splitlines()[-1].startswith("/text of event 3 of deal:")
    code, _, complaint = damaged("erase", "--person", "pekka", "--basis", "art-17")
    assert (code, "damaged values cannot be read" in complaint) == (1, True)
    assert damaged("audit", "proof", "A-1", "-o", "a.zip")[0] == 0
    code, _, complaint = damaged("audit", "proof", "A-1", "-o", "b.zip", "--with-personal")
    assert (code, "a personal value of event 3 cannot be read" in complaint) == (1, True)
    assert damaged("erase", "A-1", "--all", "--basis", "art-17")[0] == 0
    assert damaged("audit", "verify")[0] == 0


def test_all_that_is_held_on_a_person_is_told(noted: Procdef) -> None:
    code, told, _ = noted("export-person", "pekka")
    assert code == 0
    (held,) = [json.loads(line) for line in told.splitlines()]
    assert (held["deal"], held["path"], held["value"]) == ("A-1", "/text", "Pekka Virtanen will call")


def test_a_restored_backup_loses_again_what_was_erased(noted: Procdef, tmp_path: Path) -> None:
    shutil.copy(tmp_path / "procdef.db", tmp_path / "backup.db")
    for side in ("-wal", "-shm"):
        if (tmp_path / f"procdef.db{side}").exists():
            shutil.copy(tmp_path / f"procdef.db{side}", tmp_path / f"backup.db{side}")
    assert noted("erase", "--person", "virtanen", "--basis", "art-17", "--list", "erased.jsonl")[0] == 0
    assert noted("audit", "reapply-erasures", "erased.jsonl")[1] == "nothing of that is held\n"
    restored = ("--db", f"sqlite:///{tmp_path / 'backup.db'}")
    assert "Pekka" in noted(*restored, "log", "A-1")[1]
    code, told, _ = noted(*restored, "audit", "reapply-erasures", "erased.jsonl")
    assert (code, told.splitlines()[0]) == (0, "erased 1 personal value of 1 deal")
    assert "Pekka" not in noted(*restored, "log", "A-1")[1]
    assert noted(*restored, "audit", "verify")[0] == 0


@pytest.fixture
def restored(noted: Procdef, tmp_path: Path) -> Procdef:
    """The office gone on from a backup: its third event is another note than the one that was erased, and listed."""
    with closing(sqlite3.connect("procdef.db")) as log, closing(sqlite3.connect("backup.db")) as copy:
        log.backup(copy)
    assert noted("note", "A-1", "Virtanen called")[0] == 0
    assert noted("erase", "--person", "virtanen", "--basis", "art-17", "--list", "erased.jsonl")[0] == 0
    for side in ("-wal", "-shm"):
        Path(f"procdef.db{side}").unlink(missing_ok=True)
    shutil.move("backup.db", "procdef.db")
    assert noted("note", "A-1", "An innocent note")[0] == 0
    return noted


def test_what_came_to_stand_at_a_place_after_a_backup_is_kept_and_told(restored: Procdef) -> None:
    code, told, _ = restored("audit", "reapply-erasures", "erased.jsonl")
    assert (code, told.splitlines()[0]) == (1, "erased 1 personal value of 1 deal")
    assert told.splitlines()[-1].startswith("kept: /text of event 3 of deal:")
    assert told.splitlines()[-1].endswith(" is not the value that was erased there")
    assert "An innocent note" in restored("log", "A-1")[1]
    code, told, _ = restored("audit", "reapply-erasures", "erased.jsonl", "--format", "json")
    assert (code, [leaf[1:] for leaf in json.loads(told)["kept"]]) == (1, [[3, "/text"]])
    assert restored("audit", "verify")[0] == 0


def test_a_list_without_commitments_is_taken_for_what_is_older_than_it(restored: Procdef) -> None:
    lines = [json.loads(line) for line in Path("erased.jsonl").read_text("utf-8").splitlines()]
    assert {len(leaf) for line in lines for leaf in line["leaves"]} == {4}
    written = Path("erased.jsonl").stat().st_mtime
    old = [json.dumps({**line, "leaves": [leaf[:3] for leaf in line["leaves"]]}) for line in lines]
    Path("erased.jsonl").write_text("\n".join(old), "utf-8")
    os.utime("erased.jsonl", (written, written))
    code, told, _ = restored("audit", "reapply-erasures", "erased.jsonl")
    assert (code, told.splitlines()[0]) == (1, "erased 1 personal value of 1 deal")
    assert "An innocent note" in restored("log", "A-1")[1]


def test_a_line_that_cannot_be_followed_keeps_all_from_being_erased(restored: Procdef) -> None:
    file = Path("erased.jsonl")
    good = json.loads(file.read_text("utf-8"))
    with file.open("a", encoding="utf-8") as out:
        out.write(json.dumps({**good, "basis": "as he asked"}) + "\n")
    code, told, complaint = restored("audit", "reapply-erasures", "erased.jsonl")
    assert (code, told) == (2, "")
    assert "erased.jsonl:2: the basis is a word or a reference" in complaint
    assert "Pekka" in restored("log", "A-1")[1]


LEAF = ["deal:x", 1, "/text"]


@pytest.mark.parametrize(
    "line",
    [b"\xff", b"[" * 100_000, b'{"log":' * 5000, b"null", b"7", b'"x"', b"\xef\xbb\xbf{}", b"{}\x00",
     *(json.dumps({"log": "x", "basis": "x", "leaves": leaves}).encode() for leaves in (
         None, 7, "abc", {"abc": 1}, [7], ["abc"], [[]], [["deal:x", True, "/text"]], [["deal:x", 1.0, "/text"]],
         [["deal:x", 0, "/text"]], [[*LEAF, None]], [[*LEAF, "x"]], [[*LEAF, "0" * 64, 1]], [LEAF, [1, 1, 1]],
     ))],
)  # fmt: skip
def test_a_list_of_any_other_form_is_refused_with_its_line(noted: Procdef, tmp_path: Path, line: bytes) -> None:
    good = json.dumps({"log": "x", "basis": "x", "leaves": [LEAF, [*LEAF, "0" * 64]]}).encode()
    (tmp_path / "list").write_bytes(good + b"\r\n" + line + b"\n")
    code, told, complaint = noted("audit", "reapply-erasures", "list")
    assert (code, told) == (2, "")
    assert "list:2: this is no line of a list that `procdef erase --list` wrote" in complaint


@pytest.mark.parametrize(
    ("expected", "arguments"),
    [
        ("name either a DEAL or a --person", ()),
        ("name either a DEAL or a --person", ("A-1", "--person", "x", "--all")),
        ("say either which --field, or --all", ("A-1",)),
        ("say either which --field, or --all", ("A-1", "--all", "--field", "deal")),
        ("go with a DEAL", ("--person", "x", "--all")),
        ("there is no deal 'B-1'", ("B-1", "--all")),
        ("there is no field 'nope'", ("A-1", "--field", "nope")),
        ("cannot be written", ("A-1", "--all", "--list", "no/such/folder/list")),
    ],
)
def test_what_cannot_be_meant_is_refused_and_erases_nothing(
    noted: Procdef, expected: str, arguments: tuple[str, ...]
) -> None:
    code, _, complaint = noted("erase", *arguments, "--basis", "art-17")
    assert code in (1, 2)
    assert expected in complaint
    assert "Pekka" in noted("log", "A-1")[1]


@pytest.mark.parametrize("line", ["", "{", "[]", '{"log": 1, "basis": "x", "leaves": []}', '{"log": "x", "leaves": []}'])
def test_a_list_that_is_none_is_refused(noted: Procdef, tmp_path: Path, line: str) -> None:
    (tmp_path / "list").write_text(line + "\n", encoding="utf-8")
    code, _, complaint = noted("audit", "reapply-erasures", "list")
    assert code == 2
    assert "list:1: this is no line of a list" in complaint


def test_a_purge_says_whether_the_files_were_written_anew(noted: Procdef, tmp_path: Path) -> None:
    with closing(sqlite3.connect(tmp_path / "procdef.db")) as other:
        other.execute("BEGIN")
        other.execute("SELECT count(*) FROM event").fetchone()
        assert noted("erase", "A-1", "--all", "--basis", "art-17")[0] == 0
        assert noted("audit", "purge", "--format", "json")[:2] == (1, '{"purged": false}\n')
    assert noted("audit", "purge", "--format", "json")[:2] == (0, '{"purged": true}\n')
