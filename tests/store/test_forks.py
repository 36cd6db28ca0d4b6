"""Processes that are forked with a store open: whatever a process was told to be stored is found afterwards."""

from __future__ import annotations

from collections import Counter
from contextlib import closing
from pathlib import Path

import pytest
from children import run

from procdef.store import LogOrder, open_store

# What each process was told to be stored it writes to a file of its own, one line a step.
FORKING = """
import multiprocessing, threading, time
from procdef.errors import StoreDetached
from procdef.store import MemoryStore, forks

file = sys.argv[1]
notes = Path(sys.argv[2])
url = f"sqlite:///{file}?busy=30"

def step(store, stream, n):
    append(store, n, stream=stream)
    with (notes / f"{os.getpid()}").open("a") as told:
        told.write(f"{stream} {n}\\n")

def command_line():
    code = '''
store = open_store("sqlite:///" + sys.argv[1])
print(leaves(store))
store.close()
'''
    subprocess.run([sys.executable, "-c", HERE + code, file], check=True, stdout=subprocess.DEVNULL)

def child(work):
    pid = os.fork()
    if pid == 0:
        status = 1
        try:
            work()
            status = 0
        except BaseException:
            import traceback
            traceback.print_exc()
        finally:
            os._exit(status)
    return pid

def wait(pid):
    assert os.waitpid(pid, 0)[1] == 0

store = open_store(url)
"""


@pytest.fixture
def file(tmp_path: Path) -> Path:
    (tmp_path / "notes").mkdir()
    return tmp_path / "log.db"


def acknowledged(program: str, file: Path) -> Counter[tuple[str, int]]:
    """Which steps all the processes together were told to be stored; they are what is stored."""
    run(FORKING + program, file, file.parent / "notes")
    lines = [line.split() for told in (file.parent / "notes").iterdir() for line in told.read_text().splitlines()]
    told = Counter((stream, int(n)) for stream, n in lines)
    with closing(open_store(f"sqlite:///{file}")) as store, store.transaction(write=False) as tx:
        assert Counter((leaf.event.stream, leaf.event.n) for leaf in tx.scan(LogOrder())) == told
    return told


BEFORE = {"that stepped": "step(store, 'deal:before', 1)", "that did nothing": "", "that only read": "leaves(store)"}
ENDINGS = {"closes": "store.close()", "drops": "del store", "keeps": ""}


@pytest.mark.parametrize(
    ("before", "ending"),
    [
        ("that stepped", "closes"),
        ("that did nothing", "closes"),
        ("that only read", "drops"),
        ("that stepped", "keeps"),
    ],
)
def test_a_child_goes_on_whatever_the_parent_does(ending: str, before: str, file: Path) -> None:
    """The parent opened the store and {ending} it after the child's first step; the command line comes by in between."""
    program = f"""
{BEFORE[before]}
first, second = os.pipe(), os.pipe()
def work():
    step(store, "deal:child", 1)
    os.write(first[1], b"x")
    os.read(second[0], 1)
    for n in (2, 3):
        step(store, "deal:child", n)
        command_line()
    step(store, "deal:child", 4)
forked = child(work)
os.read(first[0], 1)
{ENDINGS[ending]}
command_line()
os.write(second[1], b"x")
wait(forked)
"""
    assert sum(acknowledged(program, file).values()) == 4 + ("stepped" in before)


@pytest.mark.parametrize("way", ["Process(target=work, args=(k,))", "Pool"])
def test_workers_of_multiprocessing_lose_nothing(way: str, file: Path) -> None:
    program = """
context = multiprocessing.get_context("fork")
step(store, "deal:before", 1)
def work(k):
    for n in range(1, 6):
        step(store, f"deal:{k}", n)
"""
    if way == "Pool":
        program += "with context.Pool(3) as pool:\n    pool.map(work, range(3))\n"
    else:
        program += f"""
workers = [context.{way} for k in range(3)]
for worker in workers:
    worker.start()
store.close()
for worker in workers:
    worker.join()
    assert worker.exitcode == 0
"""
    assert sum(acknowledged(program, file).values()) == 16


