"""What conditions see of the actions that are done: each is looked at when it is asked for."""

from __future__ import annotations

from typing import Protocol

from procdef.decide.approvers import Approvers
from procdef.model import Action, ProcessDefinition


class Sight(Protocol):
    """A deal under its definition, as ``Context`` has it."""

    definition: ProcessDefinition

    def is_done(self, action: Action) -> bool:
        """Whether enough completions stand and count."""

    def approvers(self, action: Action) -> Approvers:
        """Who does an action, and which row of its table holds."""


class Done:
    """The actions that are done."""

    __slots__ = ("_sight",)

    def __init__(self, sight: Sight) -> None:
        self._sight = sight

    def __contains__(self, path: object) -> bool:
        action = self._sight.definition.actions.get(str(path))
        return action is not None and self._sight.is_done(action)


class Unsure:
    """The actions of which it is not known which row of their table holds, and so whether they are done, each with why."""

    __slots__ = ("_sight",)

    def __init__(self, sight: Sight) -> None:
        self._sight = sight

    def __contains__(self, path: object) -> bool:
        action = self._sight.definition.actions.get(str(path))
        return action is not None and bool(action.table) and self._sight.approvers(action).row is None

    def __getitem__(self, path: str) -> str:
        why = self._sight.approvers(self._sight.definition.actions[path]).why
        return why or "who decides on it is not known"
