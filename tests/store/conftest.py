"""Every store, and rows to put into them."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest

from procdef.store import InspectableStore, open_store

_LOGS = {"postgresql": "postgres_log", "postgresql, names apart": "names_apart_log", "citus": "citus_log"}


@pytest.fixture(params=["memory", "sqlite", "postgresql", "postgresql, names apart", "citus"])
def store(request: pytest.FixtureRequest, tmp_path: Path) -> Iterator[InspectableStore]:
    if "postgresql" in request.param or request.param == "citus":
        url = request.getfixturevalue(_LOGS[request.param])
    else:
        url = "memory:" if request.param == "memory" else f"sqlite:///{tmp_path / 'log.db'}"
    opened = open_store(url)
    yield opened
    opened.close()
