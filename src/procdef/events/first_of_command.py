"""Which events a command can begin with, and which deals take them."""

from __future__ import annotations

from collections.abc import Mapping

from procdef.events.types import BY_NAME, EVENT_TYPES

FIRST: Mapping[str, frozenset[str]] = {
    verb: frozenset(kind.name for kind in EVENT_TYPES if verb in kind.verbs)
    for verb in dict.fromkeys(verb for kind in EVENT_TYPES for verb in kind.verbs)
}
"""By verb, the types that the first event of such a command has, unless it was refused."""
MODES: Mapping[str, frozenset[str]] = {
    verb: frozenset(mode for name in names for mode in BY_NAME[name].modes) for verb, names in FIRST.items()
}
"""By verb, the modes of a deal that takes such a command."""
