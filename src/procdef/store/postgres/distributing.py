"""The tables of a log as Citus distributes them over several servers: laying them out so, and whether they are.

What belongs to a deal, or another stream, is distributed by ``stream``, with what waits to be sealed. The order of the log and
its tree stay on the coordinator. Definitions and directories, which are few, are on every server. Names of deals get a table of
their own, which is distributed by name.
"""

from __future__ import annotations

from collections.abc import Iterable
from typing import TYPE_CHECKING, Any

from procdef.store.postgres import inspection as postgres_inspection
from procdef.store.postgres import tables as postgres_tables
from procdef.store.postgres.statements import for_schema
from procdef.store.postgres.tables import KEYS, TABLES

if TYPE_CHECKING:
    import psycopg

BY_STREAM = ("deal", "event", "private", "stay", "gate", "activity", "request", "pending")
EVERYWHERE = ("definition", "directory")
DISTRIBUTED = (*BY_STREAM, KEYS, *EVERYWHERE)
SHARDS = 32
"""Into how many parts each table is distributed, unless somebody says: they are what a further server takes over."""

NAMES = (
    "ALTER TABLE main.deal DROP CONSTRAINT deal_key",
    'CREATE TABLE main.deal_key (key text COLLATE "C" NOT NULL, stream text COLLATE "C" NOT NULL, '
    "CONSTRAINT deal_key_pkey PRIMARY KEY (key))",
    "ALTER TABLE main.deal_key ALTER COLUMN key SET STATISTICS 0",
    "CREATE INDEX deal_named ON main.deal (key)",
    "INSERT INTO main.deal_key SELECT key, stream FROM main.deal WHERE key <> stream",
)
"""Names of deals in a table of their own. Lists of deals still go by name, so that has an index."""
_LESS = frozenset(("constraint deal.deal_key UNIQUE (key)", "index deal.deal_key unique USING btree (key)"))
_MORE = (
    "column deal_key.key text collate C not null",
    "column deal_key.stream text collate C not null",
    "constraint deal_key.deal_key_pkey PRIMARY KEY (key)",
    "index deal.deal_named USING btree (key)",
    "index deal_key.deal_key_pkey unique USING btree (key)",
)

_SPREAD = (
    "SELECT c.relname, CASE p.partmethod WHEN 'h' THEN column_to_column_name(c.oid, p.partkey) WHEN 'n' THEN 'everywhere' END, "
    "p.colocationid FROM pg_dist_partition p JOIN pg_class c ON c.oid = p.logicalrelid "
    "JOIN pg_namespace s ON s.oid = c.relnamespace WHERE s.nspname = %s AND c.relname = ANY(%s)"
)
_STRAY = (
    "SELECT p.stream, p.n FROM main.pending p LEFT JOIN main.event e ON e.stream = p.stream AND e.n = p.n AND e.hash = p.hash "
    "WHERE e.hash IS NULL OR p.hash !~ '^[0-9a-f]{64}$' ORDER BY p.seq LIMIT 20"
)


def lay_out(connection: psycopg.Connection[Any], schema: str, shards: int) -> None:
    """Distribute the tables, and what is in them, over the servers that the coordinator knows."""
    _execute(connection, schema, statements(shards))


def keep_names_apart(connection: psycopg.Connection[Any], schema: str) -> None:
    """Give the names of deals a table of their own, which is all of the layout that a server without Citus can have."""
    _execute(connection, schema, NAMES)


def statements(shards: int) -> tuple[str, ...]:
    """All that lays out the tables, as ``for_schema`` takes it."""
    first = f"main.{BY_STREAM[0]}"
    columns = {**dict.fromkeys(BY_STREAM[1:], "stream"), KEYS: "key"}
    return (
        *NAMES,
        f"SELECT create_distributed_table('{first}', 'stream', colocate_with => 'none', shard_count => {shards})",
        *(
            f"SELECT create_distributed_table('main.{table}', '{column}', colocate_with => '{first}')"
            for table, column in columns.items()
        ),
        *(f"SELECT create_reference_table('main.{table}')" for table in EVERYWHERE),
    )


def _execute(connection: psycopg.Connection[Any], schema: str, texts: Iterable[str]) -> None:
    for text in texts:
        connection.execute(for_schema(text, schema))


def layout_differences(connection: psycopg.Connection[Any], schema: str) -> list[tuple[str, str]]:
    """What of our tables is not as this layout makes it, and, where there is Citus, as they are distributed."""
    expected = [line for line in postgres_inspection.expected_shape() if line not in _LESS]
    there = postgres_inspection.shape(connection, schema, (*TABLES, KEYS))
    wrong = postgres_inspection.shape_differences(there, (*expected, *_MORE))
    wrong += postgres_inspection.other_differences(connection, schema)
    if postgres_tables.has_citus(connection):
        wrong += _placed(connection, schema)
    for stream, n in connection.execute(for_schema(_STRAY, schema)):
        wrong.append(postgres_inspection.stray(stream, n, "is not stored with that hash"))
    return wrong


def _placed(connection: psycopg.Connection[Any], schema: str) -> list[tuple[str, str]]:
    """Tables that are not where they belong: those of a stream in one place, by stream."""
    rows = connection.execute(_SPREAD, (schema, [*TABLES, KEYS])).fetchall()
    found = {name: (by, group) for name, by, group in rows}
    group = found.get(BY_STREAM[0], (None, None))[1]
    wanted = {**dict.fromkeys(BY_STREAM, "stream"), KEYS: "key", **dict.fromkeys(EVERYWHERE, "everywhere")}
    wrong = []
    for table in (*TABLES, KEYS):
        by, place = found.get(table, (None, None))
        if by != wanted.get(table):
            wrong.append((f"the table {table} distributed {_said(wanted.get(table))}", _said(by)))
        elif by == "stream" and place != group:
            wrong.append((f"the rows of {table} beside those of {BY_STREAM[0]}", "on other servers"))
    return wrong


def _said(by: str | None) -> str:
    return "to no other server" if by is None else "to every server" if by == "everywhere" else f"by {by}"
