"""What a correction of the clock says: a time that was ahead of the clock, which is not ahead of the event."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import Any

from procdef.log.envelope import is_time
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
