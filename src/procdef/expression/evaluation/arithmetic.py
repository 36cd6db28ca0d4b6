"""Sums, differences and products; nothing ever rounds."""

from __future__ import annotations

from collections.abc import Callable
from decimal import Context, Decimal, Inexact
from typing import Any

from procdef.expression.evaluation.situation import Closure, Row, Seen
from procdef.expression.moments import DAY
from procdef.expression.syntax.tree import SyntaxNode

# 250 tokens make at most 125 factors of 22 digits, so that nothing ever rounds in 6,000.
EXACT = Context(prec=6_000, Emax=999_999, Emin=-999_999, traps=[Inexact])


def arithmetic(node: SyntaxNode, parts: list[Closure]) -> Closure:
    """The sum, difference or product of two parts."""
    left, right = node.args
    if node.value == "*":
        if "percent" in (left.type, right.type):
            return both(parts[0], parts[1], lambda a, b: EXACT.multiply(EXACT.multiply(a, b), Decimal("0.01")))
        return both(parts[0], parts[1], EXACT.multiply)
    act = EXACT.add if node.value == "+" else EXACT.subtract
    if node.type == "date":
        if left.type == "date":
            return both(parts[0], parts[1], lambda a, b: act(a, int(b) // DAY))
        return both(parts[0], parts[1], lambda a, b: act(int(a) // DAY, b))
    if left.type == "date":
        return both(parts[0], parts[1], lambda a, b: EXACT.multiply(EXACT.subtract(a, b), DAY))
    return both(parts[0], parts[1], act)


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
