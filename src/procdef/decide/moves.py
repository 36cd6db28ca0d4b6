"""Steps that move a deal: advance, back, lose, reopen, finish. Which of them exist, the machine decides."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from typing import Any

from transitions import Machine

from procdef.commands import Advance, Back, Command, Finish, Lose, Reopen
from procdef.decide.context import Context
from procdef.decide.decision import Stopped, without_empty
from procdef.decide.guards import MoveContext, branch, may_take
from procdef.decide.input_values import named, text
from procdef.events.types import deal_finished, deal_lost, deal_reopened, deal_won, stage_advanced, stage_returned
from procdef.log.event import Data, Entry
from procdef.machine import attempt


def advance(machine: Machine, move: MoveContext, command: Advance) -> list[Entry]:
    """Leave the stage forward, and win the deal where the target says so."""
    assert move.deal is not None
    if command.to is not None:
        _declared_stage(move, command.to)
    target = command.to or _only_way(move)
    if not _take(machine, move, f"{command.verb}:{target}", target):
        return []
    stage = move.definition.stages[target]
    data: Data = {"from": move.deal.stage, "to": target, "facts": move.facts()}
    if move.reason is not None:
        data["reason"] = move.reason
    if move.used:
        data["waivers"] = sorted(move.used.values())
    if move.unfinished:
        data["unfinished"] = move.unfinished
    data |= move.due(stage)
    entries = [stage_advanced.EVENT.entry(data)]
    if stage.wins and not move.deal.won:
        entries.append(deal_won.EVENT.entry({"stage": target}))
    return entries


def back(machine: Machine, move: MoveContext, command: Back) -> list[Entry]:
    """Return to an earlier stage; nothing is checked but who."""
    assert move.deal is not None
    _declared_stage(move, command.to)
    if not _take(machine, move, f"{command.verb}:{command.to}", command.to):
        return []
    due = move.due(move.definition.stages[command.to])
    data = without_empty({"from": move.deal.stage, "to": command.to, "reason": move.reason, **due})
    return [stage_returned.EVENT.entry(data)]


def lose(machine: Machine, move: MoveContext, command: Lose) -> list[Entry]:
    """Record that the customer will not buy, with a declared reason."""
    assert move.deal is not None
    lost = move.definition.lost
    if command.reason and (lost is None or command.reason not in lost.reasons):
        move.stop("not-declared", named(command.reason, move.definition))
    note = text(move, "note", command.note)
    moved = _take(machine, move, command.verb, move.deal.stage)
    if not command.reason:
        move.block("reason-missing", command.verb)
    if lost is not None and lost.note_required and note is None:
        move.block("note-missing", command.verb)
    for name in lost.empty(command.reason, move.raw) if lost is not None and command.reason else ():
        move.block("records-unset", name, roles=move.allowed(move.stage.owner))
    if not moved or move.obstacles:
        return []
    data = without_empty({"reason": command.reason, "note": note, "after_won": True if move.deal.won else None})
    return [deal_lost.EVENT.entry(data)]


def reopen(machine: Machine, move: MoveContext, command: Reopen) -> list[Entry]:
    """Take a lost deal up again in the same stage."""
    assert move.deal is not None
    if not _take(machine, move, command.verb, move.deal.stage):
        return []
    data = without_empty({"reason": move.reason, **move.due(move.stage)})
    return [deal_reopened.EVENT.entry(data)]


def finish(machine: Machine, move: MoveContext, command: Finish) -> list[Entry]:
    """End a won deal in a stage without a way on."""
    assert move.deal is not None
    if not _take(machine, move, command.verb, move.deal.stage):
        return []
    data = without_empty({"waivers": sorted(move.used.values()), "facts": move.facts()})
    return [deal_finished.EVENT.entry(data)]


def _take(machine: Machine, move: MoveContext, event: str, about: str) -> bool:
    moved = attempt(machine, event, move)
    if moved is None:
        move.stop("no-such-move", about)
    if move.alone is not None:
        raise Stopped(move.alone)
    return bool(moved) and not move.obstacles


def _declared_stage(context: Context, stage: str) -> None:
    if stage not in context.definition.stages:
        context.stop("not-declared", named(stage, context.definition))


def _only_way(move: MoveContext) -> str:
    """The one way that is open to this person, when no target was named."""
    ways = move.stage.next
    if not ways:
        move.stop("no-such-move", move.stage.id)
    if not any(may_take(move, way) for way in ways.values()):
        move.stop("not-yours", *ways, roles=_roles(move, ways))
    holding = [target for target, way in ways.items() if branch(move, way) == "met"]
    if not holding:
        reasons = [f"{target}: {move.why(way.when)}" for target, way in ways.items() if way.when is not None]
        move.stop("no-target", *ways, why="; ".join(reasons))
    takeable = [target for target in holding if may_take(move, ways[target])]
    if not takeable:
        move.stop("not-yours", *holding, roles=_roles(move, holding))
    if len(takeable) > 1:
        move.stop("several-targets", *takeable)
    return takeable[0]


def _roles(move: MoveContext, targets: object) -> tuple[str, ...]:
    ways = move.stage.next
    assert hasattr(targets, "__iter__")
    found = {role: None for target in targets for role in move.allowed(ways[target].by or move.stage.owner)}
    return tuple(found)


MOVES: Mapping[type[Command], Callable[[Machine, MoveContext, Any], list[Entry]]] = {
    Advance: advance,
    Back: back,
    Lose: lose,
    Reopen: reopen,
    Finish: finish,
}
"""What judges each command that moves a deal."""
