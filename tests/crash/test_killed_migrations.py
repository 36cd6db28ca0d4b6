"""Migrations that are killed at any moment and begun again: each deal goes over once, whole, and none is left behind."""

from __future__ import annotations

import json
import os
import random
import sqlite3
import subprocess
import sys
import time
from contextlib import closing
from pathlib import Path

import killer
import pytest

from procdef import Actor, Engine, open_store
from procdef.language import load_source
from procdef.verification import Tally, verify

FIRST = """
procdef: 1
id: sale
version: 1
title: Sale
languages: [en]
roles: {seller: {title: Seller}}
fields: {mail: {type: email}, budget: {type: number}}
stages:
  lead: {title: Lead, start: true, owner: seller, required_actions: {call: {title: Call, records: [budget, mail]}}, next: talk}
  talk: {title: Talk, owner: seller, sla: {within: 5 days}, next: won}
  won: {title: Won, outcome: won, owner: seller}
"""
SECOND = FIRST.replace("version: 1", "version: 2").replace("talk", "closing").replace("mail", "address").replace(
    "{type: eaddress}", "{type: email}"
).replace("{type: address}", "{type: email}")  # fmt: skip
PLAN = """
procdef-plan: 1
process: sale
from: 1
to: 2
stages: {talk: closing}
fields: {mail: address}
"""
SELLER = Actor("maija", frozenset({"seller"}))
CHILD = killer.IMPORT + """
import shutil
from contextlib import redirect_stdout
from os import devnull
from procdef.cli import run

WATCHED = {"execute", "executemany", "commit", "rollback"}

def migrate(name):
    return run(["--db", name, *sys.argv[1:]])

def in_a_fork(name, at):
    return killed_at(at, WATCHED, lambda: migrate(name))

shutil.copy("deals.db", "whole.db")
with open(devnull, "w") as nowhere, redirect_stdout(nowhere):
    assert migrate("whole.db") == 0  # so that no fork has to import anything
for at in range(1, 10_000):
    name = f"{at}.db"
    shutil.copy("deals.db", name)
    if in_a_fork(name, at) != KILLED:
        print(at)
        break
    if in_a_fork(name, 0) != 0:
        print("not completed", at)
        break
"""
MIGRATE = ["migrate", "sale", "--plan", "plan.yaml", "--apply", "--format", "json"]


def office(folder: Path, deals: int) -> Path:
    """A log with so many deals of the first version, half of them further on, and both versions."""
    file = folder / "deals.db"
    with closing(open_store(f"sqlite:///{file}")) as store:
        engine = Engine(store)
        engine.publish(load_source(FIRST.encode(), "sale.yaml"), by=SELLER)
        steps: list[dict[str, object]] = []
        for n in range(deals):
            told = {"by": "maija", "roles": ["seller"], "deal": f"D-{n:05}"}
            steps.append({**told, "do": "start", "values": {"mail": f"a{n}@x.example", "budget": n}})
            if n % 2:
                steps += [{**told, "do": "do", "action": "call"}, {**told, "do": "advance"}]
        assert {each.status for each in engine.run("sale", steps, by=SELLER)} == {"applied"}
        engine.publish(load_source(SECOND.encode(), "sale2.yaml"), by=SELLER)
    (folder / "plan.yaml").write_text(PLAN, "utf-8")
    return file


def check_whole(file: Path, deals: int) -> None:
    """All deals are over, each by one event, and the log verifies."""
    with closing(open_store(f"sqlite:///{file}", read_only=True)) as store:
        with store.inspect() as tx:
            assert list(verify(tx, Tally())) == []
        assert {row.version for row in Engine(store).deals()} == {2}
    with closing(sqlite3.connect(file)) as log:
        counts = log.execute("SELECT count(*), count(DISTINCT stream) FROM event WHERE type = 'deal.migrated'").fetchone()
        assert counts == (deals, deals)
        assert log.execute("SELECT DISTINCT stage FROM stay ORDER BY stage").fetchall() == [("closing",), ("lead",)]


@pytest.mark.skipif(not hasattr(os, "fork"), reason="kills forks of a process")
def test_a_migration_that_is_killed_at_any_statement_goes_on_where_it_ended(tmp_path: Path) -> None:
    office(tmp_path, 3)
    done = subprocess.run([sys.executable, "-c", CHILD, *MIGRATE], cwd=tmp_path, capture_output=True, text=True, timeout=300)
    steps = int(done.stdout)
    assert steps > 10
    for at in range(1, steps + 1):
        check_whole(tmp_path / f"{at}.db", 3)


DEALS = int(os.environ.get("PROCDEF_MIGRATED_DEALS", "300"))


def test_many_deals_interrupted_ten_times_are_all_over_in_the_end(tmp_path: Path) -> None:
    file, luck = office(tmp_path, DEALS), random.Random(7)
    command = [sys.executable, "-m", "procdef", "--db", str(file), *MIGRATE]
    for _ in range(10):
        running = subprocess.Popen(command, cwd=tmp_path, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL)
        time.sleep(luck.uniform(0.3, 1.5))
        running.kill()
        running.wait()
    done = subprocess.run(command, cwd=tmp_path, capture_output=True, text=True, timeout=600)
    assert done.returncode == 0, done.stderr
    summary = json.loads(done.stdout.splitlines()[-1])
    assert summary["migrated"] + summary["already"] == DEALS
    check_whole(file, DEALS)
