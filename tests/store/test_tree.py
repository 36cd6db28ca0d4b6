"""Every event is sealed in the tree in the transaction that writes it, in every store."""

from __future__ import annotations

import sqlite3
from contextlib import closing, suppress
from hashlib import sha256
from pathlib import Path

import pytest
from rows import event

from earlier_layouts import without_a_tree
from procdef.errors import LogBroken
from procdef.log.merkle import Frontier, Perfect, consistency, consistent, included, inclusion, join, root_at
from procdef.log.subtrees import subtrees
from procdef.store import AllNodes, Batch, EventRow, Hashes, NodeRow, Nodes, NoteRow, Notes, Store, Tx, open_store
from procdef.store.sqlite import tables as sqlite_tables
from procdef.store.sqlite.sealing import seal_all

MANY = 1000


def events(first: int, end: int) -> list[EventRow]:
    return [event(n) for n in range(first, end)]


def append(store: Store, batch: Batch) -> None:
    with store.transaction(write=True) as tx:
        tx.append(batch)


def root(leaves: list[bytes]) -> bytes:
    """RFC 6962, section 2.1, as it stands there."""
    if len(leaves) < 2:
        return leaves[0] if leaves else sha256(b"").digest()
    k = 1 << (len(leaves) - 1).bit_length() - 1
    return join(root(leaves[:k]), root(leaves[k:]))


def perfect(tx: Tx) -> Perfect:
    return subtrees(
        lambda first, end: map(bytes.fromhex, tx.scan(Hashes(first, end))),
        lambda level, first, end: (row.hash for row in tx.scan(Nodes(level, first, end))),
    )


def test_an_empty_log_has_the_empty_tree(store: Store) -> None:
    with store.transaction(write=False) as tx:
        assert tx.tree == Frontier()


def test_the_tree_is_that_of_the_leaves_whatever_the_batches(store: Store) -> None:
    first = 1
    for end in (2, 3, 7, 255, 258, 600, MANY + 1):
        append(store, Batch(events=events(first, end)))
        store.seal()  # on distributed tables no transaction seals what it stores
        first = end
        with store.transaction(write=False) as tx:
            leaves = [bytes.fromhex(each) for each in tx.scan(Hashes())]
            assert len(leaves) == end - 1
            assert tx.tree.root == root(leaves)
    with store.inspect() as tx:
        assert list(tx.scan(AllNodes())) == [NodeRow(8, k, root(leaves[k * 256 : (k + 1) * 256])) for k in range(3)]


def test_any_leaf_and_any_earlier_tree_is_proved_from_what_is_stored(store: Store) -> None:
    append(store, Batch(events=events(1, MANY + 1)))
    with store.transaction(write=False) as tx:
        leaves = [bytes.fromhex(each) for each in tx.scan(Hashes())]
        whole = tx.tree.root
        for index in (0, 1, 255, 256, 511, 512, 767, 768, 998, 999):
            assert included(leaves[index], index, MANY, inclusion(index, MANY, perfect(tx)), whole)
        for old in (1, 2, 255, 256, 257, 512, 999):
            was = root_at(old, perfect(tx))
            assert was == root(leaves[:old])
            assert consistent(old, was, MANY, whole, consistency(old, MANY, perfect(tx)))


def test_what_is_rolled_back_leaves_the_tree_as_it_was(store: Store) -> None:
    append(store, Batch(events=events(1, 200), notes=[NoteRow(199, "kept")]))
    with store.transaction(write=False) as tx:
        before = tx.tree
    with suppress(ZeroDivisionError), store.transaction(write=True) as tx:
        tx.append(Batch(events=events(200, 300), notes=[NoteRow(299, "undone"), NoteRow(199, "kept")]))
        raise ZeroDivisionError
    with store.inspect() as tx:
        assert tx.tree == before
        assert list(tx.scan(AllNodes())) == []
        assert list(tx.scan(Notes())) == [NoteRow(199, "kept")]


def test_a_note_is_kept_once(store: Store) -> None:
    append(store, Batch(notes=[NoteRow(0, "a"), NoteRow(0, "b")]))
    append(store, Batch(notes=[NoteRow(0, "a")]))
    with store.transaction(write=False) as tx:
        assert list(tx.scan(Notes())) == [NoteRow(0, "a"), NoteRow(0, "b")]


def test_a_log_from_before_the_tree_is_sealed_as_it_is_opened(tmp_path: Path) -> None:
    file = tmp_path / "old.db"
    with closing(open_store(f"sqlite:///{file}")) as store:
        append(store, Batch(events=events(1, MANY + 1)))
        with store.inspect() as tx:
            expected, kept = tx.tree, list(tx.scan(AllNodes()))
    with closing(sqlite3.connect(file)) as plain:
        without_a_tree(plain)
        plain.execute("PRAGMA user_version = 2")
        plain.commit()
    told: list[tuple[int, int]] = []
    told_of = lambda done, of: told.append((done, of))  # noqa: E731
    with closing(open_store(f"sqlite:///{file}", read_only=True, sealing=told_of)) as store:
        assert not store.writable
    assert told == []
    with closing(open_store(f"sqlite:///{file}", sealing=told_of)) as store, store.inspect() as tx:
        assert tx.tree == expected
        assert list(tx.scan(AllNodes())) == kept
    assert told[-1] == (MANY, MANY)
    assert sqlite_tables.SEALED == 3


def test_sealing_an_old_log_tells_how_far_it_is(tmp_path: Path) -> None:
    with closing(open_store(f"sqlite:///{tmp_path / 'log.db'}")) as store:
        append(store, Batch(events=events(1, 11)))
    told = []
    with closing(sqlite3.connect(tmp_path / "log.db")) as plain:
        seal_all(plain.cursor(), store.log, 10, lambda done, of: told.append((done, of)))
    assert told == [(10, 10)]


@pytest.mark.parametrize("frontier", ["x''", "x'00'", "NULL", "7", "'text'", f"'{'x' * 64}'"])
def test_a_tree_that_does_not_fit_its_size_stops_every_writer(tmp_path: Path, frontier: str) -> None:
    file = tmp_path / "log.db"
    with closing(open_store(f"sqlite:///{file}")) as store:
        append(store, Batch(events=events(1, 4)))
        with closing(sqlite3.connect(file)) as plain:
            if frontier == "NULL":
                plain.execute("UPDATE tree SET size = 4")
            else:
                plain.execute(f"UPDATE tree SET frontier = {frontier}")
            plain.commit()
        with pytest.raises(LogBroken, match="tree"):
            append(store, Batch(events=events(4, 5)))
        with store.transaction(write=False) as tx:
            assert len(list(tx.scan(Hashes()))) == 3
