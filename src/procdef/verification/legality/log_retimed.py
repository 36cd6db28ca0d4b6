"""What a correction of the clock says: a time that was ahead of the clock, which is not ahead of the event, and of which the
latest of the events before it is. A later one would excuse steps at times that no event ever had."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import Any

from procdef.events.opened_event import OpenedEvent
from procdef.log.envelope import is_time
from procdef.log.irregularity import Irregularity
from procdef.store.inspection_port import Inspection
from procdef.store.queries import LogOrder
from procdef.verification.legality.event_in_context import Objection


def objections(event: Mapping[str, Any]) -> Iterator[Objection]:
    """What is wrong with it, as far as it tells by itself."""
    clock, ahead, at = event["data"]["clock"], event["data"]["ahead"], event["at"]
    for time in (clock, ahead):
        if not is_time(time):
            yield "a time of the calendar", time
    if ahead <= clock:
        yield f"a time ahead of the clock, which said {clock}", ahead
    if clock > at:
        yield f"a clock that is not ahead of {at}, when this was recorded", clock


class Retimings:
    """The corrections of the clock so far, by their places in the log."""

    def __init__(self, tx: Inspection) -> None:
        self._tx = tx
        self._told: dict[int, tuple[str, int]] = {}

    def told(self, step: OpenedEvent, place: int) -> None:
        """Remember the correction that stands at this place in the log."""
        self._told[place] = (step.data["ahead"], step.n)

    def end(self) -> Iterator[Irregularity]:
        """What is wrong with them. If there are any, the log is read up to the last of them."""
        latest = ""
        for row in self._tx.scan(LogOrder(0, max(self._told, default=-1) + 1)):
            ahead, n = self._told.get(row.idx, (latest, 0))
            if ahead != latest:
                yield Irregularity("illegal", "system", n, f"the latest time of the events before it as ahead, {latest}", ahead)
            if type(row.event.recorded) is str:
                latest = max(latest, row.event.recorded)
