"""Texts looked for in every table of a database in PostgreSQL that this role may read, ours and an application's."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from itertools import groupby
from typing import TYPE_CHECKING, Any

from procdef.store.postgres.tables import KEYS, TABLES
from procdef.store.rows import Copy
from procdef.store.sql_names import quoted
from procdef.store.texts_in_cells import holds
from procdef.unsafe_characters import alike

if TYPE_CHECKING:
    import psycopg

_COLUMNS = (
    "SELECT s.nspname, c.relname, a.attname, t.typname = 'bytea', has_table_privilege(c.oid, 'SELECT') "
    "FROM pg_attribute a JOIN pg_class c ON c.oid = a.attrelid JOIN pg_namespace s ON s.oid = c.relnamespace "
    "JOIN pg_type t ON t.oid = a.atttypid WHERE c.relkind IN ('r', 'm', 'f') AND a.attnum > 0 AND NOT a.attisdropped "
    "AND s.nspname !~ '^pg_' AND s.nspname <> 'information_schema' "
    "AND (t.typcategory IN ('S', 'A', 'C') OR t.typname IN ('bytea', 'json', 'jsonb', 'xml', 'tsvector', 'hstore')) "
    "ORDER BY 1, 2, a.attnum"
)


def copies(connection: psycopg.Connection[Any], schema: str, texts: Sequence[str]) -> Iterator[Copy]:
    """The tables in which one of these texts stands, whatever its case, and those that this role cannot look into."""
    wanted = [alike(text) for text in texts]
    found = connection.execute(_COLUMNS).fetchall()
    for (space, table), rows in groupby(found, key=lambda row: (row[0], row[1])):
        columns = list(rows)
        own = space == schema and table in (*TABLES, KEYS)
        name = table if own else f"{space}.{table}"
        if not columns[0][4]:
            yield Copy(name, (), own, False)
            continue
        if held := _columns(connection, space, table, [(row[2], row[3]) for row in columns], wanted):
            yield Copy(name, tuple(held), own)


def _columns(
    connection: psycopg.Connection[Any], space: str, table: str, columns: list[tuple[str, bool]], wanted: Sequence[str]
) -> list[str]:
    """The columns of a table that hold one of the texts."""
    shown = ", ".join(quoted(name) if raw else f"{quoted(name)}::text" for name, raw in columns)
    found: set[int] = set()
    with connection.cursor("procdef_copies", binary=True) as cursor:
        cursor.itersize = 1000
        for row in cursor.execute(f"SELECT {shown} FROM {quoted(space)}.{quoted(table)}"):
            for place, cell in enumerate(row):
                if cell is not None and place not in found and holds(cell, wanted):
                    found.add(place)
            if len(found) == len(columns):
                break
    return [columns[place][0] for place in sorted(found)]
