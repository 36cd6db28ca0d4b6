"""Options of the test run."""

from __future__ import annotations

import os

import pytest

# Hundreds of commands run in processes of their own. Where nothing that was compiled is kept, each compiles all of procdef.
os.environ.pop("PYTHONDONTWRITEBYTECODE", None)


def pytest_addoption(parser: pytest.Parser) -> None:
    parser.addoption("--update-golden", action="store_true", help="rewrite the expected output of the golden tests")
