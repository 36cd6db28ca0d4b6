"""Which rows of an approval table some deal can be under, as far as the literals in their conditions show.

Of each field that is compared with literals, values are tried between which nothing changes: the literals themselves, what
lies beside and between them, the options of a choice. Whatever else a condition asks may come out either way, apart from
the rest. So a row that is not found here is one that no deal can be under.
"""

from __future__ import annotations

import operator
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from decimal import Decimal
from itertools import pairwise, product
from math import prod
from typing import Any

from procdef.expression import Expression
from procdef.expression.syntax import SyntaxNode, parse
from procdef.expression.types import NUMBERS, FieldType, Kind
from procdef.model import ApproverRow

_MOST_TRIED = 20_000
"""So many combinations of values are tried; where it would take more, every row counts as found."""
_SIGNS: Mapping[str, Callable[[Any, Any], bool]] = {
    "==": operator.eq, "!=": operator.ne, "<": operator.lt, "<=": operator.le, ">": operator.gt, ">=": operator.ge,
}  # fmt: skip
_JOINTS = frozenset(("and", "or", "not", "at_least"))
_WHOLE = frozenset((Kind.INTEGER, Kind.DATE))
Truth = bool | None
_Trial = Mapping[str, Any]


@dataclass(frozen=True, slots=True)
class Unreached:
    """A row, from 1, that no deal can be under; ``covered`` are the rows before it that hold wherever it does: none where its
    own condition never holds."""

    row: int
    covered: tuple[int, ...]


def leaves_open(table: Sequence[ApproverRow], applies: Expression | None, fields: Mapping[str, FieldType]) -> bool:
    """Whether some deal may be under no row of a table although the ``when`` of its action ``applies`` to it; so it is taken
    to be where there are too many cases to try."""
    if applies is None:
        return all(row.when is not None for row in table)
    when, *trees = [parse(applies.text), *(parse(row.when.text) for row in table if row.when is not None)]
    tried = _values_tried([when, *trees], fields)
    if len(trees) < len(table):
        return False
    if prod(map(len, tried.values())) * len(table) > _MOST_TRIED * 4:
        return True
    trials = (dict(zip(tried, values, strict=True)) for values in product(*tried.values()))
    return any(_truth(when, trial, fields) and not any(_truth(tree, trial, fields) for tree in trees) for trial in trials)


def unreached_rows(table: Sequence[ApproverRow], fields: Mapping[str, FieldType]) -> Iterator[Unreached]:
    """The rows that are never reached; none where there are too many cases to try."""
    trees = [None if row.when is None else parse(row.when.text) for row in table]
    tried = _values_tried([tree for tree in trees if tree], fields)
    if prod(map(len, tried.values())) * len(table) > _MOST_TRIED * 4:
        return
    found: set[int] = set()
    covering: dict[int, set[int]] = {number: set() for number in range(1, len(table) + 1)}
    for values in product(*tried.values()):
        trial = dict(zip(tried, values, strict=True))
        truths = [True if tree is None else _truth(tree, trial, fields) for tree in trees]
        holding = [number for number, truth in enumerate(truths, 1) if truth]
        first = next((number for number, truth in enumerate(truths, 1) if truth is not False), 0)
        if first in holding:
            found.add(first)
        for number in holding:
            covering[number].update(earlier for earlier in holding if earlier < number)
    for number in covering:
        if number not in found:
            yield Unreached(number, tuple(sorted(covering[number])))


def _values_tried(trees: Iterable[SyntaxNode], fields: Mapping[str, FieldType]) -> dict[str, list[Any]]:
    """By field the values to be tried, and by the place of what is not looked into either outcome."""
    literals: dict[str, set[Any]] = {}
    unset: set[str] = set()
    tried: dict[str, list[Any]] = {}
    for tree in trees:
        for atom in _atoms(tree):
            name = _field(atom, fields)
            if name is None:
                tried[_opaque(atom)] = [True, False]
                continue
            literals.setdefault(name, set()).update(_literals(atom, fields[name]))
            unset |= {name} if atom.op == "set" else set()
    for name, known in literals.items():
        tried[name] = [*_between(known, fields[name]), *[None] * (name in unset)]
    return tried


def _atoms(node: SyntaxNode) -> Iterator[SyntaxNode]:
    if node.op not in _JOINTS:
        yield node
        return
    for part in node.args:
        yield from _atoms(part)


