"""Servers whose owners set other defaults than PostgreSQL's own: tables are made and checked there, steps taken, values erased
and the log verified as anywhere else."""

from __future__ import annotations

import json
import re
from collections.abc import Iterator
from contextlib import closing
from pathlib import Path

import psycopg
import pytest
from rows import DEAL, digest

from postgresql import Server, differences, purged_soon, schema_of, server
from procdef import Actor, Engine, load, open_store
from procdef.store import Batch, EventRow, Events, Private, PrivateRow, RequestRow, StayRow, Stays, Store
from procdef.store.postgres.setup import initialise
from procdef.store.queries import DealsByStream, Requests
from procdef.verification import Tally, verify

PROCESS = Path(__file__).parents[2] / "processes" / "b2b-sales.yaml"
BY = Actor("maija", frozenset({"seller"}))
BYTES = bytes(range(256))
TEXT = "päivää, \\ 'quoted' \"twice\" 01/02/2026"

DEFAULTS = (
    "default_transaction_isolation = serializable",
    "default_transaction_read_only = on",
    "default_transaction_deferrable = on",
    "standard_conforming_strings = off",
    "DateStyle = 'SQL, DMY'",
    "TimeZone = 'Pacific/Chatham'",
    "IntervalStyle = iso_8601",
    "bytea_output = escape",
    "client_encoding = latin1",
    "client_min_messages = debug1",
    "idle_in_transaction_session_timeout = 500",
    "idle_session_timeout = 500",
    "statement_timeout = '5s'",
    "lock_timeout = 1",
    "search_path = ''",
    "search_path = misleading",
    "synchronous_commit = off",
    "quote_all_identifiers = on",
    "transform_null_equals = on",
    "array_nulls = off",
    "extra_float_digits = -15",
    "plan_cache_mode = force_generic_plan",
    "jit_above_cost = 0",
    "row_security = off",
)
DATABASES = {
    "by bytes": "TEMPLATE template0 LOCALE 'C'",
    "in Finnish": "TEMPLATE template0 LOCALE 'C.UTF-8' LOCALE_PROVIDER icu ICU_LOCALE 'fi-FI'",
}
"""How databases sort texts, unless a column says otherwise."""


@pytest.fixture(scope="module")
def here() -> Iterator[Server]:
    """A server with a role ``odd`` that may make schemas, and a schema with functions and tables named as PostgreSQL's own."""
    found = server()
    found.execute(
        "CREATE ROLE odd LOGIN",
        "GRANT CREATE ON DATABASE postgres TO odd",
        "CREATE SCHEMA misleading",
        "CREATE FUNCTION misleading.count(bigint) RETURNS bigint LANGUAGE sql AS 'SELECT 7::bigint'",
        "CREATE TABLE misleading.pg_class (x int)",
        "CREATE TABLE misleading.event (x int)",
        "GRANT USAGE ON SCHEMA misleading TO odd",
    )
    yield found
    found.execute("DROP SCHEMA misleading CASCADE", "DROP OWNED BY odd CASCADE", "DROP ROLE odd")


def worked_with(url: str) -> None:
    """Make a log, take steps, erase a value and add many events, and find all as it should be."""
    initialise(url)
    assert differences(url) == []
    with closing(open_store(url)) as store:
        engine = Engine(store)
        engine.publish(load(PROCESS), by=BY)
        engine.start("b2b-sales", "A-1", stage="prospecting", by=BY)
        engine.record("A-1", {"contact_email": "o'hara@example.com"}, by=BY)
        engine.note("A-1", TEXT, by=BY)
        with store.transaction(write=False) as tx:
            assert TEXT in [json.loads(row.value) for row in tx.scan(Private())]
        assert engine.erase("A-1", fields=["contact_email"], basis="asked", by=BY).leaves
        assert purged_soon(store)
        with store.inspect() as tx:
            assert list(verify(tx, Tally())) == []
        written_in_bulk(store)


def written_in_bulk(store: Store, connection: object | None = None) -> None:
    """Write so many rows at once that they go in by COPY and in arrays, with every byte that there is, and change them so; on a
    ``connection`` of an application's, if any."""
    streams = [f"deal:{n}" for n in range(60)]
    deals = [DEAL._replace(stream=stream, key=TEXT + stream, owner=TEXT, state=BYTES) for stream in streams]
    events = [EventRow(stream, 1, f"e-{stream}", "deal.noted", TEXT, digest(1, stream), BYTES) for stream in streams]
    private = [PrivateRow(stream, 1, TEXT, BYTES, BYTES) for stream in streams]
    requests = [RequestRow(stream, TEXT, BYTES, BYTES, 1, 1) for stream in streams]
    with store.transaction(write=True, connection=connection) as tx:
        tx.append(Batch(events=events, private=private, deals=[(row, 0) for row in deals], requests=requests))
    moved = [row._replace(n=2 * 10**9 * (n + 1), due=TEXT if n else None, state=BYTES[::-1]) for n, row in enumerate(deals)]
    stays = [StayRow(stream, 1, TEXT, "2026", None, None, None) for stream in streams]
    with store.transaction(write=True, connection=connection) as tx:
        tx.append(Batch(deals=[(row, 1) for row in moved], stays=stays))
    with store.transaction(write=False, connection=connection) as tx:
        assert [row for row in tx.scan(Stays()) if row.stream in streams] == sorted(stays)
        found = (Events(stream="deal:7"), DealsByStream(), Private(), Requests())
        (row,), there, values, keys = ([*tx.scan(query)] for query in found)
    assert row == events[7]
    assert [each for each in there if each.stream in streams] == sorted(moved)
    assert {each.value for each in values if each.stream in streams} == {each.salt for each in keys} == {BYTES}


@pytest.mark.parametrize("default", DEFAULTS)
def test_a_role_with_other_defaults_is_worked_with_all_the_same(default: str, here: Server) -> None:
    here.execute(f"ALTER ROLE odd SET {default}")
    url = here.fresh_schema().replace("owner@", "odd@")
    try:
        worked_with(url)
    finally:
        here.execute("ALTER ROLE odd RESET ALL", f"DROP SCHEMA IF EXISTS {schema_of(url)} CASCADE")


@pytest.mark.parametrize("how", DATABASES)
def test_a_database_that_sorts_otherwise_is_worked_with_all_the_same(how: str, here: Server) -> None:
    if "icu" in DATABASES[how] and here.version < 15:
        pytest.skip("before PostgreSQL 15 no database sorts by ICU")
    here.execute(f"CREATE DATABASE sorting {DATABASES[how]}")
    try:
        worked_with(here.fresh_schema().replace("/postgres?", "/sorting?"))
    finally:
        here.execute("DROP DATABASE sorting WITH (FORCE)")


@pytest.mark.parametrize("setting", [each for each in DEFAULTS if not re.search("timeout|encoding|read_only", each)])
def test_rows_go_as_they_are_through_a_connection_of_an_application_with_other_settings(
    setting: str, here: Server, new_postgres_log: str
) -> None:
    with closing(open_store(new_postgres_log)) as store, psycopg.connect(here.url, autocommit=True) as application:
        application.execute(f"SET {setting}")
        with application.transaction():
            written_in_bulk(store, application)
