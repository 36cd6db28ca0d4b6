"""The rows of the deals that were written last, so that they need not be read again, nor their state from its JSON."""

from __future__ import annotations

from collections.abc import Iterable

from procdef.store.rows import DealRow

MOST = 1000
"""How many rows are kept; one takes a few kilobytes."""


class RecentDeals:
    """Rows by stream, as they were written. Whether one is still what is stored its ``head`` tells, a hash over all that
    happened to the deal: so one of a transaction that was undone is never taken for stored.

    Threads may share it: what one of them loses to another is only read again.
    """

    __slots__ = ("_rows",)

    def __init__(self) -> None:
        self._rows: dict[str, DealRow] = {}

    def find(self, stream: str, key: str, head: str) -> DealRow | None:
        """The row of that deal, if it is known as of that event."""
        row = self._rows.get(stream)
        return row if row is not None and row.head == head and row.key == key else None

    def keep(self, rows: Iterable[DealRow]) -> None:
        """Remember rows as they were written."""
        if len(self._rows) >= MOST:
            self._rows.clear()
        for row in rows:
            self._rows[row.stream] = row
