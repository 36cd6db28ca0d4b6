"""Cells: the values of some fields fall into finitely many of them, in each of which every condition comes to the same.

Atoms that share a field or a clock form a group, and each group has cells of its own; those of different groups go together in
every way. A cell has an example, which was held against the engine's own evaluation of each atom; only one that is not
``sure`` has none, and may be empty.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, field
from itertools import product
from typing import Any

from procdef.expression import Kind
from procdef.expression.types import TEXTS
from procdef.proof.atoms import Atom, Atoms
from procdef.proof.domains import choices, examples, is_counted, texts
from procdef.proof.evaluated import judged, situation
from procdef.proof.formulas import FALSE, OUTCOMES, TRUE, UNKNOWN
from procdef.proof.integers import Undecided
from procdef.proof.lists import of_lists
from procdef.proof.numbers_in_cells import counted

MOST_CELLS = 3_000
_FEW = 600
"""Of one group."""


@dataclass(frozen=True, slots=True)
class Cell:
    """What the atoms of a group come to, with values for which they do."""

    truths: Mapping[int, int]
    values: Mapping[str, Any] = field(default_factory=dict)
    clock: Mapping[str, int] = field(default_factory=dict)
    sure: bool = True


@dataclass(frozen=True, slots=True)
class Group:
    """Atoms whose fields hang together, with all their cells, the ones with an example first."""

    atoms: tuple[Atom, ...]
    fields: tuple[str, ...]
    cells: tuple[Cell, ...]
    action: str | None = None


def groups(atoms: Atoms, numbers: Iterable[int], late: bool = False) -> list[Group]:
    """The groups of these atoms; ``late``: at a time after all that the process names.

    Raises ``Undecided`` where a group has too many cells.
    """
    chosen = [atoms.all[number] for number in sorted(set(numbers))]
    found = [_of_action(atom) for atom in chosen if atom.action is not None]
    free = [atom for atom in chosen if atom.action is None and not (atom.fields or atom.clock)]
    found += [Group((atom,), (), (_constant(atoms, atom),)) for atom in free]
    rest = [atom for atom in chosen if atom.action is None and (atom.fields or atom.clock)]
    opaque = [atom for atom in rest if is_opaque(atoms, atom)]
    found += [Group((atom,), (), tuple(Cell({atom.number: each}, sure=False) for each in (TRUE, FALSE, UNKNOWN)))
              for atom in opaque]  # fmt: skip
    for members in _together([atom for atom in rest if atom not in opaque]):
        found.append(_grouped(atoms, members, late))
    return found


def _of_action(atom: Atom) -> Group:
    cells = (Cell({atom.number: FALSE}), Cell({atom.number: TRUE}))
    return Group((atom,), (), cells, atom.action)


def _constant(atoms: Atoms, atom: Atom) -> Cell:
    return Cell({atom.number: OUTCOMES[atom.run(situation({}, {}, (), atoms.scope.timezone), {})]})


def is_opaque(atoms: Atoms, atom: Atom) -> bool:
    """Whether nothing but trying says what an atom can come to."""
    if atom.linear or atom.node.op == "set":
        return False
    kinds = [atoms.process.fields[name].type for name in atom.fields]
    if atom.clock:
        return True
    if len(kinds) == 1 and not is_counted(kinds[0]):
        return False
    return not all(choices(kind) is not None for kind in kinds)


def _together(members: list[Atom]) -> Iterator[list[Atom]]:
    """The atoms by what they share; all facts of time hang together."""
    left = list(members)
    while left:
        inside, names = [left.pop(0)], set[str]()
        while True:
            names |= inside[-1].fields | ({"clock"} if inside[-1].clock else set())
            further = [atom for atom in left if atom.fields & names or (atom.clock and "clock" in names)]
            if not further:
                break
            inside.append(further[0])
            left.remove(further[0])
        yield sorted(inside, key=lambda atom: atom.number)


def _grouped(atoms: Atoms, members: list[Atom], late: bool) -> Group:
    fields = tuple(sorted({name for atom in members for name in atom.fields}))
    kinds = {name: atoms.process.fields[name].type for name in fields}
    linear = any(atom.linear and atom.fields | atom.clock for atom in members)
    if linear and not _are_few(atoms, members):
        cells = [Cell(*each) for each in counted(atoms, members, late)]
    elif len(fields) == 1 and kinds[fields[0]].kind is Kind.LIST:
        cells = [Cell(*each) for each in of_lists(atoms, members, fields[0])]
    else:
        cells = list(_enumerated(atoms, members, fields))
    if len(cells) > MOST_CELLS:
        raise Undecided
    return Group(tuple(members), fields, tuple(sorted(cells, key=lambda cell: not cell.sure)))


def _are_few(atoms: Atoms, members: list[Atom]) -> bool:
    """Whether all values of all fields can be tried."""
    size = 1
    for name in {name for atom in members for name in atom.fields}:
        few = choices(atoms.process.fields[name].type)
        size *= _FEW + 1 if few is None else len(few) + 1
    return size <= _FEW and not any(atom.clock for atom in members)


def _enumerated(atoms: Atoms, members: list[Atom], fields: tuple[str, ...]) -> Iterator[Cell]:
    """Cells by trying values: of a field with few values all, of a text those that the conditions tell apart."""
    tried: list[list[Any]] = []
    for name in fields:
        of = atoms.process.fields[name].type
        literals = [str(each) for atom in members if name in atom.fields for each in _texts_in(atom)]
        few = choices(of) if any(atom.node.op != "set" for atom in members) else examples(of)[:1]
        if few is None and of.kind in TEXTS and not of.many:
            few = list(texts(of, literals))
        tried.append([None, *(few if few is not None else examples(of))])
    size = 1
    for each in tried:
        size *= len(each)
    if size > MOST_CELLS:
        raise Undecided
    seen: set[tuple[int, ...]] = set()
    for chosen in product(*tried):
        values = {name: value for name, value in zip(fields, chosen, strict=True) if value is not None}
        truths = judged(atoms, members, values, {})
        if tuple(truths.values()) not in seen:
            seen.add(tuple(truths.values()))
            yield Cell(truths, values)
    vague = [atom for atom in members if atom.node.op == "contains" and not _is_of_options(atoms, atom)]
    vague += [atom for atom in members if any(_are_many(atoms, name) for name in atom.fields)]
    if vague:
        yield from _unsure(members, seen)


def _unsure(members: list[Atom], seen: set[tuple[int, ...]]) -> Iterator[Cell]:
    """What else may be, as far as is known."""
    if 3 ** len(members) > MOST_CELLS:
        raise Undecided
    for outcomes in product((TRUE, FALSE, UNKNOWN), repeat=len(members)):
        if outcomes not in seen:
            yield Cell(dict(zip((atom.number for atom in members), outcomes, strict=True)), sure=False)


def _is_of_options(atoms: Atoms, atom: Atom) -> bool:
    return all(choices(atoms.process.fields[name].type) is not None for name in atom.fields)


def _are_many(atoms: Atoms, name: str) -> bool:
    of = atoms.process.fields[name].type
    return of.many and choices(of) is None


def _texts_in(atom: Atom) -> Iterator[object]:
    waiting = [atom.node]
    while waiting:
        node = waiting.pop()
        if node.op == "literal" and node.type in ("text", "choice"):
            yield node.value
        waiting.extend(node.args)
