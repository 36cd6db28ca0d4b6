"""What is to be read with its place in the tree, where events are sealed after they are stored."""

from __future__ import annotations

from collections import deque
from collections.abc import Callable, Iterable, Iterator
from contextlib import suppress
from itertools import groupby
from time import monotonic, sleep
from typing import TypeVar

from procdef.errors import ProcdefError, StoreBusy
from procdef.store.log_queries import place_of
from procdef.store.port import Conflict, LogReading, Store
from procdef.store.rows import EventRow

T = TypeVar("T")
_BEAT = 0.05  # seconds


class NotSealedYet(Exception):
    """Something that is asked for waits to be sealed, and so has no place in the tree yet. ``reason`` is what people are told
    where it does not come."""

    def __init__(self, reason: StoreBusy) -> None:
        super().__init__(reason)
        self.reason = reason


def refuse_unsealed(tx: LogReading, stream: str, n: int) -> None:
    """Raise ``NotSealedYet`` for an event without a place in the tree, where events wait for theirs; where none does, it is not
    in the log."""
    if tx.waiting.events:
        told = f"event {n} of {stream} waits to be sealed, which nobody did in time; try again"
        raise NotSealedYet(StoreBusy(told, stream))


def sealed(tx: LogReading, events: Iterable[EventRow]) -> Iterator[EventRow]:
    """Of events that come by stream and number, those that have their place in the tree: all of a stream but for the last few,
    which wait."""
    left = tx.waiting.events
    for stream, of_stream in groupby(events, key=lambda event: event.stream):
        last: deque[EventRow] = deque()
        for event in of_stream:
            last.append(event)
            if len(last) > left:
                yield last.popleft()
        while last and left and place_of(tx, stream, last[-1].n) is None:
            last.pop()
            left -= 1
        yield from last


def seal_first(store: Store) -> None:
    """Seal what waits, as far as this role may and nobody else is at it."""
    if store.writable:
        with suppress(ProcdefError, Conflict):  # whoever reads what is there finds out what is wrong with it
            store.seal()


def once_sealed(store: Store, reading: Callable[[], T]) -> T:
    """What the reading comes to, once what it needs is sealed: it is done again while it raises ``NotSealedYet``, for as long
    as the store waits for others. Raises ``StoreBusy`` where that was too short."""
    until = monotonic() + store.busy
    while True:
        try:
            return reading()
        except NotSealedYet as unsealed:
            seal_first(store)
            if monotonic() > until:
                raise unsealed.reason from None
            sleep(_BEAT)
