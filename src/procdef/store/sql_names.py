"""Names as SQL takes them, whatever stands in them."""

from __future__ import annotations

TOKEN_TABLE = "procdef_copy"
"""Holds what tells a copy of a log from every other one, until the log goes on in it."""


def quoted(name: str) -> str:
    """The name of a table, a column or a role."""
    return '"' + name.replace('"', '""') + '"'
