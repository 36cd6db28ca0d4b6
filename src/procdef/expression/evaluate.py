"""From a typed tree to closures: built once, run often; ``None`` is unknown.

Dates are day numbers and datetimes microseconds since 1970 while they are worked with, so that nothing can overflow.
Arithmetic uses one wide context that would rather fail than round.
"""

from __future__ import annotations

import operator
from collections.abc import Callable, Container, Mapping
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from decimal import Context, Decimal, Inexact
from typing import Any, Protocol
from zoneinfo import ZoneInfo

from procdef.expression.check import EPOCH, microseconds
from procdef.expression.parse import SyntaxNode
from procdef.expression.types import Value

Truth = bool | None
_DAY = 86_400_000_000
# 250 tokens make at most 125 factors of 22 digits, so that nothing ever rounds in 6,000.
_EXACT = Context(prec=6_000, Emax=999_999, Emin=-999_999, traps=[Inexact])
_COMPARE = {
    "==": operator.eq,
    "!=": operator.ne,
    "<": operator.lt,
    "<=": operator.le,
    ">": operator.gt,
    ">=": operator.ge,
}
_EPOCH_DAY = EPOCH.toordinal()


class Seen(Protocol):
    """What an expression sees of a deal at one moment: set values, actions done (``stage.action``), the time (UTC) and the
    date in the process's time zone, the age of the deal and of its stay in the stage."""

    @property
    def values(self) -> Mapping[str, Value]: ...
    @property
    def done(self) -> Container[str]: ...
    @property
    def now(self) -> datetime: ...
    @property
    def today(self) -> date: ...
    @property
    def age(self) -> timedelta: ...
    @property
    def stage_age(self) -> timedelta: ...


@dataclass(slots=True)
class Situation:
    """What an expression sees, given outright."""

    values: Mapping[str, Value]
    done: Container[str]
    now: datetime
    today: date
    age: timedelta
    stage_age: timedelta


Row = Mapping[str, Any]
Closure = Callable[[Seen, Row], Any]


def build(node: SyntaxNode, zone: ZoneInfo) -> Closure:
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
        case "set":
            return lambda s, row: parts[0](s, row) is not None
        case "done":
            path = str(node.value)
            return lambda s, row: path in s.done
        case "and" | "or":
            return _junction(parts, node.op == "or")
        case "not":
            return lambda s, row: None if (value := parts[0](s, row)) is None else not value
        case "any" | "all" | "count":
            return _rows(node.op, str(node.value), parts)
        case "day":
            return lambda s, row: None if (value := parts[0](s, row)) is None else _day(value, zone)
        case "hundredfold":
            return _both(parts[0], lambda s, row: 100, _EXACT.multiply)
        case "arithmetic":
            return _arithmetic(node, parts)
        case _:
            return _comparison(node, parts)


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
    if name == "deal.age":
        return lambda s, row: s.age // timedelta(microseconds=1)
    return lambda s, row: s.stage_age // timedelta(microseconds=1)


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


def _rows(op: str, name: str, parts: list[Closure]) -> Closure:
    def counted(s: Seen, row: Row) -> Any:
        rows: Any = s.values.get(name, ())
        if not parts:
            return len(rows)
        seen = [parts[0](s, each) for each in rows]
        if op == "count":
            return None if None in seen else sum(seen)
        if not seen:
            return None
        decisive = op == "any"
        if decisive in seen:
            return decisive
        return None if None in seen else not decisive

    return counted


def _day(moment: int | Decimal, zone: ZoneInfo) -> int:
    """The day number of a moment in the time zone; beyond the calendar, of the moment in UTC."""
    whole = int(_EXACT.to_integral_value(Decimal(moment))) if isinstance(moment, Decimal) else moment
    try:
        return (EPOCH + timedelta(microseconds=whole)).astimezone(zone).toordinal()
    except OverflowError:
        return whole // _DAY + _EPOCH_DAY


def _both(left: Closure, right: Closure, act: Callable[[Any, Any], Any]) -> Closure:
    def acted(s: Seen, row: Row) -> Any:
        one = left(s, row)
        if one is None:
            return None
        other = right(s, row)
        return None if other is None else act(one, other)

    return acted


def _with_literal(left: Closure, literal: Any, act: Callable[[Any, Any], Any]) -> Closure:
    """As ``_both`` with a literal on the right, which most criteria have, without a call for it."""

    def acted(s: Seen, row: Row) -> Any:
        one = left(s, row)
        return None if one is None else act(one, literal)

    return acted


def _arithmetic(node: SyntaxNode, parts: list[Closure]) -> Closure:
    left, right = node.args
    if node.value == "*":
        if "percent" in (left.type, right.type):
            return _both(parts[0], parts[1], lambda a, b: _EXACT.multiply(_EXACT.multiply(a, b), Decimal("0.01")))
        return _both(parts[0], parts[1], _EXACT.multiply)
    act = _EXACT.add if node.value == "+" else _EXACT.subtract
    if node.type == "date":
        if left.type == "date":
            return _both(parts[0], parts[1], lambda a, b: act(a, int(b) // _DAY))
        return _both(parts[0], parts[1], lambda a, b: act(int(a) // _DAY, b))
    if left.type == "date":
        return _both(parts[0], parts[1], lambda a, b: _EXACT.multiply(_EXACT.subtract(a, b), _DAY))
    return _both(parts[0], parts[1], act)


def _comparison(node: SyntaxNode, parts: list[Closure]) -> Closure:
    if node.op == "compare":
        act = _COMPARE[str(node.value)]
        if node.args[1].op == "literal":
            return _with_literal(parts[0], node.args[1].value, act)
        return _both(parts[0], parts[1], act)
    if node.op == "contains":
        return _both(parts[0], parts[1], lambda text, part: part.casefold() in text.casefold())

    def several(s: Seen, row: Row) -> Truth:
        seen = [part(s, row) for part in parts]
        if any(value is None for value in seen):
            return None
        if node.op == "between":
            return bool(seen[1] <= seen[0] <= seen[2])
        return seen[0] in seen[1:]

    return several
