"""A log in a schema of a database in PostgreSQL, or in the application's own transaction there."""

from __future__ import annotations

import logging
import os
import threading
from collections.abc import Callable, Sequence
from contextlib import AbstractContextManager, suppress
from pathlib import Path
from time import monotonic, sleep
from typing import TYPE_CHECKING, Any, Self

import psycopg
import psycopg_pool

from procdef.errors import InvalidArgument, ProcdefError, StoreBusy, StoreError
from procdef.store import forks
from procdef.store.application_connection import driver_connection
from procdef.store.inspection_port import Inspection
from procdef.store.last_written import LastWritten
from procdef.store.layouts import LATEST
from procdef.store.port import Conflict, Transaction
from procdef.store.postgres import tables as postgres_tables
from procdef.store.postgres.address import PostgresAddress
from procdef.store.postgres.blocks import JoinedBlock, OwnBlock
from procdef.store.postgres.errors import may_come_up, translated, unreachable
from procdef.store.postgres.sealing import BATCH
from procdef.store.postgres.transaction import PostgresInspection, PostgresTx
from procdef.store.rows import Copy

if TYPE_CHECKING:
    from procdef.store.postgres.driver import Connection, Pool

CONNECT_SECONDS = 10
_ASK_AGAIN_SECONDS = 1.0
"""How long a step waits in the pool's queue before it asks anew: a pool makes a connection only when it is asked for one, and
one that could not be made, as while the server was stopped, is not tried again by itself before long."""
_BEATS = (0.05, 0.1, 0.2, 0.4)
PASSING_SECONDS = 0.5
"""How long a store waits after it sealed what a step had left, before it does so again by itself."""
# Without a handler Python prints warnings: that a connection was lost is dealt with here, and an application's log hears of it.
logging.getLogger("psycopg").addHandler(logging.NullHandler())
_OLDEST = 140000
_OFF = "SELECT 1 FROM pg_settings WHERE name = 'synchronous_commit' AND setting = 'off'"
"""Whether a commit is not durable."""

_abandoned: list[object] = []
"""Pools of the process that this one was forked from: their connections are not touched here."""


