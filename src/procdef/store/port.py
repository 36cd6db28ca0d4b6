"""What a store must do: answer queries, and keep transactions that load, append and scan."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from contextlib import AbstractContextManager
from pathlib import Path
from typing import NamedTuple, Protocol, Self

from procdef.errors import ProcdefError, StoreBusy
from procdef.log.merkle import Frontier
from procdef.store.queries import Query, RowT
from procdef.store.rows import (
    ActivityRow,
    Copy,
    DealRow,
    DefinitionRow,
    DirectoryRow,
    EventRow,
    GateRow,
    Leaf,
    NoteRow,
    PrivateRow,
    RequestRow,
    StayRow,
)


class Batch(NamedTuple):
    """Everything that one transaction adds. Events stand in log order. ``deals`` are written whole, each with the ``n`` its
    stored row must have for that (0: there must be none), which may be its own: then no event came to it. ``stays`` replace the
    row of the same ``(stream, k)``. ``erased`` are personal values to delete, ``forgotten`` request keys to delete, by stream
    and key."""

    events: Sequence[EventRow] = ()
    private: Sequence[PrivateRow] = ()
    deals: Sequence[tuple[DealRow, int]] = ()
    stays: Sequence[StayRow] = ()
    gates: Sequence[GateRow] = ()
    activities: Sequence[ActivityRow] = ()
    requests: Sequence[RequestRow] = ()
    definitions: Sequence[DefinitionRow] = ()
    directories: Sequence[DirectoryRow] = ()
    notes: Sequence[NoteRow] = ()
    erased: Sequence[Leaf] = ()
    forgotten: Sequence[tuple[str, str]] = ()


class Loaded(NamedTuple):
    """What ``Tx.load`` found: deals by the name they were asked for, requests by that name and request key."""

    deals: Mapping[str, DealRow]
    requests: Mapping[tuple[str, str], RequestRow]


class Waiting(NamedTuple):
    """Events that are stored and have no place in the log yet: how many, and when the first of them was recorded."""

    events: int = 0
    since: str | None = None


class LogReading(Protocol):
    """What is read of a log in one transaction."""

    @property
    def log(self) -> str:
        """The UUID of this log."""

    @property
    def size(self) -> int:
        """How many events this log has, by its own count, which goes up with every event and never down. In a store that
        seals events after they are stored it counts those that are sealed."""

    @property
    def waiting(self) -> Waiting:
        """What is stored and not sealed yet; nothing in a store that seals as it stores."""

    @property
    def file(self) -> str | None:
        """The file in which another process finds this log as it is here; ``None`` where there is none, or this transaction may
        see what no other does."""

    @property
    def has_activities(self) -> bool:
        """Whether what an older layout lacks is there: activities, when deals were last worked on, and when visits were due.
        It is missing only where an older log may not be written to, which would fill it in."""

    @property
    def has_deadlines(self) -> bool:
        """Whether what layout 5 added is there: when deals are to be looked at next, when something in them is due, and
        directories of people. It is missing as ``has_activities`` is."""

    @property
    def tree(self) -> Frontier:
        """The Merkle tree over this log's events as it was sealed. Raises ``StoreError`` about ``NO_TREE``, and ``LogBroken``
        where it cannot be read."""

    def scan(self, query: Query[RowT]) -> Iterator[RowT]:
        """The rows that answer the query, streaming. Read them within the transaction."""


class Tx(LogReading, Protocol):
    """One transaction. It is committed when its block ends, and undone when the block raises."""

    def load(self, names: Iterable[str], requests: Iterable[tuple[str, str]] = (), *, lock: bool = False) -> Loaded:
        """The deals (by key, or ``deal:<uuid>``) and requests (by name and request key) that there are; ``lock`` keeps
        others from changing them until this transaction ends."""

    def append(self, batch: Batch, *, unless_moved: bool = False) -> None:
        """Add the batch, with a leaf for every event, in order, and seal them in the tree. Raises ``Conflict`` when a deal's
        row is not at the ``n`` that the batch expects, an event of that stream and n is there, or a new key is taken; with
        ``unless_moved`` also ``Moved`` where the last event of the log itself says that it goes on elsewhere. Then nothing of
        the batch is kept."""

    def alone(self) -> None:
        """Wait for all who are writing, and keep others from it until this transaction ends: who comes meanwhile finds what it
        wrote. Raises ``StoreBusy`` where they take too long."""

    def stored(self, event: tuple[str, int, str]) -> bool:
        """Whether the event of that stream, number and id is there; whoever is about to write it is waited for."""

    def triggers(self) -> Sequence[str]:
        """The names of what the database does by itself when procdef's tables are written: it could keep what is erased."""


