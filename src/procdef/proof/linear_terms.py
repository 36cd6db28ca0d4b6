"""Parts of a comparison as sums of variables, each by a number: what can be reasoned about exactly.

A variable is a field, a fact of time or an aggregate of a list (``aggregate:``, behind it its number). Dates are day numbers
and times microseconds, as where expressions are evaluated; a time seen as a date is a variable of its own (``day:``), and so
is a date some months later (``months:``).
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from decimal import Decimal
from fractions import Fraction
from typing import cast

from procdef.expression.dates_as_numbers import DAY
from procdef.expression.evaluation.scores import Scoring
from procdef.expression.syntax.tree import SyntaxNode

_COUNTED = frozenset(("literal", "number", "money", "percent", "share", "date", "datetime", "days", "duration"))
_AGGREGATES = ("count", "sum", "min", "max")


@dataclass(frozen=True, slots=True)
class Sum:
    """Variables, each by a number, and a constant."""

    factors: dict[str, Fraction]
    constant: Fraction

    def by(self, number: Fraction) -> Sum:
        """Everything by a number."""
        return Sum({name: each * number for name, each in self.factors.items()}, self.constant * number)

    def plus(self, other: Sum, sign: int = 1) -> Sum:
        """This and another, or with the sign -1 this without another."""
        factors = dict(self.factors)
        for name, each in other.factors.items():
            factors[name] = factors.get(name, Fraction(0)) + each * sign
        return Sum(factors, self.constant + other.constant * sign)


def summed(node: SyntaxNode, aggregate: Callable[[SyntaxNode], str]) -> Sum | None:
    """The sum that a typed part is; ``None`` where it is none. ``aggregate`` names the variable of an aggregate."""
    if node.type not in _COUNTED:
        return None
    match node.op:
        case "literal":
            return Sum({}, Fraction(cast(Decimal | int, node.value)))
        case "field" | "clock" if not isinstance(node.value, Scoring):
            return Sum({str(node.value): Fraction(1)}, Fraction(0))
        case "count" | "sum" | "min" | "max":
            return Sum({aggregate(node): Fraction(1)}, Fraction(0))
        case "day":
            inner = node.args[0]
            return Sum({f"day:{inner.value}": Fraction(1)}, Fraction(0)) if inner.op in ("field", "clock") else None
        case "hundredfold":
            share = summed(node.args[0], aggregate)
            return share.by(Fraction(100)) if share else None
        case "arithmetic":
            return _arithmetic(node, aggregate)
    return None


def _arithmetic(node: SyntaxNode, aggregate: Callable[[SyntaxNode], str]) -> Sum | None:
    one, other = node.args
    if node.type in ("date", "datetime") and other.type == "months":
        if one.op not in ("field", "clock") or other.op != "literal":
            return None
        months = int(cast(Decimal, other.value)) * (1 if node.value == "+" else -1)
        return Sum({f"months:{months}:{one.value}": Fraction(1)}, Fraction(0))
    left, right = summed(one, aggregate), summed(other, aggregate)
    if left is None or right is None:
        return None
    if node.value == "*":
        number, rest = (left.constant, right) if not left.factors else (right.constant, left)
        if left.factors and right.factors:
            return None
        return rest.by(number / 100 if "percent" in (one.type, other.type) else number)
    if node.type == "date":
        if one.type == "date":
            right = right.by(Fraction(1, DAY))
        else:
            left = left.by(Fraction(1, DAY))
    found = left.plus(right, 1 if node.value == "+" else -1)
    return found.by(Fraction(DAY)) if one.type == "date" and other.type == "date" else found


def is_aggregate(node: SyntaxNode) -> bool:
    """Whether a part is a number that is made of the rows of a list."""
    return node.op in _AGGREGATES
