"""The questions that a store answers, each with rows of one type."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from typing import Generic, TypeVar

from procdef.store.rows import (
    ActivityFactsRow,
    ActivityRow,
    DealFactsRow,
    DealRow,
    DefinitionRow,
    DirectoryRow,
    EventRow,
    GateRow,
    LeafRow,
    MiddleRow,
    NodeRow,
    NoteRow,
    PlaceRow,
    PrivateRow,
    RequestRow,
    StayRow,
)

RowT = TypeVar("RowT", covariant=True)


class Query(Generic[RowT]):
    """A question that a store answers with rows of one type."""

    __slots__ = ()


@dataclass(frozen=True, slots=True)
class Deals(Query[DealRow]):
    """Deals sorted by key. ``overdue`` and ``due_before`` are times, with their offsets: open deals whose stage, or in which
    anything that is still to be done, was due before it. Those behind the key ``after``, and no more than ``limit``: a long
    list is read page by page, each behind the last deal of the one before.
    """

    process: str | None = None
    stage: str | None = None
    owner: str | None = None
    outcome: str | None = None
    overdue: str | datetime | None = None
    due_before: str | datetime | None = None
    after: str | None = None
    limit: int | None = None


@dataclass(frozen=True, slots=True)
class Waking(Query[DealRow]):
    """Deals that are to be looked at by the time ``until``, sorted by ``wake`` and stream; found without reading others. Those
    behind ``after``, the ``wake`` and the stream of one, and no more than ``limit``."""

    until: str
    after: tuple[str, str] = ("", "")
    limit: int | None = None


@dataclass(frozen=True, slots=True)
class DealsByStream(Query[DealRow]):
    """Deals sorted by stream, as the tables that belong to streams are; that of one stream, or all."""

    stream: str | None = None


@dataclass(frozen=True, slots=True)
class DealFacts(Query[DealFactsRow]):
    """What figures need of the deals of a process, sorted by stream, with the values of some ``fields``: ids of fields, whose
    values must not be personal. From the stream ``first`` on, up to, not including, ``end``."""

    process: str
    fields: tuple[str, ...] = ()
    first: str | None = None
    end: str | None = None


@dataclass(frozen=True, slots=True)
class MiddleDeal(Query[MiddleRow]):
    """The deal that halves all deals when they are sorted by stream; no row where there is none."""


@dataclass(frozen=True, slots=True)
class Events(Query[EventRow]):
    """The events of one stream in order, from ``first`` on, or with none named of all, by stream and n; of one type, or all."""

    stream: str | None = None
    first: int = 1
    type: str | None = None


@dataclass(frozen=True, slots=True)
class LastEvent(Query[EventRow]):
    """The last event of a stream, or no row. In a transaction of the store's own that writes ``lock`` keeps it the last one:
    who else asks so waits until that ends."""

    stream: str
    lock: bool = False


@dataclass(frozen=True, slots=True)
class LogOrder(Query[LeafRow]):
    """Events in log order, from the leaf ``first`` (counted from 0) up to, not including, ``end``."""

    first: int = 0
    end: int | None = None


@dataclass(frozen=True, slots=True)
class EventPlace(Query[PlaceRow]):
    """The place of one event in the log, the event there or not; found quickly. No row where it has none."""

    stream: str
    n: int


@dataclass(frozen=True, slots=True)
class Private(Query[PrivateRow]):
    """Personal values by stream, n and path; of one stream, or all."""

    stream: str | None = None


@dataclass(frozen=True, slots=True)
class Stays(Query[StayRow]):
    """Visits by stream and k; of one stream, of one process, or all. From the stream ``first`` on, up to, not including,
    ``end``."""

    stream: str | None = None
    process: str | None = None
    first: str | None = None
    end: str | None = None


@dataclass(frozen=True, slots=True)
class Gates(Query[GateRow]):
    """What stood in steps' ways, by stream, n and k; of one stream, of one process, or all. From the stream ``first`` on, up
    to, not including, ``end``."""

    stream: str | None = None
    process: str | None = None
    first: str | None = None
    end: str | None = None


@dataclass(frozen=True, slots=True)
class Activities(Query[ActivityRow]):
    """What was done, noted, changed and waived, by stream, n and k; of one stream, of one process, of these ``kinds``, or all.

    From the stream ``first`` on, up to, not including, ``end``. Raises ``StoreError`` where the log has none, see
    ``LogReading.has_activities``.
    """

    stream: str | None = None
    process: str | None = None
    kinds: tuple[str, ...] | None = None
    first: str | None = None
    end: str | None = None


@dataclass(frozen=True, slots=True)
class ActivityFacts(Query[ActivityFactsRow]):
    """What figures need of the activities of a process, of these kinds, by stream, n and k. From the stream ``first`` on, up
    to, not including, ``end``. Raises as ``Activities``."""

    process: str
    kinds: tuple[str, ...]
    first: str | None = None
    end: str | None = None


@dataclass(frozen=True, slots=True)
class Requests(Query[RequestRow]):
    """Request keys by stream, first event and key; of one stream, or all."""

    stream: str | None = None


@dataclass(frozen=True, slots=True)
class Definitions(Query[DefinitionRow]):
    """Published versions, by id and version; of one id, of one content, or all."""

    id: str | None = None
    sha256: str | None = None


@dataclass(frozen=True, slots=True)
class Directories(Query[DirectoryRow]):
    """Published directories of people, by their hash; of one content, or all."""

    sha256: str | None = None


@dataclass(frozen=True, slots=True)
class LastDirectory(Query[EventRow]):
    """The event that published a directory of people last, found quickly where none was; or no row.

    In a transaction that writes, and has loaded the deals that it is about, it is the last one until that ends. Where it is
    to be ``replaced``, those are waited for, and others that come meanwhile wait for what is published.
    """

    replaced: bool = False


@dataclass(frozen=True, slots=True)
class Hashes(Query[str]):
    """The hashes of the leaves from ``first`` up to, not including, ``end``, in order, as noted with the leaf (hex)."""

    first: int = 0
    end: int | None = None


@dataclass(frozen=True, slots=True)
class Nodes(Query[NodeRow]):
    """The kept nodes of one level by index, from ``first`` up to, not including, ``end``."""

    level: int
    first: int = 0
    end: int | None = None


@dataclass(frozen=True, slots=True)
class Notes(Query[NoteRow]):
    """The stored checkpoints, by size."""
