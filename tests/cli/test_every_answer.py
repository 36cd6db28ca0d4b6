"""Every answer to an auditor, held against what it says of itself: by hand, on a copy that nobody may write to.

What is recomputed here is recomputed from the database's rows and from docs/auditing.md and docs/log.md, not with procdef.
"""

from __future__ import annotations

import hashlib
import json
import re
import sqlite3
import subprocess
import sys
from collections.abc import Iterator
from contextlib import closing
from datetime import UTC, datetime
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import TYPE_CHECKING, Any

import pytest

if TYPE_CHECKING:
    from conftest import Procdef

JAANA = ("--as", "jaana:manager")
PERSONAL = ("Pekka", "pekka@secret.example", "A-1", "Z-9", "They grow", "friend")
"""What must stand in no filter: names, addresses and reasons of the log below."""
QUESTIONS: dict[str, tuple[str, ...]] = {
    "log": ("log", "A-1", "--full"),
    "population": ("audit", "population"),
    "population of a period": ("audit", "population", "--from", "2026-01-01", "--to", "2026-01-31"),
    "population of nothing": ("audit", "population", "--to", "1999-12-31"),
    "sample": ("audit", "sample", "-n", "2", "--seed", "Q1"),
    "sample of nothing": ("audit", "sample", "--seed", "Q1", "--to", "1999-12-31"),
    "overrides": ("audit", "overrides"),
    "overrides of nothing": ("audit", "overrides", "--to", "1999-12-31"),
    "sod": ("audit", "sod"),
    "sod by level": ("audit", "sod", "--require-auth", "app", "--from", "2026-01-01"),
    "definitions": ("audit", "definitions"),
    "difference": ("audit", "definitions", "--diff", "office@1", "office@2"),
    "erasures": ("audit", "erasures"),
    "erasures of nothing": ("audit", "erasures", "--to", "1999-12-31"),
    "replay": ("audit", "replay"),
    "replay of a deal": ("audit", "replay", "A-1"),
}
FILES: dict[str, tuple[str, ...]] = {
    "proof": ("audit", "proof", "A-1", "-o", "deal.zip"),
    **{
        f"export {form}": ("audit", "export", "--format", form, "-o", f"log.{form}")
        for form in ("csv", "jsonl", "xes", "ocel-json", "ocel-sqlite")
    },
    "export of a deal": ("audit", "export", "--format", "jsonl", "-o", "a.jsonl", "--deal", "A-1", "--with-personal"),
    "export of nothing": ("audit", "export", "--format", "csv", "-o", "none.csv", "--to", "1999-12-31"),
}
BOUND = """
import ctypes, os, sys
dropped = os.geteuid() or not ctypes.CDLL(None).prctl(24, 1, 0, 0, 0)  # PR_CAPBSET_DROP, CAP_DAC_OVERRIDE
os.execv(sys.executable, [sys.executable, *sys.argv[1:]]) if dropped else sys.exit("root stays root here")
"""
"""Runs Python without root's right to write what may not be written."""
ASKED = """
import io, json, sys
from contextlib import redirect_stderr, redirect_stdout
from procdef.cli import run
answers = {}
for name, arguments in json.loads(sys.argv[1]).items():
    out, err = io.StringIO(), io.StringIO()
    with redirect_stdout(out), redirect_stderr(err):
        code = run(arguments)
    answers[name] = code, out.getvalue(), err.getvalue()
print(json.dumps(answers))
"""
Answers = dict[str, tuple[int, str, str]]


@pytest.fixture
def busy(office: Procdef, tmp_path: Path) -> Procdef:
    """Two versions, a deal with overrides, refusals and erased values, imported ones, and a refused start."""
    step = {"by": "maija", "roles": ["seller"], "do": "start"}
    lines = [{**step, "happened": f"2026-01-0{k}T08:00:00Z", "deal": f"I-{k}"} for k in range(1, 5)]
    (tmp_path / "steps.jsonl").write_text("".join(json.dumps(line) + "\n" for line in lines), "utf-8")
    text = (tmp_path / "office.yaml").read_text("utf-8")
    (tmp_path / "second.yaml").write_text(text.replace("version: 1", "version: 2").replace("Helsinki", "Berlin"), "utf-8")
    for code, *arguments in (
        (0, "run", "office.yaml", "steps.jsonl"),
        (0, *JAANA, "publish", "second.yaml"),
        (0, "do", "A-1", "research", "company=A", "email=pekka@secret.example", "score=45", "size=big"),
        (1, "advance", "A-1", "offer"),
        (0, *JAANA, "waive", "A-1", "offer.fits", "--reason", "They grow, Pekka is a friend"),
        (0, "advance", "A-1", "offer"),
        (0, "--as", "jaana:seller", "note", "A-1", "Pekka called"),
        (1, "start", "office", "Z-9", "email=pekka@secret.example", "--stage", "offer"),
        (0, "erase", "A-1", "--field", "email", "--basis", "art-17"),
    ):
        assert office(*map(str, arguments))[0] == code, arguments
    return office


