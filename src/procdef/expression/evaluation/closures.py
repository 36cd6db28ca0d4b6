"""From a typed tree to closures: built once, run often; ``None`` is unknown.

Dates are day numbers and datetimes microseconds since 1970 while they are worked with, so that nothing can overflow.
Arithmetic uses one wide context that would rather fail than round.
"""

from __future__ import annotations

import operator
from collections.abc import Callable, Iterator
from datetime import timedelta, tzinfo
from typing import Any, cast

from procdef.expression.dates_as_numbers import day_of, microseconds
from procdef.expression.evaluation.aggregates import of_a_column, over_rows
from procdef.expression.evaluation.arithmetic import arithmetic, both, in_percent
from procdef.expression.evaluation.deal_as_seen import AGES, Closure, Row, Seen, Truth
from procdef.expression.evaluation.scores import Scoring, added_up, whatever_is_open
from procdef.expression.syntax.tree import SyntaxNode

_COMPARE = {
    "==": operator.eq,
    "!=": operator.ne,
    "<": operator.lt,
    "<=": operator.le,
    ">": operator.gt,
    ">=": operator.ge,
}


def build(node: SyntaxNode, zone: tzinfo) -> Closure:
    """The closure of a typed node; it cannot fail on coerced values."""
    parts = [build(part, zone) for part in node.args]
    match node.op:
        case "literal":
            value = node.value
            return lambda s, row: value
        case "field" | "column":
            return _read(str(node.value), node.op == "column", node.type)
        case "clock":
            return _clock(str(node.value))
        case "score":
            return added_up(cast(Scoring, node.value))
        case "set":
            return lambda s, row: parts[0](s, row) is not None
        case "done":
            path = str(node.value)
            return lambda s, row: path in s.done or (None if path in s.unsure else False)
        case "and" | "or":
            return _junction(parts, node.op == "or")
        case "at_least":
            return _threshold(parts, cast(int, node.value))
        case "not":
            return lambda s, row: None if (value := parts[0](s, row)) is None else not value
        case "any" | "all" | "count":
            return over_rows(node.op, str(node.value), parts)
        case "sum" | "min" | "max":
            return of_a_column(node.op, str(node.value), parts[0], parts[1] if len(parts) > 1 else None)
        case "day":
            return lambda s, row: None if (value := parts[0](s, row)) is None else day_of(value, zone)
        case "hundredfold":
            return in_percent(parts[0])
        case "arithmetic":
            return arithmetic(node, parts, zone)
        case _:
            return whatever_is_open(_comparison(node, parts), tuple(dict.fromkeys(_scores(node))))


def _read(name: str, column: bool, form: str) -> Closure:
    def of_row(s: Seen, row: Row) -> Any:
        return row.get(name)

    def of_deal(s: Seen, row: Row) -> Any:
        return s.values.get(name)

    get = of_row if column else of_deal
    if form == "date":
        return lambda s, row: None if (value := get(s, row)) is None else value.toordinal()
    if form == "datetime":
        return lambda s, row: None if (value := get(s, row)) is None else microseconds(value)
    return get


def _clock(name: str) -> Closure:
    if name == "today":
        return lambda s, row: s.today.toordinal()
    if name == "now":
        return lambda s, row: microseconds(s.now)
    age = AGES[name]
    return lambda s, row: age(s) // timedelta(microseconds=1)


def _scores(node: SyntaxNode) -> Iterator[Scoring]:
    """The scores that a comparison reads."""
    if isinstance(node.value, Scoring):
        yield node.value
    for part in node.args:
        yield from _scores(part)


def _junction(parts: list[Closure], decisive: bool) -> Closure:
    def joined(s: Seen, row: Row) -> Truth:
        result: Truth = not decisive
        for part in parts:
            value: Truth = part(s, row)
            if value is decisive:
                return decisive
            if value is None:
                result = None
        return result

    return joined


def _threshold(parts: list[Closure], wanted: int) -> Closure:
    """True when so many parts are true, false when so many can no longer be."""

    def reached(s: Seen, row: Row) -> Truth:
        seen = [part(s, row) for part in parts]
        if seen.count(True) >= wanted:
            return True
        return None if seen.count(True) + seen.count(None) >= wanted else False

    return reached


def _with_literal(left: Closure, literal: Any, act: Callable[[Any, Any], Any]) -> Closure:
    """As ``both`` with a literal on the right, which most criteria have, without a call for it."""

    def acted(s: Seen, row: Row) -> Any:
        one = left(s, row)
        return None if one is None else act(one, literal)

    return acted


def _comparison(node: SyntaxNode, parts: list[Closure]) -> Closure:
    if node.op == "compare":
        act = _COMPARE[str(node.value)]
        if node.args[1].op == "literal":
            return _with_literal(parts[0], node.args[1].value, act)
        return both(parts[0], parts[1], act)
    if node.op == "contains" and node.args[0].type == "options":
        return both(parts[0], parts[1], lambda options, option: option in options)
    if node.op == "contains":
        return both(parts[0], parts[1], lambda text, part: part.casefold() in text.casefold())

    def several(s: Seen, row: Row) -> Truth:
        seen = [part(s, row) for part in parts]
        if any(value is None for value in seen):
            return None
        if node.op == "between":
            return bool(seen[1] <= seen[0] <= seen[2])
        return seen[0] in seen[1:]

    return several
