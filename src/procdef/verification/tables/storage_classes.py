"""Whether the columns of a row have the types that a store writes. SQLite would store others too."""

from __future__ import annotations

from collections import defaultdict
from functools import cache
from typing import Any, get_type_hints

_fitting: defaultdict[type, set[tuple[type, ...]]] = defaultdict(set)
"""The types of columns that were found to fit, by the type of the row; there are only a few for each."""


def misfit(row: Any) -> str | None:
    """The first column of a row that holds a value of another type than the port declares; ``None`` where all fit."""
    types = tuple(map(type, row))
    if types in _fitting[row.__class__]:
        return None
    for (name, kind), value in zip(_columns(row.__class__), row, strict=True):
        if not isinstance(value, kind):
            return name
    _fitting[row.__class__].add(types)
    return None


def stray_stream(row: Any) -> str | None:
    """As ``misfit``, for rows whose other columns are all compared with what they should be."""
    return None if isinstance(row.stream, str) else "stream"


@cache
def _columns(row: type) -> tuple[tuple[str, Any], ...]:
    return tuple(get_type_hints(row).items())
