"""Characters that make one text look like another, or that act on a terminal."""

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

_visible_formats = frozenset("\u0600\u0601\u0602\u0603\u0604\u0605\u06dd\u070f\u0890\u0891\u08e2\U000110bd\U000110cd")
"""Format characters that are to be seen: they stand around or under the number that follows."""
_filling = re.compile(
    "[\u034f\u115f\u1160\u17b4\u17b5\u180b-\u180f\u2800\u3164\ufe00-\ufe0f\uffa0\U0001d159\U000e0100-\U000e01ef]"
)
"""Characters of other kinds that show nothing by themselves: fillers, an empty Braille cell, marks of variants."""
_blanks = (
    "\t\n\x0b\x0c\r\x1c\x1d\x1e\x1f \x85\xa0\u1680\u2000\u2001\u2002\u2003\u2004\u2005\u2006\u2007\u2008\u2009\u200a"
    "\u2028\u2029\u202f\u205f\u3000" + "\u00ad\u180e\u200b\u2060\u2800\u3164\ufeff\uffa0"
)
"""White space, and what is like it: a joiner or a mark of direction at the end of a text belongs to what stands before."""


def shows(text: str) -> bool:
    """Whether anything of a text is to be seen, or is a control character, which is another fault."""
    return any(not (sign.isspace() or _formats(sign) or _filling.match(sign)) for sign in text)


def _formats(sign: str) -> bool:
    return unicodedata.category(sign) == "Cf" and sign not in _visible_formats


def trimmed(text: str) -> str:
    """The text without blanks at its ends, those included that have no width; nothing where nothing shows."""
    if text.isascii():
        return text.strip()
    return text.strip(_blanks) if shows(text) else ""


def alike(text: str) -> str:
    """The text as searches compare it: whatever its case, composed or not, and however its words are set apart."""
    if not text.isascii():
        text = unicodedata.normalize("NFC", _invisible.sub("", text))
    return " ".join(unicodedata.normalize("NFC", text.casefold()).split())


_acting = re.compile("[\x00-\x08\x0b-\x1f\x7f-\x9f\u2028\u2029\u202a-\u202e\u2066-\u2069]")
_halves = re.compile("[\ud800-\udfff]")
_breaking = re.compile("[\n\r\x0b\x0c\x1c-\x1e\x85\u2028\u2029]+")


def tame(text: str) -> str:
    """The text with what acts on a terminal, or turns the direction of writing, spelt as in JSON: ``\\u001b``.

    Newlines and tabs stay. JSON means the same as before.
    """
    return _acting.sub(lambda found: f"\\u{ord(found[0]):04x}", text)


def encodable(text: str) -> str:
    """The text with halves of surrogate pairs, which UTF-8 has not, spelt as in JSON: ``\\ud800``."""
    return text if text.isascii() else _halves.sub(lambda found: f"\\u{ord(found[0]):04x}", text)


def one_line(text: str) -> str:
    """The text on one line, so that no part of it passes for a line of its own."""
    return _breaking.sub(" ", text)
