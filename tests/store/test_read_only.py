"""Files and folders that may not be written, as somebody without privileges meets them."""

from __future__ import annotations

import shutil
import sqlite3
from collections.abc import Iterator
from contextlib import closing
from pathlib import Path
from tempfile import TemporaryDirectory

import pytest
from children import WITHOUT_PRIVILEGES, give_away, run
from rows import event

from procdef.store import Batch, LogOrder, open_store

READ_THEN_WRITE = (
    WITHOUT_PRIVILEGES
    + """
try:
    with closing(open_store("sqlite:///" + sys.argv[1])) as store:
        print(leaves(store))
        append(store, 9)
except StoreError as error:
    print(error)
"""
)


@pytest.fixture
def folder() -> Iterator[Path]:
    """A folder that others may enter, which those of pytest are not."""
    with TemporaryDirectory() as name:
        path = Path(name)
        path.chmod(0o755)
        yield path
        path.chmod(0o755)


def write(file: Path, events: int = 1) -> None:
    with closing(open_store(f"sqlite:///{file}")) as store, store.transaction(write=True) as tx:
        tx.append(Batch(events=[event(n) for n in range(1, events + 1)]))


def closed_to_writing(folder: Path) -> None:
    for path in (*folder.iterdir(), folder):
        give_away(path)
        path.chmod(0o555 if path.is_dir() else 0o444)


def test_a_read_only_file_is_read_and_says_why_it_is_not_written(folder: Path) -> None:
    file = folder / "log.db"
    write(file)
    give_away(file, folder)
    file.chmod(0o444)
    assert ["1", f"the database {file} is read-only; allow writing to the file and its folder"] == run(
        READ_THEN_WRITE, file
    )


def test_a_read_only_folder_is_read_and_nothing_is_left_in_it(folder: Path) -> None:
    file = folder / "log.db"
    write(file)
    closed_to_writing(folder)
    assert ["1", f"the database {file} is read-only; allow writing to the file and its folder"] == run(
        READ_THEN_WRITE, file
    )
    assert [file] == list(folder.iterdir())


@pytest.mark.parametrize(("expected", "files"), [("1", ["", "-wal", "-shm"]), ("write-ahead log", ["", "-wal"])])
def test_what_waits_in_a_write_ahead_log_is_read_or_missed_aloud(expected: str, files: list[str], folder: Path) -> None:
    file, copy = folder / "log.db", folder / "copy" / "log.db"
    copy.parent.mkdir()
    with closing(open_store(f"sqlite:///{file}")) as store:
        with store.transaction(write=True) as tx:
            tx.append(Batch(events=[event()]))
        for end in files:
            shutil.copy(f"{file}{end}", f"{copy}{end}")
    closed_to_writing(copy.parent)
    said = run(READ_THEN_WRITE, copy)
    assert expected in said[0]


def test_what_waits_in_a_write_ahead_log_is_read_through_a_link(folder: Path) -> None:
    file, copy, link = folder / "log.db", folder / "copy" / "log.db", folder / "links" / "link.db"
    copy.parent.mkdir()
    link.parent.mkdir()
    link.symlink_to(copy)
    with closing(open_store(f"sqlite:///{file}")) as store:
        with store.transaction(write=True) as tx:
            tx.append(Batch(events=[event()]))
        for end in ("", "-wal"):
            shutil.copy(f"{file}{end}", f"{copy}{end}")
    give_away(copy.parent, *copy.parent.iterdir())
    link.parent.chmod(0o555)
    assert run(READ_THEN_WRITE, link)[0] == "1"
    assert leaves_of(copy) == 2


def leaves_of(file: Path) -> int:
    with closing(open_store(f"sqlite:///{file}")) as store, store.transaction(write=False) as tx:
        return tx.size


def test_a_reader_sees_what_others_write_after_it_opened_a_read_only_folder(folder: Path) -> None:
    file = folder / "log.db"
    write(file, 2)
    give_away(file, folder)
    program = (
        WITHOUT_PRIVILEGES
        + """
file = Path(sys.argv[1])
file.parent.chmod(0o555)
store = open_store(f"sqlite:///{file}")
print(leaves(store))
file.parent.chmod(0o755)
with closing(open_store(f"sqlite:///{file}")) as other:
    append(other, 3)
file.parent.chmod(0o555)
print(leaves(store))
"""
    )
    assert run(program, file) == ["2", "3"]


