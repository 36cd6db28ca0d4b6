"""The order of the whole log: every event has one place, and the places have no gap."""

from __future__ import annotations

from collections.abc import Iterable, Iterator

from procdef.log.irregularity import Irregularity
from procdef.store.inspection_port import Inspection, Places
from procdef.store.queries import LogOrder
from procdef.store.rows import PlaceRow
from procdef.verification.tables.merge_join import MergeJoin


class LeafOrder:
    """The places of the log, read stream by stream and held against the log's own count of them (``size``).

    Only their number, sum and last are kept.
    """

    def __init__(self, tx: Inspection, stream: str | None = None) -> None:
        self._tx, self._size = tx, tx.size + tx.waiting.events
        self.rows: MergeJoin[PlaceRow] = MergeJoin("leaf", tx.scan(Places(stream)))
        self._count = self._sum = 0
        self._last: PlaceRow | None = None
        self._ahead: PlaceRow | None = None
        """The place of a later event, which was met when that of an earlier one was looked for."""
        self._idx = -1

    @property
    def place(self) -> int:
        """The place of the event that was checked last."""
        return self._idx

    def begin(self) -> None:
        """The events of another stream come next."""
        self._idx = -1

    def check(self, stream: str, n: int, digest: str) -> Iterable[Irregularity]:
        """What is wrong with the place of this event."""
        row = self._taken(stream)
        if row is not None and row.n == n and row.hash == digest and row.idx > self._idx:
            self._idx = row.idx
            return ()
        return self._misplaced(stream, n, digest, row)

    def _misplaced(self, stream: str, n: int, digest: str, row: PlaceRow | None) -> Iterator[Irregularity]:
        while row is not None and row.n < n:
            yield _without_event(row)
            row = self._taken(stream)
        if row is None or row.n > n:
            self._ahead = row
            yield Irregularity("leaf-missing", stream, n, f"a leaf of event {n}", "none")
            return
        if row.hash != digest:
            yield Irregularity("leaf-hash", stream, n, str(digest), row.hash)
        if row.idx <= self._idx:
            yield Irregularity("leaf-order", stream, n, f"a leaf after {self._idx}", f"leaf {row.idx}")
        self._idx = row.idx

    def finish(self, stream: str) -> Iterator[Irregularity]:
        """The places of the stream that no event has."""
        while (row := self._taken(stream)) is not None:
            yield _without_event(row)

    def end(self) -> Iterator[Irregularity]:
        """What can be said only after the last stream."""
        yield from self.rows.before()
        last, count = self._last, self._count
        if last is not None and (last.idx != count - 1 or self._sum != count * (count - 1) // 2):
            yield from _gaps(self._tx, f"leaf {last.idx} as the last of {count}")
        if count != self._size:
            yield Irregularity("size-differs", "log", 0, f"{self._size} leaves by its own count", str(count))

    def _taken(self, stream: str) -> PlaceRow | None:
        ahead, self._ahead = self._ahead, None
        if ahead is not None:
            return ahead
        row = self.rows.take(stream)
        if row is not None:
            self._count += 1
            self._sum += row.idx
            if self._last is None or row.idx > self._last.idx:
                self._last = row
        return row


def _without_event(row: PlaceRow) -> Irregularity:
    return Irregularity("events-missing", row.stream, row.n, f"the event of leaf {row.idx}", "none")


def _gaps(tx: Inspection, otherwise: str) -> Iterator[Irregularity]:
    """The missing numbers, each with the times between which its event was recorded: those of the events before and after.
    Where no number is missing (one is there twice), the finding says ``otherwise``."""
    next_, before, told = 0, "the beginning", False
    for leaf in tx.scan(LogOrder()):
        if type(leaf.idx) is not int or leaf.idx < next_:
            continue
        after = str(leaf.event.recorded)
        if leaf.idx > next_:
            told, count = True, leaf.idx - next_
            found = f"none: {count} event{'s' * (count != 1)}, recorded between {before} and {after}"
            yield Irregularity("leaf-gap", "log", 0, f"the events of leaves {next_} to {leaf.idx - 1}", found)
        next_, before = leaf.idx + 1, after
    if not told:
        yield Irregularity("leaf-gap", "log", 0, "leaves from 0 on without a gap", otherwise)
