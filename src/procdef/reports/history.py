"""What the figures are counted from: the rows of each deal side by side, one deal after the other."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from itertools import groupby
from operator import itemgetter
from typing import NamedTuple

from procdef.store.port import DealFacts, Definitions, Gates, Stays, Tx
from procdef.store.rows import DealFactsRow, GateRow, StayRow

_stream = itemgetter(0)


class History(NamedTuple):
    """A deal, its visits in order, and what stood in the way of its steps, in order."""

    deal: DealFactsRow
    stays: Sequence[StayRow]
    gates: Sequence[GateRow]


class Histories:
    """The histories of the deals of a process in the order of their streams; to be read once, within the transaction.

    ``refused_starts`` is what stood in the way of starts, of which no deal came; it is there once all histories were read.
    """

    def __init__(self, deals: Iterable[DealFactsRow], stays: Iterable[StayRow], gates: Iterable[GateRow]) -> None:
        self._deals, self._stays, self._gates = deals, stays, gates
        self.refused_starts: list[GateRow] = []

    def __iter__(self) -> Iterator[History]:
        stays, gates = groupby(self._stays, _stream), groupby(self._gates, _stream)
        ended: tuple[str, Iterable[GateRow]] = ("~", ())  # behind every stream
        visited, visits = next(stays, ("~", ()))
        refused, obstacles = next(gates, ended)
        make, left_over = History, self.refused_starts
        for deal in self._deals:
            stream = deal[0]
            while visited < stream:
                visited, visits = next(stays, ("~", ()))
            own: Sequence[StayRow] = ()
            if visited == stream:
                own = list(visits)
                visited, visits = next(stays, ("~", ()))
            while refused < stream:
                left_over += obstacles
                refused, obstacles = next(gates, ended)
            if refused == stream:
                yield make(deal, own, list(obstacles))
                refused, obstacles = next(gates, ended)
            else:
                yield make(deal, own, ())
        while refused != "~":
            left_over += obstacles
            refused, obstacles = next(gates, ended)


def histories(tx: Tx, process: str, fields: tuple[str, ...] = ()) -> Histories:
    """Those of a process, as the log's projections have them now, with the values of some fields."""
    alone = all(row.id == process for row in tx.scan(Definitions()))
    deals = tx.scan(DealFacts(process, fields))
    return Histories(deals, tx.scan(Stays(process=None if alone else process)), tx.scan(Gates(process=process)))
