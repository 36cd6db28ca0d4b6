"""What was erased, when, by whom and on what basis."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator
from dataclasses import dataclass

from procdef.engine.erasing import erasures_in
from procdef.reports.sheet import Period
from procdef.store.port import Leaf, Tx

COUNTED = ("erasures", "values", "purge_pending")


@dataclass(frozen=True, slots=True)
class Erased:
    """An erasure: ``leaves`` are the places of the values that are gone, ``purged`` whether no byte of them is left in the
    database's files."""

    stream: str
    n: int
    at: str
    by: str
    basis: str
    leaves: tuple[Leaf, ...]
    purged: bool


def erasures(tx: Tx, period: Period, counts: Counter[str]) -> Iterator[Erased]:
    """Those of the period in the order of time; ``counts`` counts them along, their values, and what is not purged yet."""
    for found in erasures_in(tx):
        if period.holds(found.at):
            counts.update(erasures=1, values=len(found.leaves), purge_pending=int(not found.purged))
            yield Erased(*found)
