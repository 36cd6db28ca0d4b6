"""Activity names for process mining: few names, the same in every format.

Decided once: a name never holds a value, so that it tells nothing personal, and changes with no release.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from typing import Any

from procdef.events.declaration import EventType
from procdef.events.sentence_template import template
from procdef.events.types import EVENT_TYPES

Data = Mapping[str, Any]


def activity(kind: str, data: Data) -> str:
    """The name of an event of this type. A type that belongs to others is its own name."""
    name = _NAMES.get(kind)
    return kind if name is None else name(data)


def _name(kind: EventType) -> Callable[[Data], str]:
    """What makes the name of the data."""
    form = template(kind.activity or kind.name)
    if not form.keys:
        same = form.filled(lambda _: None)
        return lambda _: same
    return lambda data: form.filled(kind.say(data))


_NAMES: Mapping[str, Callable[[Data], str]] = {kind.name: _name(kind) for kind in EVENT_TYPES}
