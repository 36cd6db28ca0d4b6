#!/usr/bin/env python3
"""Write the log that every later procdef must still verify: tests/logs/<version>/deals.sqlite, once for each release.

python3 tools/write_log.py
"""

from __future__ import annotations

import sqlite3
import sys
from contextlib import closing
from pathlib import Path

from procdef import __version__, open_store

LOGS = Path(__file__).parents[1] / "tests" / "logs"


def write(file: Path) -> None:
    """A new database with the whole story in it, in one file without a write-ahead log beside it."""
    sys.path.insert(0, str(LOGS))
    from story import tell

    file.parent.mkdir(parents=True, exist_ok=True)
    store = open_store(f"sqlite:///{file}")
    tell(store)
    store.close()
    with closing(sqlite3.connect(file)) as connection:
        connection.execute("PRAGMA journal_mode = DELETE")


if __name__ == "__main__":
    new = LOGS / __version__ / "deals.sqlite"
    if new.exists():
        raise SystemExit(f"{new} is there already; a log that was written never changes")
    write(new)
    sys.stdout.write(f"{new}\n")
