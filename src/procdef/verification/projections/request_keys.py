"""The request keys of one deal, as far as its commands tell: no event names the key that it came under."""

from __future__ import annotations

import re

from procdef.store.rows import RequestRow
from procdef.verification.tables.merge_join import ByEvent, MergeJoin

_KEY = re.compile(r"[A-Za-z0-9._:-]{1,64}")
_BYTES = 32
"""How long a salt and a fingerprint are."""
_STEPS = ("deal.", "action.", "criterion.", "stage.", "step.")
"""What the types of events begin with that come from a step; only a step has a request key."""


class RequestKeys:
    """The rows of ``request`` of one stream, taken command by command."""

    def __init__(self, table: MergeJoin[RequestRow], stream: str) -> None:
        self._rows = ByEvent(table, stream, "first")
        self._other: list[int] = []
        self._kept: int | None = None

    def command(self, first: int, last: int, kind: str) -> None:
        """The events from ``first`` to ``last`` came from one command: one key at most names them, and no others."""
        rows = self._rows.of(first)
        if not rows:
            return
        self._kept = first
        sound = len(rows) == 1 and kind.startswith(_STEPS) and rows[0].last == last and _shaped(rows[0])
        if not sound:
            self._other.append(first)

    def forgotten(self) -> None:
        """The name of the deal is erased: no request key from before may be left."""
        if self._kept is not None:
            self._other.append(self._kept)

    def end(self) -> list[int]:
        """The events whose rows are not as they should be, after the last event."""
        return sorted({*self._other, *self._rows.end()})


def _shaped(row: RequestRow) -> bool:
    return bool(_KEY.fullmatch(row.key)) and len(row.salt) == len(row.fingerprint) == _BYTES
