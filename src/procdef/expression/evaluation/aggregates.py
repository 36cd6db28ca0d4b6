"""What the rows of a list come to."""

from __future__ import annotations

from typing import Any

from procdef.expression.evaluation.situation import Closure, Row, Seen


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
