"""A log that was written before there was a tree is in one from here on."""

from __future__ import annotations

from procdef.events.declaration import OF_SYSTEM, EventType
from procdef.events.value_kinds import NUMBER, needed

EVENT = EventType(
    name="log.sealed",
    about=__doc__,
    keys=(needed("size", NUMBER, "of the log before, which is this event's `leaf.idx`"),),
    note="at most once, and before any `log.rekeyed`, see [Tree](#tree)",
    streams=(OF_SYSTEM,),
    modes=(),
    sentence="the {size} events before are in a tree from here on",
)
