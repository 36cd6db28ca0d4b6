"""A purge in PostgreSQL says that nothing is left only where nobody can read what was deleted, statistics included."""

from __future__ import annotations

import struct
import time
from collections.abc import Callable, Iterator
from contextlib import AbstractContextManager, closing, contextmanager

import psycopg
import pytest
from rows import DEAL

from postgresql import differences, purged_soon, schema_of, server
from procdef import StoreError, open_store
from procdef.store import Batch, PrivateRow
from procdef.store.postgres.tables import TABLES


@contextmanager
def standby() -> Iterator[None]:
    """A walsender that was told by its standby (hot_standby_feedback) of a transaction there."""
    (xid,) = server().execute("SELECT (pg_current_xact_id()::text::bigint % 4294967296)::bigint")[0]
    (place,) = server().execute("SELECT pg_current_wal_flush_lsn()::text")[0]
    raw = psycopg.pq.PGconn.connect(f"{server().url}&replication=true".encode())
    try:
        raw.send_query(f"START_REPLICATION PHYSICAL {place}".encode())
        result = raw.get_result()
        assert result is not None
        assert result.status == psycopg.pq.ExecStatus.COPY_BOTH
        raw.put_copy_data(b"h" + struct.pack(">qIIII", 0, xid, 0, 0, 0))
        raw.flush()
        for _ in range(100):
            if server().execute("SELECT 1 FROM pg_stat_replication WHERE backend_xmin IS NOT NULL"):
                break
            time.sleep(0.02)
        else:
            raise AssertionError("the server heard nothing of the standby")
        yield
    finally:
        raw.finish()
        for _ in range(100):
            if not server().execute("SELECT 1 FROM pg_stat_replication"):
                break
            time.sleep(0.02)


@contextmanager
def writer_of_another_table() -> Iterator[None]:
    """A transaction that has written something, and is idle."""
    with psycopg.connect(server().url) as connection:
        connection.execute("CREATE TABLE public.elsewhere (x int)")
        yield
        connection.rollback()


@contextmanager
def prepared() -> Iterator[None]:
    """A transaction that is prepared, and not committed."""
    with psycopg.connect(server().url) as connection:
        connection.execute("CREATE TABLE public.elsewhere (x int); PREPARE TRANSACTION 'procdef_held'")
    try:
        yield
    finally:
        server().execute("ROLLBACK PREPARED 'procdef_held'")


@pytest.mark.parametrize("held", [standby, writer_of_another_table, prepared])
def test_nothing_is_purged_while_somebody_may_read_it(
    held: Callable[[], AbstractContextManager[None]], postgres_log: str
) -> None:
    row = PrivateRow("deal:1", 1, "/mail", b"s" * 32, b'"held@example.com"')
    with closing(open_store(postgres_log)) as store:
        with store.transaction(write=True) as tx:
            tx.append(Batch(deals=[(DEAL, 0)], private=[row]))
        with held():
            with store.transaction(write=True) as tx:
                tx.append(Batch(deals=[(DEAL._replace(n=2), 1)], erased=[row[:3]]))  # type: ignore[list-item]
            assert not store.purge()
        assert purged_soon(store)


def test_no_statistics_keep_what_was_erased(new_postgres_log: str) -> None:
    """By the pages of the catalog's own table: ANALYZE takes none of these columns, and where it was told to a purge
    removes them."""
    schema, secret = schema_of(new_postgres_log), "statistic@example.com"
    server().execute("CREATE EXTENSION IF NOT EXISTS pageinspect")
    pages = (
        f"SELECT count(*) FILTER (WHERE position('\\x{secret.encode().hex()}'::bytea in get_raw_page(c, p)) > 0) FROM "
        "(SELECT 'pg_statistic' UNION SELECT reltoastrelid::regclass::text FROM pg_class "
        "WHERE relname = 'pg_statistic') t (c), "
        "generate_series(0, pg_relation_size(c::regclass) / 8192 - 1) p"
    )
    rows = [PrivateRow(f"deal:{k}", 1, "/mail", b"s" * 32, f'"{secret}"'.encode()) for k in range(9)]
    with closing(open_store(new_postgres_log)) as store:
        with store.transaction(write=True) as tx:
            tx.append(Batch(deals=[(DEAL._replace(key=secret), 0)], private=rows))
        server().execute(f"ANALYZE {schema}.private, {schema}.deal")
        assert server().execute(pages) == [(0,)]
        server().execute(f"ALTER TABLE {schema}.private ALTER value SET STATISTICS 100", f"ANALYZE {schema}.private")
        assert server().execute(pages) != [(0,)]
        with store.transaction(write=True) as tx:
            tx.append(Batch(erased=[row[:3] for row in rows]))  # type: ignore[misc]
        assert purged_soon(store)
        assert server().execute(pages) == [(0,)]
        assert differences(new_postgres_log) == []


def test_an_owner_of_the_tables_alone_is_told_who_removes_statistics(new_postgres_log: str) -> None:
    schema = schema_of(new_postgres_log)
    owner = f"{schema}_owner"
    row = PrivateRow("deal:1", 1, "/mail", b"s" * 32, b"value")
    with closing(open_store(new_postgres_log)) as store, store.transaction(write=True) as tx:
        tx.append(Batch(private=[row, row._replace(stream="deal:2")]))
    server().execute(
        f"ALTER TABLE {schema}.private ALTER value SET STATISTICS 100", f"ANALYZE {schema}.private",
        f"CREATE ROLE {owner} LOGIN", f"GRANT ALL ON SCHEMA {schema} TO {owner}",
        *(f"ALTER TABLE {schema}.{table} OWNER TO {owner}" for table in TABLES),
    )  # fmt: skip
    try:
        with (
            closing(open_store(new_postgres_log.replace("owner@", f"{owner}@"))) as store,
            pytest.raises(StoreError, match=r"private\.value hold values; the database's owner"),
        ):
            store.purge()
        with closing(open_store(new_postgres_log)) as store:
            assert purged_soon(store)
    finally:
        server().execute(f"REASSIGN OWNED BY {owner} TO owner", f"DROP OWNED BY {owner}", f"DROP ROLE {owner}")
