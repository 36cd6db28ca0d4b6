"""A copy of a database that others go on writing to."""

from __future__ import annotations

import os
import sqlite3
from contextlib import closing
from pathlib import Path

from procdef.errors import InvalidArgument, StoreError
from procdef.store.sqlite import database_file as database_file
from procdef.store.sqlite.errors import translated


def copy_to(connection: sqlite3.Connection, path: Path) -> int:
    """Copy the whole database as it stands now to a new file, which appears under its name once it is complete; how many
    events its log has.

    Raises ``StoreError``, and ``InvalidArgument`` for a file that is there already, or for a write-ahead log or journal of it:
    SQLite would play that into the copy, which would then be the database that it was of.
    """
    subject = f"the backup {path}"
    refuse_taken(path)
    part = database_file.part_of(path)
    if not path.parent.is_dir():
        raise StoreError(f"the folder {path.parent} for the backup does not exist; create it first")
    part.unlink(missing_ok=True)  # of a backup that was killed
    database_file.claim(part)
    try:
        with translated(subject), closing(sqlite3.connect(part, isolation_level=None)) as copy:
            connection.backup(copy)
            (events,) = copy.execute("SELECT size FROM main.tree").fetchone()
        give_name(part, path)
    except OSError as error:
        raise StoreError(f"{subject} could not be written: {error.strerror}") from None
    finally:
        for end in ("", "-wal", "-shm", "-journal"):
            Path(f"{part}{end}").unlink(missing_ok=True)
    return int(events)


def refuse_taken(path: Path, what: str = "backup") -> None:
    """Raise ``InvalidArgument`` where a file of that name is there, or a write-ahead log or journal of one."""
    if os.path.lexists(path):
        raise _taken(path, what)
    for left in (Path(f"{path}{end}") for end in ("-wal", "-journal")):
        if os.path.lexists(left):
            raise InvalidArgument(
                f"{left} is left over of another database and would be played into the {what}; remove it, or name a new file",
                "path",
            )


def give_name(part: Path, path: Path, what: str = "backup") -> None:
    """Give the file ``part`` its name, but never that of another file."""
    try:
        path.hardlink_to(part)
    except FileExistsError:
        raise _taken(path, what) from None
    except OSError:  # a file system without links
        part.rename(path)
    if os.name == "posix":
        folder = os.open(path.parent, os.O_RDONLY)
        try:
            os.fsync(folder)
        finally:
            os.close(folder)


def _taken(path: Path, what: str) -> InvalidArgument:
    return InvalidArgument(f"{path} is there already; name a new file for the {what}", "path")
