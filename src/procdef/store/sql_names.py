"""Names as SQL takes them, whatever stands in them."""

from __future__ import annotations


def quoted(name: str) -> str:
    """The name of a table, a column or a role."""
    return '"' + name.replace('"', '""') + '"'
