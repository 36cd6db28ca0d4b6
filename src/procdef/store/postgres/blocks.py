"""The blocks in which a transaction in PostgreSQL begins and ends: one of the store's, or part of the application's."""

from __future__ import annotations

import os
from collections.abc import Callable
from contextlib import AbstractContextManager, suppress
from time import monotonic, sleep
from types import TracebackType
from typing import TYPE_CHECKING, Any, Protocol, TypeVar, cast

from psycopg import Error
from psycopg.pq import TransactionStatus

from procdef.errors import StoreDetached, StoreError
from procdef.store.last_written import LastWritten
from procdef.store.port import Interrupted, OutcomeUnknown
from procdef.store.postgres import tables as postgres_tables
from procdef.store.postgres.errors import lost, outcome_unknown, store_error, translated
from procdef.store.postgres.joined_connection import JoinedConnection
from procdef.store.postgres.transaction import PostgresTx

if TYPE_CHECKING:
    from procdef.store.postgres.driver import Connection

TxT = TypeVar("TxT", bound=PostgresTx)
_NOTHING = bool  # a call of C that does nothing
_BEATS = (0.02, 0.05, 0.1, 0.2, 0.4)  # seconds between two attempts to reach a server that stopped


class BlockStore(Protocol):
    """What a block needs of the store that it is of."""

    subject: str
    schema: str
    busy: float
    log: str
    last: LastWritten
    durable: str
    kind: type[PostgresTx]

    def refuse_unless_writable(self, write: bool) -> None:
        """Raises ``StoreError`` where a transaction that writes begins in a store that may only be read."""

    def take(self) -> Connection:
        """A connection that nobody else uses."""

    def give_back(self, connection: Connection) -> None:
        """Take it back; one that is closed or in a transaction is not used again."""

    def seal_in_passing(self) -> None:
        """Seal some of what waits for it, unless that was tried a moment ago."""


class OwnBlock(AbstractContextManager[TxT]):
    """A transaction of ours on a connection of the store: committed when its block ends, undone when that raises."""

    __slots__ = ("_connection", "_kind", "_last", "_process", "_store", "_tx", "_write", "undo")

    def __init__(self, store: BlockStore, write: bool, kind: type[TxT], last: LastWritten) -> None:
        self._store, self._write, self._kind, self._last = store, write, kind, last
        self.undo: Callable[[], object] = _NOTHING

    def __enter__(self) -> TxT:
        store, write = self._store, self._write
        store.refuse_unless_writable(write)
        self._process = os.getpid()
        waits = f"SET LOCAL lock_timeout TO {int(store.busy * 1000) or 1}"
        begin = self._kind.begins(store.schema, write, f"{waits}{store.durable}" if write else waits)
        self._begin(begin)
        connection = self._connection
        tx = self._kind(connection, store.subject, store.schema, write, self._last, store.log, begin)
        self._tx = tx
        return tx

    def _begin(self, begin: tuple[str, ...]) -> None:
        """Begin on a connection that works: one that was lost meanwhile, as when the server was stopped, is found out here."""
        store = self._store
        until = monotonic() + store.busy
        beats = iter((*_BEATS, *(0.5,) * 1000))
        while True:
            self._connection = connection = store.take()
            self.undo = connection.pgconn.finish
            try:
                for text in begin:
                    connection.execute(text)
            except BaseException as error:
                was_lost = isinstance(error, Error) and lost(error)
                if was_lost:
                    connection.close()
                self._return()
                if not isinstance(error, Error):
                    raise
                if was_lost and monotonic() < until:
                    sleep(next(beats))
                    continue
                found = store_error(error, store.subject)
                raise (found.reason if isinstance(found, Interrupted) else found) from None
            return

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        store = self._store
        if os.getpid() != self._process:
            self.undo = _NOTHING  # the connection is the parent's, which this process may not touch
            if kind is None:
                raise StoreDetached(f"{store.subject} was forked inside a transaction; only the parent can end that")
            return
        if kind is not None:
            self._give_up()
            return
        try:
            self._tx.end()
            ended = self._tx.commit()
        except Error as fault:
            unknown = self._write and outcome_unknown(fault)
            found = store_error(fault, store.subject)
            self._give_up()
            if unknown:
                raise OutcomeUnknown(_doubt(store.subject), lost=True) from None
            raise found from None
        except BaseException:
            self._give_up()
            raise
        self._return()
        if ended != "COMMIT":
            raise StoreError(f"{store.subject} undid the transaction; look at the server's log")
        if self._tx.unsealed:
            store.seal_in_passing()

    def end(self) -> None:
        """Give back the connection, if that has not been done."""
        if self.undo is not _NOTHING:
            self._return()

    def _give_up(self) -> None:
        self._tx.end()
        connection = self._connection
        with suppress(Error):
            if not connection.closed and connection.info.transaction_status != TransactionStatus.IDLE:
                connection.execute("ROLLBACK")
        self._return()

    def _return(self) -> None:
        connection, self.undo = self._connection, _NOTHING
        if not connection.closed and connection.info.transaction_status != TransactionStatus.IDLE:
            connection.close()
        self._store.give_back(connection)


def _doubt(subject: str) -> StoreError:
    return StoreError(
        f"{subject} was lost while a step was being stored, and cannot be asked whether it was; look at the deal's log before "
        "it is done again, or do it again with the same request key"
    )


class JoinedBlock(AbstractContextManager[PostgresTx]):
    """A transaction inside the application's own, on the store's database; it never commits or rolls back."""

    __slots__ = ("_connection", "_store", "_tx", "_write")
    undo = staticmethod(_NOTHING)

    def __init__(self, store: BlockStore, connection: Any, write: bool) -> None:
        # It has all that our statements use of a connection, and nothing else.
        self._store, self._connection, self._write = store, cast("Connection", JoinedConnection(connection)), write

    def __enter__(self) -> PostgresTx:
        store, connection, write, subject = self._store, self._connection, self._write, "the application's database"
        store.refuse_unless_writable(write)
        with translated(subject):
            status = connection.info.transaction_status
            if status == TransactionStatus.UNKNOWN:
                raise StoreError("the connection was closed, or lost its server; join with one that is open")
            if status == TransactionStatus.INERROR:
                raise StoreError(
                    "a statement of this transaction failed, and the server takes no other in it; roll it back and begin again"
                )
            if connection.autocommit and status == TransactionStatus.IDLE:
                raise StoreError(
                    "the connection has no transaction open; begin one first, as with connection.transaction()"
                )
            found = postgres_tables.found(connection, store.schema)
        if found is None or found[1] != store.log:
            raise StoreError(
                f"the connection is not to {store.subject}; connect to that database, and keep what belongs together in it"
            )
        self._tx = store.kind(connection, subject, store.schema, write, store.last, store.log)
        return self._tx

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self._tx.end()

    def end(self) -> None:
        """Nothing: what was begun is the application's."""

