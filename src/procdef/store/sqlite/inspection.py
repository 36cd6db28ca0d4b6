"""The tables of a SQLite file as somebody may have left them: of another shape, with triggers, with indexes that lie."""

from __future__ import annotations

import re
import sqlite3
from collections.abc import Iterable, Iterator, Mapping, Sequence
from contextlib import closing
from functools import cache

from procdef.errors import LogBroken, StoreError
from procdef.store.layouts import LATEST
from procdef.store.sqlite.sealing import had_a_tree
from procdef.store.sqlite.tables import ENCODING, SEALED, found, migrations, number_in_head, text_encoding

_LOST = re.compile(r"row (\d+) missing from index ")


def layout_differences(cursor: sqlite3.Cursor) -> list[tuple[str, str]]:
    """What of our tables and indexes, by their SQL, is not as the migrations make it; and what stands on them besides."""
    ours = _made(found(cursor))
    tables = {name for kind, name in ours if kind == "table"}
    # SQLite takes a name in any case, keeps it as it was written, and refuses a schema whose SQL is on another table.
    schema = "SELECT lower(type), lower(name), lower(tbl_name), name, sql FROM main.sqlite_master"
    there = {(kind, name): (table, spelt, sql) for kind, name, table, spelt, sql in cursor.execute(schema)}
    wrong = []
    for (kind, name), sql in ours.items():
        if (kind, name) not in there:
            wrong.append((f"the {kind} {name}", "none"))
        elif there[kind, name][2] != sql:
            wrong.append((f"the {kind} {name} as this layout makes it", "another"))
    for (kind, name), (table, spelt, _) in there.items():
        strange = kind in ("trigger", "index") and table in tables and (kind, name) not in ours
        if strange or (kind == "view" and name in tables):
            wrong.append((f"nothing on {table} but what this layout makes", f"the {kind} {spelt}"))
    number, head = found(cursor), number_in_head(cursor)
    if head not in (None, number):
        wrong.append((f"layout {number}, as in tree, in the file's head (user_version)", str(head)))
    for kind, name in _left_behind(there, number):
        wrong.append((f"no {kind} of a later layout than {number}, which tree tells", f"the {kind} {name}"))
    if (encoding := text_encoding(cursor)) != ENCODING:
        wrong.append((f"text in {ENCODING}", encoding))
    (count,) = cursor.execute("SELECT count(*) FROM main.tree").fetchone()
    if count != 1:
        wrong.append(("one row in tree", str(count)))
    return wrong


def _left_behind(there: Mapping[tuple[str, str], tuple[str, str, str | None]], number: int) -> Iterator[tuple[str, str]]:
    """What stands there as only a later layout makes it. An application's own table of that name is another one."""
    for (kind, name), sql in _made(LATEST).items():
        if (kind, name) not in _made(number) and sql is not None and there.get((kind, name), ("", "", ""))[2] == sql:
            yield kind, name


def refuse_unlike(cursor: sqlite3.Cursor, number: int, subject: str) -> None:
    """Raise ``StoreError`` where the migrations after ``number`` would fail, before any of them changes something."""
    there = dict(cursor.execute("SELECT lower(name), sql FROM main.sqlite_master"))
    ours, later = _made(number), _made(LATEST)
    lost = [name for (_, name), sql in ours.items() if there.get(name, "") != sql]
    taken = [name for kind, name in later if (kind, name) not in ours and name in there]
    if not lost and 0 < number < SEALED and (told := _tells_of_a_tree(cursor, number)):
        raise LogBroken(
            f"{subject} is of layout {number} by its table tree, from before there was a Merkle tree, but {told} tells of "
            "one: somebody took it away; nothing was changed"
        )
    if lost:
        raise StoreError(f"{subject} is damaged: {lost[0]} is not there as layout {number} makes it; restore it from a backup")
    if taken:
        raise StoreError(
            f"{subject} has something called {taken[0]} already, a name that procdef needs for a table or index of its own"
        )


def _tells_of_a_tree(cursor: sqlite3.Cursor, number: int) -> str | None:
    head = number_in_head(cursor)
    if head is not None and head > number:
        return f"the file's head (layout {head})"
    return next(had_a_tree(cursor), None)


def index_differences(cursor: sqlite3.Cursor, leaving_out: Sequence[str] = ()) -> Iterator[tuple[str, str, str]]:
    """Where our indexes do not hold what their tables hold: the stream (or ``log``), what was expected, what was found."""
    there = {name.lower() for (name,) in cursor.execute("SELECT name FROM main.sqlite_master WHERE type = 'table'")}
    for kind, table in _made(found(cursor)):
        if kind != "table" or table not in there or table in leaving_out:
            continue
        with closing(cursor.connection.cursor()) as look:
            look.row_factory = None
            for (told,) in look.execute(f"PRAGMA main.integrity_check({table})"):
                for line in _lines(told):
                    yield _stream_of(cursor, table, line), f"the rows of {table} in its indexes, each in its place", line


def _lines(told: str) -> Iterable[str]:
    return () if told == "ok" else (line for line in told.splitlines() if not line.startswith("***"))


def _stream_of(cursor: sqlite3.Cursor, table: str, line: str) -> str:
    """Whose row it is that an index lacks; SQLite counts rows as they stand in the table."""
    lost = _LOST.match(line)
    columns = {row[1] for row in cursor.execute(f"PRAGMA main.table_info({table})").fetchall()}
    if lost is None or "stream" not in columns:
        return "log"
    try:
        rows = f"SELECT stream FROM main.{table} NOT INDEXED LIMIT 1 OFFSET ?"
        row = cursor.execute(rows, (int(lost[1]) - 1,)).fetchone()
    except sqlite3.Error:  # the row cannot be read either
        return "log"
    return row[0] if row is not None and isinstance(row[0], str) else "log"


@cache
def _made(number: int) -> dict[tuple[str, str], str | None]:
    """Our tables and indexes with their SQL, as the first so many migrations leave them."""
    with closing(sqlite3.connect(":memory:")) as empty:
        for statements in migrations()[:number]:
            for statement in statements:
                empty.execute(statement)
        rows = empty.execute("SELECT type, name, sql FROM sqlite_master").fetchall()
    return {(kind, name): sql for kind, name, sql in rows}
