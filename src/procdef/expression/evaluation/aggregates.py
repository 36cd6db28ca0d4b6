"""What the rows of a list come to."""

from __future__ import annotations

from collections.abc import Callable, Iterable
from decimal import Decimal
from functools import reduce
from typing import Any

from procdef.expression.evaluation.deal_as_seen import Closure, Row, Seen
from procdef.expression.exact_decimals import EXACT

OF_A_COLUMN: dict[str, Callable[[Iterable[Any]], Any]] = {
    "sum": lambda found: reduce(EXACT.add, found, Decimal(0)),
    "min": lambda found: min(found, default=None),
    "max": lambda found: max(found, default=None),
}
"""What each makes of the values of the rows that count."""


def over_rows(op: str, name: str, parts: list[Closure]) -> Closure:
    """``any``, ``all`` or ``count`` of the list of that name; ``parts`` is the condition, where there is one."""

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


def of_a_column(op: str, name: str, column: Closure, condition: Closure | None) -> Closure:
    """``sum``, ``min`` or ``max`` of a column over the rows on which the condition is true.

    Unknown where it is not known whether a row counts, or where one that counts lacks the column.
    """
    combined = OF_A_COLUMN[op]

    def found(s: Seen, row: Row) -> Any:
        values = []
        rows: Any = s.values.get(name, ())
        for each in rows:
            counts = True if condition is None else condition(s, each)
            value = column(s, each) if counts else None
            if counts is None or (counts and value is None):
                return None
            if counts:
                values.append(value)
        return combined(values)

    return found
