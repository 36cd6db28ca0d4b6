"""Values to try where reasoning does not say whether there are any: those near the constants that conditions name."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from fractions import Fraction
from itertools import islice, product
from typing import Any

from procdef.expression import FieldType, Kind
from procdef.expression.dates_as_numbers import DAY
from procdef.expression.syntax import SyntaxNode
from procdef.proof.atoms import Atom, Atoms
from procdef.proof.domains import choices, domain, examples, is_counted, picked, value_of

_MOST_SAMPLES = 300
_MOST_VALUES = 14


def samples(atoms: Atoms, opaque: Sequence[Atom], values: Mapping[str, Any]) -> Iterator[dict[str, Any]]:
    """The values with others for the fields that such atoms read."""
    names = sorted({name for atom in opaque for name in atom.fields})
    if not names:
        return
    tried = [
        _values(atoms.process.fields[name].type, [atom for atom in opaque if name in atom.fields]) for name in names
    ]
    for chosen in islice(product(*tried), _MOST_SAMPLES):
        found = {**values, **dict(zip(names, chosen, strict=True))}
        yield {name: value for name, value in found.items() if value is not None}


def _values(of: FieldType, opaque: Sequence[Atom]) -> list[Any]:
    few = choices(of)
    if few is not None:
        return [*few, None]
    if not is_counted(of):
        return [*examples(of), None]
    reach = domain(of)
    numbers = picked(reach, None, None)
    unit = DAY if of.kind is Kind.DATETIME else 1 if of.kind is Kind.DATE else int(1 / reach.step)
    for constant in (each for atom in opaque for each in _constants(atom.node)):
        place = int(Fraction(constant) / reach.step)
        numbers += [place, place + unit, place - unit, place + 31 * unit, place - 31 * unit, place * 2, place // 2]
    fitting = [value_of(of, number) for number in dict.fromkeys(numbers) if reach.first <= number <= reach.last]
    return [*fitting[:_MOST_VALUES], None]


def _constants(node: SyntaxNode) -> Iterator[Any]:
    if node.op == "literal" and node.type not in ("text", "choice", "boolean", "months"):
        yield node.value
    for part in node.args:
        yield from _constants(part)
