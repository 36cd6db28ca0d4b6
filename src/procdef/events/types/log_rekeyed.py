"""The log's key is another one from here on."""

from __future__ import annotations

from procdef.events.declaration import OF_SYSTEM, EventType
from procdef.events.value_kinds import ValueKind, needed, optional

_BASE64 = "[A-Za-z0-9+/]+={0,2}"
PUBLIC_KEY = ValueKind("public key", str, {"type": "string", "pattern": rf"^[^+\s]+\+[0-9a-f]{{8}}\+{_BASE64}$"})
SIGNATURE = ValueKind("signature", str, {"type": "string", "pattern": f"^{_BASE64}$"})

EVENT = EventType(
    name="log.rekeyed",
    about=__doc__,
    keys=(optional("old", PUBLIC_KEY), needed("new", PUBLIC_KEY), needed("signature", SIGNATURE)),
    note="the log's key from here on, see [keys](#keys)",
    streams=(OF_SYSTEM,),
    modes=(),
    sentence="the log's key is {new}",
)
