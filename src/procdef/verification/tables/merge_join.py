"""Tables that are read alongside the streams, all sorted by stream, so that no more than one stream is in memory."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from operator import attrgetter
from typing import Generic, Protocol, TypeVar

from procdef.log.irregularity import Irregularity
from procdef.verification.tables.storage_classes import misfit


class Row(Protocol):
    """A row that belongs to a stream."""

    @property
    def stream(self) -> str: ...


RowT = TypeVar("RowT", bound=Row)


class MergeJoin(Generic[RowT]):
    """The rows of one table, taken stream by stream. Rows of a stream that nobody asks for become findings, which ``before``
    returns."""

    def __init__(self, table: str, rows: Iterator[RowT], unfit: Callable[[RowT], str | None] = misfit) -> None:
        self._strays: list[Irregularity] = []
        self._last: Irregularity | None = None
        self._table, self._rows, self._unfit = table, rows, unfit
        self._fitting: set[tuple[type, ...]] = set()
        self._next: RowT | None = None
        self._advance()

    def take(self, stream: str) -> RowT | None:
        """The next row of that stream, if it has one more; streams are asked for in the order of their names."""
        row = self._next
        if row is None or row.stream > stream:
            return None
        while row is not None and row.stream < stream:
            row = self._stray(row)
        if row is None or row.stream != stream:
            return None
        self._advance()
        return row

    def of(self, stream: str) -> Iterator[RowT]:
        """The rows of that stream."""
        while (row := self.take(stream)) is not None:
            yield row

    def before(self, stream: str | None = None) -> Iterator[Irregularity]:
        """What was found so far, and all rows of streams before this one (or to the end), which have no event."""
        while (row := self._next) is not None and (stream is None or row.stream < stream):
            self._stray(row)
            yield from self._told()
        yield from self._told()

    def behind(self, stream: str) -> bool:
        """Whether ``before`` has findings."""
        return bool(self._strays) or (self._next is not None and self._next.stream < stream)

    def _told(self) -> list[Irregularity]:
        found, self._strays = self._strays, []
        return found

    def _stray(self, row: RowT) -> RowT | None:
        expected = f"events for its rows in {self._table}"
        self._once(Irregularity("events-missing", row.stream, 0, expected, "none"))
        self._advance()
        return self._next

    def _advance(self) -> None:
        for row in self._rows:
            types = tuple(map(type, row))  # type: ignore[call-overload]
            if types in self._fitting:  # as those of nearly all rows are
                self._next = row
                return
            column = self._unfit(row)
            if column is None:
                self._fitting.add(types)
                self._next = row
                return
            expected = f"rows in {self._table} as they are written"
            self._once(Irregularity("unreadable", str(row.stream), 0, expected, f"another type of {column}"))
        self._next = None

    def _once(self, found: Irregularity) -> None:
        if found != self._last:
            self._last = found
            self._strays.append(found)


class ByEvent(Generic[RowT]):
    """The rows of one stream in a table, taken event by event. ``orphans`` are the numbers of rows that nobody asks for."""

    def __init__(self, table: MergeJoin[RowT], stream: str, event: str = "n") -> None:
        self.orphans: list[int] = []
        self._table, self._stream = table, stream
        self._event: Callable[[RowT], int] = attrgetter(event)
        self._advance()

    def of(self, n: int) -> Sequence[RowT]:
        """The rows of event ``n``; events are asked for in their order."""
        if self._next is None or self._n > n:
            return ()
        found = []
        while self._next is not None and self._n <= n:
            if self._n == n:
                found.append(self._next)
            else:
                self._orphan()
            self._advance()
        return found

    def end(self) -> list[int]:
        """The numbers of all rows without an event."""
        while self._next is not None:
            self._orphan()
            self._advance()
        return self.orphans

    def _advance(self) -> None:
        row = self._next = self._table.take(self._stream)
        self._n = 0 if row is None else self._event(row)

    def _orphan(self) -> None:
        if self._n not in self.orphans[-1:]:
            self.orphans.append(self._n)
