"""An approval table on the command line: in the process as it is shown, on the screen of a deal, in refusals and in the log."""

from __future__ import annotations

import json
import subprocess
import sys
import zipfile
from pathlib import Path

import pytest

sys.path.insert(0, str(Path(__file__).parents[1] / "verification"))
from approvals import PROCESS


@pytest.fixture
def deal(procdef):
    Path("discounts.yaml").write_text(PROCESS, "utf-8")
    assert procdef("publish", "discounts.yaml")[0] == 0
    assert procdef("start", "discounts", "D-1", "discount=20")[0] == 0
    return procdef


def test_a_process_shows_its_tables(deal):
    shown = " ".join(deal("show", "discounts")[1].replace("│", "").split())
    rows = (
        "by manager where discount <= 15 %",
        "by director where discount <= 25 % and value < 100000",
        "by director or cfo, 2 times in all other cases",
    )
    assert "; ".join(rows) in shown
    stages = json.loads(deal("show", "discounts", "--format", "json")[1])["stages"]
    assert stages[0]["actions"][0]["table"] == [
        {"when": "discount <= 15 %", "roles": ["manager"], "at_least": 1},
        {"when": "discount <= 25 % and value < 100000", "roles": ["director"], "at_least": 1},
        {"when": None, "roles": ["director", "cfo"], "at_least": 2},
    ]
    assert "(Manager, Director or CFO)" in " ".join(deal("diagram", "discounts")[1].split())
    assert deal("playbook", "discounts.yaml", "--output", "book.html")[0] == 0
    book = " ".join(Path("book.html").read_text("utf-8").split())
    assert "In all other cases: " in book
    assert ", 2 times" in book


def test_the_screen_says_who_decides_and_what_to_fill_in_first(deal):
    screen = deal("status", "D-1")[1]
    assert "[?] Approve the discount (approve)" in screen
    assert "who decides depends on value, which is not filled in" in screen
    assert "seller (you): procdef record D-1 value=..." in screen
    code, _, complaint = deal("do", "D-1", "approve", "--approve", "--as", "dan:director")
    assert code == 1
    assert "who decides on approve is not known yet" in complaint
    assert "fill in value" in complaint
    assert deal("record", "D-1", "value=2000000")[0] == 0
    assert "still needed: 2, by director or cfo (row 3 of its table)" in deal("status", "D-1")[1]
    assert deal("do", "D-1", "approve", "--approve", "--as", "dan:director")[0] == 0
    screen = deal("status", "D-1")[1]
    assert "approved by dan" in screen
    assert "still needed: 1, by director or cfo (row 3 of its table)" in screen
    assert deal("record", "D-1", "discount=10")[0] == 0
    screen = deal("status", "D-1")[1]
    assert "approved by dan, by row 3 of its table, which does not hold any more" in " ".join(screen.split())
    assert "offer.approve approved (row 3 of its table)" in deal("log", "D-1")[1]
    assert deal("audit", "verify")[0] == 0
    assert deal("audit", "replay")[0] == 0


def test_what_changes_in_a_table_is_said_in_words(deal):
    Path("other.yaml").write_text(PROCESS.replace("version: 1", "version: 2").replace("<= 15 %", "<= 10 %"), "utf-8")
    told = " ".join(deal("diff", "discounts.yaml", "other.yaml")[1].split())
    was, now = "manager, where discount <= 15 %", "manager, where discount <= 10 %"
    assert f'row 1 of who decides on "Approve the discount": {now}; it was {was}' in told


def test_a_bundle_with_approvals_checks_itself(deal):
    assert deal("record", "D-1", "value=2000")[0] == 0
    assert deal("do", "D-1", "approve", "--approve", "--as", "dan:director")[0] == 0
    assert deal("audit", "proof", "D-1", "--output", "proof.zip")[0] == 0
    with zipfile.ZipFile("proof.zip") as archive:
        archive.extract("verify_bundle.py")
    told = subprocess.run([sys.executable, "verify_bundle.py", "proof.zip"], capture_output=True, text=True, check=False)
    assert told.returncode == 0, told.stdout + told.stderr
