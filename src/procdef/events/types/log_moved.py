"""The log goes on elsewhere."""

from __future__ import annotations

from procdef.events.declaration import OF_SYSTEM, EventType
from procdef.events.value_kinds import ID, ValueKind, needed

TOKEN = ValueKind("32 hex digits", str, {"type": "string", "pattern": "^[0-9a-f]{32}$"})

EVENT = EventType(
    name="log.moved",
    about=__doc__,
    keys=(
        needed("to", ID),
        needed("copy", TOKEN, "random; only the copy that goes on held it when this was written"),
    ),
    note="where it does; the last event of the log there, and in the log that goes on the one before `log.opened`",
    streams=(OF_SYSTEM,),
    modes=(),
    sentence="the log goes on in {to}",
)
