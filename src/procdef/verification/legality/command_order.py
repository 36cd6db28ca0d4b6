"""In which order events can come from one command."""

from __future__ import annotations

import re
from functools import lru_cache

_LETTERS = {
    "deal.recorded": "r",
    "deal.corrected": "k",
    "action.voided": "v",
    "action.completed": "c",
    "stage.advanced": "a",
    "deal.won": "w",
}
_ORDER = re.compile(r"rv*c?|k|c|aw?|[.]")
"""Recorded, voided, completed; a win after its advance; anything else alone."""


@lru_cache(maxsize=256)
def ordered(types: tuple[str, ...]) -> bool:
    """Whether events of these types, in this order, can come from one command. Types that are not known are alone in theirs."""
    return _ORDER.fullmatch("".join(_LETTERS.get(kind, ".") for kind in types)) is not None
