"""The databases that this process has open. Nothing else may open and close their files: POSIX gives up every lock that
the process has on a file with the first close of it, whoever closes (https://www.sqlite.org/howtocorrupt.html, 2.2)."""

from __future__ import annotations

from contextlib import suppress
from pathlib import Path

_databases: set[Path] = set()


def hold(database: Path) -> None:
    """Keep others from opening this database and what SQLite keeps beside it."""
    _databases.add(database)


def is_held(path: str | Path) -> bool:
    """Whether this is one of those files, under whatever name."""
    for database in tuple(_databases):
        for file in (database, Path(f"{database}-wal"), Path(f"{database}-shm")):
            with suppress(OSError, ValueError):
                if file.samefile(path):
                    return True
    return False
