"""Sentences and names that are made of an event's data: ``moved from {from} to {to}[: {reason}]``.

``{key}`` stands for the value of that key. ``{one, other}`` or ``{one; other}`` joins those that say something with that
mark and a space; ``{key|nothing}`` has the text behind the bar where none does. What stands in brackets is left out where no
key in it says anything.
"""

from __future__ import annotations

import re
from collections.abc import Callable
from typing import NamedTuple

_PIECE = re.compile(r"\{(?P<keys>[^{}|]+)(?:\|(?P<nothing>[^{}]*))?\}|\[(?P<inner>[^\[\]]*)\]|(?P<text>[^{}\[\]]+)")
Say = Callable[[str], str | None]
"""What the value of a key reads; ``None`` where it says nothing."""


class Placeholder(NamedTuple):
    """Keys whose values stand in one place."""

    keys: tuple[str, ...]
    mark: str
    nothing: str | None


class Template(NamedTuple):
    """A text with places for values; parts that are templates are left out where no value of theirs says anything."""

    parts: tuple[str | Placeholder | Template, ...]

    @property
    def keys(self) -> frozenset[str]:
        """The keys that it names."""
        found: set[str] = set()
        for part in self.parts:
            found.update(() if isinstance(part, str) else part.keys)
        return frozenset(found)

    def filled(self, say: Say) -> str:
        """The text; a value that says nothing, and has nothing to stand for it, leaves an empty place."""
        return _filled(self.parts, say)[0]


def template(text: str) -> Template:
    """The template that is written so. Raises ``ValueError`` where braces or brackets do not match."""
    parts: list[str | Placeholder | Template] = []
    place = 0
    while place < len(text):
        found = _PIECE.match(text, place)
        if found is None:
            raise ValueError(f"{text}: what begins at {place} is not closed, or was not opened")
        keys, inner = found["keys"], found["inner"]
        if keys is not None:
            mark = ";" if ";" in keys else ","
            parts.append(Placeholder(tuple(key.strip() for key in keys.split(mark)), f"{mark} ", found["nothing"]))
        else:
            parts.append(template(inner) if inner is not None else found["text"])
        place = found.end()
    return Template(tuple(parts))


def _filled(parts: tuple[str | Placeholder | Template, ...], say: Say) -> tuple[str, bool]:
    """The text, and whether a value in it says anything."""
    made, anything = "", False
    for part in parts:
        if isinstance(part, str):
            made += part
        elif isinstance(part, Placeholder):
            said = [told for key in part.keys if (told := say(key)) is not None]
            anything = anything or bool(said)
            made += part.mark.join(said) if said else part.nothing or ""
        else:
            told, some = _filled(part.parts, say)
            made += told if some else ""
            anything = anything or some
    return made, anything
