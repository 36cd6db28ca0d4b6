"""The Merkle tree over all events of a log, as RFC 6962 has it: roots, proofs, and their checks.

A leaf is an event's hash (``chain.event_hash``). A writer keeps the ``Frontier`` only: the roots of the perfect subtrees
that the size is made of. Whoever makes proofs asks for the root of any perfect subtree, at ``(level, index)``: the leaves
from ``index * 2**level`` on, ``2**level`` of them.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass
from hashlib import sha256
from typing import NamedTuple

KEPT = (8, 16, 24)
"""The levels whose nodes a store keeps; every other one is worked out of at most 256 nodes below it."""

EMPTY = sha256(b"").digest()
"""The root of a tree without leaves."""

Perfect = Callable[[int, int], bytes]
"""The root of the perfect subtree at ``(level, index)``."""


class TreeNode(NamedTuple):
    """The root of a perfect subtree, by level (leaves are 0) and index."""

    level: int
    idx: int
    hash: bytes


def join(left: bytes, right: bytes) -> bytes:
    """The node over two nodes: SHA-256 over a one byte and both."""
    return sha256(b"\x01" + left + right).digest()


@dataclass(slots=True)
class Frontier:
    """A tree that grows at its end: its size and, in 32 bytes each, the roots of the perfect subtrees that it is made of, the
    largest first."""

    size: int = 0
    stored: bytes = b""

    def add(self, leaf: bytes) -> list[TreeNode]:
        """Add a leaf; the nodes of ``KEPT`` levels that this completes."""
        made, level, size, roots = leaf, 0, self.size, self.stored
        kept = []
        while size & 1:
            made, roots = join(roots[-32:], made), roots[:-32]
            level, size = level + 1, size >> 1
            if level in KEPT:
                kept.append(TreeNode(level, size, made))
        self.stored = roots + made
        self.size += 1
        return kept

    @property
    def roots(self) -> list[bytes]:
        """The roots of the perfect subtrees, the largest first."""
        return [self.stored[at : at + 32] for at in range(0, len(self.stored), 32)]

    @property
    def root(self) -> bytes:
        """The hash of the whole tree."""
        return _bagged(self.roots)

    def __bytes__(self) -> bytes:
        return self.stored

    @classmethod
    def of(cls, size: int, stored: bytes) -> Frontier:
        """The frontier of that size from its bytes. Raises ``ValueError`` where they do not fit the size."""
        if size < 0 or type(stored) is not bytes or len(stored) != 32 * size.bit_count():
            raise ValueError(f"a tree of {size} leaves has {size.bit_count()} roots of 32 bytes")
        return cls(size, stored)


def _bagged(roots: Iterable[bytes]) -> bytes:
    """The root over perfect subtrees of falling size."""
    rest = list(roots)
    if not rest:
        return EMPTY
    root = rest.pop()
    while rest:
        root = join(rest.pop(), root)
    return root


def frontier_at(size: int, perfect: Perfect) -> Frontier:
    """The tree as it stood when it held ``size`` leaves, ready to grow."""
    return Frontier(size, b"".join(perfect(level, index) for level, index in _perfect_parts(0, size)))


def root_at(size: int, perfect: Perfect) -> bytes:
    """The root that a tree had when it held ``size`` leaves."""
    return frontier_at(size, perfect).root


def inclusion(index: int, size: int, perfect: Perfect) -> list[bytes]:
    """The audit path of a leaf in a tree of ``size`` leaves (RFC 6962, 2.1.1), from the leaf up."""
    if not 0 <= index < size:
        raise ValueError(f"there is no leaf {index} in a tree of {size}")
    path, low, high = [], 0, size
    while high - low > 1:
        middle = low + _split(high - low)
        if index < middle:
            path.append(_subtree(middle, high, perfect))
            high = middle
        else:
            path.append(_subtree(low, middle, perfect))
            low = middle
    return path[::-1]


def consistency(old: int, size: int, perfect: Perfect) -> list[bytes]:
    """The proof that the tree of ``size`` leaves begins with that of ``old`` leaves (RFC 6962, 2.1.2)."""
    if not 0 <= old <= size:
        raise ValueError(f"a tree of {size} leaves was never one of {old}")
    if old in (0, size):
        return []
    path, low, high, whole = [], 0, size, True
    while old != high:
        middle = low + _split(high - low)
        if old <= middle:
            path.append(_subtree(middle, high, perfect))
            high = middle
        else:
            path.append(_subtree(low, middle, perfect))
            low, whole = middle, False
    if not whole:
        path.append(_subtree(low, high, perfect))
    return path[::-1]


def included(leaf: bytes, index: int, size: int, path: Iterable[bytes], root: bytes) -> bool:
    """Whether the path shows that the leaf stands at that index under the root (RFC 9162, 2.1.3.2)."""
    if not 0 <= index < size:
        return False
    place, last, made = index, size - 1, leaf
    for step in path:
        if last == 0:
            return False
        if place & 1 or place == last:
            made = join(step, made)
            while not place & 1 and place:
                place, last = place >> 1, last >> 1
        else:
            made = join(made, step)
        place, last = place >> 1, last >> 1
    return last == 0 and made == root


def consistent(old: int, old_root: bytes, size: int, root: bytes, path: Iterable[bytes]) -> bool:
    """Whether the path shows that the tree under ``root`` begins with the one under ``old_root`` (RFC 9162, 2.1.4.2)."""
    steps = list(path)
    if old == size or old == 0:
        return not steps and (root == old_root if old == size else old_root == EMPTY)
    if not 0 < old < size:
        return False
    if old & (old - 1) == 0:
        steps.insert(0, old_root)
    if not steps:
        return False
    place, last = old - 1, size - 1
    while place & 1:
        place, last = place >> 1, last >> 1
    before = after = steps[0]
    for step in steps[1:]:
        if last == 0:
            return False
        if place & 1 or place == last:
            before, after = join(step, before), join(step, after)
            while not place & 1 and place:
                place, last = place >> 1, last >> 1
        else:
            after = join(after, step)
        place, last = place >> 1, last >> 1
    return last == 0 and before == old_root and after == root


def _split(width: int) -> int:
    """The largest power of two below ``width``."""
    return 1 << (width - 1).bit_length() - 1


def _subtree(low: int, high: int, perfect: Perfect) -> bytes:
    return _bagged(perfect(level, index) for level, index in _perfect_parts(low, high))


def _perfect_parts(low: int, high: int) -> Iterator[tuple[int, int]]:
    """The perfect subtrees that the leaves from ``low`` to ``high`` are made of, largest first; ``low`` fits the largest."""
    while low < high:
        level = (high - low).bit_length() - 1
        yield level, low >> level
        low += 1 << level
