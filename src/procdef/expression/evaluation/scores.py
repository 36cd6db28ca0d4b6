"""Scores: points that a deal gains by what is true of it, and what their sum can still become.

A point is gained where its condition is true, and open while the condition is unknown. So a score is one number, or one of
several: the sum of what is gained and of any of the points that are open.
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass, field
from itertools import product
from math import prod
from typing import Protocol

from procdef.expression.evaluation.deal_as_seen import Closure, Row, Seen, Situation, Truth

_MOST_TRIED = 20_000
"""How many combinations of scores with open points are tried before a comparison stays unknown."""


class Condition(Protocol):
    """An expression that is checked and ready to run."""

    @property
    def text(self) -> str: ...
    @property
    def fields(self) -> frozenset[str]: ...
    @property
    def cells(self) -> frozenset[str]: ...
    @property
    def actions(self) -> frozenset[str]: ...
    @property
    def clock(self) -> frozenset[str]: ...
    @property
    def personal(self) -> bool: ...
    def evaluate(self, situation: Seen) -> Truth: ...


@dataclass(frozen=True, slots=True)
class Points:
    """So many points where the condition is true."""

    id: str
    when: Condition
    points: int


@dataclass(frozen=True, slots=True)
class Scoring:
    """The rule of one score. ``fields``, ``cells`` and ``actions`` are what its conditions read, ``clock`` the facts of
    time among it.

    ``private``: a condition compares a personal value, so that the score would tell of it; it never stands in facts or
    messages. That a personal field is filled in is no such secret.
    """

    id: str
    points: tuple[Points, ...]
    private: bool = field(init=False)
    fields: frozenset[str] = field(init=False)
    cells: frozenset[str] = field(init=False)
    actions: frozenset[str] = field(init=False)
    clock: frozenset[str] = field(init=False)

    def __post_init__(self) -> None:
        conditions = [each.when for each in self.points]
        object.__setattr__(self, "fields", frozenset().union(*(each.fields for each in conditions)))
        object.__setattr__(self, "cells", frozenset().union(*(each.cells for each in conditions)))
        object.__setattr__(self, "actions", frozenset().union(*(each.actions for each in conditions)))
        object.__setattr__(self, "private", any(each.personal for each in conditions))
        object.__setattr__(self, "clock", frozenset().union(*(each.clock for each in conditions)))

    def judged(self, seen: Seen) -> Breakdown:
        """What each point has come to."""
        return Breakdown(self, tuple([each.when.evaluate(seen) for each in self.points]))

    def total(self, seen: Seen) -> int | None:
        """The sum of the points gained; ``None`` while one is open that counts."""
        total = 0
        for each in self.points:
            truth = each.when.evaluate(seen)
            if truth:
                total += each.points
            elif truth is None and each.points:
                return None
        return total

    def possible(self) -> frozenset[int]:
        """Every number that the score can be."""
        return _sums(0, (each.points for each in self.points))


@dataclass(frozen=True, slots=True)
class Breakdown:
    """What a deal's score is made of at one moment: for each point of the rule whether it is gained (``None``: open)."""

    rule: Scoring
    truths: tuple[Truth, ...]

    @property
    def gained(self) -> tuple[Points, ...]:
        """The points that the deal has."""
        return self._with(True)

    @property
    def missed(self) -> tuple[Points, ...]:
        """The points that the deal does not have, as things stand."""
        return self._with(False)

    @property
    def open(self) -> tuple[Points, ...]:
        """The points of which nothing is known yet."""
        return self._with(None)

    @property
    def possible(self) -> frozenset[int]:
        """Every number that the score can be, whatever the open points come to."""
        return _sums(sum(each.points for each in self.gained), (each.points for each in self.open))

    @property
    def total(self) -> int | None:
        """The score, or ``None`` while it can still be several numbers."""
        possible = self.possible
        return next(iter(possible)) if len(possible) == 1 else None

    def _with(self, truth: Truth) -> tuple[Points, ...]:
        return tuple(each for each, found in zip(self.rule.points, self.truths, strict=True) if found is truth)


def worded(score: Breakdown) -> str:
    """The number and what it is made of: "45: size 25, problem 20; still open: budget 30; missed: industry 25"."""
    parts = [
        f"{lead}{', '.join(f'{each.id} {each.points}' for each in points)}"
        for lead, points in (("", score.gained), ("still open: ", score.open), ("missed: ", score.missed))
        if points
    ]
    return f"{number(score)} ({'; '.join(parts)})" if parts else number(score)


def number(score: Breakdown) -> str:
    """The number, or from which to which it can be."""
    possible = score.possible
    return f"{min(possible)} to {max(possible)}" if len(possible) > 1 else f"{max(possible)}"


def _sums(start: int, points: Iterable[int]) -> frozenset[int]:
    """The sums of any of these points, added to a number."""
    sums = {start}
    for each in points:
        sums |= {one + each for one in sums}
    return frozenset(sums)


def added_up(rule: Scoring) -> Closure:
    """What a score is where an expression names it."""

    def total(s: Seen, row: Row) -> int | None:
        supposed = s.supposed.get(rule.id)
        return rule.total(s) if supposed is None else supposed

    return total


def whatever_is_open(run: Closure, rules: tuple[Scoring, ...]) -> Closure:
    """The comparison; where points of its scores are open, what it comes to if that is the same for all that they could
    add, however the points of one score go together with those of another."""
    if not rules:
        return run

    def compared(s: Seen, row: Row) -> Truth:
        truth: Truth = run(s, row)
        if truth is not None:
            return truth
        choices = [sorted(rule.judged(s).possible) for rule in rules]
        if prod(map(len, choices)) > _MOST_TRIED:
            return None
        supposing = Situation(
            s.values, s.done, s.now, s.today, s.age, s.stage_age, s.idle, s.contact_age, unsure=s.unsure
        )
        found: set[Truth] = set()
        for numbers in product(*choices):
            supposing.supposed = {rule.id: number for rule, number in zip(rules, numbers, strict=True)}
            found.add(run(supposing, row))
            if None in found or len(found) > 1:
                return None
        return found.pop()

    return compared
