"""The blocks in which a transaction in a SQLite database begins and ends: one of the store's, or part of the application's."""

from __future__ import annotations

import os
import sqlite3
from collections.abc import Callable
from contextlib import AbstractContextManager, closing
from threading import get_ident, main_thread
from time import monotonic, sleep
from types import TracebackType
from typing import Protocol, TypeVar

from procdef.errors import ConcurrentChange, StoreBusy, StoreDetached, StoreError
from procdef.store.last_written import LastWritten
from procdef.store.sqlite import tables as sqlite_tables
from procdef.store.sqlite.connections import Connections, StoreConnection
from procdef.store.sqlite.errors import store_error, translated
from procdef.store.sqlite.open_files import OpenFiles
from procdef.store.sqlite.shared_commits import SharedCommit
from procdef.store.sqlite.transaction import SqliteTx
from procdef.store.sqlite.turns import Place, Turns

TxT = TypeVar("TxT", bound=SqliteTx)
_NOTHING = bool  # a call of C that does nothing
_BEAT = 0.001  # seconds
_LEAST = 1.0
"""Seconds that whoever shares a commit waits for it at least, however short its patience for others is."""


class BlockStore(Protocol):
    """What a block needs of the store that it is of."""

    subject: str
    busy: float
    log: str
    layout: int
    files: OpenFiles
    connections: Connections
    last: LastWritten
    turns: Turns

    def refuse_unless_writable(self, write: bool) -> None:
        """Raises ``StoreError`` where a transaction that writes begins on a file that may only be read."""

    def told(self, error: sqlite3.Error) -> StoreError | ConcurrentChange:
        """What it was that kept a transaction from beginning."""

    def held_up(self) -> StoreBusy:
        """Who kept a transaction from beginning for as long as it may wait."""

    def give_back(self, connection: StoreConnection) -> None:
        """Take back a connection whose transaction has ended."""

    def detach(self) -> None:
        """Use the files no more, which are not those at the store's path."""


class OwnBlock(AbstractContextManager[TxT]):
    """A transaction of ours on a connection of the store: committed when its block ends, undone when that raises. ``shares``:
    its commit may be one with others of this process, see ``shared_commits``."""

    __slots__ = (
        "_connection", "_kind", "_last", "_place", "_process", "_shared", "_shares", "_store", "_tx", "_until", "_write",
        "undo",
    )  # fmt: skip

    def __init__(self, store: BlockStore, write: bool, kind: type[TxT], last: LastWritten, *, shares: bool = False) -> None:
        self._store, self._write, self._kind, self._last = store, write, kind, last
        self._shares = shares and write and get_ident() != main_thread().ident
        self._place: Place | None = None
        self._shared: SharedCommit | None = None
        self.undo: Callable[[], object] = _NOTHING

    def __enter__(self) -> TxT:
        store, write = self._store, self._write
        store.refuse_unless_writable(write)
        self._process = process = os.getpid()
        try:
            if write:
                self._wait()  # before it takes a connection: a fork waits for those that have one
            shared = self._shared
            self._connection = connection = shared.take_part() if shared else store.connections.take(process)
            self._tx = self._kind(connection, store.subject, write, self._last, store.log, shared is None, store.layout)
        except BaseException:
            self._refuse_shared()
            self._leave()
            raise
        self.undo = connection.rollback
        if shared is None:
            self._begin()
        return self._tx

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        store, connection = self._store, self._connection
        if os.getpid() != self._process:
            self.undo = _NOTHING  # the connection is the parent's, which this process may not touch
            if kind is None:
                raise StoreDetached(f"{store.subject} was forked inside a transaction; only the parent can end that")
            return
        if kind is not None and (self._shared is None or self._tx.wrote or not connection.in_transaction):
            self._give_up(error)
            return
        try:
            self._tx.end()
            handed_on = self._shares and self._is_handed_on()
            if not handed_on:
                self._commit()
        except BaseException as fault:
            failed = store_error(fault, store.subject, connection) if isinstance(fault, sqlite3.Error) else None
            self._give_up(failed or fault)
            if not isinstance(error, Exception | None):
                return  # the thread is to end, which nothing else may be told instead of
            if failed is not None:
                raise failed from None
            raise
        if not handed_on:
            self.undo = _NOTHING
            if self._shared is not None:
                self._shared.end(None)
            store.give_back(connection)
            self._leave()
        elif self._shared is not None and isinstance(error, Exception | None):
            self._shared.wait(max(store.busy, _LEAST))

    def _is_handed_on(self) -> bool:
        """Hand the transaction on to the next thread, if one waits that shares it; whether that was done."""
        shared, place = self._shared or SharedCommit(self._connection, self._store.subject), self._place
        if place is None or shared.is_full or not self._connection.in_transaction:
            return False
        self._shared = shared
        self.undo = _NOTHING  # from the next line on it may be another's
        if self._store.turns.hand_on(place, shared):
            self._place = None
            return True
        self.undo = self._connection.rollback
        return False

    def _commit(self) -> None:
        if self._shared is not None:
            self._shared.begin_to_commit()
        self._connection.execute("COMMIT")
        if self._write:
            self._store.files.end_writing(self._connection)
            self._store.files.confirm(written=True)

    def _refuse_shared(self) -> None:
        """Undo a transaction that was handed on to this thread, which could not go on with it; and take none any more."""
        shared = self._store.turns.refuse(self._place) if self._place is not None else None
        if shared is not None:
            self._connection, self._shared = shared.take_part(), shared
            self._abandon(None)

    def _wait(self) -> None:
        """Wait for this thread's turn to write."""
        store = self._store
        self._until = monotonic() + store.busy
        if not store.files.are_held():  # after a fork; the place in the line of the processes is a lock on one of them
            store.give_back(store.connections.take(self._process))
        self._place = place = Place(shares=self._shares)
        if not store.turns.wait(place, self._until):
            raise store.held_up()
        self._shared = place.shared

    def _leave(self) -> None:
        """Let the next one write."""
        if self._place is not None:
            self._store.turns.leave(self._place)
            self._place = None

    def _begin(self) -> None:
        try:
            if self._write:
                self._begin_to_write()
                self._store.files.confirm()
            else:
                self._connection.execute("BEGIN")
        except BaseException as error:
            self._give_up(error)
            if isinstance(error, sqlite3.Error):
                raise self._store.told(error) from None
            raise

    def _begin_to_write(self) -> None:
        connection, files = self._connection, self._store.files
        connection.wait_for_others(self._until - monotonic(), self._store.busy)
        before = files.state()
        connection.execute("BEGIN IMMEDIATE")
        if not files.begin_writing(connection) or files.state() != before:
            self._begin_again()

    def _begin_again(self) -> None:
        """Where another process wrote meanwhile: if it had lost SQLite's lock, what this one has read may be out of date."""
        connection, store, files = self._connection, self._store, self._store.files
        while True:
            connection.execute("COMMIT")  # of nothing
            kept = files.is_writing(connection)
            if not kept:
                if monotonic() > self._until:
                    raise store.held_up()
                sleep(_BEAT)
            before = files.state()
            connection.execute("BEGIN IMMEDIATE")
            if kept or (files.begin_writing(connection) and files.state() == before):
                return

    def end(self) -> None:
        """Give back the connection, if that has not been done."""
        if self.undo is not _NOTHING:
            self._give_up(None)
        if self._shared is not None and self._place is not None and not self._place.handed_on:
            self._shared.end(None)  # it was committed, and what comes after that was kept from happening
        self._leave()

    def _give_up(self, error: BaseException | None) -> None:
        if self._place is None or not self._place.handed_on:
            self._tx.end()
            self._abandon(error)
        self._leave()
        if isinstance(error, StoreDetached):
            self._store.detach()

    def _abandon(self, error: BaseException | None) -> None:
        """Undo the transaction, and let go of its connection."""
        good = undo(self._connection)
        if self._shared is not None:
            self._shared.end(error or self._shared.undone())
        if self._write:
            self._store.files.end_writing(self._connection)
        self.undo = _NOTHING  # another thread may use the connection from here on
        if good:
            self._store.give_back(self._connection)
        else:
            self._store.connections.discard(self._connection)


