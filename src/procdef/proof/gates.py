"""What must hold at one moment for a step to be taken, as formulas."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass

from procdef.model import Action, Criterion, ProcessDefinition, Stage
from procdef.proof.atoms import Atoms
from procdef.proof.formulas import TRUE, Always, And, Formula, Not, Or


@dataclass(frozen=True, slots=True)
class Part:
    """One thing that must hold, and what asks for it: the ``way``, an ``action``, an ``exit`` or ``entry`` criterion."""

    what: str
    about: str
    formula: Formula
    waivable: bool = False


@dataclass(frozen=True, slots=True)
class Gates:
    """The gates of one process."""

    process: ProcessDefinition
    atoms: Atoms

    def met(self, criterion: Criterion) -> Formula:
        """That a criterion is met."""
        return self.atoms.of(criterion.check) if criterion.check is not None else self.atoms.filled(criterion.require)

    def applies(self, action: Action) -> Formula:
        """That an action is needed."""
        return Always(TRUE) if action.when is None else self.atoms.of(action.when)

    def settled(self, action: Action) -> Formula:
        """That a required action is done, or known not to be needed."""
        needed = self.applies(action)
        known = And([Or([needed, Not(needed)]), self.atoms.row_known(action)])
        return Or([Not(needed), And([known, self.atoms.is_done(action.path)])])

    def leaving(self, stage: Stage) -> Iterator[Part]:
        """What is asked of a deal that leaves a stage, whichever way it takes."""
        for action in stage.required_actions.values():
            yield Part("action", action.path, self.settled(action))
        for criterion in stage.exit_criteria.values():
            yield Part("exit", criterion.path, self.met(criterion), bool(criterion.waivable_by))

    def entering(self, stage: Stage) -> Iterator[Part]:
        """What is asked of a deal that enters a stage."""
        for criterion in stage.entry_criteria.values():
            yield Part("entry", criterion.path, self.met(criterion), bool(criterion.waivable_by))

    def way(self, stage: Stage, target: str) -> list[Part]:
        """What is asked of a deal that takes a way."""
        found = [Part("way", target, self.atoms.way(stage, target))]
        if not stage.next[target].unfinished_allowed:
            found += self.leaving(stage)
        return [*found, *self.entering(self.process.stages[target])]

    def doing(self, action: Action) -> list[Formula]:
        """What is asked of who does an action: it is needed, what it needs is settled, what it records is filled in."""
        found = [self.applies(action), self.atoms.row_known(action), self.atoms.filled(action.records)]
        for path in action.needs:
            needed = self.process.actions[path]
            found.append(self.settled(needed))
        return found
