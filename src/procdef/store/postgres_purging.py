"""Leaving nothing of what was deleted: the old versions of rows that PostgreSQL keeps until nobody may read them.

An UPDATE or a DELETE leaves the row as it was, for transactions that began before. ``VACUUM`` takes such rows out of the pages,
and what is written over them afterwards, or nothing, takes their place: the bytes of a removed row are cleared from what is
offered to any reader, and by ``VACUUM FULL`` from the file. So the tables that held personal values are written anew.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from psycopg import errors

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


def purge(connection: psycopg.Connection[Any], schema: str) -> bool:
    """Write the touched tables anew; whether no old version of a row is left. While somebody's transaction may still read
    one, or holds a lock on the table for more than a moment, it is."""
    connection.execute("SET search_path TO pg_catalog, pg_temp")
    try:
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
