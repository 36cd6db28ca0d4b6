"""The log goes on here from elsewhere."""

from __future__ import annotations

from procdef.events.declaration import OF_SYSTEM, EventType
from procdef.events.value_kinds import ID, needed

EVENT = EventType(
    name="log.opened",
    about=__doc__,
    keys=(needed("from", ID),),
    note="right after `log.moved`, with nothing between them",
    streams=(OF_SYSTEM,),
    modes=(),
    sentence="the log goes on from {from}",
)
