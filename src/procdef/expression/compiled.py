"""An expression that is checked and ready to run."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, field

from procdef.diagnostics import Fault
from procdef.expression.check import Checker, Scope
from procdef.expression.evaluate import Closure, Seen, Truth, build
from procdef.expression.explain import explainer
from procdef.expression.parse import SyntaxFault, parse


@dataclass(frozen=True, slots=True)
class Expression:
    """A criterion ready to run. ``fields`` and ``actions`` are what it reads; ``clock``: it reads the time too."""

    text: str
    fields: frozenset[str]
    actions: frozenset[str]
    clock: bool
    _run: Closure = field(repr=False, compare=False)
    _explain: Callable[[Seen], str] = field(repr=False, compare=False)

    def evaluate(self, situation: Seen) -> Truth:
        """True, false, or ``None`` where something that it needs is not filled in."""
        truth: Truth = self._run(situation, {})
        return truth

    def explain(self, situation: Seen) -> str:
        """Why it is not true here; nothing where it is true."""
        return "" if self.evaluate(situation) is True else self._explain(situation)


@dataclass(frozen=True, slots=True)
class Compiled:
    """Either an expression, or the faults that keep the text from being one."""

    expression: Expression | None
    faults: tuple[Fault, ...] = ()


def compile_expression(text: str, scope: Scope) -> Compiled:
    """Read, check and build an expression; never raises."""
    try:
        tree = parse(text)
    except SyntaxFault as wrong:
        return Compiled(None, (wrong.fault,))
    checker = Checker(scope)
    typed = checker.boolean(tree)
    if typed is None or checker.faults:
        return Compiled(None, tuple(sorted(checker.faults, key=lambda fault: (fault.start, fault.end))))
    run = build(typed, scope.timezone)
    why = explainer(text, scope.fields, scope.timezone, typed)
    return Compiled(Expression(text, frozenset(checker.fields), frozenset(checker.actions), checker.clock, run, why))
