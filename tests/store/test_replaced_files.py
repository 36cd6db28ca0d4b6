"""Files that are replaced, removed or copied under a running application. What it was told to be stored is stored: every
program counts the steps that were acknowledged, and what is found at the path is held against that."""

from __future__ import annotations

import sqlite3
from contextlib import closing
from pathlib import Path

import pytest
from children import run
from rows import event

from procdef.errors import StoreDetached, StoreError
from procdef.store import Batch, LogOrder, open_store

# Each prints how many of its steps were acknowledged. `elsewhere` runs code in a process of its own, as the command line is.
PREPARED = """
import shutil
from pathlib import Path
from procdef.errors import StoreDetached

file = Path(sys.argv[1])
store = open_store(f"sqlite:///{file}")
done = []

def step(n, stream="deal:app"):
    append(store, n, stream=stream)
    done.append((stream, n))

def elsewhere(code):
    subprocess.run([sys.executable, "-c", HERE + code, str(file)], check=True)

def command_line(n):
    elsewhere(f'''
store = open_store("sqlite:///" + sys.argv[1])
append(store, {n}, stream="deal:cli")
store.close()
''')
    done.append(("deal:cli", n))

def refused(n):
    try:
        step(n)
    except StoreDetached as error:
        assert "no longer the file that was opened" in str(error), error
        return True
    return False

def remove(*ends):
    for end in ends:
        Path(f"{file}{end}").unlink()

def tell():
    print(done)
"""


def acknowledged(program: str, file: Path) -> list[tuple[str, int]]:
    """The steps that the program was told to be stored, and none that it was not."""
    (told,) = run(PREPARED + program, file)
    return sorted(eval(told))


def stored(file: Path) -> list[tuple[str, int]]:
    with closing(open_store(f"sqlite:///{file}")) as store, store.transaction(write=False) as tx:
        return sorted((leaf.event.stream, leaf.event.n) for leaf in tx.scan(LogOrder()))


@pytest.fixture
def file(tmp_path: Path) -> Path:
    return tmp_path / "log.db"


COPIES = {
    "the database": "shutil.copy(file, folder / 'copy.db')",
    "all files": "[shutil.copy(each, folder) for each in file.parent.glob('log.db*')]",
    "the folder": "shutil.copytree(file.parent, folder / 'all', dirs_exist_ok=True)",
    "the bytes": "[each.read_bytes() for each in file.parent.glob('log.db*')]",
}


@pytest.mark.parametrize("copy", COPIES)
def test_an_application_that_copies_its_database_goes_on_with_it(copy: str, tmp_path: Path) -> None:
    (tmp_path / "data").mkdir()
    file = tmp_path / "data" / "log.db"
    program = f"""
folder = file.parent.parent
step(1)
{COPIES[copy]}
command_line(1)
step(2)
command_line(2)
{COPIES[copy]}
step(3)
command_line(3)
store.close()
tell()
"""
    assert (
        acknowledged(program, file) == stored(file) == [(who, n) for who in ("deal:app", "deal:cli") for n in (1, 2, 3)]
    )


@pytest.mark.parametrize("copy", [each for each in COPIES if each != "the database"])
def test_others_wait_for_a_step_whose_lock_a_copy_has_lost(copy: str, tmp_path: Path) -> None:
    (tmp_path / "data").mkdir()
    file = tmp_path / "data" / "log.db"
    program = f"""
import threading, time
folder = file.parent.parent
step(1)
with store.transaction(write=True) as tx:
    tx.append(Batch(events=[event(2, "deal:app")]))
    {COPIES[copy]}
    other = threading.Thread(target=command_line, args=(1,))
    other.start()
    time.sleep(1.5)
    assert ("deal:cli", 1) not in done
done.append(("deal:app", 2))
step(3)
other.join()
step(4)
store.close()
tell()
"""
    assert acknowledged(program, file) == stored(file) == [*(("deal:app", n) for n in (1, 2, 3, 4)), ("deal:cli", 1)]


REMOVED = {
    "the write-ahead log and the shared memory": "remove('-wal', '-shm')",
    "the write-ahead log": "remove('-wal')",
    "the shared memory": "remove('-shm')",
    "the write-ahead log, for another": "shutil.copy(f'{file}-wal', f'{file}x'); os.replace(f'{file}x', f'{file}-wal')",
}


@pytest.mark.parametrize("removed", REMOVED)
@pytest.mark.parametrize("ending", ["store.close()", "", "del store"])
def test_nothing_is_acknowledged_once_what_lies_beside_the_database_was_removed(
    removed: str, ending: str, file: Path
) -> None:
    program = f"""
step(1)
step(2)
{REMOVED[removed]}
assert refused(3)
assert refused(4)
{ending}
tell()
"""
    assert acknowledged(program, file) == stored(file) == [("deal:app", 1), ("deal:app", 2)]


