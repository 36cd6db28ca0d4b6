"""Sums, differences and products: which types they take, and which they have.

Beside the types of fields there are, inside an expression, ``literal`` (a number that may turn out to be an amount of money),
``share`` (a number by a percentage, which is the one or the other, as what it meets asks), ``days`` (a duration of whole
days, which a date can take) and ``months`` (whole months or years, which have no fixed length).
"""

from __future__ import annotations

from dataclasses import replace
from decimal import Decimal
from typing import cast

from procdef.expression.checking.name_resolution import Names
from procdef.expression.checking.words_for_nodes import described
from procdef.expression.syntax.tree import SyntaxNode

PLAIN = {"literal": "number", "share": "number", "days": "duration"}
"""The type that people know, for those that only expressions have."""
UNITS = {"percent": "%", "duration": "days", "months": "months"}
"""The unit to write after a number that is to be of that type."""

_ADDED = {"date": ("days", "months"), "datetime": ("days", "duration", "months")}
"""What a date and a time take."""


def product(left: str, right: str) -> str | None:
    """The type of a product; None where these types have none."""
    # A share is a number in every product: `seats * 10 % * price` is an amount, however it is grouped.
    numbers = ("number", "literal", "share")
    for one, other in ((left, right), (right, left)):
        if one in numbers and other in numbers:
            return next(kind for kind in ("share", "literal", "number") if kind in (left, right))
        if one in numbers and other in ("money", "duration", "days", "months"):
            # Half a day is no whole day: whoever knows that the number is whole makes days of it again.
            return "duration" if other == "days" else other
        if other == "percent" and (one in numbers or one == "money"):
            return "money" if one == "money" else "share"
    return None


def total(sign: str, left: str, right: str) -> str | None:
    """The type of a sum or, with the sign ``-``, of a difference; None where these types have none."""
    if left in ("date", "datetime") and left == right and sign == "-":
        return "days" if left == "date" else "duration"
    for one, other in ((left, right), (right, left)):
        if other in _ADDED.get(one, ()):
            return None if sign == "-" and right == one else one
        if one == "money" and other in ("money", "literal"):
            return "money"
        if one == "percent" and other == "share":
            return "percent"
    if left == right and left in ("literal", "share", "percent", "days", "months"):
        return left
    if PLAIN.get(left, left) == PLAIN.get(right, right) and PLAIN.get(left, left) in ("number", "duration"):
        return PLAIN.get(left, left)
    return None


def arithmetic(names: Names, node: SyntaxNode, left: SyntaxNode, right: SyntaxNode) -> SyntaxNode | None:
    """The typed node of a sum, difference or product of typed parts."""
    if node.value == "*":
        result = product(left.type, right.type)
        if result == "duration" and "days" in (left.type, right.type) and _is_whole(names, left, right):
            result = "days"
    else:
        result = total(str(node.value), left.type, right.type)
    if result == "months" and not _is_whole(names, left, right):
        sentence = "months and years are multiplied by whole numbers, as a field of type integer or count(...)"
        names.fault(node, "type-mismatch", sentence)
        return None
    if result is None and (_lacks_unit(names, node, left, right) or _lacks_length(names, left, right)):
        return None
    if result is None:
        word = {"+": "add", "-": "subtract", "*": "multiply"}[str(node.value)]
        sentence = "cannot {word} {left} and {right}"
        names.fault(node, "type-mismatch", sentence, word=word, left=described(left), right=described(right))
        return None
    if node.value != "*" and _doubtful(names, left, right):
        return None
    if result == "percent":
        left, right = in_percent(left), in_percent(right)
    return replace(node, args=(left, right), type=result)


def _doubtful(names: Names, left: SyntaxNode, right: SyntaxNode) -> bool:
    """Whether a number that can be read in two ways is added to money or a whole number, or taken off it."""
    for one, other in ((left, right), (right, left)):
        if one.type == "literal" and (other.type == "money" or names.is_integer(other)):
            return names.ask_about(one)
    return False


def in_percent(node: SyntaxNode) -> SyntaxNode:
    """A share as the percentage that it is opposite one."""
    return replace(node, op="hundredfold", args=(node,), type="percent") if node.type == "share" else node


def _is_whole(names: Names, *nodes: SyntaxNode) -> bool:
    """Whether typed nodes can only be whole numbers, or whole days."""
    return all(
        node.type in ("days", "months")
        or names.is_integer(node)
        or (node.op == "literal" and isinstance(node.value, Decimal) and node.value == int(node.value))
        or (node.op == "arithmetic" and node.type in ("number", "literal") and _is_whole(names, *node.args))
        for node in nodes
    )


def lack_length(names: Names, at: SyntaxNode, months: SyntaxNode, fix: str | None = None) -> None:
    """Say that months or years stand where a fixed length is due, and what to write instead where that is certain."""
    word = "year" if names.words(months).endswith(("year", "years")) else "month"
    fix = fix or _in_days(months)
    sentence = "a {word} has no fixed length: write " + ("{fix}" if fix else "it in days")
    names.fault(at, "type-mismatch", sentence, fix, word=word)


def _in_days(node: SyntaxNode) -> str | None:
    if node.op != "literal":
        return None
    count = int(cast(Decimal, node.value))
    years, months = divmod(abs(count), 12)
    return f"{'-' * (count < 0)}{years * 365 + months * 30} days"


def _lacks_length(names: Names, left: SyntaxNode, right: SyntaxNode) -> bool:
    """Whether a sum fails because months or years meet a duration of fixed length; says so."""
    for one, other in ((left, right), (right, left)):
        if one.type == "months" and other.type in ("days", "duration"):
            lack_length(names, one, one)
            return True
    return False


def _lacks_unit(names: Names, node: SyntaxNode, left: SyntaxNode, right: SyntaxNode) -> bool:
    """Whether a sum fails only because a plain number stands where days or percent are due; says so."""
    for one, other in ((left, right), (right, left)):
        unit = "days" if other.type in ("date", "datetime") else UNITS.get(PLAIN.get(other.type, other.type))
        kind = "days" if unit == "days" else "percent"
        meant = (kind, right.type) if one is left else (left.type, kind)
        literal = node.value != "*" and one.op == "literal" and one.type == "literal"
        if literal and unit is not None and total(str(node.value), *meant):
            whole = one is left and one.value == 1  # as in price * (1 - discount)
            sentence, fix = "{other} goes with a number of {unit}: write {fix}", f"{one.value} {unit}"
            if unit == "%" and (share := share_of_hundred(one, whole)):
                sentence, fix = sentence + UNLESS_SO_LITTLE, share
            names.fault(one, "missing-unit", sentence, fix, other=described(other), unit=unit, number=one.value)
            return True
    return False


UNLESS_SO_LITTLE = " (or {number} %, if so little is meant)"


def share_of_hundred(node: SyntaxNode, whole: bool = False) -> str | None:
    """The percentage that is likely meant by a number between 0 and 1, or by 1 where that is the ``whole``."""
    number = node.value
    if not isinstance(number, Decimal) or not (0 < abs(number) < 1 or (whole and number == 1)):
        return None
    return f"{(number * 100).normalize():f} %"
