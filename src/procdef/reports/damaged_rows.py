"""Rows that somebody damaged, told in one sentence: SQLite takes values of any type, wherever they are put."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager

from procdef.errors import LogBroken

_STRANGE = (TypeError, ValueError, LookupError, AttributeError, ArithmeticError, RecursionError)
"""What it raises to count what is of another type than the table says, or does not fit what stands beside it."""


@contextmanager
def rows_read(process: str) -> Iterator[None]:
    """Within it deals are counted. Raises ``LogBroken`` where their rows cannot be."""
    try:
        yield
    except _STRANGE as strange:
        message = f"the deals of {process} cannot be counted: a table holds what procdef does not write"
        raise LogBroken(message, process) from strange
