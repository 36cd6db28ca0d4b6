"""The databases that this process has open. Nothing else may open and close their files: POSIX gives up every lock that
the process has on a file with the first close of it, whoever closes (https://www.sqlite.org/howtocorrupt.html, 2.2)."""

from __future__ import annotations

from contextlib import suppress
from os import PathLike, fspath
from os.path import samefile

_databases: set[str] = set()


def hold(database: PathLike[str]) -> None:
    """Keep others from opening this database and what SQLite keeps beside it."""
    _databases.add(fspath(database))


def is_held(path: str | PathLike[str]) -> bool:
    """Whether this is one of those files, under whatever name."""
    for database in tuple(_databases):
        for file in (database, f"{database}-wal", f"{database}-shm"):
            with suppress(OSError, ValueError):
                if samefile(path, file):
                    return True
    return False