def test_a_log_that_was_removed_is_written_into_the_database_when_the_application_ends(file: Path) -> None:
    program = """
step(1)
remove("-wal", "-shm")
store.close()
tell()
"""
    assert acknowledged(program, file) == stored(file) == [("deal:app", 1)]


def test_what_others_wrote_since_the_log_was_removed_is_not_written_over(file: Path) -> None:
    program = """
step(1)
store.close()
store = open_store(f"sqlite:///{file}")
for n in range(2, 30):
    append(store, n, stream="deal:gone")
remove("-wal", "-shm")
command_line(1)
assert refused(2)
command_line(2)
store.close()
command_line(3)
tell()
"""
    assert acknowledged(program, file) == stored(file)
    with closing(sqlite3.connect(file)) as plain:
        assert plain.execute("PRAGMA integrity_check").fetchall() == [("ok",)]


def test_what_was_acknowledged_before_the_database_was_replaced_by_a_copy_of_itself_is_kept(file: Path) -> None:
    """The copy lacks what the write-ahead log has, which still lies beside it."""
    program = """
for n in range(1, 30):
    step(n)
shutil.copy(file, f"{file}x")
os.replace(f"{file}x", file)
assert refused(30)
command_line(1)
store.close()
command_line(2)
tell()
"""
    told = acknowledged(program, file)
    assert told == stored(file)
    assert len(told) == 31


REPLACED = {
    "by a copy": "shutil.copy(file, file.parent / 'x'); os.replace(file.parent / 'x', file)",
    "by an earlier state": "os.replace(file.parent / 'backup', file); remove('-wal', '-shm')",
    "by nothing": "remove('', '-wal', '-shm')",
    "by another log": "open_store(f'sqlite:///{file}x').close(); os.replace(f'{file}x', file); remove('-wal', '-shm')",
    "with its folder": "os.rename(file.parent, f'{file.parent}.old'); shutil.copytree(f'{file.parent}.old', file.parent)",
}


@pytest.mark.parametrize("replaced", REPLACED)
def test_nothing_is_acknowledged_once_the_database_was_replaced(replaced: str, tmp_path: Path) -> None:
    (tmp_path / "data").mkdir()
    file = tmp_path / "data" / "log.db"
    program = f"""
store.close()
shutil.copy(file, file.parent / "backup")
store = open_store(f"sqlite:///{{file}}")
step(1)
done.clear()
{REPLACED[replaced]}
assert refused(2)
store.close()
store = open_store(f"sqlite:///{{file}}")
step(10)
command_line(1)
store.close()
tell()
"""
    told = acknowledged(program, file)
    assert told == [("deal:app", 10), ("deal:cli", 1)]
    assert set(told) <= set(stored(file))
    assert ("deal:app", 2) not in stored(file)


IN_THE_MIDDLE = """
import threading, time
ready = threading.Event()

def work():
    n = 0
    try:
        while True:
            n += 1
            step(n)
            if n == 20:
                ready.set()
    except StoreDetached:
        pass

working = [threading.Thread(target=work)]
working[0].start()
ready.wait(10)
time.sleep(float(sys.argv[2]) / 1000)
"""


@pytest.mark.parametrize("delay", [0, 0.4, 1.1])
@pytest.mark.parametrize("synchronous", ["FULL", "NORMAL"])
def test_a_step_that_was_under_way_when_the_files_went_is_not_acknowledged_either(
    synchronous: str, delay: float, file: Path
) -> None:
    program = (
        PREPARED.replace(
            'open_store(f"sqlite:///{file}")', f'open_store(f"sqlite:///{{file}}?synchronous={synchronous}")'
        )
        + IN_THE_MIDDLE
        + """
kept = Path(f"{file}.kept")
shutil.copy(file, kept)  # what is stored there is not looked at: steps after it must not be acknowledged
before = len(done)
os.replace(kept, file)
remove("-wal", "-shm")
after = len(done)
working[0].join(30)
assert not working[0].is_alive()
print(before, after, len(done))
"""
    )
    before, after, at_last = map(int, run(program, file, delay)[0].split())
    assert before <= after <= at_last <= after + 1


def test_a_store_can_be_opened_again_in_the_same_process_after_its_files_were_replaced(file: Path) -> None:
    program = """
step(1)
remove("-wal", "-shm")
assert refused(2)
store = open_store(f"sqlite:///{file}")
step(2)
command_line(1)
step(3)
store.close()
tell()
"""
    assert acknowledged(program, file) == stored(file) == [*(("deal:app", n) for n in (1, 2, 3)), ("deal:cli", 1)]


