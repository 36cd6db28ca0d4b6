"""The cells of numbers, dates and times that are compared with constants, with each other and with the clock."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from fractions import Fraction
from itertools import product
from math import ceil, floor, lcm
from typing import Any

from procdef.expression import Kind, Value
from procdef.expression.dates_as_numbers import DAY, EPOCH, day_of
from procdef.proof.atoms import Atom, Atoms, Comparison
from procdef.proof.domains import AGES, Domain, choices, domain, examples, is_counted, of_clock, picked, value_of
from procdef.proof.evaluated import judged
from procdef.proof.formulas import FALSE, TRUE, UNKNOWN
from procdef.proof.integers import Inequality, Solution, Undecided, solution
from procdef.proof.lists import candidate_lists

Truths = dict[int, int]
Found = tuple[Truths, dict[str, Any], dict[str, int], bool]
"""What the atoms come to, the values and the time for which they do, and whether there are such for certain."""

_MOST_LEAVES = 1_200
_MOST_TRIALS = 8_000
"""Of one group, over all its cells."""
_MOST_FIELDS = 7
_EPOCH_DAY = EPOCH.toordinal()
_HOURS_OFF = 15 * 3_600_000_000
"""More than any clock is off from UTC."""


def counted(atoms: Atoms, members: Sequence[Atom], late: bool = False) -> Iterator[Found]:
    """Every cell of a group of numbers; ``late``: at a time after all that the process names.

    Raises ``Undecided`` where there are too many.
    """
    fields = sorted({name for atom in members for name in atom.fields})
    if len(fields) > _MOST_FIELDS:
        raise Undecided
    best: dict[tuple[int, ...], Found] = {}
    trials = Trials(atoms)
    for choice in product((False, True), repeat=len(fields)):
        filled = frozenset(name for name, there in zip(fields, choice, strict=True) if there)
        for found in _Splitting(atoms, members, filled, late, trials).cells():
            key = tuple(found[0][atom.number] for atom in members)
            if key not in best or (found[3] and not best[key][3]):
                best[key] = found
            if len(best) > _MOST_LEAVES:
                raise Undecided
    yield from best.values()


@dataclass(slots=True)
class Trials:
    """How often values may still be thought of for the cells of a group."""

    atoms: Atoms
    left: int = _MOST_TRIALS

    def one(self) -> None:
        """Count one. Raises ``Undecided`` where there were too many."""
        self.left -= 1
        self.atoms.trials -= 1
        if self.left < 0 or self.atoms.trials < 0:
            raise Undecided


class _Splitting:
    """The cells in which exactly these fields are set."""

    def __init__(
        self, atoms: Atoms, members: Sequence[Atom], filled: frozenset[str], late: bool, trials: Trials
    ) -> None:
        self.late, self.trials = late, trials
        self.atoms, self.members, self.filled = atoms, members, filled
        self.kinds = {name: atoms.process.fields[name].type for atom in members for name in atom.fields}
        self.zone = atoms.scope.timezone
        self.variables: dict[str, Domain] = {}
        self.leaves = 0
        for atom in members:
            for comparison in (each for way in (*atom.holds, *atom.fails) for each in way):
                for name in comparison[1].factors:
                    known = self._domain(name)
                    if known is not None:
                        self.variables[name] = known
        self.base = list(self._bounds())

    def _domain(self, name: str) -> Domain | None:
        """The domain of a variable; ``None`` where its field is not set."""
        if name.startswith("aggregate:"):
            node = self.atoms.aggregates[name]
            if str(node.value) not in self.filled:
                return None
            if node.op == "count":
                return Domain(Fraction(1), 0 if node.args else 1, 1_000)
            column = self.kinds[str(node.value)].columns[str(node.args[0].value)]
            own = domain(column)
            if node.op != "sum":
                return own
            return Domain(own.step, min(0, own.first * 1_000), max(0, own.last * 1_000))
        if name.startswith(("day:", "months:")):
            inner = name.rpartition(":")[2]
            reach = self._domain(inner)
            if reach is None:
                return None
            self.variables[inner] = reach
            if name.startswith("day:"):
                return Domain(Fraction(1), 1, 3_652_059, of_clock("today").likely)
            low, high = self._later(name)
            return Domain(Fraction(1), reach.first + low, reach.last + high, reach.likely)
        if name in self.kinds:
            return domain(self.kinds[name]) if name in self.filled else None
        return of_clock(name, self.late)

    def _bounds(self) -> Iterator[Inequality]:
        names = self.variables
        for name, reach in names.items():
            yield Inequality.of({name: -1}, reach.first)
            yield Inequality.of({name: 1}, -reach.last)
        for name in [name for name in names if name.startswith("day:")]:
            yield from _same_day(name.removeprefix("day:"), name)
        for name in [name for name in names if name.startswith("months:")]:
            inner = name.rpartition(":")[2]
            low, high = self._later(name)
            yield Inequality.of({name: -1, inner: 1}, low)
            yield Inequality.of({name: 1, inner: -1}, -high)
        if "now" in names and "today" in names:
            yield from _same_day("now", "today")
        ages = [name for name in AGES if name in names]
        for less, more in (("deal.idle", "deal.stage_age"), ("deal.idle", "deal.contact_age"), ("deal.stage_age", "deal.age"),
                           ("deal.contact_age", "deal.age"), ("deal.idle", "deal.age")):  # fmt: skip
            if less in ages and more in ages:
                yield Inequality.of({less: 1, more: -1}, 0)

    def _later(self, name: str) -> tuple[int, int]:
        """How much later a date or a time some months later is at least and at most."""
        _, months, inner = name.split(":")
        middle = Fraction(146_097, 4_800) * int(months)
        unit = DAY if inner == "now" or (inner in self.kinds and self.kinds[inner].kind is Kind.DATETIME) else 1
        return (floor(middle) - 5) * unit, (ceil(middle) + 5) * unit

    def cells(self) -> Iterator[Found]:
        """The cells."""
        yield from self._split(0, {}, self.base)

    def _split(self, place: int, truths: Truths, inequalities: list[Inequality]) -> Iterator[Found]:
        if place == len(self.members):
            self.leaves += 1
            if self.leaves > _MOST_LEAVES:
                raise Undecided
            yield self._example(truths, inequalities)
            return
        atom = self.members[place]
        for truth, ways in self._outcomes(atom):
            for way in ways:
                further = [*inequalities, *(each for comparison in way for each in self._inequalities(comparison))]
                if len(further) == len(inequalities) or self._may_hold(further):
                    yield from self._split(place + 1, {**truths, atom.number: truth}, further)

    def _outcomes(self, atom: Atom) -> list[tuple[int, tuple[tuple[Comparison, ...], ...]]]:
        """What an atom can come to where these fields are set, and what of numbers must hold for each."""
        nothing: tuple[tuple[Comparison, ...], ...] = ((),)
        if atom.node.op == "set":
            return [(TRUE if atom.fields <= self.filled else FALSE, nothing)]
        if not atom.linear:
            if not atom.fields <= self.filled:
                seen = judged(self.atoms, [atom], {}, {})
                return [(seen[atom.number], nothing)]
            return [(TRUE, nothing), (FALSE, nothing), (UNKNOWN, nothing)]
        lists = {name for name in atom.fields if self.kinds[name].kind is Kind.LIST or self.kinds[name].many}
        empty = {str(self.atoms.aggregates[name].value) for name in atom.aggregates} - self.filled
        least = any(
            self.atoms.aggregates[name].op in ("min", "max") and str(self.atoms.aggregates[name].value) in empty
            for name in atom.aggregates
        )
        if least or not (atom.fields - lists) <= self.filled:
            return [(UNKNOWN, nothing)]
        found = [(TRUE, atom.holds), (FALSE, atom.fails)]
        return [*found, (UNKNOWN, nothing)] if any(map(self._may_be_unknown, atom.aggregates)) else found

    def _may_be_unknown(self, aggregate: str) -> bool:
        """Whether a row may lack what an aggregate asks of it."""
        node = self.atoms.aggregates[aggregate]
        name = str(node.value)
        return name in self.filled and any(
            part.op != "column" or not self.kinds[name].columns[str(part.value)].required for part in node.args
        )

    def _inequalities(self, comparison: Comparison) -> Iterator[Inequality]:
        sign, whole = comparison
        factors: dict[str, Fraction] = {}
        for name, each in whole.factors.items():
            if name in self.variables:  # of an empty list, whose count and sum are 0, there is none
                factors[name] = each * self.variables[name].step
        scale = lcm(whole.constant.denominator, *(each.denominator for each in factors.values()))
        numbers = {name: int(each * scale) for name, each in factors.items()}
        constant = int(whole.constant * scale)
        yield Inequality.of(numbers, constant + (sign == "<"))
        if sign == "==":
            yield Inequality.of({name: -each for name, each in numbers.items()}, -constant)

    def _example(self, truths: Truths, inequalities: list[Inequality]) -> Found:
        found: list[tuple[dict[str, Any], dict[str, int]]] = []

        def accept(numbers: Solution) -> bool:
            clock = {name: each for name, each in numbers.items() if name in ("now", "today", *AGES)}
            if "now" in clock and clock.setdefault("today", day_of(clock["now"], self.zone)) != day_of(
                clock["now"], self.zone
            ):
                return False
            for values in self._values(numbers):
                self.trials.one()
                if judged(self.atoms, self.members, values, clock) == truths:
                    found.append((values, clock))
                    return True
            return False

        def pick(name: str, low: int | None, high: int | None) -> Sequence[int]:
            return picked(self.variables[name], low, high)

        try:
            solution(inequalities, pick, accept)
        except Undecided:
            return truths, {}, {}, False
        return truths, *found[0], True

    def _values(self, numbers: Mapping[str, int]) -> Iterator[dict[str, Any]]:
        counted_ = {
            name: value_of(self.kinds[name], numbers[name])
            for name in self.filled
            if is_counted(self.kinds[name]) and name in numbers
        }
        others = sorted(self.filled - counted_.keys())
        tried: list[list[Value]] = []
        for name in others:
            of = self.kinds[name]
            if of.kind is Kind.LIST:
                tried.append([*candidate_lists(self.atoms, self.members, name, numbers)])
            else:
                tried.append(choices(of) or examples(of))
        for chosen, _ in zip(product(*tried), range(400), strict=False):
            yield {**counted_, **dict(zip(others, chosen, strict=True))}

    def _may_hold(self, inequalities: list[Inequality]) -> bool:
        self.trials.one()
        try:
            return solution(inequalities, lambda name, low, high: (), lambda numbers: True) is not None
        except Undecided:
            return True



def _same_day(moment: str, day: str) -> Iterator[Inequality]:
    """That a moment is on a day, by the clocks of whatever zone."""
    start = -DAY * _EPOCH_DAY
    yield Inequality.of({day: DAY, moment: -1}, start - _HOURS_OFF)
    yield Inequality.of({moment: 1, day: -DAY}, -start - DAY - _HOURS_OFF)
