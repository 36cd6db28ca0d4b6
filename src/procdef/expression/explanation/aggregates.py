"""What the rows of a list come to, in words."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import tzinfo
from typing import Any, cast

from procdef.expression.evaluation import Seen, Truth, build
from procdef.expression.explanation.values import figure
from procdef.expression.syntax import SyntaxNode
from procdef.expression.types import FieldType

Rows = tuple[Mapping[str, Any], ...]


def size_of(node: SyntaxNode, s: Seen) -> str:
    """How many rows the list has that an aggregate is about."""
    rows = _rows(node, s)
    return f"{node.value}: {len(rows)} row{'' if len(rows) == 1 else 's'}"


def failing_rows(node: SyntaxNode, s: Seen, zone: tzinfo) -> str:
    """Why an ``any`` or ``all`` is not true."""
    rows = _rows(node, s)
    if not rows:
        return f"{node.value} has no rows"
    seen = _judged(node.args[0], rows, s, zone)
    missed, unknown = seen.count(False), seen.count(None)
    parts = []
    if node.op == "any" and not unknown:
        parts.append("none match")
    if node.op == "all" and missed:
        parts.append(f"{missed} do not match" if missed > 1 else "1 does not match")
    if unknown:
        parts.append(f"{unknown} cannot be judged, because something is not filled in")
    return f"{node.value}: {len(rows)} row{'s' if len(rows) > 1 else ''}, {', '.join(parts)}"


def total(node: SyntaxNode, s: Seen, fields: Mapping[str, FieldType], zone: tzinfo) -> str:
    """What a ``count``, ``sum``, ``min`` or ``max`` comes to, or why that is unknown."""
    found = build(node, zone)(s, {})
    if found is None:
        return f"unknown, for {_in_the_way(node, s, zone)}"
    if node.op == "count":
        return str(found)
    kind = fields[str(node.value)]
    column = kind.columns[str(node.args[0].value)]
    return "(personal)" if kind.private or column.private else figure(found, column, zone)


def _in_the_way(node: SyntaxNode, s: Seen, zone: tzinfo) -> str:
    """The rows for which an aggregate is unknown."""
    rows, column = _rows(node, s), None if node.op == "count" else str(node.args[0].value)
    conditions = node.args if column is None else node.args[1:]
    seen: list[Truth] = _judged(conditions[0], rows, s, zone) if conditions else [True] * len(rows)
    unknown = seen.count(None)
    lacking = sum(bool(truth) and column not in row for truth, row in zip(seen, rows, strict=True)) if column else 0
    if not unknown and not lacking:
        return "no row counts" if rows else f"{node.value} has no rows"
    of_all = f" of {len(rows)} row{'s' * (len(rows) > 1)}"
    parts = [f"{unknown}{of_all} cannot be judged"] * bool(unknown)
    parts += [f"{lacking}{of_all * (not unknown)} lack{'s' * (lacking == 1)} {column}"] * bool(lacking)
    return " and ".join(parts)


def _judged(condition: SyntaxNode, rows: Rows, s: Seen, zone: tzinfo) -> list[Truth]:
    holds = build(condition, zone)
    return [holds(s, row) for row in rows]


def _rows(node: SyntaxNode, s: Seen) -> Rows:
    rows = s.values.get(str(node.value), ())
    return cast(Rows, rows) if isinstance(rows, tuple) else ()
