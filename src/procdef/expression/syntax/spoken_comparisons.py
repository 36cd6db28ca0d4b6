"""Comparisons in words: ``seats is greater than 3``, ``price is at most 50000``."""

from __future__ import annotations

from collections.abc import Sequence

_GREATER = {"greater", "more", "larger", "bigger", "higher", "later"}
_LESS = {"less", "fewer", "smaller", "lower", "earlier"}
_OF_TWO = {**dict.fromkeys(_GREATER, ">"), **dict.fromkeys(_LESS, "<")}
_PHRASES: dict[tuple[str, ...], str] = {
    **{(word, "than", "or", "equal", "to"): f"{sign}=" for word, sign in _OF_TWO.items()},
    **{(word, "or", "equal", "to"): f"{sign}=" for word, sign in _OF_TWO.items()},
    **{(word, "than"): sign for word, sign in _OF_TWO.items()},
    **dict.fromkeys([("above",), ("over",), ("exceeds",), ("after",)], ">"),
    **dict.fromkeys([("below",), ("under",), ("before",)], "<"),
    **dict.fromkeys([("at", "least"), ("no", "less", "than"), ("min",), ("minimum",)], ">="),
    **dict.fromkeys([("at", "most"), ("no", "more", "than"), ("max",), ("maximum",), ("up", "to")], "<="),
    **dict.fromkeys([("equal", "to"), ("equals",), ("equal",), ("exactly",), ("the", "same", "as")], "=="),
    **dict.fromkeys([("different", "from"), ("unequal", "to")], "!="),
    **dict.fromkeys([("one", "of"), ("any", "of"), ("in",)], "in"),
    ("between",): "between",
    ("containing",): "contains",
    ("includes",): "contains",
}
_NOT = {">": "<=", "<": ">=", ">=": "<", "<=": ">", "==": "!=", "!=": "==", "in": "not in"}
_LONGEST = max(map(len, _PHRASES))


def comparison(words: Sequence[str], negated: bool = False) -> tuple[str, int] | None:
    """The sign that the first of these words stand for, and how many they are; ``negated`` where "not" stood before."""
    if words and words[0].lower() == "not":
        found = comparison(words[1:], not negated)
        return (found[0], found[1] + 1) if found else None
    for length in range(min(_LONGEST, len(words)), 0, -1):
        sign = _PHRASES.get(tuple(word.lower() for word in words[:length]))
        if sign is not None and (not negated or sign in _NOT):
            return (_NOT[sign] if negated else sign), length
    return None
