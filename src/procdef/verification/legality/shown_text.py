"""Texts as docs/language.md has them: trimmed, and never blank. Written a second time, apart from what trims them."""

from __future__ import annotations

import re

from procdef.log.envelope import is_name

_END = r"\s\x1c-\x1f\x85\u00ad\u180e\u200b\u2060\u2800\u3164\ufeff\uffa0"
"""White space and what is like it: no text begins or ends with that."""
_NOTHING = (
    r"\s\x1c-\x1f\x85\u00ad\u034f\u061c\u115f\u1160\u17b4\u17b5\u180b-\u180f\u200b-\u200f\u202a-\u202e\u2060-\u2064"
    r"\u2066-\u206f\u2800\u3164\ufe00-\ufe0f\ufeff\uffa0\ufff9-\ufffb\U00013430-\U00013438\U0001bca0-\U0001bca3"
    r"\U0001d159\U0001d173-\U0001d17a\U000e0001\U000e0020-\U000e007f\U000e0100-\U000e01ef"
)
"""White space, format characters that are not to be seen, and fillers."""
_HIDDEN = (
    r"\u00ad\u034f\u115f\u1160\u17b4\u17b5\u180b-\u180f\u200b-\u200f\u202a-\u202e\u2060-\u206f\u3164\ufe00-\ufe0f"
    r"\ufeff\uffa0\ufff0-\ufff8\U0001bca0-\U0001bca3\U0001d173-\U0001d17a\U000e0000-\U000e0fff"
)
"""What is not to be seen within a name."""
_starts_padded = re.compile(f"[{_END}]").match
_ends_padded = re.compile(f"[{_END}]\\Z").search
_is_blank = re.compile(f"[{_NOTHING}]*").fullmatch
_hides = re.compile(f"[{_HIDDEN}]").search
_acts = re.compile(r"[\x00-\x09\x0b\x0c\x0e-\x1f\x7f-\x9f\u202a-\u202e\u2066-\u2069]").search
_is_link = re.compile(r"https?://[^\s/]+\S*", re.IGNORECASE).fullmatch
_LONGEST_KEY = 64


def is_shown(text: str) -> bool:
    """Whether a text is trimmed, and something of it is to be seen."""
    if text.isascii():
        return text.strip() == text != ""
    return _starts_padded(text) is None and _ends_padded(text) is None and _is_blank(text) is None


def fits(pointer: str, text: str) -> bool:
    """Whether a text that is personal in every process can stand at that place."""
    if pointer.endswith("/key"):
        return is_person(text) and len(text) <= _LONGEST_KEY and not text.startswith("deal:")
    if pointer.endswith("/name"):  # a document's, as its file is called
        return _is_blank(text) is None
    return is_shown(text) and _acts(text) is None and (not pointer.endswith("/url") or _is_link(text) is not None)


def is_person(text: object) -> bool:
    """Whether this can be the id of a person: trimmed, and without control characters or those that are not to be seen."""
    if type(text) is not str or not is_name(text) or text != text.strip():
        return False
    return text.isascii() or (_hides(text) is None and _is_blank(text) is None)
