"""Colons, commas and brackets of other scripts, full-width ones above all, which are letters to YAML."""

from __future__ import annotations

import re
from dataclasses import replace

from procdef.diagnostics import Finding
from procdef.language.yaml.nodes import Stretch
from procdef.language.yaml.reading_faults import reading_fault
from procdef.lookalikes import lookalike

_COLONS = "\uff1a\ufe55\ua789\u2236"
_COMMAS = "\uff0c\ufe50\u3001\u060c"
_OPENING = "\uff3b\uff5b\ufe5b\u3010"
_CLOSING = "\uff3d\uff5d\ufe5c\u3011"
_PLAIN = {
    **dict.fromkeys(_COLONS, ":"),
    **dict.fromkeys(_COMMAS, ","),
    **dict(zip(_OPENING, "[{{[", strict=True)),
    **dict(zip(_CLOSING, "]}}]", strict=True)),
}
_KEY = rf"""(?:^[ -]*|[{{,{_COMMAS}{_OPENING}][ ]*)[\w-]+["']?[ ]*"""
_STRUCTURE = re.compile(
    rf"{_KEY}(?P<colon>[{_COLONS}])|[:{_COLONS}][ ]*(?P<bracket>[{_OPENING}])|[\]}}{_CLOSING}][ ]*(?P<comma>[{_COMMAS}])"
)
_ODD = re.compile(f"[{_COLONS}{_COMMAS}{_OPENING}{_CLOSING}]")
_SENTENCE = 'this is {name}, which is no "{sign}" to YAML; type an ordinary one'


def lookalike_sign(text: str, begin: int) -> Finding | None:
    """The finding on the first such sign that structures a line, or a key that YAML has read, which begins at ``begin``."""
    found = _STRUCTURE.search(text)
    if found is None:
        return None
    start = found.start(found.lastgroup or 0)
    end = max(match.end() for match in _ODD.finditer(text, start))
    fix = _ODD.sub(_as_plain, text[start : end + 1])[: -1 if end < len(text) else None]
    known = lookalike(text[start])
    details = {"name": known.name if known else text[start], "sign": _PLAIN[text[start]]}
    note = reading_fault("syntax", Stretch(begin + start, begin + end), _SENTENCE, text[start], "character", **details)
    return replace(note, fix=fix)


def _as_plain(found: re.Match[str]) -> str:
    sign = _PLAIN[found[0]]
    follows = found.string[found.end() : found.end() + 1]
    if sign == follows == ":":
        return ""
    return f"{sign} " if sign in ":," and follows.strip() else sign
