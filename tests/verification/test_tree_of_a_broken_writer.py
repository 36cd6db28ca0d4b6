"""A writer that seals other leaves than it wrote, or stores another tree than it sealed, is found out."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import closing
from pathlib import Path

import pytest
from broken_writer import codes_of
from small_story import DEFINITION, MANAGER, SELLER, SteadyClock

from procdef import Engine, open_store
from procdef.log.merkle import Frontier, TreeNode
from procdef.store import Store
from procdef.store.sqlite import sealing as sqlite_sealing

NOTES = 260
"""So many events that a node of level 8 is kept."""


class Forgetful(Frontier):
    """Keeps no node."""

    def add(self, leaf: bytes) -> list[TreeNode]:
        super().add(leaf)
        return []


class Twisted(Frontier):
    """Keeps another hash of each node."""

    def add(self, leaf: bytes) -> list[TreeNode]:
        return [node._replace(hash=node.hash[::-1]) for node in super().add(leaf)]


class Miscounting(Frontier):
    """Keeps each node under the next index."""

    def add(self, leaf: bytes) -> list[TreeNode]:
        return [node._replace(idx=node.idx + 1) for node in super().add(leaf)]


class OtherLeaves(Frontier):
    """Seals something else than the hashes of the events."""

    def add(self, leaf: bytes) -> list[TreeNode]:
        return super().add(leaf[::-1])


class Backwards(Frontier):
    """Stores its roots the smallest first."""

    def add(self, leaf: bytes) -> list[TreeNode]:
        kept = super().add(leaf)
        self.stored = b"".join(self.roots[::-1])
        return kept


BROKEN = [Forgetful, Twisted, Miscounting, OtherLeaves, Backwards]


@pytest.fixture
def store(tmp_path: Path) -> Iterator[Store]:
    with closing(open_store(f"sqlite:///{tmp_path / 'log.db'}?synchronous=NORMAL")) as opened:
        yield opened


def tell_at_length(store: Store) -> None:
    engine = Engine(store, clock=SteadyClock())
    engine.publish(DEFINITION, by=MANAGER)
    engine.start("small", "only", by=SELLER, stage="lead")
    told = {"do": "note", "deal": "only", "by": "matti", "roles": ["seller"]}
    results = list(engine.run("small", [{**told, "note": f"Note {number}"} for number in range(NOTES)], by=SELLER))
    assert {result.status for result in results} == {"applied"}


def test_a_sound_writer_seals_what_it_writes(store: Store) -> None:
    tell_at_length(store)
    assert codes_of(store) == set()


@pytest.mark.parametrize("broken", BROKEN, ids=lambda broken: broken.__name__)
def test_another_tree_than_that_of_the_events_is_found(
    broken: type[Frontier], store: Store, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(sqlite_sealing, "Frontier", broken)
    tell_at_length(store)
    monkeypatch.undo()
    assert "tree-differs" in codes_of(store)


