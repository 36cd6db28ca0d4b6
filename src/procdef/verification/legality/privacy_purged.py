"""What a purge says: which erasures before it it made good, each purged once."""

from __future__ import annotations

from collections.abc import Iterator

from procdef.events.opened_event import OpenedEvent
from procdef.log.irregularity import Irregularity
from procdef.store.inspection_port import Inspection
from procdef.store.log_queries import event_at
from procdef.store.queries import EventPlace


class Purges:
    """The purges so far. Of the erasures that they name only the places are kept, each a number."""

    def __init__(self, tx: Inspection) -> None:
        self._tx = tx
        self._purged: set[int] = set()

    def purged(self, step: OpenedEvent, place: int) -> Iterator[Irregularity]:
        """What is wrong with the purge that stands at this place in the log."""
        for stream, n in step.data["events"]:
            erasure = self._erasure(stream, n)
            if erasure is None:
                yield Irregularity("events-missing", stream, n, f"an erasure, which event {step.n} purged", "none")
            elif erasure >= place:
                yield Irregularity("illegal", step.stream, step.n, "erasures before it as purged", f"event {n} of {stream}")
            elif erasure in self._purged:
                yield Irregularity("illegal", step.stream, step.n, "each erasure purged once", f"event {n} of {stream}")
            else:
                self._purged.add(erasure)

    def _erasure(self, stream: str, n: int) -> int | None:
        """The place in the log of this event, if it is an erasure."""
        event = event_at(self._tx, stream, n)
        place = next(iter(self._tx.scan(EventPlace(stream, n))), None)
        if event is None or place is None or (event.type, place.n) != ("privacy.erased", n):
            return None
        return place.idx if type(place.idx) is int else None
