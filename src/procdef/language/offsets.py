"""Where each character of a scalar's value stands in the file, whatever the way YAML writes it."""

from __future__ import annotations

from procdef.language.nodes import ScalarNode

_ESCAPE_LENGTHS = {"x": 4, "u": 6, "U": 10}
_BLANKS = " \t\r\n"


def offsets(text: str, node: ScalarNode) -> list[int]:
    """The file offset of each character of ``node.text``.

    YAML only ever adds blanks (folding, indentation), doubles quotes or writes escapes, so that walking both texts side
    by side finds every character again. Within folded blanks the place is that of the first of them.
    """
    here, end = _content(text, node)
    places = []
    for character in node.text:
        if character not in _BLANKS:
            here = _skip(text, here, end, node.style)
        places.append(min(here, end))
        here += _width(text, here, end, character, node.style)
    return places


def _content(text: str, node: ScalarNode) -> tuple[int, int]:
    start, end = node.at.start, node.at.end
    if node.style in ("'", '"'):
        return start + 1, end - 1
    if node.style in ("|", ">"):
        while start < end and text[start] not in "\r\n":
            start += 1
        while start < end and text[start] in _BLANKS:
            start += 1
    return start, end


def _skip(text: str, here: int, end: int, style: str) -> int:
    while here < end:
        if text[here] in _BLANKS:
            here += 1
        elif style == '"' and text[here] == "\\" and text[here + 1 : here + 2] in ("\r", "\n"):
            here += 2
        else:
            break
    return here


def _width(text: str, here: int, end: int, character: str, style: str) -> int:
    if here >= end:
        return 0
    if style == '"' and text[here] == "\\":
        return _ESCAPE_LENGTHS.get(text[here + 1 : here + 2], 2)
    if style == "'" and text[here] == "'":
        return 2
    if character in _BLANKS and text[here] not in _BLANKS:
        return 0
    return 1
