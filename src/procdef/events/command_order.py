"""In which order events can come from one command, and which events a command can begin with."""

from __future__ import annotations

from collections.abc import Mapping
from functools import lru_cache
from itertools import pairwise

from procdef.events.types import EVENT_TYPES

_FOLLOWS: Mapping[str, tuple[str, ...]] = {kind.name: kind.follows for kind in EVENT_TYPES}
_NEVER_FIRST = frozenset(kind.name for kind in EVENT_TYPES if not kind.leads)

FIRST: Mapping[str, frozenset[str]] = {
    verb: frozenset(kind.name for kind in EVENT_TYPES if verb in kind.verbs)
    for verb in dict.fromkeys(verb for kind in EVENT_TYPES for verb in kind.verbs)
}
"""By verb, the types that the first event of such a command has, unless it was refused."""


@lru_cache(maxsize=256)
def ordered(types: tuple[str, ...]) -> bool:
    """Whether these events, in this order, can come from one command. Types that are not known are alone in theirs."""
    if not types or types[0] in _NEVER_FIRST:
        return False
    return all(before in _FOLLOWS.get(kind, ()) for before, kind in pairwise(types))
