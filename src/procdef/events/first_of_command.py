"""Which events a command can begin with."""

from __future__ import annotations

from collections.abc import Mapping

from procdef.events.types import EVENT_TYPES

FIRST: Mapping[str, frozenset[str]] = {
    verb: frozenset(kind.name for kind in EVENT_TYPES if verb in kind.verbs)
    for verb in dict.fromkeys(verb for kind in EVENT_TYPES for verb in kind.verbs)
}
"""By verb, the types that the first event of such a command has, unless it was refused."""
