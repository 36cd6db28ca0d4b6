"""The tables of a SQLite file: whether they are ours, of which layout, and making them."""

from __future__ import annotations

import sqlite3
import uuid
from functools import cache

from procdef.errors import NewerLog, StoreError
from procdef.resources import packaged
from procdef.store.layouts import LATEST, statements
from procdef.store.sqlite.sealing import Progress, seal_all, unseen

APPLICATION_ID = 0x70646566  # "pdef" in ASCII, shown by file(1)


@cache
def migrations() -> tuple[tuple[str, ...], ...]:
    """The statements of every numbered file, in order; the layout's number is how many files ran."""
    files = {file.name: file for file in packaged("store", "sqlite", "layouts").iterdir() if file.name.endswith(".sql")}
    return tuple(statements(files[name].read_text(encoding="utf-8")) for name in sorted(files))


TABLES = (
    *("tree", "deal", "event", "leaf", "private", "stay", "gate", "activity", "request", "definition", "node", "note"),
    *("directory",),
    *("sqlite_sequence", "sqlite_stat1", "sqlite_stat3", "sqlite_stat4"),
)
"""The tables of a log, and those that SQLite makes itself."""
ENCODING = "UTF-8"
SEALED = 3
"""The layout from which on every event is sealed in the tree as it is written."""
ACTIVITIES = 4
"""The layout from which on there are activities."""
DEADLINES = 5
"""The layout from which on deals' rows tell when something in them is due, and there are directories of people."""
READABLE = 1
"""The earliest layout that can be read as it is: migrations after it added what makes reading quicker, the tree, and what
figures are made from."""


def found(cursor: sqlite3.Cursor) -> int:
    """The number of the layout in this database; 0 when it has none."""
    columns = {row[1] for row in cursor.execute("PRAGMA main.table_info(tree)")}
    if not {"log", "size", "layout"} <= columns:
        return 0
    row = cursor.execute("SELECT layout, log FROM main.tree").fetchone()
    if row is None:
        return 0
    if type(row[0]) is not int or row[0] < 1 or type(row[1]) is not str:
        raise StoreError("the database is damaged: the table tree does not tell its layout and the log; restore it")
    return row[0]


def check(cursor: sqlite3.Cursor, subject: str, beside: bool = False) -> int:
    """The layout's number. Raises ``NewerLog`` for a later one, and ``StoreError`` for a database of something else unless
    the log may stand ``beside`` that."""
    (application,) = cursor.execute("PRAGMA main.application_id").fetchone()
    (version,) = cursor.execute("PRAGMA main.user_version").fetchone()
    number = check_joined(cursor, subject)
    if number == 0:
        if application == APPLICATION_ID and version > LATEST:
            raise _newer(subject)
        if application == APPLICATION_ID and version:
            raise StoreError(f"{subject} is damaged: its table tree does not tell the log; restore it from a backup")
        if (encoding := text_encoding(cursor)) != ENCODING:
            raise StoreError(f"{subject} keeps text in {encoding}, and a log is in {ENCODING}; name another file")
        (tables,) = cursor.execute("SELECT count(*) FROM main.sqlite_master").fetchone()
        if (tables or application or version) and not beside:
            raise StoreError(
                f"{subject} is a database of something else; name another file, or write ?beside=yes after its name to keep "
                "the log among those tables"
            )
    return number


def empty_statistics(cursor: sqlite3.Cursor) -> None:
    """Delete what ``ANALYZE`` noted, where it ran: it keeps samples of what stands in columns with an index."""
    names = "SELECT name FROM main.sqlite_master WHERE name IN ('sqlite_stat1', 'sqlite_stat3', 'sqlite_stat4')"
    for (table,) in cursor.execute(names).fetchall():
        cursor.execute(f"DELETE FROM main.{table}")


def text_encoding(cursor: sqlite3.Cursor) -> str:
    """How the database stores text, which was settled when it was made."""
    return str(cursor.execute("PRAGMA main.encoding").fetchone()[0])


def number_in_head(cursor: sqlite3.Cursor) -> int | None:
    """The layout's number as the file's head repeats it; ``None`` where the head is an application's. The table ``tree``
    tells which layout it is: only a verification compares the two, and who would make an older file a later one."""
    (application,) = cursor.execute("PRAGMA main.application_id").fetchone()
    (version,) = cursor.execute("PRAGMA main.user_version").fetchone()
    return version if application == APPLICATION_ID else None


def triggers(cursor: sqlite3.Cursor) -> list[str]:
    """The names of the triggers on our tables, those of this connection alone with them."""
    schemas = ("main.sqlite_master", "temp.sqlite_master")
    rows = " UNION ALL ".join(f"SELECT name, lower(tbl_name) FROM {each} WHERE type = 'trigger'" for each in schemas)
    return [name for name, table in cursor.execute(f"{rows} ORDER BY 1") if table in TABLES]


def mark(cursor: sqlite3.Cursor) -> None:
    """Say in the file's head what it is, unless it is an application's, which says so itself or has its own tables."""
    (application,) = cursor.execute("PRAGMA main.application_id").fetchone()
    (version,) = cursor.execute("PRAGMA main.user_version").fetchone()
    (tables,) = cursor.execute(
        f"SELECT count(*) FROM main.sqlite_master WHERE type = 'table' AND name NOT IN ({', '.join('?' * len(TABLES))})",
        TABLES,
    ).fetchone()
    if application == APPLICATION_ID or not (application or version or tables):
        cursor.execute(f"PRAGMA main.application_id = {APPLICATION_ID}")
        cursor.execute(f"PRAGMA main.user_version = {LATEST}")


def check_joined(cursor: sqlite3.Cursor, subject: str) -> int:
    """The layout's number in a database that holds other things too. Raises ``NewerLog`` for a later one."""
    number = found(cursor)
    if number > LATEST:
        raise _newer(subject)
    return number


def _newer(subject: str) -> NewerLog:
    return NewerLog(f"{subject} was written by a later procdef; update procdef to use it")


def create(cursor: sqlite3.Cursor, number: int, progress: Progress = unseen, log: str | None = None) -> None:
    """Run the migrations after ``number`` within the open transaction (so not as a script, which would commit). A new log
    gets the UUID ``log``, or a fresh one."""
    for migration in migrations()[number:]:
        for statement in migration:
            cursor.execute(statement)
    if number == 0:
        row = (log or str(uuid.uuid4()), 0, LATEST)
        cursor.execute("INSERT INTO main.tree (log, size, layout) VALUES (?, ?, ?)", row)
    else:
        cursor.execute("UPDATE main.tree SET layout = ?", (LATEST,))
        if number < SEALED:
            log, size = cursor.execute("SELECT log, size FROM main.tree").fetchone()
            seal_all(cursor, log, size, progress)
        if number < ACTIVITIES:
            from procdef.store.sqlite.activities import fill_activities  # needs the language; few logs are that old

            fill_activities(cursor, progress)
