"""A purge in PostgreSQL says that nothing is left only where nobody can read what was deleted, statistics included."""

from __future__ import annotations

import struct
import time
from collections.abc import Callable, Iterator
from contextlib import AbstractContextManager, closing, contextmanager

import psycopg
import pytest
from rows import DEAL

from postgresql import server
from procdef import open_store
from procdef.store import Batch, PrivateRow


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
        assert store.purge()
