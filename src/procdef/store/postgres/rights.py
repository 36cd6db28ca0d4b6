"""Rights that roles of PostgreSQL have on the tables of a log beyond those that ``procdef store grants`` gives to anybody."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterator
from itertools import groupby
from typing import TYPE_CHECKING, Any

from procdef.store.postgres.grants import given_to_any
from procdef.store.postgres.tables import KEYS, TABLES

if TYPE_CHECKING:
    import psycopg

_ON_TABLES = (
    "SELECT r.rolname, t.relname, t.attname, lower(t.privilege_type) FROM ("
    "SELECT c.relname, c.relowner, NULL AS attname, a.grantee, a.privilege_type "
    "FROM pg_class c JOIN pg_namespace s ON s.oid = c.relnamespace, aclexplode(c.relacl) a "
    "WHERE s.nspname = %(schema)s AND c.relname = ANY(%(tables)s) "
    "UNION ALL SELECT c.relname, c.relowner, f.attname, a.grantee, a.privilege_type "
    "FROM pg_attribute f JOIN pg_class c ON c.oid = f.attrelid JOIN pg_namespace s ON s.oid = c.relnamespace, "
    "aclexplode(f.attacl) a "
    "WHERE s.nspname = %(schema)s AND c.relname = ANY(%(tables)s)"
    ") t JOIN pg_roles r ON r.oid = t.grantee WHERE r.oid <> t.relowner AND NOT r.rolsuper"
)
"""Role, table, column or nothing, and the right, but of the owner and of superusers, whom no right is given."""

_ELSEWHERE = (
    "SELECT r.rolname, 'create on the schema' FROM pg_namespace s, aclexplode(s.nspacl) a JOIN pg_roles r ON r.oid = a.grantee "
    "WHERE s.nspname = %(schema)s AND a.privilege_type = 'CREATE' AND NOT r.rolsuper AND r.oid <> s.nspowner "
    "AND r.oid <> ALL (SELECT c.relowner FROM pg_class c WHERE c.relnamespace = s.oid AND c.relname = ANY(%(tables)s)) "
    "UNION ALL SELECT r.rolname, 'insert on event without its policies' FROM pg_class c "
    "JOIN pg_namespace s ON s.oid = c.relnamespace, pg_roles r WHERE s.nspname = %(schema)s AND c.relname = 'event' "
    "AND NOT r.rolsuper AND NOT pg_has_role(r.oid, c.relowner, 'USAGE') AND r.rolname !~ '^pg_' "
    "AND has_table_privilege(r.oid, c.oid, 'INSERT') AND (r.rolbypassrls OR NOT c.relrowsecurity) "
    "UNION ALL SELECT r.rolname, 'insert, update, delete on every table (pg_write_all_data)' FROM pg_auth_members m "
    "JOIN pg_roles g ON g.oid = m.roleid JOIN pg_roles r ON r.oid = m.member WHERE g.rolname = 'pg_write_all_data' "
    "AND NOT r.rolsuper AND NOT EXISTS (SELECT 1 FROM pg_class c JOIN pg_namespace s ON s.oid = c.relnamespace "
    "WHERE s.nspname = %(schema)s AND c.relname = 'event' AND c.relowner = r.oid)"
)
"""Role, and what it may: make tables beside ours, add events that the policies keep from it, write whatever there is."""


def rights_beyond(connection: psycopg.Connection[Any], schema: str) -> list[str]:
    """A clause for each role that has such rights, in the order of their names."""
    about = {"schema": schema, "tables": [*TABLES, KEYS]}
    found: dict[str, list[str]] = defaultdict(list)
    rows = sorted(_beyond(connection.execute(_ON_TABLES, about)))
    for (role, table), rights in groupby(rows, key=lambda row: row[:2]):
        found[role].append(f"{', '.join(right for _, _, right in rights)} on {table}")
    for role, right in sorted(connection.execute(_ELSEWHERE, about)):
        found[role].append(right)
    beyond = "has rights beyond those of `procdef store grants`"
    return [f"the role {role} {beyond}: {'; '.join(found[role])}" for role in sorted(found)]


def _beyond(rows: psycopg.Cursor[tuple[str, str, str | None, str]]) -> Iterator[tuple[str, str, str]]:
    for role, table, column, right in rows:
        shown = right if column is None else f"{right} ({column})"
        if given_to_any(table).isdisjoint((right, shown)):
            yield role, table, shown
