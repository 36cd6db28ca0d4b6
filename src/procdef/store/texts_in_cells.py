"""Texts looked for in the cells of any table, whatever database it is in."""

from __future__ import annotations

import re
from collections.abc import Sequence

from procdef.unsafe_characters import alike

_escape = re.compile(r"\\u([0-9a-fA-F]{4})")


def holds(cell: object, wanted: Sequence[str]) -> bool:
    """Whether one of these texts, made ``alike``, stands in a cell, also in JSON that spells characters outside of ASCII."""
    told = alike(_unescaped(text_of(cell)))
    return any(text in told for text in wanted)


def text_of(cell: object) -> str:
    """What stands in a cell, as text."""
    return cell.decode("utf-8", "replace") if isinstance(cell, bytes) else str(cell)


def _unescaped(text: str) -> str:
    return _escape.sub(lambda found: chr(int(found[1], 16)), text) if "\\u" in text else text
