"""How plain YAML scalars are read: few words, exact decimals, and everything else is text."""

from __future__ import annotations

import re
from decimal import Decimal

_NUMBER = re.compile(r"[-+]?[0-9]+(\.[0-9]+)?", re.ASCII)
_WORDS: dict[str, bool | None] = {"true": True, "false": False, "null": None, "~": None, "": None}
_MOST_DIGITS = 100
_CORE = "tag:yaml.org,2002:"
CORE_TAGS = frozenset(_CORE + name for name in ("str", "int", "float", "bool", "null", "map", "seq")) | {"!"}


def resolve(text: str, tag: str | None, plain: bool) -> bool | int | Decimal | str | None:
    """The value of a scalar. Quoted text, and what is tagged as text, stays text; numbers are read exactly."""
    if tag in (_CORE + "str", "!") or not (plain or tag):
        return text
    if text in _WORDS:
        return _WORDS[text]
    if not _NUMBER.fullmatch(text) or len(text) > _MOST_DIGITS:
        return text
    return Decimal(text) if "." in text else int(text)
