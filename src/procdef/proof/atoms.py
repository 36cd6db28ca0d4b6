"""The conditions of a process as formulas over numbered atoms."""

from __future__ import annotations

import operator
from collections.abc import Callable, Iterable, Iterator, Sequence
from dataclasses import dataclass, field
from itertools import pairwise
from typing import Any, cast

from procdef.expression import ELSE, Expression, Scope, Scoring
from procdef.expression.checking import Checker
from procdef.expression.evaluation import Closure, build
from procdef.expression.syntax import SyntaxNode, parse
from procdef.model import Action, ProcessDefinition, Stage
from procdef.proof.formulas import TRUE, Always, And, AtLeast, Formula, Leaf, Not, Once, Or, Points, Scored
from procdef.proof.linear_terms import Sum, is_aggregate, summed

_SIGNS: dict[str, Callable[[Any, Any], bool]] = {
    "==": operator.eq, "!=": operator.ne, "<": operator.lt, "<=": operator.le, ">": operator.gt, ">=": operator.ge,
}  # fmt: skip
_ORDER = ("<", "<=", ">", ">=")
Comparison = tuple[str, Sum]
"""A sum and how it stands to 0: ``<=``, ``<`` or ``==``."""


@dataclass(frozen=True, slots=True)
class Atom:
    """A part of conditions. ``fields`` and ``clock`` are what it reads, ``action`` the one that it asks about.

    ``holds`` are the comparisons of which one must hold entirely for it to be true, and ``fails`` those for false; without any
    it is not one of numbers. ``aggregates`` are the variables of its parts that look into lists.
    """

    number: int
    node: SyntaxNode
    run: Closure
    fields: frozenset[str]
    clock: frozenset[str]
    action: str | None = None
    holds: tuple[tuple[Comparison, ...], ...] = ()
    fails: tuple[tuple[Comparison, ...], ...] = ()
    aggregates: frozenset[str] = frozenset()

    @property
    def linear(self) -> bool:
        """Whether it compares sums."""
        return bool(self.holds or self.fails)


@dataclass(slots=True)
class Atoms:
    """All atoms of one process, found as its conditions are read.

    ``trials`` is how often values may still be thought of for what they come to, over all questions.
    """

    process: ProcessDefinition
    all: list[Atom] = field(default_factory=list)
    aggregates: dict[str, SyntaxNode] = field(default_factory=dict)
    trials: int = 60_000
    _numbers: dict[str, int] = field(default_factory=dict)
    _read: dict[str, Formula] = field(default_factory=dict)
    _scope: Scope | None = None

    @property
    def scope(self) -> Scope:
        """What names mean in the conditions of the process."""
        if self._scope is None:
            process = self.process
            self._scope = Scope(
                {name: each.type for name, each in process.fields.items()},
                {stage.id: (*stage.required_actions, *stage.optional_actions) for stage in process.stages.values()},
                process.calendar.zone,
                process.currency,
                {name: score.rule for name, score in process.scores.items()},
                published=True,
            )
        return self._scope

    def of(self, expression: Expression) -> Formula:
        """The formula of an expression other than ``else``."""
        return self.of_text(expression.text)

    def way(self, stage: Stage, target: str) -> Formula:
        """The formula of the ``when`` of a way; always true where it has none."""
        when = stage.next[target].when
        if when is None:
            return Always(TRUE)
        if when.text != ELSE:
            return self.of(when)
        others = [each.when for each in stage.next.values() if each.when is not None and each.when.text != ELSE]
        return Not(Or([self.of(other) for other in others]))

    def filled(self, fields: Iterable[str]) -> Formula:
        """That all of these fields are set."""
        return And([self.is_set(name) for name in fields])

    def is_set(self, name: str) -> Formula:
        """That a field is set."""
        return self.of_text(f"{name} is set")

    def is_done(self, path: str) -> Formula:
        """That an action is done."""
        return self.of_text(f"{path} is done")

    def row_known(self, action: Action) -> Formula:
        """That it is known which row of an action's table holds."""
        found: Formula = Always(TRUE)
        for row in reversed(action.table):
            if row.when is not None:
                when = self.of(row.when)
                found = Or([when, And([Not(when), found])])
        return found

    def of_text(self, text: str) -> Formula:
        """The formula of a condition, also of one that stands nowhere in the process."""
        if text not in self._read:
            typed = Checker(text, self.scope).boolean(parse(text))
            assert typed is not None, text
            self._read[text] = self._formula(typed)
        return self._read[text]

    def _formula(self, node: SyntaxNode) -> Formula:
        match node.op:
            case "and":
                return And([self._formula(part) for part in node.args])
            case "or":
                return Or([self._formula(part) for part in node.args])
            case "not":
                return Not(self._formula(node.args[0]))
            case "at_least":
                return AtLeast(cast(int, node.value), [self._formula(part) for part in node.args])
            case "compare" | "between" | "in" if any(_scorings(node)):
                return self._scored(node) or Leaf(self._atom(node).number)
            case "done" if (action := self.process.actions[str(node.value)]).table:
                return Once(self.row_known(action), Leaf(self._atom(node).number))
        return Leaf(self._atom(node).number)

    def _scored(self, node: SyntaxNode) -> Formula | None:
        if not all(part.op in ("score", "literal") for part in node.args):
            return None
        rules = list(dict.fromkeys(_scorings(node)))
        points: list[Points] = [
            tuple((each.points, self.of_text(each.when.text)) for each in rule.points) for rule in rules
        ]

        def compare(numbers: Sequence[int]) -> bool:
            by_rule = dict(zip(rules, numbers, strict=True))
            parts = [by_rule[cast(Scoring, part.value)] if part.op == "score" else part.value for part in node.args]
            return _compared(node, cast(list[Any], parts))

        asked = [part for part in node.args if part.op == "score"]
        ordered = node.op == "compare" and str(node.value) in _ORDER and len(asked) == len(rules)
        return Scored(points, compare, ordered=ordered)

    def _atom(self, node: SyntaxNode) -> Atom:
        key = _key(node)
        if key not in self._numbers:
            self._numbers[key] = len(self.all)
            self.all.append(self._made(node, len(self.all)))
        return self.all[self._numbers[key]]

    def _made(self, node: SyntaxNode, number: int) -> Atom:
        fields, clock = frozenset(_named(node, "field")), frozenset(_named(node, "clock"))
        for rule in _scorings(node):
            fields, clock = fields | rule.fields, clock | rule.clock
        action = str(node.value) if node.op == "done" else None
        run = build(node, self.scope.timezone)
        seen: set[str] = set()
        holds, fails = self._comparisons(node, seen)
        return Atom(number, node, run, fields, clock, action, holds, fails, frozenset(seen))

    def _comparisons(
        self, node: SyntaxNode, seen: set[str]
    ) -> tuple[tuple[tuple[Comparison, ...], ...], tuple[tuple[Comparison, ...], ...]]:
        if node.op not in ("compare", "between", "in"):
            return (), ()

        def aggregate(part: SyntaxNode) -> str:
            name = f"aggregate:{_key(part)}"
            self.aggregates[name] = part
            seen.add(name)
            return name

        sums = [summed(part, aggregate) for part in node.args]
        if any(each is None for each in sums):
            seen.clear()
            return (), ()
        first, *others = cast(list[Sum], sums)
        if node.op == "in":
            equal = [each for other in others for each in _relation("==", first, other)[0]]
            return tuple(equal), _beside(first, others)
        if node.op == "between":
            low, high = _relation("<=", others[0], first), _relation("<=", first, others[1])
            return _all_of([low[0], high[0]]), (*low[1], *high[1])
        return _relation(str(node.value), first, others[0])


