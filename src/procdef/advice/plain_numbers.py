"""Numbers, dates and switches as people write them, in the one form that is taken."""

from __future__ import annotations

import re

from procdef.expression.given_values import BadValue, coerce
from procdef.expression.three_decimals import two_readings
from procdef.expression.types import NUMBERS, FieldType, Kind
from procdef.words_of_languages import SWITCHES, plain

_LONGEST = 24
_SWITCHES = {"yes": "true", "y": "true", "on": "true", "true": "true", "1": "true", "x": "true",
             "no": "false", "n": "false", "off": "false", "false": "false", "0": "false"}  # fmt: skip


def fitting_forms(of: FieldType, given: object) -> list[str]:
    """The forms in which a field of that type would take what it refused as it was written.

    There are none of a personal value, nor of one that is told with its two readings already.
    """
    if of.kind is Kind.BOOLEAN and isinstance(given, str) and not of.private:
        switch = _SWITCHES.get(given.strip().lower()) or SWITCHES.get(plain(given))
        return [switch] if switch else []
    if of.private or of.kind not in NUMBERS or not isinstance(given, str) or _is_taken(of, given):
        return []
    if of.kind in (Kind.MONEY, Kind.INTEGER) and two_readings(given.strip()):
        return []
    unit = " %" if of.kind is Kind.PERCENT else ""
    return [form for form in (f"{each}{unit}" for each in plain_numbers(given)) if _is_taken(of, form)]


def _is_taken(of: FieldType, given: str) -> bool:
    try:
        coerce(of, given)
    except BadValue:
        return False
    return True


def plain_numbers(given: str) -> list[str]:
    """What a number with blanks, a decimal comma or a unit may have been meant to be; nothing where that is not clear."""
    bare = re.sub(r"[\s'\u2019]|[A-Za-z]{3}$|[\u20ac$\u00a3%]", "", given)
    bare = re.sub(r"[A-Za-z]{3}$", "", bare)
    if not re.fullmatch(r"[-+]?[0-9]+([.,][0-9]+)*", bare) or len(bare) > _LONGEST:
        return []
    marks = re.findall(r"[.,]", bare)
    whole = re.sub(r"[.,]", "", bare)
    point = max(bare.rfind("."), bare.rfind(","))
    if not marks:
        return [whole]
    parted = f"{re.sub(r'[.,]', '', bare[:point])}.{bare[point + 1 :]}"
    if len(marks) > 1 and len(set(marks)) == 1:
        return [whole]
    readings = two_readings(parted) if len(marks) == 1 else None
    return [whole, readings[0]] if readings else [parted]
