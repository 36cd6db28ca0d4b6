"""The log began."""

from __future__ import annotations

from procdef.events.declaration import OF_SYSTEM, EventType
from procdef.events.value_kinds import TEXT, needed

EVENT = EventType(
    name="log.created",
    about=__doc__,
    keys=(needed("software", TEXT),),
    note="the first event of `system`",
    streams=(OF_SYSTEM,),
    modes=(),
    sentence="log created by {software}",
)
