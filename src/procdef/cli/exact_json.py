"""JSON as people write values: numbers are read exactly, and what JSON leaves open is refused."""

from __future__ import annotations

import json
from typing import Any

from procdef.expression.three_decimals import WrittenNumber

_MOST_DIGITS = 1000
"""More than any field takes, and less than Python reads."""


def exact(text: str) -> Any:
    """The value of a JSON text. Raises ``ValueError``, and ``RecursionError`` for what is nested too deep."""
    return json.loads(
        text, parse_float=WrittenNumber, parse_int=_whole, parse_constant=_no_number, object_pairs_hook=_no_twins
    )


def _whole(digits: str) -> int:
    if len(digits) > _MOST_DIGITS:
        raise ValueError(f"a number has more than {_MOST_DIGITS} digits")
    return int(digits)


def _no_number(name: str) -> Any:
    raise ValueError(f"{name} is not a number")


def _no_twins(pairs: list[tuple[str, Any]]) -> dict[str, Any]:
    found = dict(pairs)
    if len(found) < len(pairs):
        raise ValueError("a key stands there twice")
    return found
