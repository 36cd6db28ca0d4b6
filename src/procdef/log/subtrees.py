"""The root of any perfect subtree of a stored tree, from the nodes that are kept and the leaves below them."""

from __future__ import annotations

from collections.abc import Callable, Iterable
from functools import lru_cache

from procdef.log.merkle import KEPT, Perfect, join

Leaves = Callable[[int, int], Iterable[bytes]]
"""The leaves from a first up to, not including, an end."""
Kept = Callable[[int, int, int], Iterable[bytes]]
"""The kept nodes of a level from a first index up to, not including, an end."""

_CACHED = 4096


def subtrees(leaves: Leaves, kept: Kept) -> Perfect:
    """Reads at most 256 leaves or kept nodes for a subtree, and remembers the last few thousand."""

    @lru_cache(maxsize=_CACHED)
    def perfect(level: int, index: int) -> bytes:
        below = max(known for known in (0, *KEPT) if known <= level)
        width = 1 << level - below
        first, end = index * width, (index + 1) * width
        row = list(leaves(first, end) if below == 0 else kept(below, first, end))
        if len(row) != width:
            raise LookupError(f"the tree lacks nodes {first} to {end - 1} of level {below}")
        while len(row) > 1:
            row = [join(row[at], row[at + 1]) for at in range(0, len(row), 2)]
        return row[0]

    return perfect
