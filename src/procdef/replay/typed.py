"""Columns of the types that a store writes. A database takes others too, from somebody who writes to it by hand."""

from __future__ import annotations

from functools import cache
from typing import Any, get_type_hints


def misfit(row: Any) -> str | None:
    """The first column of a row of the port that holds something of another type than declared; ``None``: all fit."""
    for (name, kind), value in zip(_columns(row.__class__), row, strict=True):
        if not isinstance(value, kind):
            return name
    return None


@cache
def _columns(row: type) -> tuple[tuple[str, Any], ...]:
    return tuple(get_type_hints(row).items())
