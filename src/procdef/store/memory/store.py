"""A log in memory: for tests, for trying out, and for runs that nobody keeps."""

from __future__ import annotations

import threading
import uuid
from collections.abc import Iterable, Iterator, Sequence
from contextlib import AbstractContextManager, suppress
from pathlib import Path
from time import monotonic
from types import TracebackType
from typing import Any, Self

from procdef.errors import StoreDetached, StoreError
from procdef.log.merkle import Frontier, TreeNode
from procdef.store import forks
from procdef.store.inspection_port import Inspection, InspectionQuery
from procdef.store.layouts import LATEST
from procdef.store.memory.batches import Undo, refuse_conflicts, refuse_moved, revert
from procdef.store.memory.queries import ANSWERS, INSPECTION_ANSWERS
from procdef.store.port import Batch, Loaded, Transaction, Waiting
from procdef.store.queries import Query, RowT
from procdef.store.rows import (
    ActivityRow,
    Copy,
    DealRow,
    DefinitionRow,
    DirectoryRow,
    EventRow,
    GateRow,
    NodeRow,
    NoteRow,
    PrivateRow,
    RequestRow,
    StayRow,
)


class MemoryStore:
    """A log with its projections in dictionaries. One writer at a time; readers see what was committed."""

    writable = True
    path = None
    busy = 0.0
    layout = LATEST

    def __init__(self, log: str | None = None) -> None:
        """``log`` is the UUID of the log, a fresh one where it is not given."""
        self.log = log or str(uuid.uuid4())
        self.lock = threading.RLock()
        self.deals: dict[str, DealRow] = {}
        self.keys: dict[str, str] = {}
        self.events: dict[str, dict[int, EventRow]] = {}
        self.leaves: list[EventRow] = []
        self.private: dict[tuple[str, int, str], PrivateRow] = {}
        self.stays: dict[tuple[str, int], StayRow] = {}
        self.gates: dict[tuple[str, int, int], GateRow] = {}
        self.activities: dict[tuple[str, int, int], ActivityRow] = {}
        self.requests: dict[tuple[str, str], RequestRow] = {}
        self.definitions: dict[str, DefinitionRow] = {}
        self.directories: dict[str, DirectoryRow] = {}
        self.tree = Frontier()
        self.nodes: dict[tuple[int, int], NodeRow] = {}
        self.notes: list[NoteRow] = []
        self._stopped = self._halved = self._closed = False
        forks.tell(self)

    def transaction(self, *, write: bool, connection: object | None = None, shared: bool = False) -> Transaction:
        """Begin a transaction. Raises ``StoreError`` for a ``connection``: memory has none to join."""
        if connection is not None:
            raise StoreError("the store in memory cannot join a connection; use a database for that")
        self._refuse_unless_open()
        return _Transaction(self, write)

    def inspect(self) -> AbstractContextManager[Inspection]:
        """Begin a transaction that reads all that is stored."""
        self._refuse_unless_open()
        return _Inspection(self)

    def _refuse_unless_open(self) -> None:
        if self._closed:
            raise StoreError("the store in memory was closed, and its log is gone; open a new one")
        if self._halved:
            raise StoreDetached(
                "the store in memory was being changed by another thread when this process was forked, and is of no use here; "
                "nothing was written. Fork when nothing is under way"
            )

    def before_fork(self, deadline: float) -> None:
        """Wait for what another thread is writing, and keep others from beginning."""
        self._stopped = self.lock.acquire(timeout=max(0.0, deadline - monotonic()))

    def after_fork(self, child: bool) -> None:
        """Go on; a new process goes on by itself, with a copy."""
        if self._stopped:
            self.lock.release()
        elif child:
            self.lock, self._halved = threading.RLock(), True

    def seal(self, limit: int | None = None) -> int:
        """Nothing to do: every event is sealed as it is stored."""
        return 0

    def purge(self) -> bool:
        """Nothing to do: what was deleted is gone."""
        return True

    def copies(self, texts: Sequence[str]) -> list[Copy]:
        """None: there is no file."""
        return []

    def backup(self, path: str | Path) -> int:
        """Raises ``StoreError``: there is no database to copy."""
        raise StoreError("a store in memory has no database that could be copied; keep the log in a file: sqlite:///deals.db")

    def refuse_unless_owner(self) -> None:
        """Nothing to refuse: whoever has the object has the log."""

    def held_up_by(self, connection: object) -> bool:
        """No: no connection can be joined."""
        return False

    def close(self) -> None:
        """Take no more transactions; one that has begun ends as it would."""
        self._closed = True

    def __enter__(self) -> Self:
        return self

    def __exit__(self, *_: object) -> None:
        self.close()


