"""Comparisons: which types meet, and as what they are compared."""

from __future__ import annotations

import re
from dataclasses import replace
from datetime import UTC

from procdef.expression.checking.arithmetic import (
    PLAIN,
    UNITS,
    UNLESS_SO_LITTLE,
    in_percent,
    lack_length,
    share_of_hundred,
)
from procdef.expression.checking.name_resolution import Names
from procdef.expression.checking.words_for_nodes import described
from procdef.expression.dates_as_numbers import microseconds
from procdef.expression.given_values import written_moment
from procdef.expression.syntax.tree import SyntaxNode, is_empty_text
from procdef.time_zones import told_jump

_ORDERED = frozenset(("number", "money", "percent", "duration", "months", "date", "datetime"))
_DATE = re.compile(r"[0-9]{4}-[0-9]{2}-[0-9]{2}")
_NUMBER = re.compile(r"[0-9]+(\.[0-9]+)?")
_COUNTED = ("number", "money")


def compared(names: Names, node: SyntaxNode, parts: list[SyntaxNode]) -> list[SyntaxNode | None]:
    """The typed parts of a comparison, as they are compared; a part that is faulty is ``None``."""
    if node.op == "contains":
        if parts[0].type == parts[1].type == "text":
            return [*parts]
        sentence = "contains takes text, found {left} and {right}"
        names.fault(node, "type-mismatch", sentence, left=described(parts[0]), right=described(parts[1]))
        return []
    empty = node.op == "compare" and is_empty_text(parts[1]) and not names.scope.published
    if empty and node.value in ("==", "!="):
        names.equals_no_text(node)
        return []
    if _uncounted(names, parts) or _quoted_fields(names, node, parts):
        return []
    target = _met(parts)
    if target == "datetime":
        parts = [_moment(names, part) if part.type == "text" else part for part in parts]
    if target == "duration" and any(part.type == "months" for part in parts):
        _lack_length(names, node, parts)
        return []
    if target == "money" or (target == "number" and any(names.is_integer(part) for part in parts)):
        doubtful = [names.ask_about(part) for part in parts if part.type == "literal"]
        lost = [names.has_lost_decimals(part) for part in parts if target == "money"]
        if any(doubtful) or any(lost):
            return []
    fitted = [_fit(names, part, target, parts) for part in parts]
    if None in fitted:
        return fitted
    ordered = node.op == "between" or node.value in ("<", "<=", ">", ">=")
    if ordered and target not in _ORDERED:
        names.fault(node, "type-mismatch", "{type} has no order: compare it with == or !=", type=target)
        return []
    if target == "list":
        names.fault(node, "type-mismatch", "a list cannot be compared: use any, all or count")
        return []
    return fitted


def _uncounted(names: Names, parts: list[SyntaxNode]) -> bool:
    """Whether a list is compared with a number, which means how many rows it has; says so."""
    lists = [part for part in parts if part.type == "list"]
    others = [part for part in parts if part.type != "list"]
    if len(lists) != 1 or not others or any(part.type not in ("number", "literal") for part in others):
        return False
    sentence = "a list is counted before it is compared with a number: write {fix}"
    names.fault(lists[0], "type-mismatch", sentence, f"count({names.words(lists[0])})")
    return True


def _quoted_fields(names: Names, node: SyntaxNode, parts: list[SyntaxNode]) -> bool:
    """Whether fields are compared that stand in quotes, so that they are texts; says so."""
    quoted = [part for part in parts if part.type == "text" and part.op == "literal" and names.field_type(str(part.value))]
    if not quoted or names.scope.published or any(part.type == "text" and part not in quoted for part in parts):
        return False
    sentence = 'what stands in quotes is a text; the field "{subject}" stands without them: write {fix}'
    for part in quoted:
        names.fault(part, "type-mismatch", sentence, str(part.value), str(part.value), "field")
    return True


def _met(parts: list[SyntaxNode]) -> str:
    """The type in which the parts are compared; a datetime opposite a date is a date."""
    types = {part.type for part in parts}
    for wanted in ("date", "datetime", "percent", "money"):
        if wanted in types:
            return wanted
    return "duration" if types & {"duration", "days"} else PLAIN.get(parts[0].type, parts[0].type)


