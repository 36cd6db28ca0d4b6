"""Which types sums and products have.

Beside the types of fields there are, inside an expression, ``literal`` (a number that may turn out to be an amount of money),
``share`` (a number by a percentage, which is the one or the other, as what it meets asks) and ``days`` (a duration of whole
days, which a date can take).
"""

from __future__ import annotations

PLAIN = {"literal": "number", "share": "number", "days": "duration"}
"""The type that people know, for those that only expressions have."""


def product(left: str, right: str) -> str | None:
    """The type of a product; None where these types have none."""
    # A share is a number in every product: `seats * 10 % * price` is an amount, however it is grouped.
    numbers = ("number", "literal", "share")
    for one, other in ((left, right), (right, left)):
        if one in numbers and other in numbers:
            return next(kind for kind in ("share", "literal", "number") if kind in (left, right))
        if one in numbers and other in ("money", "duration", "days"):
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
        if (one == "date" and other == "days") or (one == "datetime" and other in ("days", "duration")):
            return None if sign == "-" and right == one else one
        if one == "money" and other in ("money", "literal"):
            return "money"
        if one == "percent" and other == "share":
            return "percent"
    if left == right and left in ("literal", "share", "percent", "days"):
        return left
    if PLAIN.get(left, left) == PLAIN.get(right, right) and PLAIN.get(left, left) in ("number", "duration"):
        return PLAIN.get(left, left)
    return None
