"""A disk that is full, or refuses to grow a file: what was acknowledged is there, nothing is half-written."""

from __future__ import annotations

import shutil
import sqlite3
import subprocess
from contextlib import closing
from pathlib import Path

import pytest
from children import run
from rows import DEAL, event

from procdef.errors import StoreError
from procdef.store import Batch, Deals, LogOrder, open_store

FILL = """
import resource, shutil, sqlite3
file, keep, limit, pages = Path(sys.argv[1]), Path(sys.argv[2]), int(sys.argv[3]), int(sys.argv[4])
connect = sqlite3.connect

def small(*given, **named):
    connection = connect(*given, **named)
    connection.execute(f"PRAGMA max_page_count = {pages}")
    return connection

if pages:
    sqlite3.connect = small
store = open_store(f"sqlite:///{file}")
if limit:
    resource.setrlimit(resource.RLIMIT_FSIZE, (limit, resource.RLIM_INFINITY))
done = 0
try:
    while done < 10000:
        with store.transaction(write=True) as tx:
            tx.append(Batch(events=[event(2 * done + 1)._replace(body=b"x" * 9000), event(2 * done + 2)]))
        done += 1
except StoreError as error:
    print(error)
print(done, leaves(store))
if limit:
    resource.setrlimit(resource.RLIMIT_FSIZE, (resource.RLIM_INFINITY, resource.RLIM_INFINITY))
for end in ("", "-wal"):
    shutil.copy(f"{file}{end}", f"{keep}{end}")
"""
STAYS = "what was acknowledged is stored, this was not"
SMALL_DISK = ("unshare", "--user", "--map-root-user", "--mount", "sh", "-c",
              'mount -t tmpfs -o size=700k small "$0" && exec "$@"')  # fmt: skip


def small_disks_can_be_made(folder: Path) -> bool:
    """Whether this machine lets its users mount in a name space of their own; not every container does."""
    if shutil.which("unshare") is None:
        return False
    return subprocess.run([*SMALL_DISK, str(folder), "true"], capture_output=True).returncode == 0


def hold_against(counts: str, file: Path) -> None:
    """The file holds what was acknowledged, whole, and goes on from there."""
    done, seen = map(int, counts.split())
    assert done > 3
    assert seen == 2 * done
    with closing(open_store(f"sqlite:///{file}")) as store:
        with store.transaction(write=True) as tx:
            tx.append(Batch(events=[event(2 * done + 1)]))
        with store.transaction(write=False) as tx:
            assert [leaf.idx for leaf in tx.scan(LogOrder())] == list(range(2 * done + 1))
    with closing(sqlite3.connect(file)) as plain:
        assert plain.execute("PRAGMA integrity_check").fetchall() == [("ok",)]


def test_a_file_that_may_not_grow_keeps_all_that_was_acknowledged(tmp_path: Path) -> None:
    file = tmp_path / "log.db"
    said, counts = run(FILL, file, tmp_path / "kept.db", 400_000, 0)
    assert said == f"the database {file} could not be read or written; check the disk"
    hold_against(counts, file)
    hold_against(counts, tmp_path / "kept.db")


def test_a_database_that_can_hold_no_more_pages_keeps_all_that_was_acknowledged(tmp_path: Path) -> None:
    file = tmp_path / "log.db"
    said, counts = run(FILL, file, tmp_path / "kept.db", 0, 120)
    assert said == f"the database {file} could not grow, the disk is full; {STAYS}"
    hold_against(counts, file)


def test_a_full_disk_keeps_all_that_was_acknowledged(tmp_path: Path) -> None:
    disk, keep = tmp_path / "disk", tmp_path / "kept.db"
    disk.mkdir()
    if not small_disks_can_be_made(disk):
        pytest.skip("nobody may mount a small disk here; the test before this one fills a database without one")
    said, counts = run(FILL, disk / "log.db", keep, 0, 0, before=(*SMALL_DISK, str(disk)))
    assert said == f"the database {disk / 'log.db'} could not grow, the disk is full; {STAYS}"
    hold_against(counts, keep)


def test_a_full_disk_ends_the_applications_own_transaction_whole(tmp_path: Path) -> None:
    file = tmp_path / "log.db"
    with closing(open_store(f"sqlite:///{file}")) as store, closing(sqlite3.connect(file, isolation_level=None)) as theirs:
        theirs.execute("CREATE TABLE customer (name TEXT)")
        theirs.execute("BEGIN")
        with store.transaction(write=True, connection=theirs) as tx:
            tx.append(Batch(events=[event(1)], deals=[(DEAL, 0)]))
        theirs.execute("COMMIT")
        (pages,) = theirs.execute("PRAGMA page_count").fetchone()
        theirs.execute(f"PRAGMA max_page_count = {pages + 2}")
        theirs.execute("BEGIN")
        theirs.execute("INSERT INTO customer VALUES ('Acme')")
        large = [event(n)._replace(body=b"x" * 9000) for n in range(2, 9)]
        with store.transaction(write=True, connection=theirs) as tx, pytest.raises(StoreError, match="disk is full"):
            tx.append(Batch(events=large, deals=[(DEAL._replace(n=8), 1)]))
        assert not theirs.in_transaction
        assert theirs.execute("SELECT count(*) FROM customer").fetchone() == (0,)
        with store.transaction(write=False, connection=theirs) as tx:
            assert (len(list(tx.scan(LogOrder()))), list(tx.scan(Deals()))) == (1, [DEAL])
