"""Tables that are read alongside the streams, all sorted by stream, so that no more than one stream is in memory."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Generic, Protocol, TypeVar

from procdef.audit.verify import Irregularity
from procdef.replay.typed import misfit


class Row(Protocol):
    """A row that belongs to a stream."""

    @property
    def stream(self) -> str: ...


RowT = TypeVar("RowT", bound=Row)


class Alongside(Generic[RowT]):
    """The rows of one table. What belongs to no stream that is asked for is kept as a finding."""

    def __init__(self, table: str, rows: Iterator[RowT]) -> None:
        self.strays: list[Irregularity] = []
        self._table, self._rows = table, self._fitting(rows)
        self._next = next(self._rows, None)

    def of(self, stream: str) -> Iterator[RowT]:
        """The rows of that stream; streams are asked for in the order of their names."""
        while self._next is not None and self._next.stream < stream:
            self._stray(self._next)
        while self._next is not None and self._next.stream == stream:
            row, self._next = self._next, next(self._rows, None)
            yield row

    def end(self) -> Iterator[Irregularity]:
        """All rows of streams that have no event."""
        while self._next is not None:
            self._stray(self._next)
        yield from self.strays

    def _stray(self, row: RowT) -> None:
        expected = f"events for its rows in {self._table}"
        self._once(Irregularity("events-missing", row.stream, 0, expected, "none"))
        self._next = next(self._rows, None)

    def _fitting(self, rows: Iterator[RowT]) -> Iterator[RowT]:
        for row in rows:
            column = misfit(row)
            if column is None:
                yield row
            else:
                expected = f"rows in {self._table} as they are written"
                self._once(Irregularity("unreadable", str(row.stream), 0, expected, f"another type of {column}"))

    def _once(self, found: Irregularity) -> None:
        if found not in self.strays[-1:]:
            self.strays.append(found)


class Numbered(Row, Protocol):
    """A row that belongs to an event."""

    @property
    def n(self) -> int: ...


NumberedT = TypeVar("NumberedT", bound=Numbered)


class ByEvent(Generic[NumberedT]):
    """The rows of one stream, sorted by event. What belongs to no event that is asked for is in ``orphans``."""

    def __init__(self, rows: Iterator[NumberedT]) -> None:
        self._rows = rows
        self._next = next(rows, None)
        self.orphans: list[int] = []

    def of(self, n: int) -> list[NumberedT]:
        """The rows of event ``n``; events are asked for in their order."""
        found = []
        while self._next is not None and self._next.n <= n:
            if self._next.n == n:
                found.append(self._next)
            else:
                self._orphan(self._next)
            self._next = next(self._rows, None)
        return found

    def end(self) -> list[int]:
        """The numbers of all rows without an event."""
        while self._next is not None:
            self._orphan(self._next)
            self._next = next(self._rows, None)
        return self.orphans

    def _orphan(self, row: NumberedT) -> None:
        if row.n not in self.orphans[-1:]:
            self.orphans.append(row.n)
