"""Personal values were erased: which, and on what basis."""

from __future__ import annotations

from typing import Any

from procdef.events.declaration import DONE, LOST, OF_DEALS, OF_SYSTEM, OPEN, EventType
from procdef.events.value_kinds import ValueKind, is_place, needed

BASIS_FORM = "[A-Za-z0-9][A-Za-z0-9._:/-]{0,63}"
"""The form of a basis, as a regular expression: it is public, so it is a word or a reference."""


def _are_leaves(value: Any) -> bool:
    return type(value) is list and bool(value) and all(map(_is_leaf, value))


def _is_leaf(value: Any) -> bool:
    return type(value) is list and len(value) == 3 and is_place(value[:2]) and type(value[2]) is str


def _places(leaves: list[tuple[str, int, str]]) -> str:
    places = ", ".join(sorted({pointer.strip("/").replace("/", ".") for _, _, pointer in leaves}))
    return f"{len(leaves)} personal value{'s' * (len(leaves) != 1)} ({places})"


_STRING = {"type": "string"}
_LEAF = {
    "type": "array",
    "prefixItems": [_STRING, {"type": "integer", "minimum": 1}, {"type": "string", "pattern": "^/"}],
    "items": False,
    "minItems": 3,
}
BASIS = ValueKind("text", str, {"type": "string", "pattern": f"^{BASIS_FORM}$"})
LEAVES = ValueKind(
    "list of `[stream, n, pointer]`",
    _are_leaves,
    {"type": "array", "items": _LEAF, "minItems": 1},
    said=_places,
)

EVENT = EventType(
    name="privacy.erased",
    about=__doc__,
    keys=(
        needed("basis", BASIS, "1 to 64 ASCII letters, digits and `._:/-`, the first a letter or digit"),
        needed(
            "leaves",
            LEAVES,
            "the personal values that were erased, all of earlier events of its own stream, each once",
        ),
    ),
    streams=(OF_DEALS, OF_SYSTEM),
    modes=(OPEN, LOST, DONE),
    activity="erased",
    sentence="erased {leaves}, basis {basis}",
)
