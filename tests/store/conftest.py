"""Every store, and rows to put into them."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest

from procdef.store import InspectableStore, open_store


@pytest.fixture(params=["memory", "sqlite", "postgresql"])
def store(request: pytest.FixtureRequest, tmp_path: Path) -> Iterator[InspectableStore]:
    if request.param == "postgresql":
        url = request.getfixturevalue("postgres_log")
    else:
        url = "memory:" if request.param == "memory" else f"sqlite:///{tmp_path / 'log.db'}"
    opened = open_store(url)
    yield opened
    opened.close()
