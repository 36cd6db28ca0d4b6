"""Numbers with exactly three decimals, whose point may be meant to part thousands: ``150.000``."""

from __future__ import annotations

import re
from decimal import Decimal

_FORM = re.compile(r"(?P<whole>[-+]?[0-9]+)\.(?P<decimals>[0-9]{3})", re.ASCII)


class WrittenNumber(Decimal):
    """A number as somebody wrote it, its digits behind the point included: not one that a program worked out."""


def two_readings(text: str) -> tuple[str, str] | None:
    """How each of two readings is written without a doubt: 150 and 150000; ``None`` where there is only one.

    Of thousands the first group is no zero. A third decimal that counts gets a fourth: 1.2550.
    """
    form = _FORM.fullmatch(text)
    if form is None or not form["whole"].strip("+-0"):
        return None
    point = f"{text}0" if text[-1] != "0" else text.rstrip("0").rstrip(".")
    return point, form["whole"] + form["decimals"]


TWO_READINGS = "{subject} can be read in two ways: write {point} or {thousands}"
"""What is said of such a number where money or a whole number is due."""
