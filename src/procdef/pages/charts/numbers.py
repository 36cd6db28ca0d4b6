"""Numbers as people read them, in the language of the page."""

from __future__ import annotations

import re
from decimal import ROUND_HALF_UP, Decimal
from math import floor, isfinite, log10

NOTHING = "n/a"
_SUPERSCRIPTS = str.maketrans("-0123456789", "⁻⁰¹²³⁴⁵⁶⁷⁸⁹")
_COMMA = frozenset({"fi", "sv", "de", "fr", "es", "it", "nl", "da", "nb", "et", "lv", "lt", "pl", "pt", "cs", "ru"})
_LONG, _TINY = 1e9, 1e-3
_WRITTEN = re.compile(r"-?[0-9]+(\.[0-9]+)?")
_THOUSANDS = re.compile(r"(?<=[0-9])(?=(?:[0-9]{3})+$)")


class Numbers:
    """How numbers are written in a language: thousands set apart by a narrow blank, a decimal comma where that is the custom.

    What is as long as a billion, or smaller than a thousandth, is written with a power of ten.
    """

    def __init__(self, language: str | None) -> None:
        self._comma = (language or "en").partition("-")[0] in _COMMA

    def plain(self, number: float | Decimal | None, places: int = 0) -> str:
        """The number with at most so many decimals, no more than it needs; "n/a" where there is none."""
        if number is None or not isfinite(number):
            return NOTHING
        size = abs(float(number))
        if size >= _LONG or 0 < size < min(_TINY, 0.5 / 10.0**places):
            return self._power(float(number))
        exact = number if isinstance(number, Decimal) else Decimal(str(number))
        text = f"{exact.quantize(Decimal(1).scaleb(-places), ROUND_HALF_UP):,f}"
        whole, _, part = text.partition(".")
        part = part.rstrip("0")
        whole = "0" if whole == "-0" and not part else whole
        return whole.replace(",", "\u202f") + (f"{',' if self._comma else '.'}{part}" if part else "")

    def exact(self, number: str) -> str:
        """A number of the log as it is written there, with its thousands set apart; what is none stays as it is."""
        if not _WRITTEN.fullmatch(number):
            return number
        whole, point, part = number.partition(".")
        return _THOUSANDS.sub("\u202f", whole) + (f"{',' if self._comma else '.'}{part}" if point else "")

    def _power(self, number: float) -> str:
        exponent = floor(log10(abs(number)))
        text = f"{number / 10.0**exponent:.1f}".removesuffix(".0")
        return f"{text.replace('.', ',') if self._comma else text}\u00a0·\u00a010{str(exponent).translate(_SUPERSCRIPTS)}"

    def percent(self, number: float | Decimal | None, places: int = 0) -> str:
        """Of a number that is in percent."""
        text = self.plain(number, places)
        return text if text == NOTHING else f"{text}\u00a0%"
