"""The feed: every event once, in log order, for programs that follow the log."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from functools import partial

from procdef.engine.arguments import count
from procdef.engine.transactions import Transactions
from procdef.errors import HistoryDiffers, InvalidArgument, LogBroken
from procdef.results.event import FeedItem, opened
from procdef.store.port import Tx
from procdef.store.queries import LogOrder

BATCH = 500
"""Events that are read in one transaction. None is open while somebody looks at them: it would keep the write-ahead log from
being emptied, which then grows with every step."""

Cursor = tuple[int, str | None]
"""The position of an event in the log, and its hash where that is known."""


class Feeding(Transactions):
    """What an engine tells those who follow its log."""

    def feed(self, after: int | tuple[int, str] | FeedItem = -1) -> Iterator[FeedItem]:
        """Every event that the log has by now once, in log order, to feed other systems. Personal values stay out.

        ``after`` is the item that was read last, its ``(position, hash)``, or only its position. Raises ``HistoryDiffers``
        where the log ends before that, and unless only a position is given, where another event stands there.
        """
        place = _cursor(after)
        end = self._read(partial(_end_of_log, after=place))
        return self._feed(place, end)

    def _feed(self, place: Cursor, end: int) -> Iterator[FeedItem]:
        while place[0] + 1 < end:
            items = self._read(partial(_items, after=place, end=end))
            yield from items
            place = items[-1].position, items[-1].hash


def _cursor(after: object) -> Cursor:
    """Where a caller wants to go on. Raises ``InvalidArgument``."""
    if isinstance(after, FeedItem):
        return after.position, after.hash
    if after is None:
        raise InvalidArgument("`after` is what was read last; to begin with the first event leave it out, or say -1", "after")
    if not isinstance(after, Sequence) or isinstance(after, str | bytes):
        return count(after, "after", -1), None
    if len(after) != 2 or not isinstance(after[1], str):
        raise InvalidArgument(
            "`after` is a position, or a position and a hash, as the items of a feed have them", "after"
        )
    return count(after[0], "after", 0), after[1]


def _end_of_log(tx: Tx, after: Cursor) -> int:
    """How many events the log has. Raises ``HistoryDiffers`` where it does not go on from there."""
    size = tx.size
    _continue(tx, after, size)
    return size


def _items(tx: Tx, after: Cursor, end: int) -> list[FeedItem]:
    """The next events before the position ``end``. Raises ``HistoryDiffers`` where the log does not go on from there any more,
    and ``LogBroken`` where one is missing."""
    _continue(tx, after, tx.size)
    first = after[0] + 1
    found = []
    for position, leaf in enumerate(tx.scan(LogOrder(first, min(end, first + BATCH))), first):
        if leaf.idx != position:
            break
        found.append(FeedItem(leaf.idx, leaf.hash, opened(leaf.event.body, {})))
    if len(found) < min(end - first, BATCH):
        raise LogBroken(f"the event at position {first + len(found)} of the log is missing")
    return found


def _continue(tx: Tx, after: Cursor, size: int) -> None:
    position, known = after
    if position >= size:
        raise HistoryDiffers(
            f"the log has {size} events, so none stands at position {position}: this is another log, or an earlier state of it "
            "was restored; follow it anew from an event that both have",
            "after",
        )
    if known is None:
        return
    leaf = next(iter(tx.scan(LogOrder(position, position + 1))), None)
    if leaf is None or leaf.hash != known:
        raise HistoryDiffers(
            f"another event stands at position {position} than was read there: this is another log, or an earlier state of it "
            "was restored; follow it anew from an event that both have",
            "after",
        )