@pytest.fixture
def copy(busy: Procdef, tmp_path: Path) -> Iterator[Path]:
    """A copy of the log that may not be written, in a folder that may not be written, without anything beside it."""
    with TemporaryDirectory() as name:
        folder, out = Path(name) / "log", Path(name) / "out"
        folder.mkdir()
        out.mkdir()
        with closing(sqlite3.connect("procdef.db")) as log, closing(sqlite3.connect(folder / "log.db")) as other:
            log.backup(other)
        (folder / "log.db").chmod(0o444)
        folder.chmod(0o555)
        yield folder / "log.db"
        folder.chmod(0o755)


def asked(file: Path, questions: dict[str, tuple[str, ...]], *more: str) -> Answers:
    """What each question is answered on that file, which is as before then, with nothing beside it."""
    before = file.read_bytes()
    given = {name: ("--db", f"sqlite:///{file}", *question, *more) for name, question in questions.items()}
    command = [sys.executable, "-c", BOUND, "-c", ASKED, json.dumps(given)]
    done = subprocess.run(command, capture_output=True, text=True, cwd=file.parents[1] / "out", timeout=120)
    if "root stays root" in done.stderr:
        pytest.skip(done.stderr)
    assert done.returncode == 0, done.stderr
    answers: Answers = json.loads(done.stdout)
    assert (file.read_bytes(), [*file.parent.iterdir()]) == (before, [file])
    return answers


def leaves(file: Path) -> list[bytes]:
    """The bodies of the events in the order of the log."""
    with closing(sqlite3.connect(f"file:{file}?immutable=1", uri=True)) as log:
        rows = log.execute("SELECT body FROM leaf JOIN event USING (stream, n) ORDER BY idx")
        return [body for (body,) in rows]


def root(hashes: list[bytes]) -> bytes:
    """RFC 6962, 2.1."""
    if len(hashes) <= 1:
        return hashes[0] if hashes else hashlib.sha256().digest()
    cut = 1 << (len(hashes) - 1).bit_length() - 1
    return hashlib.sha256(b"\1" + root(hashes[:cut]) + root(hashes[cut:])).digest()


def tree(file: Path) -> dict[str, Any]:
    bodies = leaves(file)
    return {"size": len(bodies), "root": root([hashlib.sha256(b"\0" + body).digest() for body in bodies]).hex()}


def holds(about: dict[str, Any], file: Path, began: datetime) -> None:
    """What every answer says of itself, but for rows and hash."""
    assert about["checkpoint"] == tree(file)
    assert about["log"] == json.loads(leaves(file)[0])["log"]
    assert re.fullmatch(r"\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d\.\d{6}Z", about["made"])
    assert began <= datetime.fromisoformat(about["made"]) <= datetime.now(UTC)
    assert not [text for text in PERSONAL if text in json.dumps(about["filter"], ensure_ascii=False)]


def expected_filter(question: tuple[str, ...], file: Path) -> dict[str, Any]:
    stream = next(e["stream"] for e in map(json.loads, leaves(file)) if e["type"] == "deal.started")
    found: dict[str, Any] = {"deals": [stream]} if "A-1" in question else {}
    if "--diff" in question:
        found["diff"] = ["office@1", "office@2"]
    days = {"1999-12-31": "2000-01-01", "2026-01-31": "2026-02-01", "2026-01-01": "2026-01-01"}
    for option, key in (("--from", "from"), ("--to", "to"), ("--seed", "seed"), ("--require-auth", "require_auth")):
        if option in question:
            value = question[question.index(option) + 1]
            found[key] = f"{days[value]}T00:00:00.000000Z" if value in days else value
    if "sample" in question:
        found["n"] = 2 if "-n" in question else 25
    return found