def _relation(
    sign: str, left: Sum, right: Sum
) -> tuple[tuple[tuple[Comparison, ...], ...], tuple[tuple[Comparison, ...], ...]]:
    below, above = left.plus(right, -1), right.plus(left, -1)
    less: tuple[tuple[Comparison, ...], ...] = ((("<", below),),)
    more: tuple[tuple[Comparison, ...], ...] = ((("<", above),),)
    at_most: tuple[tuple[Comparison, ...], ...] = ((("<=", below),),)
    at_least: tuple[tuple[Comparison, ...], ...] = ((("<=", above),),)
    equal: tuple[tuple[Comparison, ...], ...] = ((("==", below),),)
    return {
        "<": (less, at_least), "<=": (at_most, more), ">": (more, at_most), ">=": (at_least, less),
        "==": (equal, (*less, *more)), "!=": ((*less, *more), equal),
    }[sign]  # fmt: skip


def _beside(first: Sum, others: list[Sum]) -> tuple[tuple[Comparison, ...], ...]:
    """That the first is none of the others; of constants, that it lies in one of the gaps between them."""
    if any(other.factors for other in others):
        return _all_of([_relation("==", first, other)[1] for other in others])
    ordered = sorted(others, key=lambda other: other.constant)
    gaps = [_relation("<", first, ordered[0])[0][0], _relation(">", first, ordered[-1])[0][0]]
    for low, high in pairwise(ordered):
        gaps.append((*_relation(">", first, low)[0][0], *_relation("<", first, high)[0][0]))
    return tuple(gaps)


def _all_of(each: list[tuple[tuple[Comparison, ...], ...]]) -> tuple[tuple[Comparison, ...], ...]:
    """One of the first, and one of the second, and so on, in every way."""
    found: tuple[tuple[Comparison, ...], ...] = ((),)
    for choices in each:
        found = tuple((*one, *other) for one in found for other in choices)
    return found


def _compared(node: SyntaxNode, parts: list[Any]) -> bool:
    if node.op == "between":
        return bool(parts[1] <= parts[0] <= parts[2])
    if node.op == "in":
        return parts[0] in parts[1:]
    return _SIGNS[str(node.value)](parts[0], parts[1])


def _scorings(node: SyntaxNode) -> Iterator[Scoring]:
    if isinstance(node.value, Scoring):
        yield node.value
    for part in node.args:
        yield from _scorings(part)


def _named(node: SyntaxNode, kind: str) -> Iterator[str]:
    """The fields, or the facts of time, that a typed node reads."""
    if node.op == kind or (kind == "field" and (node.op in ("any", "all") or is_aggregate(node))):
        yield str(node.value)
    for part in node.args:
        yield from _named(part, kind)


def _key(node: SyntaxNode) -> str:
    """The same for all nodes that say the same."""
    value = node.value.id if isinstance(node.value, Scoring) else node.value
    return f"{node.op}:{value!r}:{node.type}({','.join(_key(part) for part in node.args)})"
