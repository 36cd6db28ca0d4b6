"""Characters that look like others, or like nothing, so that two words look alike and are not one."""

from __future__ import annotations

import unicodedata
from typing import NamedTuple

from procdef.unsafe_characters import invisible

_CYRILLIC = "\u0430\u0435\u043e\u0440\u0441\u0443\u0445\u0456\u0458\u0455\u0501\u04bb\u04cf\u051b\u051d\u0475\u043a\u043c\u0442"
_CYRILLIC_CAPITALS = "\u0410\u0412\u0415\u041a\u041c\u041d\u041e\u0420\u0421\u0422\u0423\u0425\u0406\u0408\u0405"
_GREEK = "\u03bf\u03b1\u03bd\u03c1\u03b9\u03ba\u03c5\u03c7\u03c4\u03b3\u03f2\u03f3"
_GREEK_CAPITALS = "\u0391\u0392\u0395\u0396\u0397\u0399\u039a\u039c\u039d\u039f\u03a1\u03a4\u03a5\u03a7"
_LETTERS = {
    **dict(zip(_CYRILLIC, "aeopcyxijsdhlqwvkmt", strict=True)),
    **dict(zip(_CYRILLIC_CAPITALS, "ABEKMHOPCTYXIJS", strict=True)),
    **dict(zip(_GREEK, "oavpikuxtycj", strict=True)),
    **dict(zip(_GREEK_CAPITALS, "ABEZHIKMNOPTYX", strict=True)),
    **dict(zip("\u0131\u0251\u0261\u026a\u0585\u057d\u0570\u0581", "iagiouhg", strict=True)),
    **dict.fromkeys("\u2010\u2011\u2012\u2013\u2014\u2015\u2212\u2043\ufe58", "-"),
    **dict.fromkeys("\u2018\u2019\u201b\u2032\u02b9\u02bc", "'"),
    **dict.fromkeys("\u201c\u201d\u201f\u2033", '"'),
    **dict.fromkeys("\u2044\u2215", "/"),
    **dict.fromkeys("\ua789\u2236\u02d0\u05c3", ":"),
    **dict.fromkeys("\u201a\u060c\u3001", ","),
    **dict.fromkeys("\u2217\u204e", "*"),
}


class Lookalike(NamedTuple):
    """Where such a character stands, what it is called, and what it looks like: nothing where it cannot be seen."""

    at: int
    name: str
    sign: str


def lookalike(text: str) -> Lookalike | None:
    """The first character that cannot be seen, or that looks like one of ASCII; None where there is none."""
    if text.isascii():
        return None
    found = ((at, sign, _meant(sign)) for at, sign in enumerate(text) if not sign.isascii())
    return next((Lookalike(at, _name(sign), meant) for at, sign, meant in found if meant is not None), None)


def plain_letters(text: str) -> str:
    """The text as it looks, in characters of ASCII where it can be."""
    return "".join(sign if (meant := _meant(sign)) is None else meant for sign in text)


def _meant(sign: str) -> str | None:
    """What a character looks like in ASCII; nothing for one that cannot be seen, None for one that looks like itself."""
    if sign.isascii():
        return None
    if invisible(sign):
        return ""
    if sign.isspace():
        return " "
    known = _LETTERS.get(sign)
    composed = unicodedata.normalize("NFKC", sign)
    return known or (composed if len(composed) == 1 and composed.isascii() else None)


def _name(sign: str) -> str:
    name = unicodedata.name(sign, "")
    code = f"U+{ord(sign):04X}"
    return f"{name} ({code})" if name else code
