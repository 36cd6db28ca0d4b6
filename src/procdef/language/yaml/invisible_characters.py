"""Characters that cannot be seen, or that change the direction of writing: no process file may hold them."""

from __future__ import annotations

import re

_CONTROL = r"\x00-\x08\x0b\x0c\x0e-\x1f\x7f-\x9f"
_DIRECTION = r"\u202a-\u202e\u2066-\u2069"
_OTHER = r"\u2028\u2029\ufeff\ufffe\uffff\ud800-\udfff"
_INVISIBLE = re.compile(f"[{_CONTROL}{_DIRECTION}{_OTHER}]")


def first_invisible(text: str) -> int | None:
    """Where the first such character stands in a text; surrogates, which only an escape can make, are among them."""
    found = _INVISIBLE.search(text)
    return found.start() if found else None


def code_point(character: str) -> str:
    """The name of a character in Unicode: ``U+202E``."""
    return f"U+{ord(character):04X}"
