"""A backup of a database that is in use, and stores that a block closes."""

from __future__ import annotations

import sqlite3
from contextlib import closing
from pathlib import Path

import pytest
from children import run
from rows import DEAL, event

from procdef.errors import InvalidArgument, StoreError
from procdef.store import Batch, Deals, LogOrder, open_store

WHILE_OTHERS_WRITE = """
import threading
file, folder = Path(sys.argv[1]), Path(sys.argv[2])
store = open_store(f"sqlite:///{file}?busy=30")
written, stop = [0], threading.Event()
def work():
    while not stop.is_set():
        append(store, written[0] + 1)
        written[0] += 1
writing = threading.Thread(target=work)
writing.start()
other = subprocess.Popen([sys.executable, "-c", HERE + '''
store = open_store(f"sqlite:///{sys.argv[1]}?busy=30")
for n in range(1, 40):
    append(store, n, stream="deal:other")
''', str(file)])
for k in range(5):
    before = written[0]
    events = store.backup(folder / f"{k}.db")
    print(k, before, events)
other.wait()
stop.set()
writing.join()
"""
KILLED = """
import signal, threading
store = open_store(Path(sys.argv[1]))
for n in range(1, 4):
    append(store, n)
threading.Timer(float(sys.argv[3]), lambda: os.kill(os.getpid(), signal.SIGKILL)).start()
while True:
    Path(sys.argv[2]).unlink(missing_ok=True)
    store.backup(sys.argv[2])
"""


def events(file: Path) -> list[tuple[str, int]]:
    with open_store(file, read_only=True) as store, store.transaction(write=False) as tx:
        return [(leaf.event.stream, leaf.event.n) for leaf in tx.scan(LogOrder())]


@pytest.fixture
def file(tmp_path: Path) -> Path:
    with open_store(tmp_path / "log.db") as store, store.transaction(write=True) as tx:
        tx.append(Batch(events=[event(1), event(2)], deals=[(DEAL, 0)]))
    return tmp_path / "log.db"


def test_a_backup_is_one_state_of_the_log_however_many_write_meanwhile(tmp_path: Path) -> None:
    (tmp_path / "backups").mkdir()
    for line in run(WHILE_OTHERS_WRITE, tmp_path / "log.db", tmp_path / "backups"):
        k, before, count = map(int, line.split())
        copied = events(tmp_path / "backups" / f"{k}.db")
        assert len(copied) == count >= before
        assert copied == events(tmp_path / "log.db")[:count]
    assert sorted(each.name for each in (tmp_path / "backups").iterdir()) == [f"{k}.db" for k in range(5)]


def test_a_backup_is_its_owners_only_and_can_be_used_like_the_log(file: Path, tmp_path: Path) -> None:
    with open_store(file) as store:
        assert store.backup(str(tmp_path / "copy.db")) == 2
        with store.transaction(write=True) as tx:
            tx.append(Batch(events=[event(3)]))
    assert (tmp_path / "copy.db").stat().st_mode & 0o777 == 0o600
    with open_store(tmp_path / "copy.db") as store, store.transaction(write=True) as tx:
        assert list(tx.scan(Deals())) == [DEAL]
        tx.append(Batch(events=[event(3)]))
    assert events(file) == events(tmp_path / "copy.db") == [("deal:1", n) for n in (1, 2, 3)]


def test_a_backup_takes_the_applications_tables_along(file: Path, tmp_path: Path) -> None:
    with closing(sqlite3.connect(file)) as theirs:
        theirs.execute("CREATE TABLE customer (name TEXT)")
        theirs.execute("INSERT INTO customer VALUES ('Acme')")
        theirs.commit()
        with open_store(file) as store:
            store.backup(tmp_path / "copy.db")
    with closing(sqlite3.connect(tmp_path / "copy.db")) as copy:
        assert copy.execute("SELECT * FROM customer").fetchall() == [("Acme",)]


def test_what_can_only_be_read_can_be_backed_up(file: Path, tmp_path: Path) -> None:
    with open_store(file, read_only=True) as store:
        assert store.backup(tmp_path / "copy.db") == 2


@pytest.mark.parametrize("taken", ["log.db", "other.txt", "link", "folder"])
def test_nothing_is_written_over(taken: str, file: Path, tmp_path: Path) -> None:
    (tmp_path / "other.txt").write_text("kept")
    (tmp_path / "link").symlink_to("nowhere")
    (tmp_path / "folder").mkdir()
    before = sorted(tmp_path.iterdir()), file.read_bytes()
    with open_store(file) as store:
        with pytest.raises(InvalidArgument, match="is there already; name a new file"):
            store.backup(tmp_path / taken)
        assert len(list(tmp_path.iterdir())) - len(before[0]) == 2  # -wal and -shm
    assert (sorted(tmp_path.iterdir()), file.read_bytes()) == before


@pytest.mark.parametrize("place", ["nowhere/copy.db", "log.db/copy.db"])
def test_a_backup_that_cannot_be_written_is_told_plainly(place: str, file: Path, tmp_path: Path) -> None:
    with open_store(file) as store, pytest.raises(StoreError):
        store.backup(tmp_path / place)


@pytest.mark.parametrize("seconds", [0.02, 0.05, 0.09])
def test_a_backup_that_is_killed_leaves_no_half_a_file_under_its_name(seconds: float, tmp_path: Path) -> None:
    with pytest.raises(AssertionError):
        run(KILLED, tmp_path / "log.db", tmp_path / "copy.db", seconds)
    if (tmp_path / "copy.db").exists():
        assert len(events(tmp_path / "copy.db")) == 3
        (tmp_path / "copy.db").unlink()
    with open_store(tmp_path / "log.db") as store:
        assert store.backup(tmp_path / "copy.db") == 3
    assert not list(tmp_path.glob(".*"))


def test_a_store_in_memory_has_nothing_to_back_up(tmp_path: Path) -> None:
    with open_store("memory:") as store, pytest.raises(StoreError, match="keep the log in a file"):
        store.backup(tmp_path / "copy.db")


def test_a_block_closes_its_store(file: Path) -> None:
    with open_store(file) as store:
        assert Path(f"{file}-wal").exists()
    assert not Path(f"{file}-wal").exists()
    with pytest.raises(StoreError, match="closed"), store.transaction(write=False):
        pass


@pytest.mark.parametrize("end", ["-wal", "-journal"])
def test_what_is_left_over_of_another_database_is_not_played_into_a_backup(end: str, file: Path, tmp_path: Path) -> None:
    with open_store(tmp_path / "other.db") as other, other.transaction(write=True) as tx:
        tx.append(Batch(events=[event(1, stream="deal:other")]))
        left = Path(f"{tmp_path / 'monday.db'}{end}")
        left.write_bytes((tmp_path / "other.db-wal").read_bytes())
    with open_store(file) as store:
        with pytest.raises(InvalidArgument, match=f"{left.name} is left over of another database"):
            store.backup(tmp_path / "monday.db")
        assert not (tmp_path / "monday.db").exists()
        left.unlink()
        assert store.backup(tmp_path / "monday.db") == 2
    assert events(tmp_path / "monday.db") == events(file)
