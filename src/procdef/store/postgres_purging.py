"""Leaving nothing of what was deleted: the old versions of rows that PostgreSQL keeps until nobody may read them.

An UPDATE or a DELETE leaves the row as it was, for transactions that began before. ``VACUUM`` gives its place free, but
the bytes stay in the page until they are written over. ``VACUUM FULL`` writes the table anew, with its indexes, its
statistics and its out-of-line values, and the old files are removed: of the tables that held personal values nothing else
helps. It copies old versions that an older transaction may still read, so there must be none.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from psycopg import errors

from procdef.errors import StoreError

if TYPE_CHECKING:
    import psycopg

TOUCHED = ("private", "request", "deal")
"""Tables of which rows with personal values are deleted, or overwritten."""
_WAIT = "2s"

_OLDER = (
    "SELECT EXISTS (SELECT 1 FROM pg_catalog.pg_stat_activity WHERE datname = pg_catalog.current_database() "
    "AND pid <> pg_catalog.pg_backend_pid() AND backend_xmin IS NOT NULL AND age(backend_xmin) >= %s) "
    "OR EXISTS (SELECT 1 FROM pg_catalog.pg_prepared_xacts WHERE age(transaction) >= %s) "
    "OR EXISTS (SELECT 1 FROM pg_catalog.pg_replication_slots WHERE xmin IS NOT NULL AND age(xmin) >= %s)"
)

_OWNED = (
    "SELECT bool_and(pg_has_role(c.relowner, 'USAGE')) FROM pg_class c JOIN pg_namespace s ON s.oid = c.relnamespace "
    "WHERE s.nspname = %s AND c.relname = ANY(%s)"
)


def purge(connection: psycopg.Connection[Any], schema: str) -> bool:
    """Write the touched tables anew; whether no old version of a row is left. While somebody's transaction may still read
    one, or holds a lock on the table for more than a moment, it is."""
    connection.execute("SET search_path TO pg_catalog, pg_temp")
    try:
        if not (connection.execute(_OWNED, (schema, list(TOUCHED))).fetchone() or (False,))[0]:
            raise StoreError(
                "what was deleted stands in old versions of rows until the tables' owner purges them, which this role is not"
            )
        (age,) = connection.execute("SELECT age(pg_current_xact_id()::xid)").fetchone() or (0,)
        if (connection.execute(_OLDER, (age, age, age)).fetchone() or (True,))[0]:
            return False
        connection.execute(f"SET lock_timeout TO '{_WAIT}'")
        for table in TOUCHED:
            connection.execute(f'VACUUM (FULL, ANALYZE) "{schema}".{table}')
    except (errors.LockNotAvailable, errors.QueryCanceled):
        return False
    finally:
        if not connection.closed:
            connection.execute("RESET lock_timeout")
            connection.execute("RESET search_path")
    return True