@pytest.mark.parametrize(
    "change", ["remove('-wal', '-shm')", "shutil.copy(file, f'{file}x'); os.replace(f'{file}x', file)"]
)
@pytest.mark.parametrize("begin", ["BEGIN", "BEGIN IMMEDIATE"])
def test_the_applications_own_connection_to_files_without_a_name_is_refused(
    begin: str, change: str, file: Path
) -> None:
    program = f"""
import sqlite3
theirs = sqlite3.connect(file, isolation_level=None)
theirs.execute("SELECT count(*) FROM deal").fetchall()
step(1)
{change}
for opened in (store, None):
    try:
        if opened is None:  # also by a store that is opened later
            store.close()
            opened = open_store(f"sqlite:///{{file}}")
        theirs.execute({begin!r})
        with opened.transaction(write=True, connection=theirs) as tx:
            tx.append(Batch(events=[event(2)]))
        raise SystemExit(f"acknowledged by {{opened}}")
    except StoreDetached as error:
        print(error)
    if theirs.in_transaction:
        theirs.execute("ROLLBACK")
"""
    said = run(PREPARED + program, file)
    assert len(said) == 2
    assert all("open" in each for each in said)


@pytest.mark.skipif(not Path("/proc/self/fd").exists(), reason="counts descriptors as Linux tells them")
def test_stores_that_come_and_go_while_one_is_open_leave_no_more_open_files_behind_than_one_of_them(tmp_path: Path) -> None:
    def open_files() -> int:
        return len(list(Path("/proc/self/fd").iterdir()))

    address, begun = f"sqlite:///{tmp_path / 'log.db'}", open_files()
    with open_store(address) as kept:
        counts = []
        for n in range(20):
            with open_store(address) as other, other.transaction(write=True) as tx:
                tx.append(Batch(events=[event(n + 1)]))
            counts.append(open_files())
        assert len(set(counts)) == 1
        with kept.transaction(write=False) as tx:
            assert len([*tx.scan(LogOrder())]) == 20
    assert open_files() == begun


def test_a_store_stays_where_it_was_opened_when_the_process_goes_to_another_folder(tmp_path: Path) -> None:
    (tmp_path / "other").mkdir()
    program = """
os.chdir(Path(sys.argv[1]).parent)
store = open_store("sqlite:///log.db")
append(store, 1)
os.chdir("other")
append(store, 2)
if os.fork() == 0:
    append(store, 3)
    os._exit(0)
assert os.wait()[1] == 0
store.close()
"""
    assert run(program, tmp_path / "log.db") == []
    assert stored(tmp_path / "log.db") == [("deal:1", n) for n in (1, 2, 3)]
    assert list((tmp_path / "other").iterdir()) == []


def test_a_database_under_a_link_is_refused_once_the_link_leads_elsewhere(tmp_path: Path) -> None:
    for name in ("one.db", "two.db"):
        open_store(f"sqlite:///{tmp_path / name}").close()
    link = tmp_path / "log.db"
    link.symlink_to(tmp_path / "one.db")
    with closing(open_store(f"sqlite:///{link}")) as store:
        with store.transaction(write=True) as tx:
            tx.append(Batch(events=[event(1)]))
        link.unlink()
        link.symlink_to(tmp_path / "two.db")
        with pytest.raises(StoreDetached), store.transaction(write=True) as tx:
            tx.append(Batch(events=[event(2)]))
    assert (stored(tmp_path / "one.db"), stored(link)) == ([("deal:1", 1)], [])


@pytest.mark.parametrize("lacking", ["the locks", "the list of open files"])
def test_where_the_system_has_less_the_files_are_looked_at_all_the_same(lacking: str, tmp_path: Path) -> None:
    """Elsewhere than on Linux, and in containers without ``/proc``."""
    missing = {
        "the locks": "for name in ('F_OFD_SETLK', 'F_OFD_GETLK'):\n    delattr(fcntl, name)",
        "the list of open files": "posix_locks.Path = lambda name: Path('/nowhere')",
    }
    for number, program in enumerate((*REMOVED.values(), REPLACED["by another log"])):
        file = tmp_path / f"{number}.db"
        lines = run(
            f"import fcntl\nfrom procdef.store.sqlite import posix_locks\n{missing[lacking]}\n" + PREPARED
            + f"step(1)\n{program}\nassert refused(2)\nprint('refused')",
            file,
        )  # fmt: skip
        assert lines == ["refused"]


def test_no_step_is_stored_under_a_second_name_of_the_file(tmp_path: Path) -> None:
    file, other = tmp_path / "log.db", tmp_path / "other.db"
    with open_store(file) as store:
        with store.transaction(write=True) as tx:
            tx.append(Batch(events=[event(1)]))
        other.hardlink_to(file)
        with pytest.raises(StoreError, match="has a second name"):
            open_store(other)
        with store.transaction(write=True) as tx:
            tx.append(Batch(events=[event(2)]))
    with open_store(other, read_only=True) as store, store.transaction(write=False) as tx:
        assert [leaf.event.n for leaf in tx.scan(LogOrder())] == [1, 2]
    other.unlink()
    open_store(file).close()


def test_what_a_killed_backup_left_is_no_second_name(tmp_path: Path) -> None:
    file, part = tmp_path / "log.db", tmp_path / ".log.db.part"
    open_store(file).close()
    part.hardlink_to(file)
    with open_store(file) as store, store.transaction(write=True) as tx:
        tx.append(Batch(events=[event(1)]))
    assert not part.exists()
