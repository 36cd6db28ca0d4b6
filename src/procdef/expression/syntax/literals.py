"""Numbers, with their units, dates and texts."""

from __future__ import annotations

import re
import unicodedata
from datetime import date
from decimal import Decimal

from procdef.expression.syntax.cursor import Cursor
from procdef.expression.syntax.tokens import SyntaxFault, Token
from procdef.expression.syntax.tree import SyntaxNode

_FIXED = {"minute": 60, "hour": 3_600, "day": 86_400, "week": 604_800}
"""Seconds."""
_CALENDAR = {"month": 1, "year": 12}
"""Months."""
_UNITS = frozenset(word for unit in (*_FIXED, *_CALENDAR) for word in (unit, f"{unit}s"))
_WHOLE_DAYS = ("day", "week")


def literal(cursor: Cursor) -> SyntaxNode | None:
    """The literal that comes next, if any; raises ``SyntaxFault``."""
    token = cursor.here
    if token.text == "-" and cursor.following.kind == "number":
        cursor.at += 1
        return _number(cursor, token.start, -1)
    if token.kind == "number":
        return _number(cursor, token.start, 1)
    if token.kind == "date":
        return _day(cursor, token)
    if token.kind == "text":
        cursor.at += 1
        inner = re.sub(r'\\(["\\])', r"\1", token.text[1:-1])
        return SyntaxNode("literal", token.start, token.end, (), unicodedata.normalize("NFC", inner), "text")
    if cursor.take("true", "false"):
        return SyntaxNode("literal", token.start, token.end, (), token.text == "true", "boolean")
    return None


def _day(cursor: Cursor, token: Token) -> SyntaxNode:
    cursor.at += 1
    try:
        return SyntaxNode("literal", token.start, token.end, (), date.fromisoformat(token.text).toordinal(), "date")
    except ValueError:
        sentence = "{day} is not a day of the calendar"
        raise SyntaxFault("expression-syntax", token.start, token.end, sentence, day=token.text) from None


def _number(cursor: Cursor, start: int, sign: int) -> SyntaxNode:
    token = cursor.here
    cursor.at += 1
    whole, _, decimals = token.text.partition(".")
    if len(whole.lstrip("0")) > 15 or len(decimals) > 6:
        raise SyntaxFault(
            "expression-syntax", start, token.end, "a number has at most 15 digits before the point and 6 after"
        )
    amount = Decimal(token.text) * sign
    unit = cursor.take("%", *_UNITS)
    if unit is None:
        _other_unit(cursor.here)
        return SyntaxNode("literal", start, token.end, (), amount, "literal")
    if unit.text == "%":
        return SyntaxNode("literal", start, unit.end, (), amount, "percent")
    if decimals:
        sentence = "a duration takes a whole number of {unit}"
        raise SyntaxFault("expression-syntax", start, unit.end, sentence, unit=unit.text)
    word = unit.text.removesuffix("s")
    if word in _CALENDAR:
        return SyntaxNode("literal", start, unit.end, (), amount * _CALENDAR[word], "months")
    kind = "days" if word in _WHOLE_DAYS else "duration"
    return SyntaxNode("literal", start, unit.end, (), amount * _FIXED[word] * 1_000_000, kind)


def _other_unit(token: Token) -> None:
    """Raises ``SyntaxFault`` where a token is a unit of time that expressions do not have."""
    why = {"business": "business time belongs to sla, not here", "quarter": "write months"}
    word = token.text.removesuffix("s") if token.text != "business" else token.text
    if word in why:
        sentence = '"{unit}" is not a unit here: {why}'
        raise SyntaxFault("expression-syntax", token.start, token.end, sentence, unit=token.text, why=why[word])
