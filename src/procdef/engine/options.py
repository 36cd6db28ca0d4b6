"""What is next for a deal: every way on with what blocks it and who can help. Looking changes and logs nothing."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime

from transitions import Machine

from procdef.commands import Actor, Advance, Back, Command, Finish
from procdef.deal import Deal
from procdef.decide import Refusal, decide
from procdef.decide.sight import Sight
from procdef.decide.wording import word
from procdef.errors import Unmet
from procdef.machine import moves, state_of
from procdef.model import Action, ProcessDefinition


@dataclass(frozen=True, slots=True)
class Todo:
    """An action of the present stage. ``status``: ``done``, ``not_applicable``, ``open`` or ``unknown``; ``who`` may do it;
    ``times`` completions stand of the ``at_least`` asked; ``rejected_by`` is who last rejected a decision."""

    action: Action
    status: str
    who: tuple[str, ...]
    times: int
    rejected_by: str | None


@dataclass(frozen=True, slots=True)
class Way:
    """A move that the process has from here. ``unmet`` is empty when it is open. ``move``: advance, back or finish."""

    move: str
    target: str | None
    unmet: tuple[Unmet, ...]

    @property
    def open(self) -> bool:
        return not self.unmet


@dataclass(frozen=True, slots=True)
class Options:
    """Where a deal stands and what can be done with it now."""

    deal: Deal
    definition: ProcessDefinition
    todo: tuple[Todo, ...]
    ways: tuple[Way, ...]


def options(definition: ProcessDefinition, machine: Machine, deal: Deal, by: Actor | None, now: datetime) -> Options:
    """The options of ``by``, or, where nobody is named, of the process as a whole (as if one had every role)."""
    person = by.person if by else Actor("someone", frozenset(definition.roles))
    stage = definition.stages[deal.stage]
    sight = Sight(definition, deal, person, now)
    todo = []
    for action in (*stage.required_actions.values(), *stage.optional_actions.values()):
        people = deal.standing.get(action.path, ())
        who = sight.allowed(action.by or stage.owner)
        todo.append(Todo(action, sight.status(action), who, len(people), deal.rejected.get(action.path)))
    ways = []
    for event in moves(machine, state_of(deal.stage, deal.mode)):
        move, _, target = event.partition(":")
        commands: dict[str, Command] = {
            "advance": Advance(target, "..."),
            "back": Back(target, "..."),
            "finish": Finish(),
        }
        if move not in commands or (move == "back" and target not in deal.passed):
            continue
        verdict = decide(definition, machine, deal, commands[move], person, now)
        unmet = verdict.obstacles if isinstance(verdict, Refusal) else ()
        ways.append(Way(move, target or None, tuple(word(definition, deal.name, item) for item in unmet)))
    return Options(deal, definition, tuple(todo), tuple(ways))
