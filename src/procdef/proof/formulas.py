"""Conditions as formulas over atoms: which of true, false and unknown each can still come to while not all atoms are known.

An atom is a part of a condition that is not made of other conditions: a comparison, ``is set``, ``is done``, a switch, what a
list has. Each stands for itself in all conditions that have it.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from itertools import product

TRUE, FALSE, UNKNOWN = 1, 2, 4
"""What a condition comes to; several added up are several that are possible."""
ANY = TRUE | FALSE | UNKNOWN
OUTCOMES: Mapping[bool | None, int] = {True: TRUE, False: FALSE, None: UNKNOWN}
Known = Mapping[int, int]
"""What atoms can still come to, by their numbers; of one that is not there nothing is known."""


class Formula:
    """A condition. ``atoms`` are the numbers of its atoms."""

    atoms: frozenset[int]

    def possible(self, known: Known) -> int:
        """What it can still come to: nothing that is left out is possible."""
        raise NotImplementedError

    def comes_to(self, outcomes: int, known: Known) -> bool:
        """Whether it comes to one of these outcomes for certain."""
        return not self.possible(known) & ~outcomes


@dataclass(frozen=True, slots=True)
class Always(Formula):
    """What always comes to the same."""

    outcome: int
    atoms: frozenset[int] = frozenset()

    def possible(self, known: Known) -> int:
        return self.outcome


class Leaf(Formula):
    """An atom."""

    __slots__ = ("atoms", "number")

    def __init__(self, number: int) -> None:
        self.number, self.atoms = number, frozenset((number,))

    def possible(self, known: Known) -> int:
        return known.get(self.number, ANY)


class _Joined(Formula):
    __slots__ = ("atoms", "parts")

    def __init__(self, parts: Sequence[Formula]) -> None:
        self.parts = tuple(parts)
        self.atoms = frozenset[int]().union(*(part.atoms for part in parts))


class And(_Joined):
    """True when all are true, false when one is false."""

    def possible(self, known: Known) -> int:
        every, some = ANY, 0
        holding = True
        for part in self.parts:
            found = part.possible(known)
            if found == FALSE:
                return FALSE
            every &= found
            some |= found
            holding = holding and bool(found & (TRUE | UNKNOWN))
        return (every & TRUE) | (some & FALSE) | (UNKNOWN if some & UNKNOWN and holding else 0)


class Or(_Joined):
    """True when one is true, false when all are false."""

    def possible(self, known: Known) -> int:
        every, some = ANY, 0
        failing = True
        for part in self.parts:
            found = part.possible(known)
            if found == TRUE:
                return TRUE
            every &= found
            some |= found
            failing = failing and bool(found & (FALSE | UNKNOWN))
        return (some & TRUE) | (every & FALSE) | (UNKNOWN if some & UNKNOWN and failing else 0)


class Not(Formula):
    """True when it is false."""

    __slots__ = ("atoms", "part")

    def __init__(self, part: Formula) -> None:
        self.part, self.atoms = part, part.atoms

    def possible(self, known: Known) -> int:
        found = self.part.possible(known)
        return (TRUE if found & FALSE else 0) | (FALSE if found & TRUE else 0) | (found & UNKNOWN)


class Once(Formula):
    """What a condition comes to once another is true; before that it is unknown."""

    __slots__ = ("atoms", "first", "then")

    def __init__(self, first: Formula, then: Formula) -> None:
        self.first, self.then, self.atoms = first, then, first.atoms | then.atoms

    def possible(self, known: Known) -> int:
        before = self.first.possible(known)
        return (self.then.possible(known) if before & TRUE else 0) | (UNKNOWN if before & ~TRUE else 0)


class AtLeast(_Joined):
    """True when so many are true, false when so many can no longer be."""

    __slots__ = ("wanted",)

    def __init__(self, wanted: int, parts: Sequence[Formula]) -> None:
        super().__init__(parts)
        self.wanted = wanted

    def possible(self, known: Known) -> int:
        found = [part.possible(known) for part in self.parts]
        may_fail = sum(bool(each & FALSE) for each in found)
        certain = found.count(TRUE)
        result = TRUE if sum(bool(each & TRUE) for each in found) >= self.wanted else 0
        if len(found) - may_fail < self.wanted:
            result |= FALSE
        holding = sum(bool(each & (TRUE | UNKNOWN)) for each in found)
        if certain < self.wanted <= holding and any(each & UNKNOWN for each in found):
            result |= UNKNOWN
        return result


Points = tuple[tuple[int, Formula], ...]


class Scored(Formula):
    """A comparison of scores with numbers and with each other: known when all that points may still add agrees. ``ordered``: it
    asks of each score once whether it lies above or below something, so that the lowest and the highest totals tell all."""

    __slots__ = ("atoms", "compare", "ordered", "scores")

    def __init__(self, scores: Sequence[Points], compare: Callable[[Sequence[int]], bool], *, ordered: bool) -> None:
        self.scores, self.compare, self.ordered = tuple(scores), compare, ordered
        self.atoms = frozenset[int]().union(*(when.atoms for points in scores for _, when in points))

    def possible(self, known: Known) -> int:
        totals, open_ = [], False
        for points in self.scores:
            sums = {0}
            for number, when in points:
                found = when.possible(known)
                open_ = open_ or bool(found & UNKNOWN and number)
                if found == TRUE:
                    sums = {each + number for each in sums}
                elif found != FALSE:
                    sums |= {each + number for each in sums}
            totals.append(sums)
        size = 1
        for sums in totals:
            size *= len(sums)
        if size > _MOST_TOTALS:
            return ANY
        tried = [{min(sums), max(sums)} for sums in totals] if self.ordered else totals
        seen = {self.compare(numbers) for numbers in product(*tried)}
        if len(seen) == 1:
            return TRUE if seen.pop() else FALSE
        settled = all(when.possible(known) in (TRUE, FALSE, UNKNOWN) for points in self.scores for _, when in points)
        return UNKNOWN if settled else TRUE | FALSE | (UNKNOWN if open_ else 0)


_MOST_TOTALS = 20_000
