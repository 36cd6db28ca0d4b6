"""The tree, held against the recursive definitions of RFC 6962, section 2.1, written down as they stand there."""

from __future__ import annotations

import random
from functools import cache
from hashlib import sha256

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from procdef.log.merkle import EMPTY, KEPT, Frontier, consistency, consistent, included, inclusion, root_at

LEAVES = [sha256(b"\x00%d" % number).digest() for number in range(700)]


def split(n: int) -> int:
    k = 1
    while k * 2 < n:
        k *= 2
    return k


@cache
def mth(low: int, high: int) -> bytes:
    if high == low:
        return sha256(b"").digest()
    if high - low == 1:
        return LEAVES[low]
    k = low + split(high - low)
    return sha256(b"\x01" + mth(low, k) + mth(k, high)).digest()


def path(m: int, low: int, high: int) -> list[bytes]:
    if high - low == 1:
        return []
    k = split(high - low)
    if m < k:
        return [*path(m, low, low + k), mth(low + k, high)]
    return [*path(m - k, low + k, high), mth(low, low + k)]


def subproof(m: int, low: int, high: int, whole: bool) -> list[bytes]:
    if m == high - low:
        return [] if whole else [mth(low, high)]
    k = split(high - low)
    if m <= k:
        return [*subproof(m, low, low + k, whole), mth(low + k, high)]
    return [*subproof(m - k, low + k, high, False), mth(low, low + k)]


def perfect(level: int, index: int) -> bytes:
    return mth(index << level, (index + 1) << level)


def test_a_growing_tree_has_the_roots_of_the_definition_and_keeps_every_256th_node() -> None:
    tree, kept = Frontier(), []
    for size, leaf in enumerate(LEAVES, 1):
        kept += tree.add(leaf)
        assert tree.root == mth(0, size) == root_at(size, perfect)
        assert Frontier.of(size, bytes(tree)) == tree
    assert [(node.level, node.idx) for node in kept] == [(8, 0), (8, 1)]
    assert all(node.hash == perfect(node.level, node.idx) for node in kept)
    assert KEPT == (8, 16, 24)


def test_a_tree_without_leaves_has_the_root_of_nothing() -> None:
    assert Frontier().root == EMPTY == root_at(0, perfect)


@pytest.mark.parametrize(("size", "stored"), [(1, b""), (3, b"x" * 32), (-1, b""), (0, b"x" * 32)])
def test_a_frontier_that_does_not_fit_its_size_is_refused(size: int, stored: bytes) -> None:
    with pytest.raises(ValueError, match="roots of 32 bytes"):
        Frontier.of(size, stored)


def test_every_leaf_of_small_trees_is_proved_by_the_path_of_the_definition() -> None:
    for size in range(1, 40):
        for index in range(size):
            proof = inclusion(index, size, perfect)
            assert proof == path(index, 0, size)
            assert included(LEAVES[index], index, size, proof, mth(0, size))


def test_every_small_tree_is_proved_to_begin_with_every_smaller_one() -> None:
    for size in range(40):
        for old in range(size + 1):
            proof = consistency(old, size, perfect)
            if 0 < old < size:
                assert proof == subproof(old, 0, size, True)
            assert consistent(old, mth(0, old), size, mth(0, size), proof)


@settings(max_examples=200, deadline=None, derandomize=True, database=None)
@given(st.integers(1, len(LEAVES)), st.data())
def test_no_other_leaf_place_size_or_root_is_proved(size: int, data: st.DataObject) -> None:
    index = data.draw(st.integers(0, size - 1))
    proof, root = inclusion(index, size, perfect), mth(0, size)
    assert included(LEAVES[index], index, size, proof, root)
    other = data.draw(st.integers(0, size - 1).filter(lambda n: n != index)) if size > 1 else None
    if other is not None:
        assert not included(LEAVES[other], index, size, proof, root)
        assert not included(LEAVES[index], other, size, proof, root)
    assert not included(LEAVES[index], index, size, [*proof, EMPTY], root)
    assert not included(LEAVES[index], index, size, proof[:-1], root) or not proof
    assert not included(LEAVES[index], index, size, proof, EMPTY)
    assert not included(LEAVES[index], size, size, proof, root)


@settings(max_examples=200, deadline=None, derandomize=True, database=None)
@given(st.integers(2, len(LEAVES)), st.data())
def test_a_tree_that_was_changed_is_not_proved_to_begin_with_the_old_one(size: int, data: st.DataObject) -> None:
    old = data.draw(st.integers(1, size - 1))
    proof, was, now = consistency(old, size, perfect), mth(0, old), mth(0, size)
    assert consistent(old, was, size, now, proof)
    spoiled = list(proof)
    at = data.draw(st.integers(0, len(proof) - 1))
    spoiled[at] = bytes([spoiled[at][0] ^ 1]) + spoiled[at][1:]
    assert not consistent(old, was, size, now, spoiled)
    assert not consistent(old, EMPTY, size, now, proof)
    assert not consistent(old, was, size, EMPTY, proof)
    assert not consistent(old, was, size, now, [*proof, EMPTY])
    assert not consistent(size, now, old, was, proof)


@pytest.mark.parametrize(("index", "size"), [(-1, 3), (3, 3), (0, 0)])
def test_there_is_no_path_to_a_leaf_that_is_not_there(index: int, size: int) -> None:
    with pytest.raises(ValueError, match="no leaf"):
        inclusion(index, size, perfect)


@pytest.mark.parametrize(("old", "size"), [(-1, 3), (4, 3)])
def test_a_tree_never_was_a_larger_one(old: int, size: int) -> None:
    with pytest.raises(ValueError, match="never"):
        consistency(old, size, perfect)


def test_a_million_sizes_apart_the_frontier_stays_small() -> None:
    chance = random.Random(7)
    tree = Frontier.of(2**20 - 1, b"".join(chance.randbytes(32) for _ in range(20)))
    assert [node.level for node in tree.add(LEAVES[0])] == [8, 16]
    assert len(tree.roots) == 1
