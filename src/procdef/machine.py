"""The moves of a process as a state machine on ``transitions``: one for each definition, shared by all its deals.

A stage ``s`` is three states: ``s`` (open there), ``s|lost`` and ``s|done``. Nothing happens inside a callback: each
transition has one guard, which asks the view of a deal whether the move is open to it.
"""

from __future__ import annotations

from collections.abc import Callable
from functools import partial
from typing import Any, Protocol

from transitions import Event, Machine, MachineError
from transitions import Transition as Way

from procdef.commands import Advance, Back, Finish, Lose, Reopen
from procdef.model import ProcessDefinition, Return, Stage, Transition

Subject = Transition | Return | Stage


class View(Protocol):
    """A deal as the machine sees it: the state it reads and sets, and the question it asks."""

    state: str

    def admits(self, move: str, subject: Subject) -> bool:
        """Whether this move (``advance``, ``back``, ``lose``, ``reopen``, ``finish``) is open now; collects what is unmet."""


def state_of(stage: str, mode: str) -> str:
    """The state of a deal in that stage and mode (``open``, ``lost``, ``done``)."""
    return stage if mode == "open" else f"{stage}|{mode}"


class _Guarded(Way):
    """A move with one guard and no callbacks."""

    def take(self, view: View) -> bool:
        """Set the state that the move leads to, if its guard allows."""
        guard: Any = self.conditions[0].func
        if not guard(view):
            return False
        view.state = str(self.dest)
        return True


class _Move(Event):
    """An event without callbacks: what ``transitions`` does for them is left out, the rest is the same."""

    def trigger(self, model: Any, *args: Any, **kwargs: Any) -> bool:
        """Take the move from the model's state, if its guard allows. Raises ``MachineError`` where none begins there."""
        ways: Any = self.transitions.get(model.state)
        if not ways:
            raise MachineError(f"Can't trigger event {self.name} from state {model.state}!")
        (way,) = ways  # a definition has one move from a stage to another
        return bool(way.take(model))


class _Moves(Machine):
    transition_cls = _Guarded
    event_cls = _Move


def build_machine(definition: ProcessDefinition) -> Machine:
    """The machine of a definition, with every move that it allows and no other."""
    names = [state_of(stage, mode) for stage in definition.stages for mode in ("open", "lost", "done")]
    machine = _Moves(model=None, states=names, initial=None, auto_transitions=False, queued=False)

    def add(event: str, source: str, dest: str, guard: Callable[[View], bool]) -> None:
        machine.add_transition(event, source, dest, conditions=[guard])

    for stage in definition.stages.values():
        for forward in stage.next.values():
            add(f"{Advance.verb}:{forward.target}", stage.id, forward.target, partial(_ask, Advance.verb, forward))
        for backward in stage.back.values():
            add(f"{Back.verb}:{backward.target}", stage.id, backward.target, partial(_ask, Back.verb, backward))
        if definition.lost is not None:
            add(Lose.verb, stage.id, state_of(stage.id, "lost"), partial(_ask, Lose.verb, stage))
            if definition.lost.reopen is not None:
                add(Reopen.verb, state_of(stage.id, "lost"), stage.id, partial(_ask, Reopen.verb, stage))
        if not stage.next:
            add(Finish.verb, stage.id, state_of(stage.id, "done"), partial(_ask, Finish.verb, stage))
    return machine


def attempt(machine: Machine, event: str, view: View) -> bool | None:
    """Take the move if its guard allows: true (``view.state`` is the new one) or false; ``None``: there is no such move."""
    try:
        moved: bool = machine.events[event].trigger(view)
    except (KeyError, MachineError):
        return None
    return moved


def moves(machine: Machine, state: str) -> tuple[str, ...]:
    """The events that lead out of a state."""
    return tuple(machine.get_triggers(state))


def _ask(move: str, subject: Subject, view: View) -> bool:
    return view.admits(move, subject)
