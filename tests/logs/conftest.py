"""The story, written once by this version, and copies of it to do harm to."""

from __future__ import annotations

import sqlite3
from collections.abc import Iterator
from contextlib import closing
from pathlib import Path

import pytest
from story import tell

from procdef import open_store


@pytest.fixture(scope="session")
def honest(tmp_path_factory: pytest.TempPathFactory) -> Path:
    file = tmp_path_factory.mktemp("story") / "deals.db"
    store = open_store(f"sqlite:///{file}?synchronous=NORMAL")
    tell(store)
    store.close()
    return file


@pytest.fixture
def file(honest: Path, tmp_path: Path) -> Path:
    """A copy of the story."""
    copy = tmp_path / "copy.db"
    with closing(sqlite3.connect(honest)) as before, closing(sqlite3.connect(copy)) as after:
        before.backup(after)
    return copy


@pytest.fixture
def log(file: Path) -> Iterator[sqlite3.Connection]:
    """A connection to the copy."""
    with closing(sqlite3.connect(file)) as connection:
        yield connection
