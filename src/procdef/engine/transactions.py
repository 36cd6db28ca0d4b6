"""What an engine works with: its store, its clock, the channel it serves (``via``), and its transactions."""

from __future__ import annotations

from collections.abc import Callable
from datetime import UTC, datetime
from random import random
from time import monotonic, sleep
from typing import Generic, Self, TypeVar

from procdef.engine.arguments import flag, language_code, moment
from procdef.engine.definition_cache import DefinitionCache
from procdef.engine.given_ids import GivenIds
from procdef.engine.unit_of_work import UnitOfWork
from procdef.errors import ConcurrentChange, InvalidArgument, LogBroken, ProcdefError, StoreError
from procdef.log.envelope import VIA
from procdef.log.event import Random
from procdef.store.port import Conflict, Interrupted, OutcomeUnknown, RowThere, Store, Tx

T = TypeVar("T")
_TRIES = 8
_PAUSE = 0.05  # seconds


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
        self._random: Random | None = None
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

    @property
    def language(self) -> str | None:
        """The language in which this engine gives the process's texts; ``None`` for the first one of each process."""
        return self._language

    @property
    def joined(self) -> bool:
        """Whether this engine works inside the application's own transaction, which may still be rolled back (see ``on``)."""
        return self._connection is not None

    def now(self) -> datetime:
        """What this engine's clock tells, in UTC."""
        return moment(self._clock())

    def on(self, connection: object) -> Self:
        """The same engine inside the application's own transaction: it commits and retries nothing. ``connection`` is one of
        sqlite3 or psycopg to the store's database, or a connection or session of SQLAlchemy over these."""
        if connection is None:
            message = "there is no connection to join; hand over one of sqlite3 or psycopg, or SQLAlchemy's over these"
            raise InvalidArgument(message, "connection")
        return self._like(self._via, connection, self._language)

    def in_language(self, language: str | None) -> Self:
        """The same engine, which gives the process's texts in that language where they are translated."""
        return self._like(self._via, self._connection, language_code(language))

    def beside(self, store: Store) -> Self:
        """The same engine on another store. What this one has read of published definitions it need not read again."""
        return self.at(store, self._clock)

    def at(self, store: Store, clock: Callable[[], datetime]) -> Self:
        """The same engine on another store and another clock. What this one has read of published definitions it need not read
        again."""
        like = type(self)(store, clock, self._via, opens_files=self._opens_files)
        like._library, like._language = self._library, self._language
        return like

    def repeatable(self, random: Random) -> Self:
        """The same engine, which makes ids and salts of ``random`` and of its clock: the same steps on a new log give the same
        bytes. Whoever knows ``random`` can guess personal values that were erased, so it is for deals that are made up."""
        like = self._like(self._via, self._connection, self._language)
        like._random = random
        return like

    def _like(self, via: str, connection: object | None, language: str | None) -> Self:
        like = type(self)(self._store, self._clock, via, connection=connection, opens_files=self._opens_files)
        like._library, like._language, like._random = self._library, language, self._random
        return like

    def _read(self, question: Callable[[Tx], T]) -> T:
        """What the question finds in a transaction that reads."""
        return self._repeated(False, question)

    def _repeated(self, write: bool, work: Callable[[Tx], T]) -> T:
        """What the work comes to in one transaction, begun again where the database ended it: work that may be done twice."""
        attempts = Attempts(self._store, self._connection)
        while True:
            try:
                return self._within(write, work)
            except Conflict as error:
                attempts.failed(error)

    def _within(self, write: bool, work: Callable[[Tx], T], *, shared: bool = False) -> T:
        """What the work comes to in one transaction; ``shared``: others may be stored by the same commit.

        A signal handler may raise even before the first line of the transaction's own ``__exit__``. So what is undone there is
        undone here as well, by a call that no handler can come before.
        """
        transaction = self._store.transaction(write=write, connection=self._connection, shared=shared)
        try:
            with transaction as tx:
                return work(tx)
        except BaseException as error:
            transaction.undo()
            transaction.end()
            if isinstance(error, StoreError) and error.subject is None and self._store.path is not None:
                error.subject = str(self._store.path)
            raise

    def _unit(self, tx: Tx) -> UnitOfWork:
        """The work of one transaction, with nothing in it yet."""
        unit = UnitOfWork(tx, self._library, self._pinned, self._clock, self._via)
        unit.language, unit.opens_files, unit.random = self._language, self._opens_files, self._random
        return unit

    def _transact(self, work: Callable[[UnitOfWork], T], *, dry_run: bool = False, shared: bool = False) -> T:
        """What the work comes to, stored; ``shared``: it is short, and others may be stored by the same commit."""
        doubt: _Doubt[T] = _Doubt()
        ids = GivenIds()
        of_people: str | None = None

        def attempt(tx: Tx) -> T:
            nonlocal of_people
            if doubt.settled(tx):
                return doubt.outcome
            unit = self._unit(tx)
            unit.ids = ids.from_the_first()
            try:
                outcome = work(unit)
            except ProcdefError:
                if doubt.settled(tx):  # it was stored between the two looks, and what stands in the way is its own work
                    return doubt.outcome
                raise
            if not dry_run and not doubt.settled(tx):
                unit.flush()
                doubt.about(unit, outcome)
                of_people = unit.of_people
            return outcome

        attempts = Attempts(self._store, self._connection)
        while True:
            try:
                outcome = self._within(not dry_run, attempt, shared=shared)
                if of_people is not None and not self.joined:  # what the application has not committed may be undone
                    self._library.of_people.add(of_people)
                return outcome
            except Conflict as error:
                doubt.open = doubt.open or isinstance(error, OutcomeUnknown)
                attempts.failed(error)


