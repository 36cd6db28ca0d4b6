"""A damaged file is told to be, with the place that SQLite finds."""

from __future__ import annotations

import subprocess
import sys
from collections.abc import Callable
from contextlib import closing
from pathlib import Path

import pytest
from rows import event

from procdef.errors import StoreError
from procdef.store import Batch, LogOrder, Store, open_store

PAGE = 4096


def filled(file: Path) -> int:
    """Write a log of many pages; how many."""
    with closing(open_store(f"sqlite:///{file}")) as store, store.transaction(write=True) as tx:
        tx.append(Batch(events=[event(n)._replace(body=b"x" * 1000) for n in range(1, 400)]))
    return file.stat().st_size // PAGE


def spoil(file: Path, first: int, last: int) -> None:
    """Overwrite these pages, as a disk does that lies."""
    with file.open("r+b") as raw:
        raw.seek(first * PAGE)
        raw.write(b"\x07" * PAGE * (last - first))


def read(store: Store) -> None:
    with store.transaction(write=False) as tx:
        for _ in tx.scan(LogOrder()):
            pass


def grow(store: Store) -> None:
    with store.transaction(write=True) as tx:
        tx.append(Batch(events=[event(n)._replace(body=b"y" * 1000) for n in range(1000, 1400)]))


@pytest.mark.parametrize("use", [read, grow])
def test_a_file_with_spoiled_pages_is_damaged_and_the_place_is_told(
    use: Callable[[Store], None], tmp_path: Path
) -> None:
    file = tmp_path / "log.db"
    spoil(file, 20, filled(file))
    with closing(open_store(f"sqlite:///{file}")) as store, pytest.raises(StoreError) as refused:
        use(store)
    assert str(refused.value).startswith(f"the database {file} is damaged; restore it from a backup (")
    assert any(word in str(refused.value) for word in ("page", "Page", "malformed"))


def test_a_file_cut_short_is_damaged_when_it_is_opened(tmp_path: Path) -> None:
    file = tmp_path / "log.db"
    filled(file)
    file.write_bytes(file.read_bytes()[: PAGE + 100])
    with pytest.raises(StoreError, match="is damaged"):
        open_store(f"sqlite:///{file}")


@pytest.mark.parametrize("command", [["audit", "verify"], ["deals"]])
def test_commands_end_with_3_on_a_damaged_file(command: list[str], tmp_path: Path) -> None:
    file = tmp_path / "log.db"
    spoil(file, 1, filled(file))
    done = subprocess.run(
        [sys.executable, "-m", "procdef", "--db", f"sqlite:///{file}", *command], capture_output=True, text=True
    )
    assert (done.returncode, done.stdout) == (3, "")
    assert "is damaged; restore it from a backup" in done.stderr
    assert "Traceback" not in done.stderr
