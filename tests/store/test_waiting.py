"""Writers that wait for each other: threads and processes get their turns in the order in which they came."""

from __future__ import annotations

import threading
import time
from collections import Counter
from collections.abc import Callable, Iterator
from contextlib import closing
from itertools import pairwise
from pathlib import Path
from typing import Any

import pytest
from children import run
from rows import event

from procdef import Actor, Engine
from procdef.errors import StoreBusy
from procdef.language import load_source
from procdef.store import Batch, LogOrder, SqliteStore

SELLER = Actor("maija", frozenset({"seller"}))
PROCESS = b"""procdef: 1
id: sale
version: 1
title: Sale
languages: [en]
roles: {seller: {title: Seller}}
fields: {company: {type: text, personal: false}}
stages:
  lead: {title: Lead, start: true, owner: seller, next: won}
  won: {title: Won, owner: seller, outcome: won}
"""
PROCESSES = """
import signal, time

store = open_store(f"sqlite:///{sys.argv[1]}?busy=30")

class Child:
    # A process, forked before anything is open, that writes one step when it is told to.
    def __init__(self, name):
        read, self.told = os.pipe()
        self.pid = os.fork()
        if self.pid == 0:
            os.read(read, 1)
            append(store, 1, stream="deal:" + name)
            os._exit(0)

    def lines_up(self):
        os.write(self.told, b"x")
        time.sleep(0.2)

    def ends(self):
        assert os.waitpid(self.pid, 0)[1] == 0

def order():
    with store.transaction(write=False) as tx:
        return [leaf.event.stream.removeprefix("deal:") for leaf in tx.scan(LogOrder())]

append(store, 1)
"""
IN_ORDER = """
children = [Child(name) for name in "abcde"]
with store.transaction(write=True):
    for child in children:
        child.lines_up()
for child in children:
    child.ends()
print(*order()[1:])
"""
ONE_IS_KILLED = """
children = [Child(name) for name in "abcd"]
with store.transaction(write=True):
    for child in children:
        child.lines_up()
    for at in (2, 0):
        os.kill(children[at].pid, signal.SIGKILL)
        os.waitpid(children.pop(at).pid, 0)
for child in children:
    child.ends()
print(*order()[1:])
"""
ONE_IS_STOPPED = """
first, *others = [Child(name) for name in "abc"]
with store.transaction(write=True):
    for child in (first, *others):
        child.lines_up()
    os.kill(first.pid, signal.SIGSTOP)
for child in others:
    child.ends()
print(*order()[1:])
os.kill(first.pid, signal.SIGCONT)
first.ends()
print(*order()[1:])
"""
FORKED_WHILE_OTHERS_WAIT = """
import threading
here = threading.Event()
def hold():
    with store.transaction(write=True):
        here.set()
        time.sleep(0.5)
holder = threading.Thread(target=hold)
holder.start()
here.wait()
waiter = threading.Thread(target=append, args=(store, 1), kwargs={"stream": "deal:thread"})
waiter.start()
time.sleep(0.1)
child = Child("child")
child.lines_up()
child.ends()
holder.join()
waiter.join()
print(*sorted(order()[1:]))
"""
BESIDE_AN_IMPORT = """
from procdef import Actor, Engine
from procdef.language import load_source
SELLER = Actor("maija", {"seller"})
engine = Engine(store)
engine.publish(load_source(Path(sys.argv[2]).read_bytes(), "sale.yaml"), by=SELLER)
for name in "1234":
    engine.start("sale", name, by=SELLER)
read, write = os.pipe()
children = []
for name in "1234":
    pid = os.fork()
    if pid == 0:
        os.read(read, 1)
        for _ in range(8):
            engine.note(name, "Called", by=SELLER)
        os._exit(0)
    children.append(pid)
steps = ({"by": "anna", "roles": ["seller"], "do": "start", "deal": f"I-{n}"} for n in range(10_000))
for result in engine.run("sale", steps, by=SELLER, batch=50):
    if result.line == 1:
        os.write(write, b"1234")
    if result.line % 50 == 0:
        children = [child for child in children if os.waitpid(child, os.WNOHANG)[0] == 0]
        if not children:
            break
"""


@pytest.fixture
def store(tmp_path: Path) -> Iterator[SqliteStore]:
    with closing(SqliteStore(tmp_path / "log.db", busy=30)) as opened:
        yield opened