def test_a_server_that_becomes_a_daemon_loses_nothing(file: Path) -> None:
    program = """
step(store, "deal:before", 1)
done = os.pipe()
if os.fork():
    os.close(done[1])
    os.read(done[0], 1)  # ends with the daemon
    sys.exit(0)
os.setsid()
if os.fork():
    sys.exit(0)
os.chdir("/")
for n in range(1, 6):
    step(store, "deal:daemon", n)
    command_line()
store.close()
"""
    assert sum(acknowledged(program, file).values()) == 6


def test_a_fork_waits_for_the_steps_of_other_threads(file: Path) -> None:
    program = """
stop = threading.Event()
def work(k):
    n = 0
    while not stop.is_set():
        n += 1
        step(store, f"deal:{k}", n)
        time.sleep(0.001)  # others would never get a turn
threads = [threading.Thread(target=work, args=(k,)) for k in range(3)]
for thread in threads:
    thread.start()
def forked(k):
    def steps():
        for n in range(1, 4):
            step(store, f"deal:child-{k}", n)
    return steps
children = []
for k in range(12):
    children.append(child(forked(k)))
    time.sleep(0.01)
ends = [os.waitpid(each, 0)[1] for each in children]
stop.set()
for thread in threads:
    thread.join()
assert ends == [0] * 12
"""
    told = acknowledged(program, file)
    assert sum(count for (stream, _), count in told.items() if "child" in stream) == 36


@pytest.mark.parametrize("forks_at_once", [1, 3])
def test_a_fork_within_a_fork_loses_nothing(forks_at_once: int, file: Path) -> None:
    program = f"""
def grandchild():
    step(store, f"deal:{{os.getpid()}}", 1)
def work():
    step(store, f"deal:{{os.getpid()}}", 1)
    inner = [child(grandchild) for _ in range({forks_at_once})]
    store.close()
    for each in inner:
        wait(each)
forked = [child(work) for _ in range({forks_at_once})]
step(store, "deal:parent", 1)
for each in forked:
    wait(each)
command_line()
step(store, "deal:parent", 2)
"""
    assert sum(acknowledged(program, file).values()) == 2 + forks_at_once + forks_at_once**2


LEFT_OPEN = {
    "a list that is being read": """
rows = store.transaction(write=False)
scan = rows.__enter__().scan(LogOrder())
next(scan)
""",
    "a step of a thread that takes too long": """
begun, over = threading.Event(), threading.Event()
def long():
    with store.transaction(write=True) as tx:
        begun.set()
        over.wait()
threading.Thread(target=long).start()
begun.wait()
""",
    "a connection of the application": """
import sqlite3
theirs = sqlite3.connect(file)
theirs.execute("SELECT * FROM leaf").fetchall()
""",
}


@pytest.mark.parametrize("opened_anew", [False, True])
@pytest.mark.parametrize("left", LEFT_OPEN)
def test_a_child_that_inherits_an_open_connection_is_refused_plainly(left: str, opened_anew: bool, file: Path) -> None:
    program = f"""
forks.SECONDS = 0.2
step(store, "deal:parent", 1)
{LEFT_OPEN[left]}
def work():
    for _ in range(2):
        try:
            mine = open_store(url) if {opened_anew} else store
            step(mine, "deal:child", 1)
        except StoreDetached as error:
            assert "nothing was written" in str(error)
        else:
            raise SystemExit("acknowledged")
wait(child(work))
if "over" in globals():
    over.set()
step(store, "deal:parent", 2)
command_line()
"""
    assert sum(acknowledged(program, file).values()) == 2


