"""The tables of a SQLite file as somebody may have left them: of another shape, with triggers on them."""

from __future__ import annotations

import sqlite3
from contextlib import closing
from functools import cache

from procdef.store.layout import found, migrations

def differences(cursor: sqlite3.Cursor) -> list[tuple[str, str]]:
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
    (count,) = cursor.execute("SELECT count(*) FROM tree").fetchone()
    if count != 1:
        wrong.append(("one row in tree", str(count)))
    return wrong


@cache
def _made(number: int) -> dict[tuple[str, str], str | None]:
    """Our tables and indexes with their SQL, as the first so many migrations leave them."""
    with closing(sqlite3.connect(":memory:")) as empty:
        for statements in migrations()[:number]:
            for statement in statements:
                empty.execute(statement)
        rows = empty.execute("SELECT type, name, sql FROM sqlite_master").fetchall()
    return {(kind, name): sql for kind, name, sql in rows}
