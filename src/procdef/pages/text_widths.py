"""How wide a text is drawn, and where its lines are broken, so that boxes are made as large as what stands in them.

The widths are those of Helvetica's characters, in thousandths of the size of the letters (Adobe's font metrics, AFM); Arial and
Liberation Sans have the same. Whoever lacks all three sees a sans-serif that may be wider, so that some room is left.
"""

from __future__ import annotations

import re
import unicodedata

FONTS = "Helvetica, Arial, 'Liberation Sans', sans-serif"
_SPARE = 1.08
_BOLD = 1.07
_WIDE, _USUAL = 1000, 667
_blanks = re.compile("[^\\S\u00a0\u2007\u202f]+")
"""Where a line may be broken; no-break spaces are none of these."""

_BY_WIDTH = {
    191: "'",
    222: "ijl",
    260: "|",
    278: " !,./:;I[\\]ft·\u00a0\u202f",
    333: "()-`r",
    334: "{}",
    355: '"',
    389: "*",
    469: "^",
    500: "Jckszvxy",
    556: "#$0123456789?L_abdeghnopqu–",
    584: "+<=>~",
    611: "FTZ",
    667: "&ABEKPSVXY",
    722: "CDHNRUw",
    778: "GOQ",
    833: "Mm",
    889: "%",
    944: "W",
    1015: "@",
}
_WIDTHS = {character: width for width, characters in _BY_WIDTH.items() for character in characters}


def text_width(text: str, size: float, *, bold: bool = False) -> float:
    """How wide a line of text is in letters of that size, in the same unit, with some room to spare."""
    return sum(map(_width, text)) / 1000 * size * _SPARE * (_BOLD if bold else 1)


def _width(character: str) -> int:
    known = _WIDTHS.get(character)
    if known is not None:
        return known
    if unicodedata.combining(character) or unicodedata.category(character) in ("Cf", "Mn", "Me"):
        return 0
    if unicodedata.east_asian_width(character) in "WF":
        return _WIDE
    base = unicodedata.normalize("NFD", character)[0]
    return _WIDTHS.get(base, _USUAL if base.isalpha() else _WIDE)


def wrapped_to(text: str, width: float, size: float, *, bold: bool = False, most: int | None = None) -> list[str]:
    """The text in lines no wider than that. A word that is wider is broken; of more than ``most`` lines the last ends in an
    ellipsis."""
    lines: list[str] = []
    line = ""
    for word in filter(None, _blanks.split(text)):
        whole = f"{line} {word}" if line else word
        if text_width(whole, size, bold=bold) <= width:
            line = whole
            continue
        if line:
            lines.append(line)
        *full, line = _broken(word, width, size, bold)
        lines += full
    lines.append(line)
    if most is not None and len(lines) > most:
        lines = [*lines[: most - 1], _cut(lines[most - 1], width, size, bold)]
    return lines


def _broken(word: str, width: float, size: float, bold: bool) -> list[str]:
    parts, part = [], ""
    for character in word:
        if part and not unicodedata.combining(character) and text_width(part + character, size, bold=bold) > width:
            parts.append(part)
            part = ""
        part += character
    return [*parts, part]


def _cut(line: str, width: float, size: float, bold: bool) -> str:
    while line and text_width(f"{line}…", size, bold=bold) > width:
        line = line[:-1]
    return f"{line.rstrip()}…"