class PostgresStore:
    """A log in PostgreSQL. Every transaction has a connection of its own, taken from a pool that opens them as they are needed.

    Safe to share between threads, and with processes forked from this one outside of transactions. ``log`` is the UUID of the
    log, ``subject`` names the database in messages, ``path`` in errors; no user and no password is in either. ``busy`` is how
    long, in seconds, a step waits for another one's lock, for a free connection, and for a server that was stopped.
    ``incomplete``: it may be a copy that is under way, for whoever makes that.
    """

    def __init__(self, address: PostgresAddress, *, read_only: bool = False, incomplete: bool = False) -> None:
        # No text: what shows attributes, as a report of a crash does, would show the password.
        self._conninfo: Callable[[], str] = lambda: address.conninfo
        self.path, self.schema, self.busy = address.shown, address.schema, address.busy
        self.subject = f"the database {address.shown}"
        self.layout = LATEST
        self.writable = not (read_only or address.read_only)
        self.last = LastWritten()
        self._size = address.pool
        self._lock = threading.Lock()
        self._pool: Pool | None = None
        self._process = os.getpid()
        self._closed = self._owes = False
        self._incomplete = incomplete
        self._passed = 0.0
        self._taken: set[int] = set()
        self.kind: type[PostgresTx] = PostgresTx
        self._inspection: type[PostgresInspection] = PostgresInspection
        self.log, self.durable, self._pooled = self._looked()
        forks.tell(self)

    def __repr__(self) -> str:
        return f"PostgresStore({self.path!r})"

    def _looked(self) -> tuple[str, str, bool]:
        """The log's UUID; what makes a commit durable, where the role's settings do not; and whether somebody else's pool of
        connections, as PgBouncer, is between."""
        reached = connected(self._conninfo(), self.subject, self.busy)
        with reached as connection, translated(self.subject):
            there = postgres_tables.found(connection, self.schema)
            if there is None:
                raise postgres_tables.no_log(self.subject)
            postgres_tables.check(there[0], self.subject)
            if not self._incomplete:
                postgres_tables.refuse_incomplete(connection, self.schema, self.subject)
            if postgres_tables.are_distributed(connection, self.schema):
                self._spread()
            lazy = connection.execute(_OFF).fetchone() is not None
        return there[1], "; SET LOCAL synchronous_commit TO on" if lazy else "", reached.pooled

    def _spread(self) -> None:
        """Use statements for tables that are distributed over several servers."""
        from procdef.store.postgres.distributed import DistributedInspection, DistributedTx

        self.kind, self._inspection = DistributedTx, DistributedInspection

    def take(self) -> Connection:
        """A connection that nobody else uses. Raises ``StoreBusy`` where all are in use for too long, ``StoreError`` where none
        can be made."""
        if self._closed:
            raise StoreError(f"{self.subject} was closed; open it again")
        until = monotonic() + max(self.busy, 0.1)
        while (left := until - monotonic()) > 0:
            with suppress(psycopg_pool.PoolTimeout):
                connection = self._opened().getconn(timeout=min(left, _ASK_AGAIN_SECONDS))
                self._taken.add(id(connection))
                return connection
        with connected(self._conninfo(), self.subject):  # which says why there is none, if the server can be asked
            full = len(self._taken) >= self._size
            why = f"all {self._size} connections are in use" if full else f"no connection came within {self.busy:g} s"
            raise StoreBusy(f"{self.subject}: {why}; let others finish, or allow more (pool=, busy=)")

    def _opened(self) -> Pool:
        pool = self._pool
        if pool is not None and self._process == os.getpid():
            return pool
        with self._lock:
            if self._process != os.getpid():
                self._forked()
            if self._pool is None:
                self._pool = psycopg_pool.ConnectionPool(
                    self._conninfo(),
                    kwargs={
                        "autocommit": True,
                        "client_encoding": "utf8",
                        "connect_timeout": CONNECT_SECONDS,
                        # What is prepared on one connection of a pool is not there on the next one, or something else is.
                        **({"prepare_threshold": None} if self._pooled else {}),
                    },
                    min_size=0,
                    max_size=self._size,
                    open=True,
                    name=f"procdef-{id(self)}",
                    num_workers=1,
                    reconnect_timeout=0,
                )
            return self._pool

    def give_back(self, connection: Connection) -> None:
        """Take back a connection whose transaction has ended; one that is closed is replaced when it is needed."""
        self._taken.discard(id(connection))
        pool = getattr(connection, "_pool", None)
        if pool is not None:
            pool.putconn(connection)

    def before_fork(self, deadline: float) -> None:
        """Nothing: a forked process opens connections of its own, and leaves these alone."""

    def after_fork(self, child: bool) -> None:
        """Go on; in the new process without what was open."""
        if child:
            self._lock = threading.Lock()
            self._forked()

    def _forked(self) -> None:
        if self._pool is not None:
            _abandoned.append(self._pool)
        self._pool, self._process, self._taken = None, os.getpid(), set()

    def refuse_unless_writable(self, write: bool) -> None:
        """Raises ``StoreError`` where a transaction that writes begins in a store that was opened to read."""
        if write and not self.writable:
            raise StoreError(f"{self.subject} was opened to be read only; open it without read_only")

    def transaction(self, *, write: bool, connection: object | None = None, shared: bool = False) -> Transaction:
        """Begin a transaction; with ``connection`` (psycopg's, or SQLAlchemy's over that) join the application's own.

        Raises ``StoreError`` when the database cannot be used, and for a connection to another one.
        """
        if connection is None:
            return OwnBlock(self, write, self.kind, self.last)
        joined: psycopg.Connection[Any] | None = driver_connection(connection, psycopg.Connection)
        if joined is None:
            message = "the connection to join is a psycopg.Connection, or SQLAlchemy's connection or session over psycopg"
            raise InvalidArgument(message, "connection")
        return JoinedBlock(self, joined, write)

    def inspect(self) -> AbstractContextManager[Inspection]:
        """Begin a transaction that reads all that is stored. Raises ``StoreError`` when the database cannot be used."""
        return OwnBlock(self, False, self._inspection, LastWritten())  # it looks at what is stored itself

    def seal(self, limit: int | None = None) -> int:
        """Seal what waits for it, the oldest first, each batch in a transaction of its own; how many were sealed. Where
        somebody else is sealing, it is left to them."""
        sealed = 0
        while limit is None or sealed < limit:
            size = BATCH * 5 if limit is None else limit - sealed
            with OwnBlock(self, True, self.kind, self.last) as tx:
                found = tx.seal(size)
            sealed += found or 0
            if found is None or found < size:
                break
        return sealed

    def seal_in_passing(self) -> None:
        """Seal one batch of what waits for it, in a transaction of its own, unless that was tried a moment ago: where
        many write at once the next step does it, and this one need not wait for a second commit."""
        self._owes = True
        if monotonic() - self._passed >= PASSING_SECONDS:
            self._passed = monotonic()
            with suppress(ProcdefError, Conflict):  # the step is stored, and the next one seals it
                self.seal(BATCH)
                self._owes = False

    def purge(self) -> bool:
        """Leave no old version of a row that was deleted; false while a transaction that began before may still read one."""
        from procdef.store.postgres.purging import purge

        if self._pooled:
            raise StoreError(
                f"{self.subject} is behind a pool of connections, and a purge needs one of its own; name the server itself"
            )
        connection = self.take()
        try:
            with translated(self.subject):
                return purge(connection, self.schema)
        finally:
            self.give_back(connection)

    def copies(self, texts: Sequence[str]) -> list[Copy]:
        """The tables of the database that this role may read, procdef's and the application's, which hold one of these
        texts."""
        from procdef.store.postgres.text_search import copies

        with OwnBlock(self, False, PostgresTx, self.last) as tx, translated(self.subject, False):
            return list(copies(tx.connection, self.schema, texts))

    def refuse_unless_owner(self) -> None:
        """Raises ``StoreError`` where this role does not own the tables, and so may not move the log elsewhere."""
        from procdef.store.postgres.purging import is_owner

        with OwnBlock(self, False, PostgresTx, self.last) as tx, translated(self.subject, False):
            if not is_owner(tx.connection, self.schema):
                raise StoreError(
                    f"{self.subject} is copied by the owner of its tables alone, as a copy takes every personal value and "
                    "closes the log for everybody; this role is not the owner",
                    postgres_tables.REFUSED,
                )

    def backup(self, path: str | Path) -> int:
        """Raises ``StoreError``: the server keeps its own backups."""
        raise StoreError(f"{self.subject} is backed up with pg_dump, or by the server itself", "backup")

    def held_up_by(self, connection: object) -> bool:
        """Whether the application's connection has a transaction open, which may hold the deal's lock."""
        joined: psycopg.Connection[Any] | None = driver_connection(connection, psycopg.Connection, begins=False)
        if joined is None or joined.closed:
            return False
        return bool(joined.info.transaction_status != psycopg.pq.TransactionStatus.IDLE)

    def close(self) -> None:
        """Close every connection that is free; one in use is closed when its transaction ends. What a step left unsealed
        is sealed before, if nobody else is at that."""
        if self._owes and not self._closed and self._process == os.getpid():
            self._passed = 0.0
            self.seal_in_passing()
        self._closed = True
        pool, self._pool = self._pool, None
        if pool is not None and self._process == os.getpid():
            pool.close()

    def __enter__(self) -> Self:
        return self

    def __exit__(self, *_: object) -> None:
        self.close()


