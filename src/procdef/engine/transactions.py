"""What an engine works with: its store, its clock, the channel it serves (``via``), and its transactions."""

from __future__ import annotations

from collections.abc import Callable
from datetime import UTC, datetime
from typing import Self, TypeVar

from procdef.engine.arguments import flag, optional
from procdef.engine.definition_cache import DefinitionCache
from procdef.engine.unit_of_work import UnitOfWork
from procdef.errors import ConcurrentChange, InvalidArgument, StoreError
from procdef.log.envelope import VIA
from procdef.store.port import Conflict, Store, Tx

T = TypeVar("T")
_TRIES = 8


def utc_now() -> datetime:
    """The machine's clock, aware, in UTC."""
    return datetime.now(UTC)


class Transactions:
    """An engine without its verbs. Others like it share what it has read and remembers."""

    def __init__(
        self,
        store: Store,
        clock: Callable[[], datetime] = utc_now,
        via: str = "api",
        *,
        connection: object | None = None,
        opens_files: bool = False,
    ) -> None:
        if not callable(getattr(store, "transaction", None)):
            raise InvalidArgument("an engine works on a store, as open_store() returns", "store")
        if not callable(clock):
            raise InvalidArgument("a clock is a function that returns the time, as utc_now", "clock")
        if via not in VIA:
            raise InvalidArgument(f"`via` is one of {', '.join(VIA)}", "via")
        self._store, self._clock, self._via, self._connection = store, clock, via, connection
        self._language: str | None = None
        self._library = DefinitionCache()
        self._pinned: dict[str, str] = {}
        # Who may name any file could find out which there are, so that none is opened unless the application says so.
        self._opens_files = flag(opens_files, "opens_files")
        if opens_files and via == "web":
            raise InvalidArgument("an engine for the web opens no files; leave `opens_files` out", "opens_files")

    @property
    def store(self) -> Store:
        """Where this engine keeps its deals."""
        return self._store

    def on(self, connection: object) -> Self:
        """The same engine inside the application's own transaction: it begins, commits and retries nothing."""
        if connection is None:
            raise InvalidArgument("there is no connection to join; hand over a sqlite3.Connection", "connection")
        return self._like(self._via, connection, self._language)

    def in_language(self, language: str | None) -> Self:
        """The same engine, which gives the process's texts in that language where they are translated."""
        return self._like(self._via, self._connection, optional(str, language, "a language is a code, as en"))

    def beside(self, store: Store) -> Self:
        """The same engine on another store. What this one has read of published definitions it need not read again."""
        like = type(self)(store, self._clock, self._via, opens_files=self._opens_files)
        like._library, like._language = self._library, self._language
        return like

    def _like(self, via: str, connection: object | None, language: str | None) -> Self:
        like = type(self)(self._store, self._clock, via, connection=connection, opens_files=self._opens_files)
        like._library, like._language = self._library, language
        return like

    def _read(self, question: Callable[[Tx], T]) -> T:
        """What the question finds in a transaction that reads."""
        return self._within(False, question)

    def _within(self, write: bool, work: Callable[[Tx], T]) -> T:
        """What the work comes to in one transaction.

        A signal handler may raise even before the first line of the transaction's own ``__exit__``. So what is undone there is
        undone here as well, by a call that no handler can come before.
        """
        transaction = self._store.transaction(write=write, connection=self._connection)
        try:
            with transaction as tx:
                return work(tx)
        except BaseException as error:
            transaction.undo()
            transaction.end()
            if isinstance(error, StoreError) and error.subject is None and (path := getattr(self._store, "path", None)):
                error.subject = str(path)
            raise

    def _transact(self, work: Callable[[UnitOfWork], T], *, dry_run: bool = False) -> T:
        def attempt(tx: Tx) -> T:
            unit = UnitOfWork(tx, self._library, self._pinned, self._clock, self._via)
            unit.language, unit.opens_files = self._language, self._opens_files
            outcome = work(unit)
            if not dry_run:
                unit.flush()
            return outcome

        for _ in range(_TRIES):
            try:
                return self._within(not dry_run, attempt)
            except Conflict:
                if self._connection is not None:
                    break
        raise ConcurrentChange("others changed this again and again while we tried; nothing was written, try again")