class Transaction(AbstractContextManager[Tx], Protocol):
    """A block in one transaction, and how it is given up where something kept even its ``__exit__`` from running."""

    @property
    def undo(self) -> Callable[[], object]:
        """Undoes what is not committed, and nothing else, in one call of C: no handler of a signal comes before that."""

    def end(self) -> None:
        """Give back what the transaction used, after ``undo``, if that has not been done."""


class Store(Protocol):
    """A log with its projections, in memory or in a database; safe to share between threads."""

    @property
    def writable(self) -> bool:
        """Whether the log can be written to; one on a read-only file or folder can be read only."""

    @property
    def path(self) -> str | Path | None:
        """Where the log lies, as errors name it: a file, or a database without user and password; ``None`` in memory."""

    @property
    def busy(self) -> float:
        """For how many seconds a step waits for others, and for a server that was stopped."""

    @property
    def layout(self) -> int:
        """The number of the layout of the log's tables; the latest one, unless the log is of an earlier one and only read."""

    def transaction(self, *, write: bool, connection: object | None = None, shared: bool = False) -> Transaction:
        """Begin a transaction; with ``connection`` join the application's own, which it alone commits or rolls back.

        ``shared`` allows the store to make one commit of it and of others that are under way; whoever says so begins it again
        where it raises ``Interrupted``, as another one of them may fail.
        """

    def seal(self, limit: int | None = None) -> int:
        """Seal what waits for it, the oldest first, and no more than ``limit``; how many were sealed. Nobody is waited for:
        where somebody else is sealing, it is left to them."""

    def purge(self) -> bool:
        """Leave no byte of what was deleted in the store's files; false while others' reading keeps some of it there."""

    def copies(self, texts: Sequence[str]) -> list[Copy]:
        """The tables of the store's files in which one of these texts stands, also those of an application beside procdef's."""

    def backup(self, path: str | Path) -> int:
        """Copy the log as it stands now to a new file, while others write; how many events the copy has."""

    def refuse_unless_owner(self) -> None:
        """Raises ``StoreError`` where who is logged in may not move the log elsewhere, which only a server knows of."""

    def held_up_by(self, connection: object) -> bool:
        """Whether the application's connection has a transaction open that no other one can be written beside."""

    def close(self) -> None:
        """Give back what the store holds; the end of a ``with`` block does it too. From then on a transaction is a
        ``StoreError``."""

    def __enter__(self) -> Self: ...

    def __exit__(self, *_: object) -> None: ...


NO_TREE = "tree"
"""The subject of the ``StoreError`` that a log is of a layout without a tree; one that may be written to is sealed instead."""


class Moved(Exception):
    """The log goes on elsewhere, as its last event says, of which ``body`` is the body."""

    def __init__(self, body: bytes) -> None:
        self.body = body
        super().__init__("the log goes on elsewhere")


class Conflict(Exception):
    """Someone else wrote first; nothing of the batch is kept. The engine starts over on fresh state."""


class RowThere(Conflict):
    """A row of ``table`` has the name or the number already that one of the batch was to have."""

    def __init__(self, table: str) -> None:
        self.table = table
        super().__init__(f"a row of {table} is there already")


class Interrupted(Conflict, StoreBusy):
    """The database ended the transaction, nothing of it is kept, and the same may be done again; ``lost`` on another
    connection, which may take a while to come. ``reason`` is what is raised where that does not help."""

    def __init__(self, reason: ProcdefError, *, lost: bool = False) -> None:
        self.reason, self.lost = reason, lost
        super().__init__(str(reason), reason.subject)


class OutcomeUnknown(Interrupted):
    """The connection went while the transaction was committed: it is stored, or nothing of it is. Whoever knows an event of it
    can ask ``Tx.stored``."""
