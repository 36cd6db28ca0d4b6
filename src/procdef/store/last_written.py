"""What a store wrote last, so that it need not be read again, nor the state of a deal from its JSON."""

from __future__ import annotations

from collections.abc import Iterable

from procdef.log.merkle import Frontier
from procdef.store.rows import DealRow

MOST = 1000
"""How many rows are kept; one takes a few kilobytes."""


class LastWritten:
    """The rows of deals, as they were written, and the ``tree`` over the log. Whether a row is still what is stored its
    ``head`` tells, a hash over all that happened to the deal, and the roots of the tree tell it of the tree: so what a
    transaction wrote that was undone is never taken for stored.

    Threads may share it: what one of them loses to another is only read again.
    """

    __slots__ = ("_rows", "tree")

    def __init__(self) -> None:
        self.tree: Frontier | None = None
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
