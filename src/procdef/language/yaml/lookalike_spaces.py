"""Characters that look like a space, or like nothing, and that YAML takes for letters."""

from __future__ import annotations

import re
from dataclasses import replace

from procdef.diagnostics import Finding
from procdef.language.yaml.invisible_characters import code_point
from procdef.language.yaml.nodes import Stretch
from procdef.language.yaml.reading_faults import reading_fault

LOOKALIKE_SPACES = {
    "\u00a0": "a non-breaking space",
    "\u2007": "a figure space",
    "\u202f": "a narrow non-breaking space",
    "\u3000": "an ideographic space",
    "\u200b": "a zero-width space",
    **{chr(code): "a space of another width" for code in (*range(0x2000, 0x2007), *range(0x2008, 0x200B), 0x205F)},
}
"""By character what a message calls it."""
_LOOKALIKE = "".join(LOOKALIKE_SPACES)
_LOOKALIKE_PLACE = re.compile(rf"^[ -]*([{_LOOKALIKE}])|(?<=[\w\"'](?=:))?:\ *([{_LOOKALIKE}])|^\ *-\ *([{_LOOKALIKE}])")


def lookalike_space(text: str) -> int | None:
    """Where a character that only looks like a space is in the indentation of a line, or after its colon or dash."""
    found = _LOOKALIKE_PLACE.search(text)
    return max(found.start(group) for group in (1, 2, 3)) if found else None


def lookalike_space_fault(place: int, character: str, indents: bool) -> Finding:
    """The finding on a character that only looks like a space, at an offset of the file. Of one that ``indents`` a line it is
    not certain that an ordinary one is to stand there.
    """
    sentence = "this is {name} ({subject}), which YAML does not take for a space; type an ordinary one"
    at = Stretch(place, place + 1)
    found = reading_fault("syntax", at, sentence, code_point(character), "character", name=LOOKALIKE_SPACES[character])
    return found if indents else replace(found, fix="" if character == "\u200b" else " ")
