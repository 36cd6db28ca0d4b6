"""Which addresses a page may lead to."""

from __future__ import annotations

import re

_ALLOWED = re.compile(r"(?:https?://|mailto:)[^\s\x00-\x1f]+", re.IGNORECASE)


def leads_out(address: str) -> bool:
    """Whether an address is one that a page makes a link of: http, https or mailto, and nothing that could run."""
    return _ALLOWED.fullmatch(address.strip()) is not None
