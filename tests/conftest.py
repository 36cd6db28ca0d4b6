"""Options of the test run."""

from __future__ import annotations

import compileall
import os
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