def _opaque(node: SyntaxNode) -> str:
    """A name for what is asked, the same wherever the same is asked; no field is called so."""
    return f"({_written(node)})"


def _written(node: SyntaxNode) -> str:
    return f"{node.op} {node.value!r} {node.type} {' '.join(f'({_written(part)})' for part in node.args)}"


def _field(atom: SyntaxNode, fields: Mapping[str, FieldType]) -> str | None:
    """The field that an atom holds against literals alone, or nothing where it asks something else."""
    parts = (atom,) if atom.op == "name" else atom.args
    names = [str(part.value) for part in parts if part.op == "name" and str(part.value) in fields]
    if len(names) != 1 or (kind := fields[names[0]]).many:
        return None
    if atom.op == "set":
        return names[0]
    known = kind.kind in (*NUMBERS, Kind.DATE, Kind.CHOICE, Kind.BOOLEAN)
    if not known or (atom.op == "name") is not (kind.kind is Kind.BOOLEAN and not atom.args):
        return None
    others = [part for part in parts if str(part.value) != names[0] or part.op != "name"]
    if atom.op not in ("name", "compare", "between", "in") or not all(_is_literal(part, kind) for part in others):
        return None
    return names[0] if atom.op in ("name", "compare") or parts[0].value == names[0] else None


def _is_literal(node: SyntaxNode, kind: FieldType) -> bool:
    if node.op == "name":
        return kind.kind is Kind.CHOICE and str(node.value) in kind.options
    text = node.type == "text" and kind.kind is Kind.CHOICE
    return node.op == "literal" and (text or node.type in ("literal", "percent", "date", "boolean"))


def _literals(atom: SyntaxNode, kind: FieldType) -> Iterator[Any]:
    for part in atom.args:
        if _is_literal(part, kind):
            yield part.value


def _between(literals: set[Any], kind: FieldType) -> list[Any]:
    """Values of a field between which nothing that it is compared with lies."""
    if kind.kind is Kind.BOOLEAN:
        return [True, False]
    if kind.kind is Kind.CHOICE:
        return list(kind.options)
    least, most = _number(kind.minimum), _number(kind.maximum)
    limits = [limit for limit in (least, most) if limit is not None]
    points = sorted({*map(Decimal, literals), *limits})
    if not points:
        return [Decimal(0)]
    beside = {step for point in points for step in (point - 1, point + 1)}
    middles = {(one + other) / 2 for one, other in pairwise(points)}
    every = {*points, *beside} if kind.kind in _WHOLE else {*points, points[0] - 1, points[-1] + 1, *middles}
    fitting = [each for each in sorted(every) if (least is None or each >= least) and (most is None or each <= most)]
    whole = [each for each in fitting if each == each.to_integral_value()]
    return whole if kind.kind in _WHOLE else fitting


def _number(limit: Any) -> Decimal | None:
    return None if limit is None else Decimal(limit if isinstance(limit, int | Decimal) else limit.toordinal())


def _truth(node: SyntaxNode, trial: _Trial, fields: Mapping[str, FieldType]) -> Truth:
    if node.op == "not":
        inner = _truth(node.args[0], trial, fields)
        return None if inner is None else not inner
    if node.op in _JOINTS:
        seen = [_truth(part, trial, fields) for part in node.args]
        wanted = {"and": len(seen), "or": 1}.get(node.op) or int(str(node.value))
        if seen.count(True) >= wanted:
            return True
        return None if seen.count(True) + seen.count(None) >= wanted else False
    name = _field(node, fields)
    if name is None:
        return bool(trial[_opaque(node)])
    value = trial[name]
    if node.op == "set":
        return value is not None
    return None if value is None else _compared(node, name, value, fields[name])


def _compared(node: SyntaxNode, name: str, value: Any, kind: FieldType) -> bool:
    if node.op == "name":
        return bool(value)
    told: list[Any] = [value if part.op == "name" and part.value == name else part.value for part in node.args]
    if kind.kind in (*NUMBERS, Kind.DATE):
        told = [Decimal(each) for each in told]
    if node.op == "between":
        return bool(told[1] <= told[0] <= told[2])
    return told[0] in told[1:] if node.op == "in" else _SIGNS[str(node.value)](told[0], told[1])
