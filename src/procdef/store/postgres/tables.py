"""The tables of a log in PostgreSQL: whether they are there, of which layout, and making them."""

from __future__ import annotations

import uuid
from functools import cache
from typing import TYPE_CHECKING, Any

from procdef.errors import NewerLog, StoreError
from procdef.resources import packaged
from procdef.store.layouts import LATEST, statements
from procdef.store.sql_names import TOKEN_TABLE

if TYPE_CHECKING:
    import psycopg

FIRST = 5
"""The number of the first layout; files have it in their names, as those of SQLite have."""
TABLES = (
    *("tree", "deal", "event", "private", "stay", "gate", "activity", "request", "pending", "leaf", "node", "note"),
    *("definition", "directory"),
)
KEYS = "deal_key"
"""The table of the names of deals, where the tables are distributed; else the constraint of that name does for it."""
MISSING, OLDER, REFUSED = "no log", "older log", "role"
"""The subjects of a ``StoreError`` that there is no log, that its layout is an older one, and that the role may not do this."""


@cache
def migrations() -> dict[int, tuple[str, ...]]:
    """The statements of every file, by the number of the layout that it leads to."""
    files = {file.name: file for file in packaged("store", "postgres", "layouts").iterdir() if file.name.endswith(".sql")}
    return {int(name[:4]): statements(files[name].read_text(encoding="utf-8")) for name in sorted(files)}


def no_log(subject: str) -> StoreError:
    """What is raised where there are no tables of a log."""
    return StoreError(f"{subject} holds no log yet", MISSING)


def found(connection: psycopg.Connection[Any], schema: str) -> tuple[int, str] | None:
    """The number of the layout and the log's UUID; ``None`` where the schema has no log. Raises ``StoreError`` for a table tree
    that is none of ours."""
    there = connection.execute(
        "SELECT pg_catalog.count(*) FROM pg_catalog.pg_attribute a JOIN pg_catalog.pg_class c ON c.oid = a.attrelid "
        "JOIN pg_catalog.pg_namespace s ON s.oid = c.relnamespace "
        "WHERE s.nspname = %s AND c.relname = 'tree' AND a.attname IN ('log', 'size', 'layout', 'frontier')",
        (schema,),
    ).fetchone()
    if there is None or there[0] < 4:
        return None
    row = connection.execute(f'SELECT layout, log FROM "{schema}".tree').fetchone()
    if row is None or type(row[0]) is not int or row[0] < FIRST or type(row[1]) is not str:
        raise StoreError("the database is damaged: the table tree does not tell its layout and the log; restore it")
    return row[0], row[1]


def refuse_incomplete(connection: psycopg.Connection[Any], schema: str, subject: str) -> None:
    """Raise ``StoreError`` where the schema is that of a copy which is not complete: the log may go on elsewhere still."""
    there = connection.execute(
        "SELECT 1 FROM pg_catalog.pg_class c JOIN pg_catalog.pg_namespace s ON s.oid = c.relnamespace "
        "WHERE s.nspname = %s AND c.relname = %s",
        (schema, TOKEN_TABLE),
    )
    if there.fetchone() is not None:
        raise StoreError(
            f"{subject} holds a copy that is not complete; copy the log there again, or give the copy up by "
            f'DROP SCHEMA "{schema}" CASCADE in the database'
        )


def are_distributed(connection: psycopg.Connection[Any], schema: str) -> bool:
    """Whether the tables are laid out for several servers: then the names of deals have a table of their own, and in ``deal``
    an index that is not unique. One of the two is enough, as a table that is lacking is told where it is needed."""
    there = connection.execute(
        "SELECT 1 FROM pg_catalog.pg_class c JOIN pg_catalog.pg_namespace s ON s.oid = c.relnamespace "
        "WHERE s.nspname = %s AND (c.relname = %s AND c.relkind IN ('r', 'p') OR c.relname = 'deal_named') LIMIT 1",
        (schema, KEYS),
    )
    return there.fetchone() is not None


def has_citus(connection: psycopg.Connection[Any]) -> bool:
    """Whether the database has the extension that distributes tables."""
    return connection.execute("SELECT 1 FROM pg_catalog.pg_extension WHERE extname = 'citus'").fetchone() is not None


def check(number: int, subject: str) -> None:
    """Raise ``NewerLog`` for a later layout, and ``StoreError`` for an earlier one, which says what to run."""
    if number > LATEST:
        raise NewerLog(f"{subject} was written by a later procdef; update procdef to use it")
    if number < LATEST:
        raise StoreError(
            f"{subject} has the tables of layout {number}, and this procdef needs those of layout {LATEST}", OLDER
        )


def make(connection: psycopg.Connection[Any], schema: str, number: int | None, log: str | None = None) -> list[int]:
    """Run the migrations after ``number``, each in a transaction of its own; ``None``: there is no log yet. The numbers
    of those that were run. Another process that does the same is waited for, and nothing is done twice."""
    from psycopg import errors

    done: list[int] = []
    while True:
        try:
            with connection.transaction():
                layout = _step(connection, schema, number, log)
        except (errors.UniqueViolation, errors.DuplicateSchema, errors.DuplicateTable, errors.DuplicateObject):
            # Somebody else made the same at once, and was waited for. What stands in the way without being a log stays there.
            there = found(connection, schema)
            if there is None:
                raise
            number = there[0]
            continue
        if layout is None:
            return done
        done.append(layout)
        number = layout


def _step(connection: psycopg.Connection[Any], schema: str, number: int | None, log: str | None) -> int | None:
    """Run the next migration after ``number``, if there is one; its own number. It waits for another process at the name of
    the schema or of the first table, or at the lock of the table ``tree``: nobody may hold these who has no rights there."""
    from psycopg import sql

    connection.execute("SET TRANSACTION ISOLATION LEVEL READ COMMITTED, READ WRITE")  # whatever the role's default is
    connection.execute("SET LOCAL search_path TO pg_catalog, pg_temp")
    if number is None:
        connection.execute(f'CREATE SCHEMA IF NOT EXISTS "{schema}"')
    elif _after(number):
        connection.execute(f'LOCK TABLE "{schema}".tree IN ACCESS EXCLUSIVE MODE')
        there = found(connection, schema)
        number = there[0] if there is not None else number
    later = _after(number)
    if not later:
        return None
    layout = later[0]
    for statement in migrations()[layout]:
        connection.execute(sql.SQL(statement.replace("{schema}", f'"{schema}"')))
    if number is None:
        row = (log or str(uuid.uuid4()), layout)
        connection.execute(f"INSERT INTO \"{schema}\".tree (log, size, layout, frontier) VALUES (%s, 0, %s, '')", row)
    else:
        connection.execute(f'UPDATE "{schema}".tree SET layout = %s', (layout,))
    return layout


def _after(number: int | None) -> list[int]:
    return [layout for layout in sorted(migrations()) if number is None or layout > number]


def triggers(connection: psycopg.Connection[Any], schema: str) -> list[str]:
    """The names of the triggers and rules on our tables."""
    rows = connection.execute(
        "SELECT name FROM (SELECT t.tgname AS name, t.tgrelid AS id FROM pg_catalog.pg_trigger t WHERE NOT t.tgisinternal "
        "UNION ALL SELECT r.rulename, r.ev_class FROM pg_catalog.pg_rewrite r) what "
        "JOIN pg_catalog.pg_class c ON c.oid = what.id JOIN pg_catalog.pg_namespace s ON s.oid = c.relnamespace "
        "WHERE s.nspname = %s AND c.relname = ANY(%s) ORDER BY 1",
        (schema, list(TABLES)),
    )
    return [row[0] for row in rows]
