"""How plain YAML scalars are read: true, false and null, exact decimals, and everything else as text."""

from __future__ import annotations

import re
from collections.abc import Collection
from decimal import Decimal, InvalidOperation

from procdef.words_of_languages import SWITCHES, plain

_NUMBER = re.compile(r"[-+]?[0-9]+(\.[0-9]+)?", re.ASCII)
_WORDS: dict[str, bool | None] = {"true": True, "false": False, "null": None, "~": None, "": None}
_MOST_DIGITS = 100
_CORE = "tag:yaml.org,2002:"
CORE_TAGS = frozenset(_CORE + name for name in ("str", "int", "float", "bool", "null", "map", "seq")) | {"!"}


def resolve(text: str, tag: str | None, plain: bool) -> bool | int | Decimal | str | None:
    """The value of a scalar. Quoted text, and what is tagged as text, stays text; numbers are read exactly."""
    if tag in (_CORE + "str", "!") or not (plain or tag):
        return text
    if text in _WORDS:
        return _WORDS[text]
    if not _NUMBER.fullmatch(text) or len(text) > _MOST_DIGITS:
        return text
    return Decimal(text) if "." in text else int(text)


_SWITCHES = {"true": "true", "yes": "true", "on": "true", "false": "false", "no": "false", "off": "false"}
_GROUPED = re.compile(r"[-+]?[0-9]{1,3}(?:[ ,_][0-9]{3})+(?:\.[0-9]+)?", re.ASCII)
_PRICED = re.compile(r"^(?:[€$£]|[A-Z]{3}\b)\s*|\s*(?:[€$£]|\b[A-Z]{3}|\beuros?)$")
_TWO_READINGS = re.compile(r"[0-9]{1,3}\.[0-9]{3}")
_DOTTED = re.compile(r"[0-9]{1,3}(?:\.[0-9]{3})(?:(?:\.[0-9]{3})+(?:,[0-9]{1,2})?|,[0-9]{1,2})")
_HEXADECIMAL = re.compile(r"0[xX][0-9A-Fa-f]{1,12}", re.ASCII)


def plain_form(text: str, due: Collection[str]) -> str | None:
    """How to write a text that was likely meant as one of the JSON types ``due``; None where that is not certain."""
    if "boolean" in due and (switch := _SWITCHES.get(text.lower()) or SWITCHES.get(plain(text))):
        return switch
    amount = _amount(text) if not {"number", "integer"}.isdisjoint(due) else None
    if amount is None or ("number" not in due and amount != int(amount)):
        return None
    return f"{amount:f}" if amount != int(amount) else str(int(amount))


def _amount(text: str) -> Decimal | None:
    bare = text.removesuffix("%").strip()
    written = _PRICED.sub("", bare)
    if written != bare and _TWO_READINGS.fullmatch(written):
        return None
    if _DOTTED.fullmatch(written):
        written = written.replace(".", "")
    if _HEXADECIMAL.fullmatch(written):
        return Decimal(int(written, 16))
    grouped = _GROUPED.fullmatch(written) is not None
    try:
        amount = Decimal(re.sub("[ ,_]", "", written) if grouped else written.replace(",", "."))
    except InvalidOperation:
        return None
    return amount if amount.is_finite() and -7 < amount.adjusted() < 15 else None