@pytest.mark.parametrize(
    ("expected", "mode", "exists"),
    [("cannot be created: Permission denied", 0o555, False), ("cannot be read: Permission denied", 0o755, True)],
)
def test_a_file_that_may_not_be_used_at_all_is_named(expected: str, mode: int, exists: bool, folder: Path) -> None:
    file = folder / "log.db"
    if exists:
        write(file)
        file.chmod(0)
    folder.chmod(mode)
    assert [f"the database {file} {expected}"] == run(READ_THEN_WRITE, file)


def test_a_read_only_file_without_a_log_is_told_to_be_empty(folder: Path) -> None:
    file = folder / "log.db"
    file.touch()
    closed_to_writing(folder)
    assert [f"the database {file} holds no log yet and is read-only; allow writing to it"] == run(READ_THEN_WRITE, file)
    assert file.read_bytes() == b""


@pytest.mark.parametrize("mode", [0o644, 0o444])
def test_reading_only_leaves_nothing_beside_the_file_and_changes_none_of_it(mode: int, tmp_path: Path) -> None:
    file = tmp_path / "log.db"
    write(file)
    file.chmod(mode)
    before = file.read_bytes(), file.stat().st_mtime_ns
    with closing(open_store(f"sqlite:///{file}", read_only=True)) as store:
        for _ in range(2):
            with store.transaction(write=False) as tx:
                assert len(list(tx.scan(LogOrder()))) == 1
    assert [*tmp_path.iterdir()] == [file]
    assert (file.read_bytes(), file.stat().st_mtime_ns) == before


def test_what_waits_in_a_write_ahead_log_stays_there_when_it_is_only_read(tmp_path: Path) -> None:
    file, copy = tmp_path / "log.db", tmp_path / "copy" / "log.db"
    copy.parent.mkdir()
    with closing(open_store(f"sqlite:///{file}")) as store:
        with store.transaction(write=True) as tx:
            tx.append(Batch(events=[event()]))
        for end in ("", "-wal"):
            shutil.copy(f"{file}{end}", f"{copy}{end}")
    before = [Path(f"{copy}{end}").read_bytes() for end in ("", "-wal")]
    with closing(open_store(f"sqlite:///{copy}", read_only=True)) as store, store.transaction(write=False) as tx:
        assert tx.size == 1
    assert [Path(f"{copy}{end}").read_bytes() for end in ("", "-wal")] == before


@pytest.mark.parametrize("folder_mode", [0o755, 0o555])
def test_a_file_left_in_the_middle_of_a_change_is_not_read_as_if_it_were_whole(folder_mode: int, folder: Path) -> None:
    file, copy = folder / "log.db", folder / "copy" / "log.db"
    copy.parent.mkdir()
    write(file, 300)
    with closing(sqlite3.connect(file, isolation_level=None)) as plain:
        plain.execute("PRAGMA journal_mode = DELETE")
        plain.execute("PRAGMA cache_size = 1")
        plain.execute("BEGIN IMMEDIATE")
        plain.execute("UPDATE event SET recorded = recorded || 'x'")
        for end in ("", "-journal"):
            shutil.copy(f"{file}{end}", f"{copy}{end}")
        plain.execute("ROLLBACK")
    give_away(copy.parent, *copy.parent.iterdir())
    copy.parent.chmod(folder_mode)
    program = """
try:
    open_store("sqlite:///" + sys.argv[1], read_only=True)
except StoreError as error:
    print(error)
"""
    (told,) = run(WITHOUT_PRIVILEGES + program, copy)
    assert "was left in the middle of a change" in told
    assert "open the copy once where it may be written" in told
    copy.parent.chmod(0o755)
    assert run(WITHOUT_PRIVILEGES + "print(leaves(open_store('sqlite:///' + sys.argv[1])))", copy) == ["300"]
