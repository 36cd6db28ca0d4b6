"""Where each character of a scalar's value is in the file, in every style of YAML."""

from __future__ import annotations

from collections.abc import Sequence
from functools import lru_cache

from procdef.language.yaml.nodes import ScalarNode

_ESCAPE_LENGTHS = {"x": 4, "u": 6, "U": 10}
_BREAKS = "\r\n"
_SPACES = " \t"
_BLANKS = _SPACES + _BREAKS


@lru_cache(maxsize=1)
def offsets(text: str, node: ScalarNode) -> Sequence[int]:
    """The file offset of each character of ``node.text``; for spaces that YAML makes of line breaks, that of the first.

    Much may be told of one long text, so what was found last is kept.
    """
    places = _in_block(text, node) if node.style in ("|", ">") else _in_lines(text, node)
    last = places[-1] if places else node.at.start
    return (places + [last] * len(node.text))[: len(node.text)]


def _in_lines(text: str, node: ScalarNode) -> list[int]:
    """Plain and quoted values: line breaks are folded, quotes doubled, characters escaped."""
    quoted = node.style in ("'", '"')
    here, end = (node.at.start + 1, node.at.end - 1) if quoted else (node.at.start, node.at.end)
    places: list[int] = []
    while here < end:
        if text[here] in _BLANKS:
            folded, past = _folded(text, here, end)
            places += folded
            here = past
        elif node.style == '"' and text[here] == "\\" and text[here + 1 : here + 2] in ("\r", "\n"):
            here = _past(text, _line_end(text, here + 1), end, _SPACES)
        else:
            places.append(here)
            here += _width(text, here, node.style)
    return places


def _folded(text: str, here: int, end: int) -> tuple[list[int], int]:
    """The places of the spaces that YAML makes of white space in the file, and where it ends."""
    past = _past(text, here, end, _SPACES)
    if past >= end or text[past] not in _BREAKS:
        return list(range(here, past)), past
    breaks = 0
    while past < end and text[past] in _BREAKS:
        breaks += 1
        past = _past(text, _line_end(text, past), end, _SPACES)
    return [here] * max(1, breaks - 1), past


def _past(text: str, here: int, end: int, characters: str) -> int:
    while here < end and text[here] in characters:
        here += 1
    return here


def _line_end(text: str, here: int) -> int:
    return here + (2 if text.startswith("\r\n", here) else 1)


def _width(text: str, here: int, style: str) -> int:
    if style == '"' and text[here] == "\\":
        return _ESCAPE_LENGTHS.get(text[here + 1 : here + 2], 2)
    return 2 if style == "'" and text[here] == "'" else 1


def _in_block(text: str, node: ScalarNode) -> list[int]:
    """Block values: YAML only takes away indentation and folds lines, so that walking both texts finds every character."""
    here, end = node.at.start, node.at.end
    while here < end and text[here] not in _BREAKS:
        here += 1
    here = _past(text, here, end, _BLANKS)
    places = []
    for character in node.text:
        if character not in _BLANKS:
            here = _past(text, here, end, _BLANKS)
        places.append(min(here, end))
        if here < end and (character not in _BLANKS or text[here] in _BLANKS):
            here += 1
    return places
