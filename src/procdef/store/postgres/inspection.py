"""The tables of a log in PostgreSQL as somebody may have left them: of another shape, with triggers, with indexes that lie."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from functools import cache
from typing import TYPE_CHECKING, Any

from procdef.resources import packaged
from procdef.store.layouts import LATEST
from procdef.store.postgres.grants import policies_shown
from procdef.store.postgres.rights import rights_beyond
from procdef.store.postgres.statements import STRAY, for_schema
from procdef.store.postgres.tables import KEYS, TABLES, triggers

if TYPE_CHECKING:
    import psycopg

_SHAPE = (
    "SELECT 'column ' || c.relname || '.' || a.attname || ' ' || format_type(a.atttypid, a.atttypmod) "
    "|| CASE WHEN l.collname IS NULL OR l.collname = 'default' THEN '' ELSE ' collate ' || l.collname END "
    "|| CASE WHEN a.attnotnull THEN ' not null' ELSE '' END || CASE a.attidentity WHEN '' THEN '' ELSE ' identity' END "
    "|| CASE WHEN d.adbin IS NULL THEN '' ELSE ' default ' || pg_get_expr(d.adbin, d.adrelid) END "
    "FROM pg_attribute a JOIN pg_class c ON c.oid = a.attrelid JOIN pg_namespace s ON s.oid = c.relnamespace "
    "LEFT JOIN pg_collation l ON l.oid = a.attcollation LEFT JOIN pg_attrdef d ON d.adrelid = c.oid AND d.adnum = a.attnum "
    "WHERE s.nspname = %(schema)s AND c.relname = ANY(%(tables)s) AND c.relkind IN ('r', 'p') AND a.attnum > 0 "
    "AND NOT a.attisdropped "
    "UNION ALL SELECT 'constraint ' || c.relname || '.' || k.conname || ' ' || pg_get_constraintdef(k.oid) "
    "FROM pg_constraint k JOIN pg_class c ON c.oid = k.conrelid JOIN pg_namespace s ON s.oid = c.relnamespace "
    "WHERE s.nspname = %(schema)s AND c.relname = ANY(%(tables)s) AND k.contype <> 'n' "
    "UNION ALL SELECT 'index ' || c.relname || '.' || i.relname "
    "|| CASE WHEN x.indisunique THEN ' unique' ELSE '' END || substring(pg_get_indexdef(x.indexrelid) from ' USING .*$') "
    "|| CASE WHEN x.indisvalid THEN '' ELSE ' invalid' END "
    "FROM pg_index x JOIN pg_class i ON i.oid = x.indexrelid JOIN pg_class c ON c.oid = x.indrelid "
    "JOIN pg_namespace s ON s.oid = c.relnamespace WHERE s.nspname = %(schema)s AND c.relname = ANY(%(tables)s) "
    "UNION ALL SELECT 'policy ' || c.relname || '.' || p.polname || CASE WHEN p.polpermissive THEN '' ELSE ' restrictive' END "
    "|| ' for ' || CASE p.polcmd WHEN 'r' THEN 'select' WHEN 'a' THEN 'insert' WHEN 'w' THEN 'update' WHEN 'd' THEN 'delete' "
    "ELSE 'all' END || CASE WHEN p.polroles = '{0}' THEN '' ELSE ' to some roles' END "
    "|| coalesce(' using ' || replace(pg_get_expr(p.polqual, p.polrelid), quote_ident(s.nspname) || '.', ''), '') "
    "|| coalesce(' with check ' || replace(pg_get_expr(p.polwithcheck, p.polrelid), quote_ident(s.nspname) || '.', ''), '') "
    "FROM pg_policy p JOIN pg_class c ON c.oid = p.polrelid "
    "JOIN pg_namespace s ON s.oid = c.relnamespace WHERE s.nspname = %(schema)s AND c.relname = ANY(%(tables)s) "
    "UNION ALL SELECT CASE WHEN c.relforcerowsecurity THEN 'forced ' ELSE '' END || 'row level security ' || c.relname "
    "FROM pg_class c JOIN pg_namespace s ON s.oid = c.relnamespace WHERE (c.relrowsecurity OR c.relforcerowsecurity) "
    "AND s.nspname = %(schema)s AND c.relname = ANY(%(tables)s) "
    "UNION ALL SELECT CASE c.relkind WHEN 'f' THEN 'foreign table ' ELSE 'view ' END || c.relname FROM pg_class c "
    "JOIN pg_namespace s ON s.oid = c.relnamespace WHERE s.nspname = %(schema)s AND c.relname = ANY(%(tables)s) "
    "AND c.relkind NOT IN ('r', 'p') "
    "UNION ALL SELECT 'unlogged table ' || c.relname FROM pg_class c JOIN pg_namespace s ON s.oid = c.relnamespace "
    "WHERE s.nspname = %(schema)s AND c.relname = ANY(%(tables)s) AND c.relpersistence <> 'p' "
    "UNION ALL SELECT 'table ' || i.inhrelid::regclass || ' that inherits from ' || i.inhparent::regclass FROM pg_inherits i "
    "JOIN pg_class c ON c.oid IN (i.inhparent, i.inhrelid) JOIN pg_namespace s ON s.oid = c.relnamespace "
    "WHERE s.nspname = %(schema)s AND c.relname = ANY(%(tables)s) "
    "UNION ALL SELECT 'right of everybody (PUBLIC) to ' "
    "|| string_agg(lower(r.privilege_type), ', ' ORDER BY r.privilege_type) || ' ' || c.relname "
    "FROM pg_class c JOIN pg_namespace s ON s.oid = c.relnamespace, aclexplode(c.relacl) r WHERE r.grantee = 0 "
    "AND s.nspname = %(schema)s AND c.relname = ANY(%(tables)s) GROUP BY c.relname ORDER BY 1"
)


def shape(connection: psycopg.Connection[Any], schema: str, tables: Sequence[str] = TABLES) -> list[str]:
    """What the tables of a log are made of, line by line."""
    connection.execute("SELECT set_config('quote_all_identifiers', 'off', true)")  # which would show every name otherwise
    return [row[0] for row in connection.execute(_SHAPE, {"schema": schema, "tables": list(tables)})]


@cache
def expected_shape() -> tuple[str, ...]:
    """The same, as the migrations leave it."""
    return tuple(packaged("store", "postgres", "layouts", f"shape_{LATEST}.txt").read_text(encoding="utf-8").splitlines())


def layout_differences(connection: psycopg.Connection[Any], schema: str) -> list[tuple[str, str]]:
    """What of our tables is not as the migrations make it; and what stands on them besides."""
    wrong = shape_differences(shape(connection, schema), expected_shape()) + other_differences(connection, schema)
    for stream, n, sealed in connection.execute(for_schema(STRAY, schema)):
        wrong.append(stray(stream, n, "is sealed already" if sealed else "is not stored with that hash"))
    return wrong


def shape_differences(there: Sequence[str], expected: Sequence[str]) -> list[tuple[str, str]]:
    """The lines that one of two shapes lacks. Policies of ``procdef store grants`` may be there, all of them or none."""
    wrong = [(f"the {line}, as layout {LATEST} makes it", "none") for line in expected if line not in there]
    ours, guards = set(expected), policies_shown()
    if not guards.isdisjoint(there):  # in part they hide events, or guard nothing
        ours |= guards
        wrong += [(f"the {line}, as `procdef store grants` makes it", "none") for line in sorted(guards.difference(there))]
    wrong += [
        ("nothing on these tables but what this layout makes", f"the {line}") for line in there if line not in ours
    ]
    return wrong


def other_differences(connection: psycopg.Connection[Any], schema: str) -> list[tuple[str, str]]:
    """Triggers and rules on our tables, and more or fewer rows of ``tree`` than one."""
    wrong = [("no trigger and no rule on these tables", name) for name in triggers(connection, schema)]
    rows = connection.execute(f'SELECT count(*) FROM "{schema}".tree').fetchone() or (0,)
    if rows[0] != 1:
        wrong.append(("one row in tree", str(rows[0])))
    return wrong


def stray(stream: str, n: int, why: str) -> tuple[str, str]:
    """A row of ``pending`` that waits for nothing."""
    return "in pending nothing but events that wait to be sealed", f"event {n} of {stream}, which {why}"


_BESIDES = (
    "SELECT 'the publication ' || p.pubname || ' hands on changes of ' || string_agg(p.tablename, ', ' ORDER BY p.tablename) "
    "FROM pg_publication_tables p WHERE p.schemaname = %(schema)s AND p.tablename = ANY(%(tables)s) GROUP BY p.pubname "
    "UNION ALL SELECT 'the subscription ' || u.subname || ' writes to ' || string_agg(c.relname, ', ' ORDER BY c.relname) "
    "FROM pg_subscription_rel r JOIN pg_subscription u ON u.oid = r.srsubid JOIN pg_class c ON c.oid = r.srrelid "
    "JOIN pg_namespace s ON s.oid = c.relnamespace WHERE s.nspname = %(schema)s AND c.relname = ANY(%(tables)s) "
    "GROUP BY u.subname "
    "UNION ALL SELECT 'the event trigger ' || evtname || ' runs ' || evtfoid::regproc || ' at ' || evtevent "
    "FROM pg_event_trigger WHERE evtenabled <> 'D' ORDER BY 1"
)


def besides(connection: psycopg.Connection[Any], schema: str) -> list[str]:
    """Publications and subscriptions of our tables, event triggers of the database, and rights of roles beyond those of
    ``procdef store grants``. They are none of the layout's differences: a log may be replicated on purpose, a server may come
    with event triggers of its own, and an owner may give what it likes."""
    handed_on = connection.execute(_BESIDES, {"schema": schema, "tables": [*TABLES, KEYS]})
    return [*(row[0] for row in handed_on), *rights_beyond(connection, schema)]


_INDEXES = (
    "SELECT c.relname, i.relname, x.indexrelid FROM pg_index x JOIN pg_class i ON i.oid = x.indexrelid "
    "JOIN pg_class c ON c.oid = x.indrelid JOIN pg_namespace s ON s.oid = c.relnamespace "
    "WHERE s.nspname = %s AND c.relname = ANY(%s) AND i.relam = (SELECT oid FROM pg_am WHERE amname = 'btree') ORDER BY 1, 2"
)
_AMCHECK = (
    "SELECT quote_ident(s.nspname) FROM pg_proc p JOIN pg_namespace s ON s.oid = p.pronamespace "
    "JOIN pg_extension e ON e.extname = 'amcheck' AND e.extnamespace = s.oid "
    "WHERE p.proname = 'bt_index_check' AND p.pronargs = 2 AND has_function_privilege(p.oid, 'EXECUTE')"
)


def amcheck(connection: psycopg.Connection[Any]) -> str | None:
    """The schema of the extension amcheck, quoted, where this role may use it."""
    at = connection.execute(_AMCHECK).fetchone()
    return None if at is None else str(at[0])


def index_differences(
    connection: psycopg.Connection[Any], schema: str, leaving_out: Sequence[str] = ()
) -> Iterator[tuple[str, str, str]]:
    """Where an index lacks what its table holds, by the extension ``amcheck``; nothing where the server does not have it,
    or this role may not use it."""
    from psycopg import Error

    if (at := amcheck(connection)) is None:
        return
    for table, index, oid in connection.execute(_INDEXES, (schema, list(TABLES))).fetchall():
        if table in leaving_out:
            continue
        connection.execute("SAVEPOINT procdef_index")
        try:
            connection.execute(f"SELECT {at}.bt_index_check(%s::oid::regclass, true)", (oid,))
        except Error as error:
            if error.sqlstate is None or error.sqlstate[:2] != "XX":
                raise
            connection.execute("ROLLBACK TO SAVEPOINT procdef_index")
            yield "log", f"the rows of {table} in its index {index}, each in its place", "another"
        else:
            connection.execute("RELEASE SAVEPOINT procdef_index")
