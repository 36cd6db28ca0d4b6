"""Characters that make one text look like another."""

from __future__ import annotations

import re
import unicodedata

turning = re.compile("[\u202a-\u202e\u2066-\u2069]").search
"""Finds what turns the direction of writing around: what is read is then not what is written."""
_invisible = re.compile(
    "[\u00ad\u034f\u115f\u1160\u17b4\u17b5\u180b-\u180f\u200b-\u200f\u202a-\u202e\u2060-\u206f\u3164\ufe00-\ufe0f"
    "\ufeff\uffa0\ufff0-\ufff8\U0001bca0-\U0001bca3\U0001d173-\U0001d17a\U000e0000-\U000e0fff]"
)
invisible = _invisible.search
"""Finds what is not to be seen (Unicode: default ignorable), so that two names look alike and are not one."""


def alike(text: str) -> str:
    """The text as searches compare it: whatever its case, composed or not, and however its words are set apart."""
    if not text.isascii():
        text = unicodedata.normalize("NFC", _invisible.sub("", text))
    return " ".join(unicodedata.normalize("NFC", text.casefold()).split())
