"""The clock was ahead when earlier events were recorded: what stands up to that time holds nothing up any more."""

from __future__ import annotations

from procdef.events.declaration import OF_SYSTEM, EventType
from procdef.events.value_kinds import STAMP, needed

EVENT = EventType(
    name="log.retimed",
    about=__doc__,
    keys=(
        needed("clock", STAMP, "what the clock said when this was recorded"),
        needed("ahead", STAMP, "the latest time of the events before, later than that"),
    ),
    note="see [the envelope](#the-envelope)",
    streams=(OF_SYSTEM,),
    modes=(),
    sentence="the clock says {clock}, and was wrong when it said up to {ahead}",
)