def test_every_answer_is_what_it_says_it_is(copy: Path) -> None:
    began = datetime.now(UTC)
    answers = asked(copy, QUESTIONS, "--format", "json")
    for name, (code, out, err) in answers.items():
        assert (code, err) == (1 if name == "sod by level" else 0, ""), name
        *lines, last = out.splitlines(keepends=True)
        about = json.loads(last)["about"]
        holds(about, copy, began)
        assert about["filter"] == expected_filter(QUESTIONS[name], copy), name
        assert about["rows"] == len(lines) == len([json.loads(line) for line in lines]), name
        assert about["sha256"] == hashlib.sha256("".join(lines).encode()).hexdigest(), name
        assert (len(lines) == 0) == name.endswith("nothing"), name


def test_people_read_the_same_of_every_answer_and_it_comes_out_the_same_again(copy: Path) -> None:
    answers, texts = asked(copy, QUESTIONS, "--format", "json"), asked(copy, QUESTIONS)
    for name, (_, out, _) in answers.items():
        about = json.loads(out.splitlines()[-1])["about"]
        count, made, check, digest = texts[name][1].splitlines()[-4:]
        rows = f"{about['rows']} row" + "s" * (about["rows"] != 1)
        assert count == f"{about['what']}: {rows}, filter {json.dumps(about['filter'])}", name
        assert made.endswith(f"Z from log {about['log']}")
        assert check == f"checkpoint {about['checkpoint']['size']} {about['checkpoint']['root']}"
        assert digest == f"SHA-256 {about['sha256']} over the rows of --format json", name


def test_every_file_is_what_it_says_it_is_and_says_that_nothing_was_recorded(copy: Path) -> None:
    began = datetime.now(UTC)
    answers = asked(copy, FILES)
    out_of = copy.parents[1] / "out"
    for name, (code, out, err) in answers.items():
        file = out_of / FILES[name][FILES[name].index("-o") + 1]
        digest = hashlib.sha256(file.read_bytes()).hexdigest()
        assert (code, err, "not recorded" in out, f"SHA-256 {digest} over the file\n" in out) == (0, "", True, True), name
        if name == "proof":
            continue
        about = json.loads(file.with_name(f"{file.name}.about.json").read_text("utf-8"))
        holds(about, copy, began)
        assert (about["sha256"], about["recorded"]) == (digest, "not recorded"), name
        events = [json.loads(body) for body in leaves(copy)]
        deals = [event for event in events if event["stream"].startswith("deal:")]
        whole = {"export jsonl": len(events), "export of nothing": 0, "export of a deal": None}.get(name, len(deals))
        assert whole is None or about["rows"] == whole, name


def test_every_file_is_on_record_where_the_log_can_be_written(busy: Procdef) -> None:
    for name, question in FILES.items():
        assert busy(*question)[0] == 0
        file = Path(question[question.index("-o") + 1])
        event = json.loads(leaves(checkpointed(Path("procdef.db")))[-1])
        assert (event["type"], event["stream"]) == ("log.exported", "system"), name
        assert event["data"]["sha256"] == hashlib.sha256(file.read_bytes()).hexdigest()
        assert not [text for text in PERSONAL if text in json.dumps(event)], name
    assert busy("audit", "verify")[0] == 0


def checkpointed(file: Path) -> Path:
    with closing(sqlite3.connect(file)) as log:
        log.execute("PRAGMA wal_checkpoint(TRUNCATE)")
    return file


def test_an_empty_log_is_answered_too(procdef: Procdef, tmp_path: Path) -> None:
    from procdef import open_store

    with closing(open_store("sqlite:///procdef.db")) as store, store.transaction(write=True):
        pass
    for name, question in QUESTIONS.items():
        if not {"A-1", "--diff"} & {*question}:
            code, out, err = procdef(*question, "--format", "json")
            assert (code, err, len(out.splitlines())) == (0, "", 1), name
            about = json.loads(out)["about"]
            assert about["checkpoint"] == {"size": 0, "root": hashlib.sha256().hexdigest()}
            assert (about["rows"], about["sha256"]) == (0, hashlib.sha256().hexdigest())


def test_a_sample_is_drawn_again_in_ten_lines(copy: Path) -> None:
    answers = asked(copy, {name: QUESTIONS[name] for name in ("population", "sample")}, "--format", "json")
    streams = [json.loads(line)["stream"] for line in answers["population"][1].splitlines()[:-1]]
    drawn = sorted(streams, key=lambda stream: hashlib.sha256(f"Q1{stream}".encode()).hexdigest())[:2]
    assert [json.loads(line)["stream"] for line in answers["sample"][1].splitlines()[:-1]] == drawn