def _is_pooled(connection: Connection) -> bool:
    """Whether the connection ends at a pool of connections, which gives a number of its own for the server's process."""
    (process,) = connection.execute("SELECT pg_catalog.pg_backend_pid()").fetchone() or (0,)
    return bool(process != connection.info.backend_pid)


class connected(AbstractContextManager[Any]):  # noqa: N801 - used as a function
    """A connection of its own, closed at the end. A server that is down or starting is waited for, ``busy`` seconds at most.
    ``pooled``: it ends at somebody else's pool of connections. Raises ``StoreError``, which says why there is none."""

    def __init__(self, conninfo: str, subject: str, busy: float = 0.0) -> None:
        self._conninfo: Callable[[], str] = lambda: conninfo
        self._subject, self._busy = subject, busy

    def _connect(self) -> Connection:
        began, beats = monotonic(), iter(_BEATS)
        while True:
            left = self._busy - (monotonic() - began)
            within = max(2, min(CONNECT_SECONDS, int(left))) if self._busy else CONNECT_SECONDS
            try:
                return psycopg.connect(self._conninfo(), autocommit=True, client_encoding="utf8", connect_timeout=within)
            except psycopg.Error as error:
                if left <= 0 or not may_come_up(error, self._starts):
                    raise unreachable(error, self._subject, self._busy, self._starts) from None
            sleep(min(next(beats, 0.5), left))

    def _starts(self) -> bool:
        """Whether the server starts, stops or recovers, which libpq finds out without words."""
        return psycopg.pq.PGconn.ping(self._conninfo().encode()) == psycopg.pq.Ping.REJECT

    def __enter__(self) -> Connection:
        self._connection = connection = self._connect()
        if connection.info.server_version < _OLDEST:
            connection.close()
            raise StoreError(
                f"{self._subject} is of PostgreSQL {connection.info.server_version // 10000}; it needs 14 or newer"
            )
        if (encoding := connection.info.parameter_status("server_encoding")) != "UTF8":
            connection.close()
            raise StoreError(f"{self._subject} keeps text in {encoding}, and a log is in UTF8; name another database")
        with translated(self._subject):
            self.pooled = _is_pooled(connection)
            if self.pooled:
                return connection  # whose settings others would meet
            waits = int((self._busy or CONNECT_SECONDS) * 1000) or 1
            connection.execute(f"SET search_path TO pg_catalog, pg_temp; SET lock_timeout TO {waits}")
        return connection

    def __exit__(self, *_: object) -> None:
        self._connection.close()
