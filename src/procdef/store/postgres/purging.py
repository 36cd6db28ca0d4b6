"""Leaving nothing of what was deleted: the old versions of rows that PostgreSQL keeps until nobody may read them.

An UPDATE or a DELETE leaves the row as it was, for transactions that began before. ``VACUUM`` gives its place free, but
the bytes stay in the page until they are written over. ``VACUUM FULL`` writes the table anew, with its indexes, and
its out-of-line values, and the old files are removed: of the tables that held personal values nothing else
helps. It copies old versions that an older transaction may still read, so there must be none.

``ANALYZE`` copies values into the catalog. Of columns with personal values it is told to take none; where somebody had it do so
all the same, what it took is removed, and the catalog's table of statistics is written anew too.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from typing import TYPE_CHECKING, Any

from psycopg import errors

from procdef.errors import StoreError
from procdef.store.postgres.tables import KEYS, are_distributed, has_citus

if TYPE_CHECKING:
    import psycopg

TOUCHED = ("private", "request", "deal")
"""Tables of which rows with personal values are deleted, or overwritten."""
_WAIT = "2s"

_OLDER = (
    "SELECT EXISTS (SELECT 1 FROM pg_stat_activity WHERE pid <> pg_backend_pid() "
    "AND (datname IS NULL OR datname = current_database() OR pid IN (SELECT pid FROM pg_stat_replication)) "
    "AND (age(backend_xmin) >= %(age)s OR age(backend_xid) >= %(age)s)) "
    "OR EXISTS (SELECT 1 FROM pg_prepared_xacts WHERE age(transaction) >= %(age)s) "
    "OR EXISTS (SELECT 1 FROM pg_replication_slots WHERE age(xmin) >= %(age)s OR age(catalog_xmin) >= %(age)s)"
)
"""Who may still read what was deleted: a transaction, with a snapshot or with a number of its own; one of a standby, for which
its walsender, which has no database, says so; one that is prepared; a consumer of a replication slot."""
_OLDER_ELSEWHERE = (
    "SELECT EXISTS (SELECT 1 FROM run_command_on_workers(%s) WHERE NOT success OR result <> 'f')",
    (_OLDER % {"age": "(SELECT age(pg_current_xact_id()::xid))"},),
)
"""The same of every other server, counted from now."""

_PERSONAL = {
    "private": {"value": "bytea"},
    "deal": {"key": 'text COLLATE "C"', "state": "bytea"},
    "request": {"key": 'text COLLATE "C"'},
    KEYS: {"key": 'text COLLATE "C"'},
}
"""Columns with personal values, and their types."""

_ASKED = (
    "SELECT 1 FROM pg_attribute a JOIN pg_class c ON c.oid = a.attrelid JOIN pg_namespace s ON s.oid = c.relnamespace "
    "WHERE s.nspname = %s AND c.relname = %s AND a.attname = %s AND a.attstattarget IS DISTINCT FROM 0"
)
"""Whether ANALYZE takes statistics of a column."""

_TAKEN = (
    "SELECT EXISTS (SELECT 1 FROM pg_stats WHERE schemaname = %s AND tablename = %s AND attname = %s), "
    "EXISTS (SELECT 1 FROM pg_database WHERE datname = current_database() AND pg_has_role(datdba, 'USAGE'))"
)
"""Whether there are statistics of a column, and whether this role may write their table anew."""

_OWNED = (
    "SELECT bool_and(pg_has_role(c.relowner, 'USAGE')) FROM pg_class c JOIN pg_namespace s ON s.oid = c.relnamespace "
    "WHERE s.nspname = %s AND c.relname = ANY(%s)"
)


def purge(connection: psycopg.Connection[Any], schema: str) -> bool:
    """Write the touched tables anew; whether no old version of a row is left. While somebody's transaction may still read
    one, or holds a lock on the table for more than a moment, it is."""
    connection.execute("SET search_path TO pg_catalog, pg_temp; SET default_transaction_read_only TO off")
    try:
        if not is_owner(connection, schema):
            raise StoreError(
                "what was deleted stands in old versions of rows until the tables' owner purges them, which this role is not"
            )
        before = connection.execute("SELECT pg_current_xact_id()::xid").fetchone()
        distributed = are_distributed(connection, schema)
        elsewhere = distributed and has_citus(connection)
        if before is None or _older(connection, before[0]) or (elsewhere and _older_elsewhere(connection)):
            return False
        tables = (*TOUCHED, KEYS) if distributed else TOUCHED
        connection.execute(f"SET lock_timeout TO '{_WAIT}'")
        for table, column, _ in _personal(tables):
            if connection.execute(_ASKED, (schema, table, column)).fetchone():
                connection.execute(f'ALTER TABLE "{schema}".{table} ALTER COLUMN {column} SET STATISTICS 0')
        for table in tables:
            connection.execute(f'VACUUM (FULL, ANALYZE) "{schema}".{table}')
        _remove_statistics(connection, schema, tables)
        if _older(connection, before[0]):  # as a standby that came meanwhile
            return False
    except (errors.LockNotAvailable, errors.QueryCanceled):
        return False
    finally:
        if not connection.closed:
            connection.execute("RESET lock_timeout")
            connection.execute("RESET search_path; RESET default_transaction_read_only")
    return True


def is_owner(connection: psycopg.Connection[Any], schema: str) -> bool:
    """Whether this role owns the tables with personal values, or acts for who does."""
    return bool((connection.execute(_OWNED, (schema, list(TOUCHED))).fetchone() or (False,))[0])


def _remove_statistics(connection: psycopg.Connection[Any], schema: str, tables: Sequence[str]) -> None:
    """Leave no statistics of personal values. Raises ``StoreError`` where there are some that this role may not remove."""
    removed = False
    for table, column, kind in _personal(tables):
        taken, may = connection.execute(_TAKEN, (schema, table, column)).fetchone() or (False, False)
        if not taken:
            continue
        if not may:
            raise StoreError(
                f"statistics that ANALYZE took of {table}.{column} hold values; the database's owner, or a superuser, "
                "removes them with a purge"
            )
        try:  # PostgreSQL drops what it knows of a column that gets a type, the same one too
            connection.execute(f'ALTER TABLE "{schema}".{table} ALTER COLUMN {column} TYPE {kind}')
        except errors.FeatureNotSupported:
            raise StoreError(
                f"statistics that ANALYZE took of {table}.{column} hold values, and a view on that column keeps them; "
                "drop the view, purge, and make it again"
            ) from None
        removed = True
    if removed:
        connection.execute("VACUUM (FULL) pg_catalog.pg_statistic")


def _personal(tables: Sequence[str]) -> Iterator[tuple[str, str, str]]:
    return ((table, column, kind) for table in tables for column, kind in _PERSONAL[table].items())


def _older(connection: psycopg.Connection[Any], xid: object) -> bool:
    """Whether somebody may still read what was deleted before that transaction."""
    (age,) = connection.execute("SELECT age(%s::text::xid)", (str(xid),)).fetchone() or (0,)
    return bool((connection.execute(_OLDER, {"age": age}).fetchone() or (True,))[0])


def _older_elsewhere(connection: psycopg.Connection[Any]) -> bool:
    """Whether somebody on another server may still read what was deleted, or one cannot be asked."""
    return bool((connection.execute(*_OLDER_ELSEWHERE).fetchone() or (True,))[0])
