"""An expression that is checked and ready to run."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from typing import Any

from procdef.diagnostics import Finding
from procdef.expression.checking import ELSE, Checker, Scope
from procdef.expression.evaluation import Closure, Row, Scoring, Seen, Truth, build
from procdef.expression.syntax import SyntaxFault, SyntaxNode, parse

Explanation = Callable[[Seen, bool], str]
"""Why it is not true on a deal; in full: with its own text in any case."""


class _Remade:
    """How an expression is made anew in another process, where functions that are made at run time cannot go."""

    __slots__ = ("_making",)
    _making: tuple[Callable[..., Expression], tuple[Any, ...]]


@dataclass(frozen=True, slots=True)
class Expression(_Remade):
    """A criterion ready to run. ``fields``, ``cells`` (``list.column``) and ``actions`` are what it reads, by its ``scores``
    too, and ``clock`` (``today``, ``deal.age`` and the like) what it reads of the time; ``personal``: it looks at a personal
    value, rather than only at whether it is set.
    """

    text: str
    fields: frozenset[str]
    cells: frozenset[str]
    actions: frozenset[str]
    clock: frozenset[str]
    personal: bool
    scores: tuple[Scoring, ...]
    _run: Closure = field(repr=False, compare=False)
    _explain: Explanation = field(repr=False, compare=False)

    def __reduce__(self) -> tuple[Callable[..., Expression], tuple[Any, ...]]:
        return self._making

    def __deepcopy__(self, _memo: object) -> Expression:
        return self  # nothing in it ever changes

    def evaluate(self, situation: Seen) -> Truth:
        """True, false, or ``None`` where something that it needs is not filled in."""
        truth: Truth = self._run(situation, {})
        return truth

    def explain(self, situation: Seen, *, in_full: bool = False) -> str:
        """Why it is not true here; nothing where it is true. ``in_full``: with its own text in any case."""
        return "" if self.evaluate(situation) is True else self._explain(situation, in_full)


@dataclass(frozen=True, slots=True)
class Compiled:
    """Either an expression, or the faults that keep the text from being one, at characters of that text."""

    expression: Expression | None
    faults: tuple[Finding, ...] = ()


def compile_expression(text: str, scope: Scope) -> Compiled:
    """Read, check and build an expression; never raises. A fix is offered only where it mends the expression."""
    found = _compile(text, scope)
    if all(fault.fix is None for fault in found.faults):
        return found
    from procdef.expression.verified_fixes import verified  # only faulty expressions need it

    return Compiled(None, tuple(verified(text, found.faults, lambda other: _compile(other, scope).faults)))


def _compile(text: str, scope: Scope) -> Compiled:
    try:
        tree = parse(text)
    except SyntaxFault as wrong:
        return Compiled(None, (wrong.fault,))
    checker = Checker(text, scope)
    typed = checker.boolean(tree)
    names = checker.names
    if typed is None or names.faults:
        return Compiled(None, tuple(sorted(names.faults, key=_order)))
    expression = Expression(
        text,
        frozenset(names.fields),
        frozenset(names.cells),
        frozenset(names.actions),
        frozenset(names.clock),
        names.personal,
        tuple(names.scores.values()),
        build(typed, scope.timezone),
        _explaining(text, scope, typed),
    )
    return Compiled(_made_by(expression, _compiled, text, scope))


def _compiled(text: str, scope: Scope) -> Expression:
    """The expression of a text that was one before."""
    expression = compile_expression(text, scope).expression
    assert expression is not None
    return expression


def _made_by(expression: Expression, make: Callable[..., Expression], *given: object) -> Expression:
    object.__setattr__(expression, "_making", (make, given))
    return expression


def _explaining(text: str, scope: Scope, typed: SyntaxNode) -> Explanation:
    """Explains the tree. What it takes to explain is imported when something is refused: most that is compiled never is."""

    def explain(s: Seen, in_full: bool) -> str:
        from procdef.expression.explanation import explainer

        return explainer(text, scope.fields, scope.timezone, typed)(s, in_full)

    return explain


def _order(fault: Finding) -> tuple[int, int]:
    return fault.place.start or 0, fault.place.end or 0


def otherwise(others: Mapping[str, Expression]) -> Expression:
    """``else``: true when none of these is true, and unknown while one is unknown. They are named for explanations."""

    def none_holds(s: Seen, row: Row) -> Truth:
        seen = [other.evaluate(s) for other in others.values()]
        return False if True in seen else None if None in seen else True

    def why(s: Seen, in_full: bool) -> str:
        open_ = [f"{name} is open, for {other.text} holds" for name, other in others.items() if other.evaluate(s)]
        unknown = [
            f"whether {name} is open is not known: {other.explain(s)}"
            for name, other in others.items()
            if other.evaluate(s) is None
        ]
        return ", and ".join([ELSE] * in_full + ["; ".join(open_ or unknown)])

    every = tuple(others.values())
    expression = Expression(
        ELSE,
        frozenset().union(*(each.fields for each in every)),
        frozenset().union(*(each.cells for each in every)),
        frozenset().union(*(each.actions for each in every)),
        frozenset().union(*(each.clock for each in every)),
        any(each.personal for each in every),
        tuple({score.id: score for each in every for score in each.scores}.values()),
        none_holds,
        why,
    )
    return _made_by(expression, otherwise, others)
