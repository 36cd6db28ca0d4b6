"""Rates with their intervals, spreads of times, and amounts of money: how figures are worked out, whatever they are of."""

from __future__ import annotations

import json
from array import array
from collections.abc import Iterable, Sequence
from datetime import datetime
from decimal import ROUND_HALF_UP, Context, Decimal
from math import fsum, sqrt
from typing import Any, TypeVar

from procdef.errors import LogBroken
from procdef.reports.report import Days, Rate, WorkingHours

T = TypeVar("T")
_Z = 1.959963984540054
"""The 97.5th percentile of the standard normal distribution: an interval at 95 % leaves 2.5 % on either side."""
_HUNDREDTH, _TEN_THOUSANDTH = Decimal("0.01"), Decimal("0.0001")
_WIDE = Context(prec=60, rounding=ROUND_HALF_UP)
"""Sums of a million amounts of 21 digits, and quotients of them, fit by far."""
_EPOCH = datetime.fromisoformat("1970-01-01T00:00:00Z")
DAY, HOUR = 86_400, 3_600


def seconds(text: str, stream: str) -> float:
    """A stored time in seconds since 1970. Raises ``LogBroken`` for one that is none."""
    try:
        return (datetime.fromisoformat(text) - _EPOCH).total_seconds()
    except (ValueError, TypeError):
        raise LogBroken(f"{stream}: the time {text!r} cannot be read", stream) from None


def ordered(names: Iterable[str], declared: Iterable[str]) -> list[str]:
    """Each name once: those that are declared in that order, others behind them."""
    found = set(names)
    return [*(name for name in declared if name in found), *sorted(found.difference(declared))]


def stored(text: str, stream: str) -> Any:
    """A stored value of a field. Raises ``LogBroken`` for what is no JSON."""
    try:
        return json.loads(text)
    except (ValueError, TypeError, RecursionError):
        raise LogBroken(f"{stream}: the value of a field cannot be read", stream) from None


def worth(text: str, stream: str) -> Decimal:
    """The stored value of a deal. Raises ``LogBroken`` for one that is no number."""
    try:
        found = Decimal(text)
        if found.is_finite():
            return found
    except (ArithmeticError, ValueError, TypeError):
        pass
    raise LogBroken(f"{stream}: the value {text!r} cannot be read", stream)


def percent(part: Decimal | float, whole: Decimal | float) -> Decimal | None:
    """A share in percent with two decimals; ``None`` of nothing."""
    return _WIDE.divide(Decimal(part) * 100, Decimal(whole)).quantize(_HUNDREDTH, context=_WIDE) if whole else None


def rate(met: int, n: int) -> Rate:
    """``met`` of ``n``, with Wilson's score interval (Wilson 1927, Journal of the American Statistical Association 22)."""
    if not n:
        return Rate(None, 0, None, None)
    share, square = met / n, _Z * _Z / n
    middle, half = share + square / 2, _Z * sqrt((share * (1 - share) + square / 4) / n)
    low, high = ((middle - half) / (1 + square), (middle + half) / (1 + square))
    return Rate(percent(met, n), n, _bound(low if met else 0), _bound(high if met < n else 1))


def _bound(share: float) -> Decimal:
    return Decimal(repr(100 * min(max(share, 0), 1))).quantize(_HUNDREDTH, ROUND_HALF_UP)


def middle(ordered: Sequence[float]) -> float:
    """The median of what is sorted and not empty."""
    count = len(ordered)
    return (ordered[(count - 1) // 2] + ordered[count // 2]) / 2


def nearest_rank(ordered: Sequence[T], percentile: int) -> T:
    """The smallest of what is sorted, and not empty, that at least so many percent do not exceed."""
    return ordered[-(-len(ordered) * percentile // 100) - 1]


def days(lengths: array[float]) -> Days:
    """The spread of lengths in seconds."""
    return Days(len(lengths), *_spread(lengths, DAY))


def hours(lengths: array[float]) -> WorkingHours:
    """The spread of lengths in seconds of working time."""
    return WorkingHours(len(lengths), *_spread(lengths, HOUR))


def _spread(lengths: array[float], unit: int) -> tuple[float | None, float | None, float | None, float | None]:
    if not lengths:
        return None, None, None, None
    ordered = sorted(lengths)
    found = (middle(ordered), fsum(ordered) / len(ordered), nearest_rank(ordered, 90), ordered[-1])
    return tuple(_places(each, unit) for each in found)  # type: ignore[return-value]


def _places(length: float, unit: int) -> float:
    """With four decimals, halves away from zero: exactly so, as a quotient of floats may lie on the other side of a half."""
    return float(_WIDE.divide(Decimal(length), Decimal(unit)).quantize(_TEN_THOUSANDTH, context=_WIDE))


def total(amounts: Sequence[Decimal]) -> Decimal | None:
    """The sum, exact; ``None`` of nothing."""
    found = Decimal(0)
    for amount in amounts:
        found = _WIDE.add(found, amount)
    return found if amounts else None


def mean(amounts: Sequence[Decimal], digits: int) -> Decimal | None:
    """The mean to so many decimals; ``None`` of nothing."""
    whole = total(amounts)
    return None if whole is None else rounded(_WIDE.divide(whole, Decimal(len(amounts))), digits)


def median(amounts: Sequence[Decimal], digits: int) -> Decimal | None:
    """The median to so many decimals, or exact where there is one in the middle; ``None`` of nothing."""
    if not amounts:
        return None
    ordered, count = sorted(amounts), len(amounts)
    if count % 2:
        return ordered[count // 2]
    return rounded(_WIDE.divide(_WIDE.add(ordered[count // 2 - 1], ordered[count // 2]), Decimal(2)), digits)


def rounded(amount: Decimal, digits: int) -> Decimal:
    """To so many decimals, halves away from zero."""
    return amount.quantize(Decimal(1).scaleb(-digits), context=_WIDE)

