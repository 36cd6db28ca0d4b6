"""What a verification asks of a store that it inspects: everything that is stored, whoever put it there.

A store whose logs can be verified has ``inspect`` besides what every store has. What it gives is taken for what somebody may
have written by other means: no column has to be of its type, and no row has to fit another.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from contextlib import AbstractContextManager
from dataclasses import dataclass
from typing import Generic, Protocol

from procdef.store.port import LogReading, Store
from procdef.store.queries import Query, RowT
from procdef.store.rows import NodeRow, PlaceRow


class InspectionQuery(Generic[RowT]):
    """A question that only an inspection answers, with rows of one type."""

    __slots__ = ()


@dataclass(frozen=True, slots=True)
class Places(InspectionQuery[PlaceRow]):
    """The places of all events in the log by stream, n and idx, the event there or not; of one stream, or of all. What
    waits to be sealed has the place there that comes to it next; so it is with ``EventPlace`` in an inspection."""

    stream: str | None = None


@dataclass(frozen=True, slots=True)
class AllNodes(InspectionQuery[NodeRow]):
    """The stored nodes of the tree by level and index, of whatever level."""


class Inspection(LogReading, Protocol):
    """A transaction that reads a log in order to verify it."""

    def layout_differences(self) -> Iterable[tuple[str, str]]:
        """What of the database's own tables is not as this layout makes it: what was expected, and what was found."""

    def index_differences(self, leaving_out: Sequence[str] = ()) -> Iterator[tuple[str, str, str]]:
        """Where an index does not hold what its table holds: the stream (or ``log``), what was expected, what was found.
        Tables named in ``leaving_out`` are passed over."""

    def besides(self) -> Sequence[str]:
        """What of the database is no part of the tables, and hands on their changes, writes to them, or runs when their shape
        is changed; and who was given rights that no role needs: a clause for each."""

    @property
    def unchecked_indexes(self) -> str | None:
        """Why ``index_differences`` cannot look into the indexes, and so tells of nothing; ``None`` where it can."""

    def scan(self, query: Query[RowT] | InspectionQuery[RowT]) -> Iterator[RowT]:
        """The rows that answer the query, streaming. Read them within the transaction."""


class InspectableStore(Store, Protocol):
    """A store whose log can be verified."""

    def inspect(self) -> AbstractContextManager[Inspection]:
        """Begin a transaction that reads, and writes nothing."""
