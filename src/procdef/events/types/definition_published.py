"""A version of a process was published."""

from __future__ import annotations

from procdef.events.declaration import OF_DEFINITIONS, EventType
from procdef.events.value_kinds import DIGEST, ID, NUMBER, needed

EVENT = EventType(
    name="definition.published",
    about=__doc__,
    keys=(needed("id", ID), needed("version", NUMBER), needed("lang", NUMBER), needed("sha256", DIGEST)),
    streams=(OF_DEFINITIONS,),
    modes=(),
    sentence="published {id} v{version}",
)
