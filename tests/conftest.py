"""Options of the test run."""

from __future__ import annotations

import compileall
import os
from collections.abc import Iterator
from pathlib import Path

import pytest


def pytest_addoption(parser: pytest.Parser) -> None:
    parser.addoption("--update-golden", action="store_true", help="rewrite the expected output of the golden tests")


def pytest_configure(config: pytest.Config) -> None:
    """Compile procdef once. Hundreds of commands run in processes of their own, and each would compile all of it; none of
    them writes what it compiled, as some run on a disk that is full."""
    os.environ["PYTHONDONTWRITEBYTECODE"] = "1"
    if not hasattr(config, "workerinput"):
        compileall.compile_dir(Path(__file__).parent.parent / "src", quiet=2)


@pytest.fixture
def postgres_log() -> Iterator[str]:
    """The URL of an empty log in PostgreSQL, in a schema that no other test uses meanwhile. It is emptied for the next one: who
    changes tables takes ``new_postgres_log``."""
    from postgresql import server

    with server().empty_log() as url:
        yield url


@pytest.fixture
def new_postgres_log() -> Iterator[str]:
    """The URL of an empty log in PostgreSQL, in a schema that is thrown away."""
    from postgresql import server

    with server().new_log() as url:
        yield url