def until(is_so: Callable[[], bool]) -> None:
    deadline = time.monotonic() + 10
    while not is_so():
        assert time.monotonic() < deadline
        time.sleep(0.001)


def steps(store: SqliteStore) -> list[str]:
    with store.transaction(write=False) as tx:
        return [leaf.event.stream for leaf in tx.scan(LogOrder())]


def test_threads_write_in_the_order_in_which_they_came(store: SqliteStore) -> None:
    def write(name: str) -> None:
        with store.transaction(write=True) as tx:
            tx.append(Batch(events=[event(1, name)]))

    threads = [threading.Thread(target=write, args=(f"deal:{number}",)) for number in range(20)]
    with store.transaction(write=True):
        for number, thread in enumerate(threads, 2):
            thread.start()
            until(lambda number=number: len(store.turns) == number)  # type: ignore[misc]
    for thread in threads:
        thread.join()
    assert steps(store) == [f"deal:{number}" for number in range(20)]


@pytest.mark.parametrize("count", [1, 4, 8])
def test_threads_get_as_many_turns_as_each_other(count: int, store: SqliteStore) -> None:
    turns, end = [0] * count, threading.Event()

    def write(number: int) -> None:
        while not end.is_set():
            with store.transaction(write=True) as tx:
                turns[number] += 1
                tx.append(Batch(events=[event(turns[number], f"deal:{number}")]))
            if turns[number] == 30:
                end.set()

    threads = [threading.Thread(target=write, args=(number,)) for number in range(count)]
    with store.transaction(write=True):  # until all are in line: the first could take all of its turns before another begins
        for thread in threads:
            thread.start()
        until(lambda: len(store.turns) == count + 1)
    for thread in threads:
        thread.join()
    assert max(turns) - min(turns) <= 3


@pytest.mark.parametrize(
    ("expected", "program"),
    [
        (["a b c d e"], IN_ORDER),
        (["b d"], ONE_IS_KILLED),
        (["b c", "b c a"], ONE_IS_STOPPED),
        (["child thread"], FORKED_WHILE_OTHERS_WAIT),
    ],
    ids=["in order", "one is killed", "one is stopped", "forked while others wait"],
)
def test_processes_write_in_the_order_in_which_they_came(expected: list[str], program: str, tmp_path: Path) -> None:
    assert run(PROCESSES + program, tmp_path / "log.db") == expected


def test_an_import_gives_way_between_its_batches(tmp_path: Path) -> None:
    file, process = tmp_path / "log.db", tmp_path / "sale.yaml"
    process.write_bytes(PROCESS)
    run(PROCESSES + BESIDE_AN_IMPORT, file, process)
    with closing(SqliteStore(file)) as store, store.transaction(write=False) as tx:
        events = [leaf.event for leaf in tx.scan(LogOrder())]
    noted = [stream for stream, count in Counter(each.stream for each in events).items() if count == 1 + 8]
    assert len(noted) == 4
    for stream in noted:
        places = [at for at, each in enumerate(events) if each.stream == stream and each.type == "deal.noted"]
        between = [sum(each.type == "deal.started" for each in events[a:b]) for a, b in pairwise(places)]
        assert max(between) <= 2 * 50


def test_who_may_not_wait_is_told_at_once_who_writes(tmp_path: Path) -> None:
    with closing(SqliteStore(tmp_path / "log.db", busy=0)) as store:
        inside: list[Any] = []

        def write() -> None:
            try:
                with store.transaction(write=True):
                    inside.append("wrote")
            except StoreBusy as error:
                inside.append(str(error))

        with store.transaction(write=True):
            other = threading.Thread(target=write)
            other.start()
            other.join()
        write()
    assert inside[0].endswith("is locked by another transaction of this process; commit it or roll it back")
    assert inside[1:] == ["wrote"]


def test_who_gives_up_waiting_is_no_longer_in_the_line(tmp_path: Path) -> None:
    engine = Engine(SqliteStore(tmp_path / "log.db", busy=0.2))
    engine.publish(load_source(PROCESS, "sale.yaml"), by=SELLER)
    with engine.store.transaction(write=True):
        for _ in range(2):
            with pytest.raises(StoreBusy):
                engine.start("sale", "D", by=SELLER)
    assert engine.start("sale", "D", by=SELLER).deal.key == "D"
    assert len(engine.store.turns) == 0  # type: ignore[attr-defined]
    engine.store.close()
