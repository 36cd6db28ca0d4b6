"""Both stores, and rows to put into them."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest

from procdef.store import Store, open_store


@pytest.fixture(params=["memory", "sqlite"])
def store(request: pytest.FixtureRequest, tmp_path: Path) -> Iterator[Store]:
    opened = open_store("memory:" if request.param == "memory" else f"sqlite:///{tmp_path / 'log.db'}")
    yield opened
    opened.close()