class JoinedBlock(AbstractContextManager[SqliteTx]):
    """A transaction inside the application's own, on the store's database; it never commits or rolls back."""

    __slots__ = ("_connection", "_store", "_tx", "_write")
    undo = staticmethod(_NOTHING)

    def __init__(self, store: BlockStore, connection: sqlite3.Connection, write: bool) -> None:
        self._store, self._connection, self._write = store, connection, write

    def __enter__(self) -> SqliteTx:
        store, connection, write, subject = self._store, self._connection, self._write, "the application's database"
        store.refuse_unless_writable(write)
        if connection.text_factory is not str:
            raise StoreError("the connection's text_factory is not str; join with one that has not changed it")
        with translated(subject, connection), closing(connection.cursor()) as cursor:
            cursor.row_factory = None
            _refuse_other_logs(store, cursor, subject)
            if write:
                _begin(connection, cursor)
                store.files.hold(connection)
                cursor.execute("UPDATE main.tree SET size = size WHERE 0")  # which takes the lock and changes nothing
                store.files.refuse_other_writers()
        self._tx = SqliteTx(connection, subject, write, store.last, store.log, layout=store.layout)
        return self._tx

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self._tx.end()

    def end(self) -> None:
        """Nothing: what was begun is the application's."""


def _begin(connection: sqlite3.Connection, cursor: sqlite3.Cursor) -> None:
    """Begin a transaction where the application has left that to sqlite3; without it a savepoint would commit on release."""
    if connection.in_transaction:
        return
    if connection.isolation_level is None or getattr(connection, "autocommit", False) is True:
        raise StoreError("the connection has no transaction open; execute BEGIN first")
    cursor.execute("BEGIN IMMEDIATE")


def _refuse_other_logs(store: BlockStore, cursor: sqlite3.Cursor, subject: str) -> None:
    """What is written to another database than the store's, the store would never find again."""
    number = sqlite_tables.check_joined(cursor, subject)
    if not number or cursor.execute("SELECT log FROM main.tree").fetchone() != (store.log,):
        raise StoreError(
            f"the connection is not to {store.subject}; connect to that file, and keep what belongs together in it"
        )


def undo(connection: sqlite3.Connection) -> bool:
    """Roll back what is open; whether the connection is still good. A fault here would only hide the one before it."""
    try:
        if connection.in_transaction:
            connection.execute("ROLLBACK")
    except sqlite3.Error:
        connection.close()
        return False
    return True
