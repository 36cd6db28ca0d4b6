"""The layouts that the tables of logs have had, numbered alike in every database."""

from __future__ import annotations

LATEST = 5
"""The number of the layout that this procdef writes."""


def statements(text: str) -> tuple[str, ...]:
    """The statements of a file that leads to a layout, without its comments."""
    lines = "\n".join(line for line in text.splitlines() if not line.startswith("--"))
    return tuple(part for each in lines.split(";\n") if (part := each.strip().removesuffix(";")))
