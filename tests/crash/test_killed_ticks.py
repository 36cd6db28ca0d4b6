"""Ticks that are killed at any of their steps, and ticks side by side: what fell due is told once, whatever becomes of them."""

from __future__ import annotations

import json
import shutil
import sqlite3
import subprocess
import sys
from collections import Counter
from contextlib import closing
from datetime import UTC, datetime, timedelta
from pathlib import Path

import killer
import pytest

from procdef import Actor, Engine, open_store
from procdef.language import load
from procdef.verification import Tally, verify

PROCESS = """
procdef: 1
id: timed
version: 1
title: Timed
languages: [en]
roles: {seller: {title: Seller}, manager: {title: Manager}}
fields: {company: {type: text, personal: false}}
stages:
  lead:
    title: Lead
    start: true
    owner: seller
    sla: {within: 2 days, remind: [36 hours, 1 day], escalate_to: manager, escalate_after: 1 day}
    required_actions: {offer: {title: Offer, milestone: offer}}
    next: won
  won: {title: Won, owner: seller, outcome: won}
"""
BEGIN = datetime(2026, 3, 2, 8, tzinfo=UTC)
SELLER = Actor("maija", frozenset({"seller"}))
DEALS = 7
TOLD = Counter({"timer.reminded": 2 * DEALS, "timer.overdue": DEALS, "timer.escalated": DEALS})
CHILD = killer.IMPORT + """
import sqlite3
from datetime import datetime
from procdef import Actor, Engine, open_store
from procdef.engine import ticking

ticking.PAGE = 3
WATCHED = {"execute", "executemany", "fetchone", "fetchall", "close"}
hours = sys.argv[1:]

def tick(file):
    store = open_store(f"sqlite:///{file}")
    for now in hours:
        for told in Engine(store, lambda: datetime.fromisoformat(now)).tick(by=Actor("cron")):
            assert told.problem is None
    store.close()

def copied(at):
    sqlite3.connect("whole.db").backup(other := sqlite3.connect(f"{at}.db"))
    other.close()
    return f"{at}.db"

tick(copied(0))  # so that all is imported
for at in range(1, 10_000):
    file = copied(at)
    if (code := killed_at(at, WATCHED, lambda: tick(file))) != KILLED:
        print(at, code)
        break
"""


@pytest.fixture
def folder(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """A folder with a log of deals that have due times."""
    monkeypatch.chdir(tmp_path)
    store = open_store("sqlite:///whole.db")
    engine = Engine(store, lambda: BEGIN)
    engine.publish(load(PROCESS), by=SELLER)
    for number in range(DEALS):
        engine.start("timed", f"D{number}", by=SELLER)
    store.close()
    return tmp_path


def hour(hours: int) -> datetime:
    return BEGIN + timedelta(hours=hours)


def timers(file: str) -> Counter[str]:
    """What was told of all deals by kind, each of it once; the log verifies."""
    store = open_store(f"sqlite:///{file}")
    with store.inspect() as tx:
        assert list(verify(tx, Tally())) == []
    store.close()
    with closing(sqlite3.connect(file)) as log:
        bodies = [json.loads(row[0]) for row in log.execute("SELECT body FROM event WHERE type LIKE 'timer.%'")]
    said = [(event["stream"], event["type"], json.dumps(event["data"])) for event in bodies]
    assert len(said) == len(set(said))
    return Counter(kind for _, kind, _ in said)


def tick_once_more(file: str, *hours: int) -> None:
    store = open_store(f"sqlite:///{file}")
    for each in hours:
        for told in Engine(store, lambda each=each: hour(each)).tick(by=Actor("cron")):
            assert told.problem is None
    store.close()


def test_a_tick_that_is_killed_at_any_step_is_completed_by_the_next(folder: Path) -> None:
    late = [hour(30).isoformat(), hour(80).isoformat()]
    done = subprocess.run([sys.executable, "-c", CHILD, *late], capture_output=True, text=True, timeout=500, check=False)
    assert done.returncode == 0, done.stderr
    steps, code = map(int, done.stdout.split())
    assert code == 0
    assert steps > 50
    assert timers(f"{steps}.db") == TOLD
    seen = set()
    for at in range(1, steps):
        with closing(sqlite3.connect(f"{at}.db")) as log:
            left = log.execute("SELECT count(*), (SELECT group_concat(wake) FROM deal) FROM event").fetchone()
        if left in seen:  # of ticks that left the same, one is looked at closely
            continue
        seen.add(left)
        reminded = timers(f"{at}.db")["timer.reminded"]
        assert reminded % 2 == 0  # both reminders of a deal, or none
        tick_once_more(f"{at}.db", 30, 80)
        assert timers(f"{at}.db") == TOLD
    assert len(seen) >= 5


def test_a_tick_that_is_never_completed_in_time_tells_no_reminder_of_what_is_past(folder: Path) -> None:
    tick_once_more("whole.db", 1000)
    assert timers("whole.db") == Counter({"timer.overdue": DEALS, "timer.escalated": DEALS})


SIDE_BY_SIDE = """
import sys
from datetime import datetime
from procdef import Actor, Engine, open_store
from procdef.engine import ticking

ticking.PAGE = 2
store = open_store(f"sqlite:///{sys.argv[1]}?busy=60")
told = 0
for now in sys.argv[2:]:
    for each in Engine(store, lambda: datetime.fromisoformat(now)).tick(by=Actor("cron")):
        assert each.problem is None
        told += 1
store.close()
print(told)
"""


@pytest.mark.parametrize("attempt", range(3))
def test_ticks_side_by_side_tell_each_thing_once(folder: Path, attempt: int) -> None:
    shutil.copy("whole.db", "many.db")
    times = [hour(each).isoformat() for each in (13, 30, 49, 80)]
    children = [
        subprocess.Popen([sys.executable, "-c", SIDE_BY_SIDE, "many.db", *times], stdout=subprocess.PIPE, text=True)
        for _ in range(4)
    ]
    told = [int(child.communicate(timeout=120)[0]) for child in children]
    assert [child.returncode for child in children] == [0] * 4
    assert sum(told) == timers("many.db").total()
    assert {**timers("many.db"), "timer.reminded": 0} == {**TOLD, "timer.reminded": 0}
