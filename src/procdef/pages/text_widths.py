"""How wide a text is drawn, and where its lines are broken, so that boxes are made as large as what stands in them.

The widths are those of Helvetica (Adobe's font metrics, AFM; Arial and Liberation Sans have the same) or those of DejaVu Sans
(its ``hmtx`` table), which most of those see who have none of the three: of each character the wider, in thousandths of the
size of the letters.
"""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Mapping

FONTS = "Helvetica, Arial, 'Liberation Sans', sans-serif"
_WIDE, _USUAL = 1000, 720
"""Widths of characters that have none in the tables: of one as wide as it is high, and of a letter."""
_blanks = re.compile("[^\\S\u00a0\u2007\u202f]+")
"""Where a line may be broken; no-break spaces are none of these."""

_BY_WIDTH = {
    275: "'",
    278: "ijl\u202f",
    295: "I",
    318: " ,.\u00a0\u00b7\u2019",
    337: "/:;\\|",
    352: "f",
    361: "-",
    390: "()[]",
    392: "t",
    401: "!",
    411: "r",
    460: '"',
    500: "*J`",
    518: "\u201c\u201d",
    521: "s",
    525: "z",
    550: "c",
    556: "?_–",
    557: "L",
    579: "k",
    590: "•",
    592: "vxy",
    611: "FT",
    612: "o",
    613: "a",
    615: "e",
    634: "hnu",
    635: "bdgpq",
    636: "$0123456789{}€",
    667: "EKPSY",
    684: "AV",
    685: "XZ",
    686: "B",
    722: "CR",
    732: "U",
    748: "N",
    752: "H",
    770: "D",
    778: "G",
    780: "&",
    787: "OQ",
    818: "w",
    838: "#+<=>^~\u00d7→✗",
    863: "M",
    873: "●",
    896: "★",
    950: "%",
    974: "m",
    989: "W",
    1000: "—…",
    1015: "@",
}
_BOLD_BY_WIDTH = {
    278: "\u202f",
    306: "'",
    343: "ijl",
    348: " \u00a0",
    365: "/\\|",
    372: "I",
    380: ",.\u00b7\u2019",
    400: ":;",
    415: "-",
    435: "f",
    456: "!",
    457: "()[]",
    478: "t",
    493: "r",
    500: "`",
    521: '"',
    523: "*",
    556: "J_–",
    582: "z",
    593: "c",
    595: "s",
    611: "?",
    637: "L",
    639: "•",
    645: "x",
    652: "vy",
    657: "\u201c\u201d",
    665: "k",
    675: "a",
    678: "e",
    682: "T",
    683: "EF",
    687: "o",
    696: "$0123456789€",
    712: "hnu{}",
    716: "bdgpq",
    720: "S",
    724: "Y",
    725: "Z",
    733: "P",
    734: "C",
    762: "B",
    770: "R",
    771: "X",
    774: "AV",
    775: "K",
    812: "U",
    821: "G",
    830: "D",
    837: "HN",
    838: "#+<=>^~\u00d7→✗",
    850: "OQ",
    872: "&",
    873: "●",
    896: "★",
    924: "w",
    995: "M",
    1000: "@—…",
    1002: "%",
    1042: "m",
    1103: "W",
}
_WIDTHS, _BOLD_WIDTHS = (
    {character: width for width, characters in table.items() for character in characters}
    for table in (_BY_WIDTH, _BOLD_BY_WIDTH)
)


def text_width(text: str, size: float, *, bold: bool = False) -> float:
    """How wide a line of text is at most in letters of that size, in the same unit."""
    widths = _BOLD_WIDTHS if bold else _WIDTHS
    return sum(_width(character, widths) for character in text) / 1000 * size


def _width(character: str, widths: Mapping[str, int]) -> int:
    known = widths.get(character)
    if known is not None:
        return known
    if unicodedata.combining(character) or unicodedata.category(character) in ("Cf", "Mn", "Me"):
        return 0
    if unicodedata.east_asian_width(character) in "WF":
        return _WIDE
    base = unicodedata.normalize("NFD", character)[0]
    return widths.get(base, _USUAL if base.isalpha() else _WIDE)


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
