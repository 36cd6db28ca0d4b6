"""What a command comes to: a pure function of the definition, the deal, who asks and when. Nothing is written here."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from typing import Any

from transitions import Machine

from procdef.commands import (
    VERBS,
    Actor,
    Advance,
    Assign,
    Back,
    Command,
    Do,
    Finish,
    Lose,
    Note,
    Record,
    Reopen,
    Start,
    Waive,
)
from procdef.deal import Deal
from procdef.decide import input_values, moves, within_stage
from procdef.decide.context import Context
from procdef.decide.decision import Decision, Obstacle, Refusal, Stopped, without_empty
from procdef.decide.guards import MoveContext
from procdef.events.first_of_command import MODES
from procdef.events.types import step_refused
from procdef.expression.given_values import BadValue
from procdef.log.event import Data, Entry
from procdef.model import ProcessDefinition

__all__ = ["Decision", "Obstacle", "Refusal", "decide"]

_MOVES: Mapping[type[Command], Callable[[Machine, MoveContext, Any], list[Entry]]] = {
    Advance: moves.advance,
    Back: moves.back,
    Lose: moves.lose,
    Reopen: moves.reopen,
    Finish: moves.finish,
}


def decide(
    definition: ProcessDefinition,
    machine: Machine,
    deal: Deal | None,
    command: Command,
    person: Actor,
    moment: str,
    key: str = "",
) -> Decision | Refusal:
    """Judge a command on a deal (``None``: a start under the name ``key``) by ``person``.

    ``moment`` is the time, in UTC and in the form of the log.
    """
    kind = type(command)
    mover = _MOVES.get(kind) if deal is not None else None
    move = MoveContext(definition, deal, person, moment) if deal is not None and mover is not None else None
    context = move or Context(definition, deal, person, moment)
    try:
        reason = _reason(context, command)
        if deal is not None and deal.mode != "open" and deal.mode not in MODES[VERBS[kind]]:
            context.stop("closed", deal.stage)
        if move is not None and mover is not None:
            move.reason = reason
            entries = mover(machine, move, command)
        else:
            entries = _entries(context, command, reason, key)
        obstacles = tuple(context.obstacles)
    except Stopped as stopped:
        entries, obstacles = [], (stopped.obstacle,)
    if obstacles:
        return Refusal(obstacles, _refused(context, command, obstacles, key))
    return Decision(tuple(entries), tuple(context.used))


def _reason(context: Context, command: Command) -> str | None:
    """The reason that was given. One that cannot be logged was given all the same: it is not missing as well."""
    given = getattr(command, "reason", None)
    if given is None or type(command) is Lose:  # whose reason is an id
        return None
    reason = input_values.text(context, "reason", given)
    return "" if reason is None and context.obstacles else reason


def _entries(context: Context, command: Command, reason: str | None, key: str) -> list[Entry]:
    match command:
        case Start():
            return within_stage.start(context, command, key)
        case Record():
            return within_stage.record(context, command, reason)
        case Do():
            return within_stage.do(context, command)
        case Waive():
            return within_stage.waive(context, command, reason)
        case Assign():
            return within_stage.assign(context, command)
        case Note():
            return within_stage.note(context, command)
    raise TypeError(f"no such command: {command!r}")


def _refused(context: Context, command: Command, obstacles: tuple[Obstacle, ...], key: str) -> Entry:
    """The refusal as it goes on record, its arguments by the same rules of privacy as those of a step that is applied."""
    arguments, private = _arguments(context, command, key)
    data = {
        "do": VERBS[type(command)],
        "arguments": arguments,
        "unmet": [obstacle.logged() for obstacle in obstacles],
        "facts": context.facts(),
    }
    return step_refused.EVENT.entry(data, private)


def _arguments(context: Context, command: Command, key: str) -> tuple[Data, list[str]]:
    """What was asked for, and pointers to the personal values of fields in it."""
    taken = _fit(context, getattr(command, "values", None) or {})
    values = {name: value for name, value in taken.items() if value is not None}
    unset = sorted(name for name, value in taken.items() if value is None)
    given: Data = without_empty({"values": values or None, "unset": unset})
    private = input_values.private_values(context.definition, values, "arguments", "values")
    for name in ("process", "stage", "to", "action", "criterion", "way", "decision", "kind", "objection", "person"):
        value = getattr(command, name, None)
        if value:
            given[name] = value if name == "person" else input_values.named(value, context.definition)
    origin = getattr(command, "origin", None)
    free = {
        "key": key or None,
        "reason": getattr(command, "reason", None),
        "note": getattr(command, "note", None),
        "evidence": getattr(command, "evidence", None),
    }
    if isinstance(command, Lose):
        reason = free.pop("reason")
        given |= without_empty({"reason": input_values.named(reason, context.definition) if command.reason else None})
    for name, value in free.items():
        text = _text_if_loggable(value)
        if text is not None:
            given[name] = text
    if origin:
        given["from"] = origin
    if getattr(command, "correct", False):
        given["correct"] = True
    return given, private


def _fit(context: Context, values: Any) -> dict[str, Any]:
    """The values that were fit to be logged (``None``: to be unset); of the others the log names field and code only."""
    known = {name: value for name, value in values.items() if name in context.definition.fields}
    return input_values.coerced(context.definition, known)[0]


def _text_if_loggable(given: str | None) -> str | None:
    try:
        return input_values.loggable(given)
    except BadValue:
        return None
