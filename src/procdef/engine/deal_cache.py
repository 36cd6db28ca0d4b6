"""The deals that were worked on last, so that their state need not be read again from its JSON."""

from __future__ import annotations

from procdef.deal import Deal, from_state
from procdef.engine.queries import refold
from procdef.events.types import FOLD
from procdef.store.port import DealRow, Tx

MOST = 1000
"""How many deals are kept; a deal takes a few kilobytes."""


class DealCache:
    """Deals by stream. Whether one is still current the row tells: ``head`` is a hash over all that happened to it.

    Threads may share it: what one of them loses to another is only read again.
    """

    def __init__(self) -> None:
        self._deals: dict[str, Deal] = {}

    def deal(self, tx: Tx, row: DealRow) -> Deal:
        """The deal of a row; folded anew where another version of the fold made the row."""
        if row.fold != FOLD:
            return refold(tx, row.stream)
        if isinstance(row.state, Deal):
            return row.state
        kept = self._deals.get(row.stream)
        return kept if kept is not None and kept.head == row.head else from_state(row.state)

    def keep(self, deal: Deal) -> None:
        """Remember a deal as it was written."""
        if len(self._deals) >= MOST:
            self._deals.clear()
        self._deals[deal.stream] = deal
