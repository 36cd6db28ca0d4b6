"""Whether a deal that was thought of can be where it was thought to be, as the states tell that deals were played into."""

from __future__ import annotations

from collections.abc import Sequence

from procdef.model import Stage
from procdef.proof.evaluated import situation
from procdef.proof.formulas import OUTCOMES
from procdef.proof.inquiry import Inquiry
from procdef.proof.player import Player
from procdef.proof.search import Example, Wanted
from procdef.proof.states import Played


def met_in(inquiry: Inquiry, stage: Stage, played: Played, wanted: Sequence[Wanted], found: Example) -> Example | None:
    """The deal that was ``found`` for what is ``wanted``, or another for which it holds and that can be in the stage.

    Nothing where no deal that can be in the stage is such a one. Where not all states were played, the one that was found.
    """
    states = played.states
    if states is None:
        return found
    atoms = inquiry.atoms
    numbers = sorted(frozenset[int]().union(*(formula.atoms for formula, _ in wanted)))
    seen = situation(found.values, found.clock, found.done, atoms.scope.timezone)
    alike = {number: OUTCOMES[atoms.all[number].run(seen, {})] for number in numbers}
    other: Player | None = None
    for state in states.of(stage.id):
        player = states.reached[state]
        context = player.context()
        truths = {number: OUTCOMES[atoms.all[number].run(context, {})] for number in numbers}
        if truths == alike:
            return found
        if other is None and all(formula.comes_to(outcomes, truths) for formula, outcomes in wanted):
            other = player
    return _example(inquiry, other, numbers) if other is not None else None


def _example(inquiry: Inquiry, player: Player, numbers: Sequence[int]) -> Example:
    """What these atoms read of a deal."""
    context = player.context()
    members = [inquiry.atoms.all[number] for number in numbers]
    read = frozenset[str]().union(*(atom.fields for atom in members))
    values = {name: value for name, value in context.values.items() if name in read}
    done = frozenset(atom.action for atom in members if atom.action is not None and atom.run(context, {}) is True)
    return Example(values, {}, done)