class _Transaction:
    """Both the block and what it yields; a writer holds the lock for the whole block."""

    __slots__ = ("_open", "_store", "_undo", "_write")

    def __init__(self, store: MemoryStore, write: bool) -> None:
        self._store = store
        self._write = write
        self._undo: list[Undo] = []
        self._open = write  # and so holds the lock, or is about to take it

    def __enter__(self) -> _Transaction:
        if self._write:
            self._store.lock.acquire()
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        if kind is None:
            self._undo.clear()
        self.undo()

    def undo(self) -> None:
        """Undo what is not committed, and let others write."""
        if not self._open:
            return
        while self._undo:
            revert(self._store, self._undo[-1])
            self._undo.pop()
        with suppress(RuntimeError):  # the block may not have begun
            self._store.lock.release()
        self._open = False

    def end(self) -> None:
        """Nothing: there is nothing to give back."""

    @property
    def log(self) -> str:
        """The UUID of this log."""
        return self._store.log

    @property
    def file(self) -> str | None:
        """None: there is no file."""
        return None

    @property
    def size(self) -> int:
        """How many events this log has."""
        return len(self._store.leaves)

    @property
    def waiting(self) -> Waiting:
        """Nothing."""
        return Waiting()

    @property
    def has_activities(self) -> bool:
        """Yes: there is no older log in memory."""
        return True

    @property
    def has_deadlines(self) -> bool:
        """Yes, likewise."""
        return True

    @property
    def tree(self) -> Frontier:
        """The Merkle tree over this log's events."""
        with self._store.lock:
            return Frontier(self._store.tree.size, self._store.tree.stored)

    def load(self, names: Iterable[str], requests: Iterable[tuple[str, str]] = (), *, lock: bool = False) -> Loaded:
        """Deals by key or stream, and requests by name and request key; what is missing is left out."""
        store = self._store
        with store.lock:
            deals: dict[str, DealRow] = {}
            for name in names:
                row = store.deals.get(name if name.startswith("deal:") else store.keys.get(name, ""))
                if row is not None:
                    deals[name] = row
            found: dict[tuple[str, str], RequestRow] = {}
            for name, key in requests:
                stream = name if name.startswith("deal:") else store.keys.get(name, "")
                request = store.requests.get((stream, key))
                if request is not None:
                    found[name, key] = request
        return Loaded(deals, found)

    def alone(self) -> None:
        """Nothing: who writes is alone here."""

    def append(self, batch: Batch, *, unless_moved: bool = False) -> None:
        """Add the whole batch, or nothing of it and raise ``Conflict`` or ``Moved``."""
        if not self._write:
            raise StoreError("this transaction only reads; begin one that writes")
        store = self._store
        if unless_moved:
            refuse_moved(store)
        refuse_conflicts(store, batch)
        deals_before: list[tuple[str, DealRow | None]] = []
        stays_before: list[tuple[tuple[str, int], StayRow | None]] = []
        nodes: list[TreeNode] = []
        erased: list[PrivateRow] = []
        forgotten: list[RequestRow] = []
        counts = len(store.leaves), len(store.notes)
        self._undo.append((batch, deals_before, stays_before, store.tree, nodes, *counts, erased, forgotten))
        store.tree = Frontier(store.tree.size, store.tree.stored)
        for event in batch.events:
            store.events.setdefault(event.stream, {})[event.n] = event
            nodes += store.tree.add(bytes.fromhex(event.hash))
        store.leaves.extend(batch.events)
        store.nodes.update(((level, idx), NodeRow(level, idx, made)) for level, idx, made in nodes)
        for deal, _ in batch.deals:
            before = store.deals.get(deal.stream)
            deals_before.append((deal.stream, before))
            if before is None or before.key != deal.key:
                if before is not None:
                    del store.keys[before.key]
                store.keys[deal.key] = deal.stream
            store.deals[deal.stream] = deal
        for stay in batch.stays:
            place = (stay.stream, stay.k)
            stays_before.append((place, store.stays.get(place)))
            store.stays[place] = stay
        for value in batch.private:
            store.private[value.stream, value.n, value.path] = value
        for gate in batch.gates:
            store.gates[gate.stream, gate.n, gate.k] = gate
        for activity in batch.activities:
            store.activities[activity.stream, activity.n, activity.k] = activity
        for request in batch.requests:
            store.requests[request.stream, request.key] = request
        for definition in batch.definitions:
            store.definitions[definition.sha256] = definition
        for directory in batch.directories:
            store.directories[directory.sha256] = directory
        for leaf in batch.erased:
            erased.append(store.private[leaf])
            del store.private[leaf]
        for asked in batch.forgotten:
            forgotten.append(store.requests[asked])
            del store.requests[asked]
        store.notes += (note for note in batch.notes if note not in store.notes)

    def stored(self, event: tuple[str, int, str]) -> bool:
        """Whether the event of that stream, number and id is there."""
        stream, n, name = event
        found = self._store.events.get(stream, {}).get(n)
        return found is not None and found.id == name

    def triggers(self) -> Sequence[str]:
        """None: nothing happens by itself here."""
        return ()

    def scan(self, query: Query[RowT]) -> Iterator[RowT]:
        """The rows that answer the query, as they stood when it was asked."""
        with self._store.lock:
            answer: Iterable[Any] = ANSWERS[type(query)](self._store, query)
        return iter(answer)


class _Inspection(_Transaction):
    """A transaction that reads, for a verification."""

    __slots__ = ()

    def __init__(self, store: MemoryStore) -> None:
        super().__init__(store, write=False)

    def __enter__(self) -> _Inspection:
        return self

    def layout_differences(self) -> Iterable[tuple[str, str]]:
        """Nothing: there are no tables to change."""
        return ()

    def index_differences(self, leaving_out: Sequence[str] = ()) -> Iterator[tuple[str, str, str]]:
        """Nothing: there are no indexes."""
        return iter(())

    def besides(self) -> Sequence[str]:
        """Nothing: no database of this kind has that."""
        return ()

    @property
    def unchecked_indexes(self) -> str | None:
        """Nothing keeps it from that."""
        return None

    def scan(self, query: Query[RowT] | InspectionQuery[RowT]) -> Iterator[RowT]:
        """The rows that answer the query, as they stood when it was asked."""
        with self._store.lock:
            answer: Iterable[Any] = INSPECTION_ANSWERS[type(query)](self._store, query)
        return iter(answer)
