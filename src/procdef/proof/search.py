"""Is there a deal for which these conditions come to that? With an example of one, or with the certainty that there is none."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any

from procdef.proof.atoms import Atoms
from procdef.proof.cells import Cell, Group, groups
from procdef.proof.evaluated import situation
from procdef.proof.formulas import ANY, FALSE, OUTCOMES, TRUE, Formula
from procdef.proof.integers import Undecided
from procdef.proof.sampling import samples

Wanted = tuple[Formula, int]
"""A condition, and what it is to come to: one of these outcomes."""
_MOST_STEPS = 40_000
"""Of one question."""


@dataclass(frozen=True, slots=True)
class Example:
    """A deal: its values, the time, and which actions are done."""

    values: Mapping[str, Any] = field(default_factory=dict)
    clock: Mapping[str, int] = field(default_factory=dict)
    done: frozenset[str] = frozenset()


@dataclass(slots=True)
class Effort:
    """How much was looked at, over all questions of a process; ``most`` steps are taken."""

    most: int = 400_000
    steps: int = 0
    questions: int = 0

    def step(self) -> None:
        """Count a step. Raises ``Undecided`` where it is one too many."""
        self.steps += 1
        if self.steps > self.most:
            raise Undecided


@dataclass(slots=True)
class Search:
    """Questions about the conditions of one process. ``effort`` is what all of them together may take."""

    atoms: Atoms
    effort: Effort = field(default_factory=Effort)
    _groups: dict[frozenset[int], list[Group] | None] = field(default_factory=dict)

    def example(
        self,
        wanted: Sequence[Wanted],
        may_be_done: Callable[[str], int] = lambda path: TRUE | FALSE,
        fixed: Mapping[int, int] | None = None,
    ) -> Example | None:
        """A deal for which each condition comes to one of the outcomes that are wanted; ``None``: there is none.

        ``may_be_done`` tells whether an action can be done, or not done; ``fixed`` what single atoms come to. Raises
        ``Undecided`` where there may be one, and none was found.
        """
        self.effort.questions += 1
        atoms = frozenset[int]().union(*(formula.atoms for formula, _ in wanted))
        run = _Run(self, wanted, may_be_done, fixed or {}, self.groups(atoms))
        found = run.look({}, [])
        if found is None and run.doubtful:
            raise Undecided
        return found

    def groups(self, numbers: Iterable[int]) -> list[Group]:
        """The groups of these atoms, worked out once. Raises ``Undecided`` where one has too many cells."""
        key = frozenset(numbers)
        if key not in self._groups:
            self._groups[key] = None
            self._groups[key] = groups(self.atoms, key)
        found = self._groups[key]
        if found is None:
            raise Undecided
        return found


class _Run:
    """One question. ``doubtful``: something was left out of which it is not known that it cannot be."""

    def __init__(
        self, search: Search, wanted: Sequence[Wanted], may_be_done: Callable[[str], int], fixed: Mapping[int, int],
        all_groups: list[Group],
    ) -> None:  # fmt: skip
        self.search, self.wanted, self.may_be_done, self.fixed = search, wanted, may_be_done, fixed
        self.groups = all_groups
        self.doubtful = False
        self.steps = 0

    def look(self, known: dict[int, int], chosen: list[Cell]) -> Example | None:
        """Choose cells for one group after another, as long as nothing contradicts what is wanted."""
        self.steps += 1
        self.search.effort.step()
        if self.steps > _MOST_STEPS:
            raise Undecided
        open_: set[int] = set()
        for formula, outcomes in self.wanted:
            possible = formula.possible(known)
            if not possible & outcomes:
                return None
            if possible & ~outcomes:
                open_ |= formula.atoms
        group = next((each for each in self.groups if self._is_open(each, known, open_)), None)
        if group is None:
            return self._checked(chosen)
        seen: set[tuple[int, ...]] = set()
        for cell in group.cells:
            if not self._allowed(group, cell):
                continue
            key = tuple(cell.truths[number] for number in sorted(cell.truths))
            if key in seen:
                continue
            seen.add(key)
            found = self.look({**known, **cell.truths}, [*chosen, cell])
            if found is not None:
                return found
        return None

    def _is_open(self, group: Group, known: Mapping[int, int], open_: set[int]) -> bool:
        numbers = [atom.number for atom in group.atoms]
        return numbers[0] not in known and any(number in open_ for number in numbers)

    def _allowed(self, group: Group, cell: Cell) -> bool:
        if any(not cell.truths.get(number, ANY) & outcomes for number, outcomes in self.fixed.items()):
            return False
        if group.action is None:
            return True
        return bool(cell.truths[group.atoms[0].number] & self.may_be_done(group.action))

    def _checked(self, chosen: Sequence[Cell]) -> Example | None:
        """The deal that these cells make, held against the engine's own evaluation once more."""
        values = {name: value for cell in chosen for name, value in cell.values.items()}
        clock = {name: value for cell in chosen for name, value in cell.clock.items()}
        done = frozenset(
            action
            for cell in chosen
            for number, truth in cell.truths.items()
            if truth == TRUE and (action := self.search.atoms.all[number].action) is not None
        )
        for fuller in self._tried(values, all(cell.sure for cell in chosen)):
            if self._holds(fuller, clock, done):
                return Example(fuller, clock, done)
        self.doubtful = True
        return None

    def _tried(self, values: dict[str, Any], sure: bool) -> Iterable[dict[str, Any]]:
        yield values
        if not sure:
            opaque = [
                atom for group in self.groups for atom in group.atoms if any(not cell.sure for cell in group.cells)
            ]
            yield from samples(self.search.atoms, opaque, values)

    def _holds(self, values: Mapping[str, Any], clock: Mapping[str, int], done: frozenset[str]) -> bool:
        atoms = self.search.atoms
        seen = situation(values, clock, done, atoms.scope.timezone)
        numbers = frozenset[int]().union(*(formula.atoms for formula, _ in self.wanted))
        truths = {number: OUTCOMES[atoms.all[number].run(seen, {})] for number in numbers}
        if any(not truths.get(number, ANY) & outcomes for number, outcomes in self.fixed.items()):
            return False
        return all(formula.comes_to(outcomes, truths) for formula, outcomes in self.wanted)
