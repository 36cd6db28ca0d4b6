"""Sums, differences and products; nothing ever rounds."""

from __future__ import annotations

from collections.abc import Callable
from datetime import tzinfo
from decimal import Decimal
from typing import Any

from procdef.expression.dates_as_numbers import DAY, day_months_later, moment_months_later
from procdef.expression.evaluation.deal_as_seen import Closure, Row, Seen
from procdef.expression.exact_decimals import EXACT
from procdef.expression.syntax.tree import SyntaxNode


def arithmetic(node: SyntaxNode, parts: list[Closure], zone: tzinfo) -> Closure:
    """The sum, difference or product of two parts."""
    left, right = node.args
    if node.value == "*":
        if "percent" in (left.type, right.type):
            return both(parts[0], parts[1], lambda a, b: EXACT.multiply(EXACT.multiply(a, b), Decimal("0.01")))
        return both(parts[0], parts[1], EXACT.multiply)
    act = EXACT.add if node.value == "+" else EXACT.subtract
    if node.type in ("date", "datetime") and "months" in (left.type, right.type):
        start, months = (parts[0], parts[1]) if right.type == "months" else (parts[1], parts[0])
        return both(start, months, _months_later(node, zone))
    if node.type == "date":
        if left.type == "date":
            return both(parts[0], parts[1], lambda a, b: act(a, int(b) // DAY))
        return both(parts[0], parts[1], lambda a, b: act(int(a) // DAY, b))
    if left.type == "date":
        return both(parts[0], parts[1], lambda a, b: EXACT.multiply(EXACT.subtract(a, b), DAY))
    return both(parts[0], parts[1], act)


def _months_later(node: SyntaxNode, zone: tzinfo) -> Callable[[Any, Any], Any]:
    """What adds whole months to a date or a time, or takes them off."""
    sign = 1 if node.value == "+" else -1
    if node.type == "date":
        return lambda day, months: day_months_later(int(day), sign * int(months))
    return lambda moment, months: moment_months_later(moment, sign * int(months), zone)


def both(left: Closure, right: Closure, act: Callable[[Any, Any], Any]) -> Closure:
    """What two parts come to together; unknown where one of them is."""

    def acted(s: Seen, row: Row) -> Any:
        one = left(s, row)
        if one is None:
            return None
        other = right(s, row)
        return None if other is None else act(one, other)

    return acted


def in_percent(share: Closure) -> Closure:
    """A number by a percentage as the percentage that it is."""
    return both(share, lambda s, row: 100, EXACT.multiply)
