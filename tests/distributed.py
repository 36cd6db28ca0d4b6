"""Logs whose tables are laid out for several servers: on a coordinator of Citus, which ``PROCDEF_CITUS_DSN`` names as
``postgresql://...``, and on the test run's own server, which has all of that layout but the other servers."""

from __future__ import annotations

import os
from collections.abc import Iterator
from contextlib import contextmanager
from itertools import count
from uuid import uuid4

import psycopg
import pytest

from postgresql import schema_of, server
from procdef.store.postgres.address import postgres_address
from procdef.store.postgres.distributing import keep_names_apart
from procdef.store.postgres.setup import distribute, initialise
from procdef.store.postgres.tables import KEYS, TABLES

CITUS = "PROCDEF_CITUS_DSN"
NO_CITUS = f"no Citus at hand: {CITUS} names the address of a coordinator as postgresql://... where there is one"
_numbers = count(1)
_free: dict[str, list[str]] = {}


def citus() -> str:
    """The address of the coordinator. Skips the test where there is none."""
    if CITUS not in os.environ:
        pytest.skip(NO_CITUS)
    return os.environ[CITUS]


@contextmanager
def new_distributed_log(base: str) -> Iterator[str]:
    """The URL of an empty log, in a schema that is dropped afterwards."""
    url = _made(base)
    try:
        yield url
    finally:
        execute(url, f"DROP SCHEMA {schema_of(url)} CASCADE")


@contextmanager
def empty_distributed_log(base: str) -> Iterator[str]:
    """The URL of an empty log, in a schema that is emptied afterwards, as that is quicker than to make one."""
    free = _free.setdefault(base, [])
    url = free.pop() if free else _made(base)
    yield url
    schema = schema_of(url)
    emptied = (f"DELETE FROM {schema}.{table}" for table in (*TABLES, KEYS) if table != "tree")
    execute(url, *emptied, f"UPDATE {schema}.tree SET log = '{uuid4()}', size = 0, frontier = ''")
    free.append(url)


def execute(url: str, *statements: str) -> list[tuple[object, ...]]:
    """Execute statements where that log is; the rows of the last one."""
    with psycopg.connect(postgres_address(url).conninfo, autocommit=True) as connection:
        for statement in statements:
            cursor = connection.execute(statement)
        return cursor.fetchall() if cursor.description else []


def _made(base: str) -> str:
    url = f"{base}{'&' if '?' in base else '?'}schema=apart_{os.getpid()}_{next(_numbers)}"
    initialise(url)
    if base == server().url:
        with psycopg.connect(base) as connection:
            keep_names_apart(connection, schema_of(url))
    else:
        distribute(url, shards=4)
    return url
