"""Every command that takes a database says the same of a log in PostgreSQL as of one in a SQLite file."""

from __future__ import annotations

import os
import re
import shutil
from collections.abc import Callable
from difflib import unified_diff
from pathlib import Path

import pytest

from postgresql import PASSWORD, schema_of, server
from procdef.cli.command_table import COMMANDS

Procdef = Callable[..., tuple[int, str, str]]
PROCESSES = Path(__file__).parents[2] / "processes"

LINES = """
publish b2b-sales.yaml
run b2b-sales.yaml demo.steps.jsonl --keep-going
run b2b-sales.yaml demo.steps.jsonl --keep-going --dry-run
start b2b-sales T-1 --stage prospecting
record T-1 company_name=Acme contact_email=m@example.com
record T-1 nothing=1
do T-1 research_company
note T-1 called --request n-1
note T-1 called --request n-1
note T-1 other --request n-1
assign T-1 aino
advance T-1 --dry-run
advance T-1
waive T-1 nothing --reason why
back B2B-001 prospecting --reason again
lose T-1 no_response
reopen T-1
finish T-1
status T-1
status T-1 --format json
log T-1
log T-1 --format json
people check people.yaml
people publish people.yaml
people who-can B2B-001 advance
note T-1 with-the-roles-of-the-directory --as aino
deals
deals --owner maija --format json
deals --overdue
agenda
agenda --for maija
tick
tick
casefile T-1 -o case.html
report b2b-sales
report b2b-sales --format json
forecast b2b-sales
diff b2b-sales b2b-sales.yaml
show b2b-sales
diagram b2b-sales --counts
playbook b2b-sales -o playbook.html
prove b2b-sales
explain trap
test b2b-sales.yaml
check b2b-sales.yaml
migrate b2b-sales --to 1
export-person m@example.com
erase T-1 --field contact_email --basis asked --as aino
erase --person nobody@example.com --basis asked --as aino
audit key new log.key
audit checkpoint --key log.key
audit verify
audit verify --format json
audit inclusion T-1 1
audit consistency 3 4
audit clock
audit definitions
audit erasures
audit purge
audit export --format csv -o events.csv
audit export --format jsonl -o events.jsonl
audit overrides
audit population
audit sample -n 30 --seed 1
audit sod
audit replay T-1
audit proof T-1 -o proof.zip
store check
store seal
"""
MADE = (
    *(
        "log.key",
        "proof.zip",
        "events.csv",
        "events.csv.about.json",
        "events.jsonl",
        "events.jsonl.about.json",
        "case.html",
        "playbook.html",
    ),
)


def masked(text: str) -> str:
    """Without what differs by time and chance."""
    text = re.sub(r"[0-9a-f]{8}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{12}", "UUID", text)
    text = re.sub(r"\d{4}-\d\d-\d\d[T ]\d\d:\d\d(:\d\d(\.\d+)?)?Z?", "TIME", text)
    text = re.sub(r'"stage_age": \d+', "AGE", text)
    text = re.sub(r"\b[0-9a-f]{8,64}\b", "HASH", text)
    text = re.sub(r"[A-Za-z0-9+/]{40,}={0,2}", "BASE64", text)
    text = re.sub(r"^the indexes were not held against the tables: .*\n", "", text, flags=re.MULTILINE)  # without amcheck
    for words in (r"the server's write-ahead log .* may still hold it$", "backups and copies handed over still hold it$"):
        text = re.sub(words, "OUTSIDE", text, flags=re.MULTILINE)
    text = re.sub("the log's tables(?= were written)|(?<=left in )the log's tables", "the database's files", text)
    text = re.sub(r"^the event trigger citus_.*\n", "", text, flags=re.MULTILINE)  # which comes with the extension
    text = re.sub(r"\d+\.\d+ %|\d+\.\d+ days|\"\d+\.\d+\"", "PART", text)  # of a time that goes on
    return re.sub(r"\b(sqlite|postgresql):\S+|\S*here\.db\S*", "DATABASE", text)


def told(procdef: Procdef, database: str, folder: Path) -> list[tuple[str, int, str, str]]:
    found = []
    for line in LINES.strip().splitlines():
        code, out, err = procdef(*line.split(), "--db", database)
        assert "Traceback" not in err, f"{line}: {err}"
        assert PASSWORD not in out + err, line
        shown = masked(out)
        if line.startswith(("audit population", "audit sample", "tick")):  # by stream, whose names are of chance
            shown = "\n".join(sorted(re.sub(r"^ +\d+ ", "", shown, flags=re.MULTILINE).splitlines()))
        if line.startswith("report") and "json" in line:  # with parts of a time that goes on, in figures
            shown = re.sub(r"\d+(\.\d+)?", "N", shown)
        elif line.startswith("report"):
            shown = re.sub(r"\d+\.\d+", "N", shown)
        found.append((line, code, shown, masked(err)))
    for made in MADE:
        assert not (folder / made).exists() or PASSWORD.encode() not in (folder / made).read_bytes()
        (folder / made).unlink(missing_ok=True)
    return found


@pytest.mark.parametrize("log", ["postgres_log", "citus_log"])
def test_what_a_command_says_does_not_depend_on_the_database(
    log: str, request: pytest.FixtureRequest, procdef: Procdef, tmp_path: Path
) -> None:
    postgres_log = request.getfixturevalue(log)
    if log == "postgres_log" and not os.environ.get("PROCDEF_PG_DSN"):
        postgres_log = f"{server().tcp}?schema={schema_of(postgres_log)}"  # with a password, which nothing may show
    for name in ("b2b-sales.yaml", "b2b-sales.test.yaml", "b2b-sales.people.yaml"):
        shutil.copy(PROCESSES / name, tmp_path / name.replace("b2b-sales.people", "people"))
    steps = (PROCESSES / "demo.steps.jsonl").read_text("utf-8").splitlines(keepends=True)
    (tmp_path / "demo.steps.jsonl").write_text("".join(steps[:120]), "utf-8")
    of_file = told(procdef, "here.db", tmp_path)
    of_server = told(procdef, postgres_log, tmp_path)
    differing: list[str] = []
    for pair in zip(of_file, of_server, strict=True):
        before, after = (f"{line}: {code}\n{out}{err}".splitlines() for line, code, out, err in pair)
        differing += unified_diff(before, after, lineterm="", n=0)
    assert not differing, "\n".join(differing)
    assert {line.split()[0] for line, *_ in of_file} >= set(COMMANDS) - {"demo", "new", "schema", "simulate"}
    usage = [f"{line}: {err}" for line, code, _, err in of_file if code == 2 and "Usage:" in err]
    assert usage == []
