"""What a command comes to: a pure function of the definition, the deal, who asks and when. Nothing is written here."""

from __future__ import annotations

from typing import Any

from transitions import Machine

from procdef.commands import ARGUMENTS, Actor, ArgumentKind, Command, Start, given
from procdef.deal import Deal
from procdef.decide import input_values
from procdef.decide.context import Context
from procdef.decide.decision import Decision, Obstacle, Refusal, Stopped, without_empty
from procdef.decide.guards import MoveContext
from procdef.decide.moves import MOVES
from procdef.decide.within_stage import WITHIN_STAGE, start
from procdef.events.first_of_command import MODES
from procdef.events.types import step_refused
from procdef.expression.given_values import BadValue
from procdef.log.event import Data, Entry
from procdef.model import ProcessDefinition

__all__ = ["Decision", "Obstacle", "Refusal", "decide"]

_WITH_REASON = frozenset(
    command
    for command, arguments in ARGUMENTS.items()
    if any(argument.name == "reason" and argument.kind is ArgumentKind.FREE_TEXT for argument in arguments)
)
_AS_GIVEN = frozenset((ArgumentKind.PERSON, ArgumentKind.DEAL, ArgumentKind.SWITCH))
"""What names somebody or something by an id that was looked at already, or nothing at all."""


def decide(
    definition: ProcessDefinition,
    machine: Machine,
    deal: Deal | None,
    command: Command,
    person: Actor,
    moment: str,
    key: str = "",
    happened: str | None = None,
) -> Decision | Refusal:
    """Judge a command on a deal (``None``: a start under the name ``key``) by ``person``.

    ``moment`` is the time, in UTC and in the form of the log, ``happened`` when the step is said to have happened, where
    that is another.
    """
    kind = type(command)
    mover = MOVES.get(kind) if deal is not None else None
    move = MoveContext(definition, deal, person, moment) if deal is not None and mover is not None else None
    context = move or Context(definition, deal, person, moment)
    context.occurred = happened or moment
    try:
        if kind in _WITH_REASON:
            context.reason = _reason(context, command)
        if deal is None:
            assert isinstance(command, Start)
            entries = start(context, command, key)
        else:
            if deal.mode != "open" and deal.mode not in MODES[command.verb]:
                context.stop("closed", deal.stage)
            entries = mover(machine, move, command) if move and mover else WITHIN_STAGE[kind](context, command)
        obstacles = tuple(context.obstacles)
    except Stopped as stopped:
        entries, obstacles = [], (stopped.obstacle,)
    if obstacles:
        return Refusal(obstacles, _refused(context, command, obstacles, key))
    return Decision(tuple(entries), tuple(context.used))


def _reason(context: Context, command: Any) -> str | None:
    """The reason that was given. One that cannot be logged was given all the same: it is not missing as well."""
    if command.reason is None:
        return None
    reason = input_values.text(context, "reason", command.reason)
    return "" if reason is None and context.obstacles else reason


def _refused(context: Context, command: Command, obstacles: tuple[Obstacle, ...], key: str) -> Entry:
    """The refusal as it goes on record, its arguments by the same rules of privacy as those of a step that is applied."""
    arguments, private = _arguments(context, command, key)
    data = {
        "do": command.verb,
        "arguments": arguments,
        "unmet": [obstacle.logged() for obstacle in obstacles],
        "facts": context.facts(),
    }
    return step_refused.EVENT.entry(data, private)


def _arguments(context: Context, command: Command, key: str) -> tuple[Data, list[str]]:
    """What was asked for, and pointers to the personal values of fields in it; what cannot be logged is left out."""
    shown: Data = {"key": _text_if_loggable(key)} if key else {}
    private: list[str] = []
    for argument, value in given(command):
        kind, name = argument.kind, argument.written
        if kind is ArgumentKind.FIELD_VALUES:
            taken = _fit(context, value)
            values = {field: each for field, each in taken.items() if each is not None}
            unset = sorted(field for field, each in taken.items() if each is None)
            shown |= without_empty({name: values or None, "unset": unset})
            private += input_values.private_values(context.definition, values, "arguments", name)
        elif kind.personal:
            shown[name] = _text_if_loggable(value)
        elif kind in _AS_GIVEN:
            shown[name] = value
        elif value:
            shown[name] = input_values.named(value, context.definition)
    return {name: value for name, value in shown.items() if value is not None}, private


def _fit(context: Context, values: Any) -> dict[str, Any]:
    """The values that were fit to be logged (``None``: to be unset); of the others the log names field and code only."""
    known = {name: value for name, value in values.items() if name in context.definition.fields}
    return input_values.coerced(context.definition, known)[0]


def _text_if_loggable(given: str | None) -> str | None:
    try:
        return input_values.loggable(given)
    except BadValue:
        return None
