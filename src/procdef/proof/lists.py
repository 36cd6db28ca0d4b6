"""The cells of a list: what conditions on its rows come to, for every mixture of rows that they tell apart."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from fractions import Fraction
from itertools import chain, combinations, combinations_with_replacement, islice, product
from typing import Any, cast

from procdef.expression import FieldType, Kind, Value
from procdef.expression.evaluation import build
from procdef.expression.syntax import SyntaxNode
from procdef.proof.atoms import Atom, Atoms
from procdef.proof.domains import choices, domain, examples, is_counted, texts, value_of
from procdef.proof.evaluated import judged, situation
from procdef.proof.formulas import FALSE, TRUE, UNKNOWN
from procdef.proof.integers import Undecided
from procdef.proof.linear_terms import summed

Row = dict[str, Any]
_MOST_ROWS_TRIED = 1_500
_MOST_LISTS = 3_000
_MOST_ATOMS = 6
_LONGEST = 4
_ROWS_ALLOWED = 1_000


Found = tuple[dict[int, int], dict[str, Any], dict[str, int], bool]
"""As of numbers: what the atoms come to, the values for which they do, the time, and whether there are such for certain."""


def of_lists(atoms: Atoms, members: Sequence[Atom], name: str) -> Iterator[Found]:
    """Every cell of the conditions on one list; those without an example are the last, and may be empty."""

    seen: set[tuple[int, ...]] = set()
    kinds, exact = _kinds_of_rows(atoms, members, name)
    lists, whole = _lists(members, kinds)
    for value in (None, *lists):
        values = {} if value is None else {name: value}
        truths = judged(atoms, members, values, {})
        key = tuple(truths.values())
        if key not in seen:
            seen.add(key)
            yield truths, values, {}, True
    if exact and whole:
        return
    if len(members) > _MOST_ATOMS:
        raise Undecided
    for outcomes in product((TRUE, FALSE, UNKNOWN), repeat=len(members)):
        if outcomes not in seen:
            yield dict(zip((atom.number for atom in members), outcomes, strict=True)), {}, {}, False


def candidate_lists(atoms: Atoms, members: Sequence[Atom], name: str, numbers: Mapping[str, int]) -> Iterator[Value]:
    """Lists that may give these numbers of rows, sums, least and greatest values."""
    of = atoms.process.fields[name].type
    kinds, _ = _kinds_of_rows(atoms, members, name)
    wanted = {
        each: atoms.aggregates[each]
        for atom in members
        for each in atom.aggregates
        if str(atoms.aggregates[each].value) == name and each in numbers
    }
    for kind in kinds:
        row = dict(kind)
        for each, node in wanted.items():
            if node.op != "count":
                column = of.columns[str(node.args[0].value)]
                reach = domain(column)
                if not reach.first <= numbers[each] <= reach.last:
                    continue
                row[str(node.args[0].value)] = value_of(column, numbers[each])
        counts = [numbers[each] for each, node in wanted.items() if node.op == "count" and numbers[each] > 0] or [1]
        for count in counts:
            yield cast(Value, (row,) * min(count, _ROWS_ALLOWED))
    yield from (cast(Value, each) for each in islice(_lists(members, kinds)[0], 60))


def _kinds_of_rows(atoms: Atoms, members: Sequence[Atom], name: str) -> tuple[list[Row], bool]:
    """A row of each kind that the conditions tell apart, and whether these are all kinds."""
    of = atoms.process.fields[name].type
    conditions, columns = [], dict[str, list[SyntaxNode]]()
    for node in (each for atom in members for each in _inside(atom.node)):
        if str(node.value) == name and node.op in ("any", "all", "count", "sum", "min", "max"):
            conditions += [part for part in node.args if part.type == "boolean"]
            columns |= {str(part.value): [] for part in node.args if part.op == "column"}
    exact = True
    for leaf in (each for condition in conditions for each in _leaves(condition)):
        inside = {str(each.value) for each in _inside(leaf) if each.op == "column"}
        exact = exact and len(inside) == 1 and not any(each.op in ("field", "clock") for each in _inside(leaf))
        for column in inside:
            columns.setdefault(column, []).append(leaf)
    tried: list[list[Any]] = []
    for column, leaves in columns.items():
        values, all_of_them = _told_apart(atoms, of.columns[column], leaves)
        exact = exact and all_of_them
        tried.append([*values] if of.columns[column].required else [None, *values])
    size = 1
    for each in tried:
        size *= len(each)
    if size > _MOST_ROWS_TRIED:
        raise Undecided
    needed = {
        column: examples(kind)[0] for column, kind in of.columns.items() if kind.required and column not in columns
    }
    spare = next((column for column in of.columns if column not in columns), None)
    found: dict[tuple[Any, ...], Row] = {}
    runs = [build(condition, atoms.scope.timezone) for condition in conditions]

    seen = situation({}, {}, (), atoms.scope.timezone)
    for chosen in product(*tried):
        row = {**needed, **{column: value for column, value in zip(columns, chosen, strict=True) if value is not None}}
        if not row and spare is None:
            continue
        row = row or {cast(str, spare): examples(of.columns[cast(str, spare)])[0]}
        numbers = tuple(row.get(column) is None for column in columns)
        key = (*(run(seen, row) for run in runs), *(numbers if len(columns) <= 3 else ()))
        found.setdefault(key, row)
    return list(found.values()), exact


def _lists(members: Sequence[Atom], kinds: list[Row]) -> tuple[list[tuple[Row, ...]], bool]:
    """Lists of these rows; and whether no other list comes to anything else."""
    only_presence = all(atom.node.op in ("any", "all", "set") for atom in members)
    mixed = combinations if only_presence else combinations_with_replacement
    lengths = range(1, (len(kinds) if only_presence else _LONGEST) + 1)
    found = list(islice(chain.from_iterable(mixed(kinds, length) for length in lengths), _MOST_LISTS + 1))
    return found, only_presence and len(found) <= _MOST_LISTS


def _told_apart(atoms: Atoms, of: FieldType, leaves: Sequence[SyntaxNode]) -> tuple[list[Any], bool]:
    """Values of a column, one of each that the conditions tell apart, and whether these are all."""
    few = choices(of)
    if few is not None:
        return list(few), True
    if is_counted(of):
        return _between_constants(of, leaves)
    if of.kind is Kind.LIST or of.many:
        return examples(of), False
    literals = [str(each.value) for leaf in leaves for each in _inside(leaf) if each.op == "literal"]
    return list(texts(of, literals)), all(leaf.op in ("compare", "in", "set") for leaf in leaves)


def _between_constants(of: FieldType, leaves: Sequence[SyntaxNode]) -> tuple[list[Any], bool]:
    reach, exact = domain(of), True
    numbers = {reach.first, reach.last}
    for leaf in leaves:
        if leaf.op == "set":
            continue
        sums = [summed(part, lambda node: "aggregate:") for part in leaf.args]
        own = [each for each in sums if each is not None and each.factors]
        constants = [each for each in sums if each is not None and not each.factors]
        plain = len(own) == 1 and len(constants) == len(sums) - 1 and leaf.op in ("compare", "between", "in")
        exact = exact and plain and not any(each.op == "day" or each.type == "months" for each in _inside(leaf))
        if not plain:
            continue
        (factor,) = own[0].factors.values()
        for each in constants:
            place = (each.constant - own[0].constant) / factor / reach.step if factor else Fraction(0)
            numbers |= {place.__floor__() + off for off in (-1, 0, 1)} | {place.__ceil__()}
    fitting = sorted(number for number in numbers if reach.first <= number <= reach.last)
    return [value_of(of, number) for number in fitting], exact


def _leaves(node: SyntaxNode) -> Iterator[SyntaxNode]:
    """The parts of a condition on a row that are not made of other conditions."""
    if node.op in ("and", "or", "not", "at_least"):
        for part in node.args:
            yield from _leaves(part)
    else:
        yield node


def _inside(node: SyntaxNode) -> Iterator[SyntaxNode]:
    yield node
    for part in node.args:
        yield from _inside(part)
