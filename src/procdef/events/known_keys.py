"""What this procdef knows of the log: every type of event, and every key in it.

A reader that meets anything else was not made for that log. Keys that begin a map of ids (criteria, actions, branches,
values), what someone asked for in vain (``arguments``) and others' additions (``ext``, types that begin with ``x-``)
are free.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from typing import Any

from procdef.events.types import EVENT_TYPES
from procdef.events.value_kinds import Key
from procdef.log.format import KnownKeys, unknown_key, unknown_of_envelope, unknown_pointer


def _shape(keys: Iterable[Key]) -> KnownKeys:
    inner = tuple((key.name, _shape(key.kind.keys)) for key in keys if key.kind.keys and not key.kind.free)
    return KnownKeys(frozenset(key.name for key in keys), inner)


DATA: Mapping[str, KnownKeys] = {kind.name: _shape(kind.keys) for kind in EVENT_TYPES}
"""By type of event."""


def unknown(event: Mapping[str, Any]) -> str | None:
    """What of an event only a later procdef knows, in words; ``None`` where this one knows all of it."""
    return unknown_of_envelope(event) or unknown_data(event)


def unknown_data(event: Mapping[str, Any]) -> str | None:
    """As ``unknown``, for an event of whose envelope all is known."""
    kind = str(event.get("type"))
    if kind.startswith("x-"):
        return None
    shape = DATA.get(kind)
    if shape is None:
        return f"the type {kind}"
    found = unknown_key(event.get("data"), shape)
    if found is None and "private" in event:
        found = unknown_pointer(event["private"], shape)
    return f"the key data.{found}" if found else None
