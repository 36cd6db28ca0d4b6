"""What format 1 of the log knows of any event: the keys of its envelope, and how keys that it does not know are found.

A reader that meets anything else was not made for that log. What stands in ``data`` is for the type of the event to say;
others' additions (``ext``) are free.
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any, NamedTuple

FORMAT = 1
"""``v`` of the events that this procdef writes and reads."""

LANGUAGE = 1
"""The newest language of definitions (``procdef: 1``) that this procdef reads."""


class KnownKeys(NamedTuple):
    """The known keys of an object; ``inner`` are those that hold an object, or a list of objects, of a known shape.
    Under the others anything may stand."""

    keys: frozenset[str]
    inner: tuple[tuple[str, KnownKeys], ...] = ()

    def below(self, key: str) -> KnownKeys | None:
        """The shape of what stands under that key, where it has one."""
        return next((shape for name, shape in self.inner if name == key), None)


def _keys(names: str, **inner: KnownKeys) -> KnownKeys:
    return KnownKeys(frozenset((*names.split(), *inner)), tuple(inner.items()))


PERSON = _keys("id auth roles from")
DEFINITION = _keys("id version lang sha256")

ENVELOPE = _keys(
    "v log id stream n prev type at via data happened ext private",
    **{"by": PERSON, "for": PERSON, "cmd": _keys("id i of"), "definition": DEFINITION},
)

def unknown_of_envelope(event: Mapping[str, Any]) -> str | None:
    """What of an event's envelope only a later procdef knows, in words; ``None`` where this one knows all of it."""
    if event.get("v") != FORMAT:
        return f"format {event.get('v')}"
    if found := unknown_key(event, ENVELOPE):
        return f"the key {found}"
    named = event.get("definition")
    lang = named.get("lang") if isinstance(named, dict) else LANGUAGE
    if not isinstance(lang, int) or lang > LANGUAGE:
        return f"a definition in language {lang}"
    return None


def unknown_key(found: Any, shape: KnownKeys) -> str | None:
    """The first key, with its path, that the shape lacks. A list within a list has no shape here."""
    if isinstance(found, list):
        return next(filter(None, (unknown_key(item, shape) for item in found if isinstance(item, dict))), None)
    if not isinstance(found, dict):
        return None
    if not shape.keys.issuperset(found):
        return str(min(set(found) - shape.keys))
    for name, below in shape.inner:
        inner = found.get(name)
        if inner is None or (inner.__class__ is dict and not below.inner and below.keys.issuperset(inner)):
            continue
        if deeper := unknown_key(inner, below):
            return f"{name}.{deeper}"
    return None


def unknown_pointer(pointers: Mapping[str, Any], data: KnownKeys) -> str | None:
    """The first pointer to a personal value under a key that the shape lacks: its value is not in the data."""
    for pointer in pointers:
        shape: KnownKeys | None = data
        for name in pointer.split("/")[1:]:
            if shape is None:
                break
            if name not in shape.keys:
                return pointer.strip("/").replace("/", ".")
            shape = shape.below(name)
    return None