def test_a_child_may_use_the_database_once_it_has_closed_what_it_inherited(file: Path) -> None:
    program = """
import sqlite3
theirs = sqlite3.connect(file, isolation_level=None)
theirs.execute("SELECT * FROM leaf").fetchall()
def work():
    global theirs
    theirs.close()
    theirs = sqlite3.connect(file, isolation_level=None)  # of the same number, perhaps
    theirs.execute("BEGIN IMMEDIATE")
    with store.transaction(write=True, connection=theirs) as tx:
        tx.append(Batch(events=[event(1, "deal:joined")]))
    theirs.execute("COMMIT")
    (notes / "joined").write_text("deal:joined 1\\n")
    step(store, "deal:child", 1)
forked = child(work)
wait(forked)
theirs.close()
store.close()
command_line()
"""
    assert sum(acknowledged(program, file).values()) == 2


@pytest.mark.parametrize("log", ["the same log", "another one"])
def test_a_child_does_not_take_a_file_that_replaced_the_database_for_it(log: str, file: Path) -> None:
    program = f"""
import shutil
step(store, "deal:parent", 1)
store.backup(file + "x")
if {log == "another one"}:
    os.unlink(file + "x")
    open_store(file + "x").close()
for end in ("-wal", "-shm"):
    os.unlink(file + end)
shutil.copy(file, file + "kept")
os.replace(file + "x", file)
def work():
    try:
        step(store, "deal:child", 1)
    except StoreDetached:
        return
    raise SystemExit("acknowledged")
wait(child(work))
"""
    run(FORKING + program, file, file.parent / "notes")
    with closing(open_store(file)) as store, store.transaction(write=False) as tx:
        assert len(list(tx.scan(LogOrder()))) == (log == "the same log")


def test_the_connection_that_a_child_inherits_cannot_be_joined(file: Path) -> None:
    program = """
import sqlite3
theirs = sqlite3.connect(file, isolation_level=None)
theirs.execute("SELECT * FROM leaf").fetchall()
def work():
    theirs.execute("BEGIN IMMEDIATE")
    try:
        with store.transaction(write=True, connection=theirs) as tx:
            tx.append(Batch(events=[event(1)]))
    except StoreDetached as error:
        assert "without a lock" in str(error)
    else:
        raise SystemExit("acknowledged")
wait(child(work))
"""
    assert acknowledged(program, file) == Counter()


def test_children_of_a_store_in_memory_do_not_hang() -> None:
    program = """
import signal
from procdef.store import MemoryStore
store = MemoryStore()
stop = threading.Event()
def work(k):
    n = 0
    while not stop.is_set():
        n += 1
        append(store, n, stream=f"deal:{k}")
threads = [threading.Thread(target=work, args=(k,)) for k in range(2)]
for thread in threads:
    thread.start()
def forked():
    signal.alarm(20)
    before = leaves(store)
    append(store, 1, stream="deal:child")
    assert leaves(store) == before + 1
for each in [child(forked) for _ in range(20)]:
    wait(each)
stop.set()
for thread in threads:
    thread.join()
"""
    run(FORKING.replace("store = open_store(url)\n", "") + program, "unused", "unused")


def test_a_child_of_a_store_in_memory_that_was_being_changed_is_refused_plainly() -> None:
    program = """
forks.SECONDS = 0.2
store = MemoryStore()
begun, over = threading.Event(), threading.Event()
def long():
    with store.transaction(write=True) as tx:
        tx.append(Batch(events=[event(1)]))
        begun.set()
        over.wait()
thread = threading.Thread(target=long)
thread.start()
begun.wait()
def forked():
    for use in (lambda: append(store, 2), lambda: leaves(store)):
        try:
            use()
        except StoreDetached as error:
            assert "in memory" in str(error)
        else:
            raise SystemExit("acknowledged")
wait(child(forked))
over.set()
thread.join()
append(store, 2)
assert leaves(store) == 2
"""
    run(FORKING.replace("store = open_store(url)\n", "") + program, "unused", "unused")