class Attempts:
    """The attempts at one transaction. One on an application's own ``connection`` is never tried again."""

    __slots__ = ("_in_the_way", "_joined", "_lost_at", "_patience", "_tries")

    def __init__(self, store: Store, connection: object | None) -> None:
        self._patience = store.busy
        self._joined = connection is not None
        self._tries = 0
        self._in_the_way: set[str | None] = set()
        self._lost_at: float | None = None

    def failed(self, error: Conflict) -> None:
        """Wait for as long as it makes sense to. Raises what is to be said where there is no other attempt.

        Lost connections are made up for as long as the store's patience lasts, from the first one on: how long the transaction
        waited for its turn before is no reason to give up. However short that is, there are as many attempts as elsewhere.
        """
        self._tries += 1
        self._in_the_way.add(error.table if isinstance(error, RowThere) else None)
        over = self._tries >= _TRIES
        if lost := isinstance(error, Interrupted) and error.lost:
            now = monotonic()
            self._lost_at = now if self._lost_at is None else self._lost_at
            over = over and now - self._lost_at > self._patience
        if over or self._joined:
            if isinstance(error, Interrupted):
                raise error.reason from None
            # Others who were quicker moved the deal on, or made it: what stands in the way each time is nobody's step.
            if over and isinstance(error, RowThere) and error.table != "deal" and len(self._in_the_way) == 1:
                raise LogBroken(
                    f"a row of the table {error.table} stands where one of this step is to stand, and no step wrote it; "
                    "nothing was written: the owner of the tables deletes that row"
                ) from None
            message = "others changed this again and again while we tried; nothing was written, try again"
            raise ConcurrentChange(message) from None
        # Those that met wait for different times, or they would meet again.
        sleep(_PAUSE * min(self._tries, 10) if lost else _PAUSE * random() * self._tries)


class _Doubt(Generic[T]):
    """What was about to be stored when the connection went, while it is ``open`` whether it was. One event tells: all of a
    transaction is stored, or nothing."""

    outcome: T

    def __init__(self) -> None:
        self.open = False
        self._event: tuple[str, int, str] | None = None

    def about(self, unit: UnitOfWork, outcome: T) -> None:
        """Remember it. What was in doubt before is so no more: with this written it can never be stored."""
        self.outcome = outcome
        self._event = (unit.events[0].stream, unit.events[0].n, unit.events[0].id) if unit.events else None

    def settled(self, tx: Tx) -> bool:
        """Whether it is known to be stored. Where it is not, it never comes to be: another event of its number is then
        written, or it is met as a conflict."""
        return self.open and self._event is not None and tx.stored(self._event)
