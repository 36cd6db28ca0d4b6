"""The list of erased values, and what is said of copies: nothing is erased unlisted, and nothing claimed that is not so."""

from __future__ import annotations

import json
import os
import shutil
import sqlite3
import subprocess
import sys
from contextlib import closing
from pathlib import Path
from typing import TYPE_CHECKING

import pytest

if TYPE_CHECKING:
    from conftest import Procdef

ERASE = ("erase", "--person", "Zeb here", "--basis", "b")


@pytest.fixture
def noted(office: Procdef) -> Procdef:
    assert office("note", "A-1", "Zeb here called")[0] == 0
    return office


def listed(file: str = "list.jsonl") -> list[list[object]]:
    return [leaf for line in Path(file).read_text("utf-8").splitlines() for leaf in json.loads(line)["leaves"]]


def _folder(path: Path) -> None:
    path.mkdir()


def _pipe(path: Path) -> None:
    os.mkfifo(path)


def _link(path: Path) -> None:
    path.symlink_to("elsewhere")


def _text(path: Path) -> None:
    path.write_text("somebody's letter\n", encoding="utf-8")


def _text_without_end(path: Path) -> None:
    path.write_text("somebody's letter", encoding="utf-8")


@pytest.mark.parametrize("make", [_folder, _pipe, _link, _text, _text_without_end])
def test_a_list_that_cannot_keep_what_is_written_keeps_all_from_being_erased(noted: Procdef, make: object) -> None:
    make(Path("list.jsonl"))  # type: ignore[operator]
    before = Path("procdef.db").stat().st_size
    code, told, complaint = noted(*ERASE, "--list", "list.jsonl")
    assert (code, told) == (2, "")
    assert "list.jsonl" in complaint
    assert "Zeb here" in noted("log", "A-1")[1]
    assert Path("procdef.db").stat().st_size >= before


def test_the_database_under_another_name_is_no_list(noted: Procdef) -> None:
    Path("list.jsonl").hardlink_to("procdef.db")
    code, told, complaint = noted(*ERASE, "--list", "list.jsonl")
    assert (code, told) == (3, "")
    assert "second name" in complaint
    Path("list.jsonl").unlink()
    assert "Zeb here" in noted("log", "A-1")[1]


@pytest.mark.parametrize("device", ["/dev/full", "/dev/null", "/dev/stdout", "/proc/self/mem", "no/folder/list", "."])
def test_a_device_is_no_list(noted: Procdef, device: str) -> None:
    code, told, complaint = noted(*ERASE, "--list", device)
    assert (code, told) == (2, "")
    assert device in complaint
    assert "Zeb here" in noted("log", "A-1")[1]
    assert noted(*ERASE, "--list", "list.jsonl")[0] == 0
    assert len(listed()) == 1
    assert Path("list.jsonl").stat().st_mode & 0o777 == 0o600


def test_what_a_list_lacks_is_added_from_the_log_and_nothing_twice(noted: Procdef) -> None:
    assert noted(*ERASE)[0] == 0
    assert noted("note", "A-1", "Zeb here again")[0] == 0
    assert noted(*ERASE, "--list", "list.jsonl")[0] == 0
    assert len(listed()) == 1
    code, told, complaint = noted("audit", "erasures", "--list", "list.jsonl")
    assert (code, complaint) == (0, "1 value added to list.jsonl\n")
    assert "erasures: 2" in told
    assert len({tuple(leaf) for leaf in listed()}) == 2
    assert noted("audit", "erasures", "--list", "list.jsonl")[2] == "list.jsonl lacks nothing\n"
    assert len(listed()) == 2


def test_a_line_that_was_not_finished_is_written_anew(noted: Procdef) -> None:
    assert noted(*ERASE, "--list", "list.jsonl")[0] == 0
    whole = Path("list.jsonl").read_bytes()
    for cut in (1, 9, 40, len(whole) - 2):
        Path("list.jsonl").write_bytes(whole[:cut])
        assert noted("audit", "erasures", "--list", "list.jsonl")[0] == 0
        assert Path("list.jsonl").read_bytes() == whole
    Path("list.jsonl").write_bytes(whole[:-1])
    assert noted("audit", "erasures", "--list", "list.jsonl")[0] == 0
    assert Path("list.jsonl").read_bytes() == whole