def _moment(names: Names, node: SyntaxNode) -> SyntaxNode:
    """A text as the date and time that it is, where it is one."""
    if node.op != "literal":
        return node
    moment = written_moment(str(node.value))
    if moment is None:
        return node
    try:
        if moment.tzinfo is None and not names.scope.published and (jump := told_jump(moment, names.scope.timezone)):
            names.fault(node, "skipped-time", "{jump}", None, str(node.value), "value", jump=jump)
        moment = (moment if moment.tzinfo else moment.replace(tzinfo=names.scope.timezone)).astimezone(UTC)
    except OverflowError:
        return node
    return replace(node, value=microseconds(moment), type="datetime")


def _fit(names: Names, node: SyntaxNode, target: str, parts: list[SyntaxNode]) -> SyntaxNode | None:
    """The node as one of the type in which it is compared, or ``None`` with a fault."""
    if PLAIN.get(node.type, node.type) == target or (target == "money" and node.type == "literal"):
        return node
    if target == "date" and node.type == "datetime":
        return replace(node, op="day", args=(node,), type="date")
    if target == "percent" and node.type == "share":
        return in_percent(node)
    other = next((part for part in parts if part.type == target), parts[0])
    if _lacks_unit(names, node, target, other) or (node.op == "literal" and _misquoted(names, node, target)):
        return None
    whole = replace(node, start=parts[0].start, end=max(node.end, parts[1].end))
    sentence = "cannot compare {left} with {right}"
    names.fault(whole, "type-mismatch", sentence, left=described(other), right=described(node))
    return None


def _lack_length(names: Names, node: SyntaxNode, parts: list[SyntaxNode]) -> None:
    """Say what to write where months or years, whose length is not fixed, are compared with a duration."""
    months = next(part for part in parts if part.type == "months")
    other = next(part for part in parts if part.type != "months")
    if node.op == "compare" and other.op == "arithmetic" and other.args[0].type in ("date", "datetime"):
        later, earlier = (names.words(part) for part in other.args)
        sides = [later, f"{earlier} + {names.words(months)}"]
        fix = f" {node.value} ".join(sides if other is parts[0] else reversed(sides))
        lack_length(names, node, months, fix)
    else:
        lack_length(names, months, months)


def _lacks_unit(names: Names, node: SyntaxNode, target: str, other: SyntaxNode) -> bool:
    """Whether a plain number stands where days or percent are due; says so."""
    unit = UNITS.get(PLAIN.get(target, target))
    if unit is None or node.type != "literal":
        return False
    fix = f"{node.value} {unit}" if node.op == "literal" else None
    sentence = "{other} is compared with a plain number: write " + ("{fix}" if fix else "it in {unit}")
    if unit == "%" and node.op == "literal" and (share := share_of_hundred(node)):
        sentence, fix = sentence + UNLESS_SO_LITTLE, share
    names.fault(node, "missing-unit", sentence, fix, other=described(other), unit=unit, number=node.value)
    return True


def _misquoted(names: Names, node: SyntaxNode, target: str) -> bool:
    """Whether a text is a value of another type that is written otherwise; says how."""
    written = str(node.value)
    if node.type != "text":
        return False
    if target == "datetime":
        names.fault(node, "type-mismatch", 'a date and time is written "2026-01-31T12:00"')
    elif target == "date" and _DATE.fullmatch(written):
        names.fault(node, "type-mismatch", "a date is written without quotes: write {fix}", written)
    elif target == "boolean" and written.lower() in ("true", "false", "yes", "no"):
        fix = "true" if written.lower() in ("true", "yes") else "false"
        names.fault(node, "type-mismatch", "true and false are written without quotes: write {fix}", fix)
    elif target in _COUNTED and _NUMBER.fullmatch(written):
        names.fault(node, "type-mismatch", "a number is written without quotes: write {fix}", written)
    else:
        return False
    return True
