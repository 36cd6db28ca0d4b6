"""No byte of what was erased is left in the store's files."""

from __future__ import annotations

from typing import Any

from procdef.events.declaration import OF_SYSTEM, EventType
from procdef.events.value_kinds import ValueKind, is_place, needed


def _are_places(value: Any) -> bool:
    return type(value) is list and bool(value) and all(map(is_place, value))


_PLACE = {
    "type": "array",
    "prefixItems": [{"type": "string"}, {"type": "integer", "minimum": 1}],
    "items": False,
    "minItems": 2,
}
PLACES = ValueKind(
    "list of `[stream, n]`",
    _are_places,
    {"type": "array", "items": _PLACE, "minItems": 1},
    said=lambda places: ", ".join(f"event {n} of {stream}" for stream, n in places),
)

EVENT = EventType(
    name="privacy.purged",
    about=__doc__,
    keys=(needed("events", PLACES, "the earlier erasures whose bytes are gone from the files, each purged once"),),
    streams=(OF_SYSTEM,),
    modes=(),
    sentence="purged {events}",
)