def test_an_erasure_that_is_refused_leaves_nothing_in_the_list(noted: Procdef) -> None:
    with closing(sqlite3.connect("procdef.db")) as log:
        log.execute("CREATE TRIGGER kept AFTER DELETE ON private BEGIN SELECT 1; END")
    code, _, complaint = noted(*ERASE, "--list", "list.jsonl")
    assert (code, "nothing was erased" in complaint) == (3, True)
    assert listed() == []
    assert [path.name for path in Path().glob("list.jsonl*")] == ["list.jsonl"]


def test_an_erasure_that_was_begun_and_is_not_in_the_log_is_told_until_it_is_made(noted: Procdef) -> None:
    shutil.copy("procdef.db", "before.db")
    assert noted(*ERASE, "--list", "list.jsonl")[0] == 0
    Path("list.jsonl.0123456789ab.begun").write_bytes(Path("list.jsonl").read_bytes())
    Path("list.jsonl").unlink()
    restored = ("--db", "sqlite:///before.db")
    code, _, complaint = noted(*restored, "audit", "erasures", "--list", "list.jsonl")
    assert code == 0
    assert "not erased in this log: 1 value, basis b, whose erasure was begun" in complaint
    assert noted(*restored, "audit", "reapply-erasures", "list.jsonl")[0] == 0
    assert "Zeb here" not in noted(*restored, "log", "A-1")[1]
    assert [path.name for path in Path().glob("list.jsonl*")] == ["list.jsonl"]
    assert len(listed()) == 1


@pytest.mark.parametrize(
    ("expected", "made"),
    [
        ("the table customers (name)", "CREATE TABLE customers (id INTEGER, name TEXT, note TEXT);"
         "INSERT INTO customers VALUES (7, 'MR ZEB  HERE', 'x')"),
        ("the table customers (blob)", "CREATE TABLE customers (blob); INSERT INTO customers VALUES (x'5a65622068657265')"),
        ("the table customers (json)", "CREATE TABLE customers (json TEXT); INSERT INTO customers VALUES ('\\u005aeb here')"),
        ("the table docs", "CREATE VIRTUAL TABLE docs USING fts5(body); INSERT INTO docs VALUES ('once Zeb here called')"),
        ("the table words", "CREATE VIRTUAL TABLE words USING fts5(body, content='');"
         "INSERT INTO words(rowid, body) VALUES (1, 'once Zeb here called')"),
        ("the table old", "CREATE VIRTUAL TABLE old USING fts4(body); INSERT INTO old VALUES ('once Zeb here called')"),
    ],
)  # fmt: skip
def test_a_copy_in_the_applications_own_tables_is_named(noted: Procdef, expected: str, made: str) -> None:
    with closing(sqlite3.connect("procdef.db")) as log:
        log.executescript(made)
    code, told, _ = noted(*ERASE)
    assert code == 1
    assert "no byte of it is left" not in told
    assert "but the same text stands in:" in told
    assert expected in told.splitlines()
    assert noted("note", "A-1", "Zeb here again")[0] == 0
    found = json.loads(noted(*ERASE, "--format", "json")[1])["copies"]
    assert {"table", "columns", "own", "found"} == set(found[0])


def test_what_one_deal_loses_and_another_keeps_is_not_said_to_be_gone(noted: Procdef) -> None:
    assert noted("start", "office", "B-1", "email=zeb@here.example")[0] == 0
    assert noted("start", "office", "C-1", "email=zeb@here.example")[0] == 0
    code, told, _ = noted("erase", "B-1", "--field", "email", "--basis", "b")
    assert (code, "no byte of it" in told) == (0, False)
    assert "procdef's own table private (value)" in told.splitlines()
    assert "no byte of it is left in the database's files" in noted("erase", "C-1", "--field", "email", "--basis", "b")[1]
    assert b"zeb@here" not in Path("procdef.db").read_bytes()


