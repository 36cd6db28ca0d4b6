"""What the figures are counted from: the rows of each deal side by side, one deal after the other."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from itertools import groupby
from operator import itemgetter
from typing import Any, Generic, NamedTuple, TypeVar

from procdef.store.port import Tx
from procdef.store.queries import ActivityFacts, DealFacts, Definitions, Gates, Stays
from procdef.store.rows import ActivityFactsRow, DealFactsRow, GateRow, StayRow

COUNTED = ("close", "done", "note", "overdue", "value", "waived")
"""The kinds of activities that are counted."""
STANDING = ("assigned", "late", "lost")
"""Those that tell, beside values, how a deal stood at an earlier time."""
RowT = TypeVar("RowT", bound=tuple[Any, ...])
_stream = itemgetter(0)


class History(NamedTuple):
    """A deal, its visits in order, what stood in the way of its steps, and its activities, in order."""

    deal: DealFactsRow
    stays: Sequence[StayRow]
    gates: Sequence[GateRow]
    activities: Sequence[ActivityFactsRow] = ()


class Histories:
    """The histories of the deals of a process in the order of their streams; to be read once, within the transaction.

    ``refused_starts`` is what stood in the way of starts, of which no deal came; it is there once all histories were read.
    ``with_activities``: whether the log has any.
    """

    def __init__(
        self,
        deals: Iterable[DealFactsRow],
        stays: Iterable[StayRow],
        gates: Iterable[GateRow],
        activities: Iterable[ActivityFactsRow] | None = None,
    ) -> None:
        self._deals, self._stays, self._gates = deals, stays, gates
        self._activities = () if activities is None else activities
        self.with_activities = activities is not None
        self.refused_starts: list[GateRow] = []

    def __iter__(self) -> Iterator[History]:
        visits, done, obstacles = _Beside(self._stays), _Beside(self._activities), _Beside(self._gates)
        make = History
        for deal in self._deals:
            stream = deal[0]
            yield make(
                deal,
                visits.of(stream) if visits.stream <= stream else (),
                obstacles.of(stream) if obstacles.stream <= stream else (),
                done.of(stream) if done.stream <= stream else (),
            )
        obstacles.of("~")
        self.refused_starts += obstacles.passed


class _Beside(Generic[RowT]):
    """The rows of a table that is read beside the deals. ``stream`` is that of the next rows, ``passed`` are those of streams
    that nobody asked for."""

    __slots__ = ("_next", "_streams", "passed", "stream")

    def __init__(self, rows: Iterable[RowT]) -> None:
        self._streams = groupby(rows, _stream)
        self.passed: list[RowT] = []
        self.stream = ""
        self._next: Iterable[RowT] = ()
        self._advance()

    def of(self, stream: str) -> Sequence[RowT]:
        """The rows of that stream; streams are asked for in order."""
        while self.stream < stream:
            self.passed += self._next
            self._advance()
        if self.stream != stream or stream == "~":
            return ()
        found = list(self._next)
        self._advance()
        return found

    def _advance(self) -> None:
        self.stream, self._next = next(self._streams, ("~", ()))  # which is behind every stream


def histories(
    tx: Tx,
    process: str,
    fields: tuple[str, ...] = (),
    first: str | None = None,
    end: str | None = None,
    *,
    gates: bool = True,
    kinds: tuple[str, ...] = COUNTED,
    needed: bool = False,
) -> Histories:
    """Those of a process, as the log's projections have them now, with the values of some fields; from the stream ``first`` on,
    up to, not including, ``end``. What stood in the way of steps is read with ``gates``, activities are of these ``kinds``.
    Raises ``StoreError`` where activities are ``needed``, and the log has none."""
    alone = all(row.id == process for row in tx.scan(Definitions()))  # then the store need not tell whose visits they are
    deals = tx.scan(DealFacts(process, fields, first, end))
    stays = tx.scan(Stays(process=None if alone else process, first=first, end=end))
    obstacles = tx.scan(Gates(process=process, first=first, end=end)) if gates else ()
    told = kinds and (needed or tx.has_activities)
    return Histories(deals, stays, obstacles, tx.scan(ActivityFacts(process, kinds, first, end)) if told else None)
