"""What was erased, when, by whom and on what basis."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator

from procdef.engine.erasing import Erasure, erasures_in
from procdef.provenance import Period
from procdef.store.port import Tx

COUNTED = ("erasures", "values", "purge_pending")


def erasures(tx: Tx, period: Period, counts: Counter[str]) -> Iterator[Erasure]:
    """Those of the period in the order of time; ``counts`` counts them along, their values, and what is not purged yet."""
    for found in erasures_in(tx):
        if period.holds(found.at):
            counts.update(erasures=1, values=len(found.leaves), purge_pending=int(not found.purged))
            yield found