def test_samples_that_analyze_took_of_names_and_request_keys_are_emptied(noted: Procdef) -> None:
    samples = (
        "PRAGMA writable_schema = ON; ANALYZE;"
        "CREATE TABLE later (tbl, idx, neq, nlt, ndlt, sample);"
        "UPDATE sqlite_master SET name = 'sqlite_stat4', tbl_name = 'sqlite_stat4',"
        " sql = 'CREATE TABLE sqlite_stat4(tbl,idx,neq,nlt,ndlt,sample)' WHERE name = 'later'"
    )
    with closing(sqlite3.connect("procdef.db")) as log:
        log.executescript(samples)
    with closing(sqlite3.connect("procdef.db")) as log:
        log.execute("INSERT INTO sqlite_stat4 VALUES ('deal', 'deal_key', '1', '1', '1', CAST('Zeb here' AS BLOB))")
        log.commit()
    code, told, _ = noted(*ERASE)
    assert (code, "no byte of it is left in the database's files" in told) == (0, True)
    assert b"Zeb here" not in Path("procdef.db").read_bytes()
    with closing(sqlite3.connect("procdef.db")) as log:
        for table in ("sqlite_stat1", "sqlite_stat4"):
            assert log.execute(f"SELECT count(*) FROM {table}").fetchone() == (0,)
    assert noted("audit", "verify")[0] == 0


def test_more_than_a_handful_is_erased_only_when_that_was_meant(noted: Procdef) -> None:
    for number in range(6):
        assert noted("note", "A-1", f"A call {number}")[0] == 0
    code, told, complaint = noted("erase", "--person", "a", "--basis", "b", "--list", "list.jsonl")
    assert (code, told) == (2, "")
    assert '8 personal values of 1 deal are or contain "a", so nothing was erased' in complaint
    assert "--yes" in complaint
    assert listed() == []
    assert noted("erase", "--person", "a", "--basis", "b", "--dry-run")[1].startswith("would erase 8 personal")
    code, told, _ = noted("erase", "--person", "a", "--basis", "b", "--yes")
    assert told.splitlines()[0] == "erased 8 personal values of 1 deal"


@pytest.mark.parametrize(("answer", "said", "left"), [("n", "nothing was erased", 8), ("y", "erased 8 personal values", 0)])
def test_a_person_at_a_terminal_is_asked(noted: Procdef, answer: str, said: str, left: int) -> None:
    pexpect = pytest.importorskip("pexpect")
    for number in range(7):
        assert noted("note", "A-1", f"Zeb here, call {number}")[0] == 0
    child = pexpect.spawn(sys.executable, ["-m", "procdef", *ERASE], encoding="utf-8", timeout=30)
    child.expect('8 personal values of 1 deal are or contain "Zeb here". Erase them all')
    child.sendline(answer)
    child.expect(said)
    child.expect(pexpect.EOF)
    child.close()
    assert child.exitstatus == (1 if left else 0)
    assert len(noted("export-person", "Zeb here")[1].splitlines()) == left


FULL = """
import resource, sys
size = int(sys.argv.pop(1))
resource.setrlimit(resource.RLIMIT_FSIZE, (size, size))
from procdef.cli import run
sys.exit(run(sys.argv[1:]))
"""


def full(size: int, *arguments: str) -> tuple[int, str, str]:
    """A command where no file may grow beyond that many bytes."""
    done = subprocess.run([sys.executable, "-c", FULL, str(size), *arguments], capture_output=True, text=True, timeout=60)
    return done.returncode, done.stdout, done.stderr


def test_a_list_that_cannot_grow_any_more_is_told_with_what_was_done_and_completed_later(noted: Procdef) -> None:
    line = json.dumps({"log": "x" * (5 << 20), "basis": "b", "leaves": []}) + "\n"
    Path("list.jsonl").write_text(line, "utf-8")
    code, told, complaint = full(len(line) + 10, *ERASE, "--list", "list.jsonl")
    assert (code, told.splitlines()[0]) == (3, "erased 1 personal value of 1 deal")
    assert "this was erased, and the log tells of it, but the list cannot be written (File too large)" in complaint
    assert Path("list.jsonl").read_text("utf-8") == line
    assert noted("audit", "erasures", "--list", "list.jsonl")[0] == 0
    assert len(listed()) == 1
    assert [path.name for path in Path().glob("list.jsonl*")] == ["list.jsonl"]
