"""Steps that move a deal: advance, back, lose, reopen, finish. Which of them exist, the machine decides."""

from __future__ import annotations

from transitions import Machine

from procdef.commands import Advance, Back, Finish, Lose, Reopen
from procdef.decide.context import Sight
from procdef.decide.decision import without_empty
from procdef.decide.guards import Gate, branch, may_take
from procdef.decide.input_values import named, text
from procdef.log.event import Data, Entry, pointer_to
from procdef.machine import attempt


def advance(machine: Machine, gate: Gate, command: Advance) -> list[Entry]:
    """Leave the stage forward, and win the deal where the target says so."""
    assert gate.deal is not None
    if command.to is not None:
        _declared_stage(gate, command.to)
    target = command.to or _only_way(gate)
    if not _take(machine, gate, f"advance:{target}", target):
        return []
    stage = gate.definition.stages[target]
    data: Data = {"from": gate.deal.stage, "to": target, "facts": gate.facts()}
    if gate.reason is not None:
        data["reason"] = gate.reason
    if gate.used:
        data["waivers"] = sorted(gate.used.values())
    if gate.unfinished:
        data["unfinished"] = gate.unfinished
    if stage.sla is not None:
        data["due"] = gate.due(stage)
    entries = [Entry("stage.advanced", data, _reason(data))]
    if stage.wins and not gate.deal.won:
        entries.append(Entry("deal.won", {"stage": target}))
    return entries


def back(machine: Machine, gate: Gate, command: Back) -> list[Entry]:
    """Return to an earlier stage; nothing is checked but who."""
    assert gate.deal is not None
    _declared_stage(gate, command.to)
    if not _take(machine, gate, f"back:{command.to}", command.to):
        return []
    due = gate.due(gate.definition.stages[command.to])
    data = without_empty({"from": gate.deal.stage, "to": command.to, "reason": gate.reason, "due": due})
    return [Entry("stage.returned", data, _reason(data))]


def lose(machine: Machine, gate: Gate, command: Lose) -> list[Entry]:
    """Record that the customer will not buy, with a declared reason."""
    assert gate.deal is not None
    lost = gate.definition.lost
    if command.reason and (lost is None or command.reason not in lost.reasons):
        gate.stop("not-declared", named(command.reason, gate.definition))
    note = text(gate, "note", command.note)
    moved = _take(machine, gate, "lose", gate.deal.stage)
    if not command.reason:
        gate.block("reason-missing", "lose")
    if lost is not None and lost.note_required and note is None:
        gate.block("note-missing", "lose")
    if not moved or gate.obstacles:
        return []
    data = without_empty({"reason": command.reason, "note": note, "after_won": True if gate.deal.won else None})
    return [Entry("deal.lost", data, (pointer_to("note"),) if note else ())]


def reopen(machine: Machine, gate: Gate, command: Reopen) -> list[Entry]:
    """Take a lost deal up again in the same stage."""
    assert gate.deal is not None
    if not _take(machine, gate, "reopen", gate.deal.stage):
        return []
    data = without_empty({"reason": gate.reason, "due": gate.due(gate.stage)})
    return [Entry("deal.reopened", data, _reason(data))]


def finish(machine: Machine, gate: Gate, command: Finish) -> list[Entry]:
    """End a won deal in a stage without a way on."""
    assert gate.deal is not None
    if not _take(machine, gate, "finish", gate.deal.stage):
        return []
    return [Entry("deal.finished", without_empty({"waivers": sorted(gate.used.values()), "facts": gate.facts()}))]


def _take(machine: Machine, gate: Gate, event: str, about: str) -> bool:
    moved = attempt(machine, event, gate)
    if moved is None:
        gate.stop("no-such-move", about)
    if gate.alone is not None:
        gate.stop(gate.alone.code, *gate.alone.about, roles=gate.alone.roles, why=gate.alone.why)
    return bool(moved) and not gate.obstacles


def _declared_stage(sight: Sight, stage: str) -> None:
    if stage not in sight.definition.stages:
        sight.stop("not-declared", named(stage, sight.definition))


def _only_way(gate: Gate) -> str:
    """The one way that is open to this person, when no target was named."""
    ways = gate.stage.next
    if not ways:
        gate.stop("no-such-move", gate.stage.id)
    if not any(may_take(gate, way) for way in ways.values()):
        gate.stop("not-yours", *ways, roles=_roles(gate, ways))
    holding = [target for target, way in ways.items() if branch(gate, way) == "met"]
    if not holding:
        reasons = [f"{target}: {gate.why(way.when)}" for target, way in ways.items() if way.when is not None]
        gate.stop("no-target", *ways, why="; ".join(reasons))
    takeable = [target for target in holding if may_take(gate, ways[target])]
    if not takeable:
        gate.stop("not-yours", *holding, roles=_roles(gate, holding))
    if len(takeable) > 1:
        gate.stop("several-targets", *takeable)
    return takeable[0]


def _roles(gate: Gate, targets: object) -> tuple[str, ...]:
    ways = gate.stage.next
    assert hasattr(targets, "__iter__")
    found = {role: None for target in targets for role in gate.allowed(ways[target].by or gate.stage.owner)}
    return tuple(found)


def _reason(data: Data) -> tuple[str, ...]:
    return (pointer_to("reason"),) if "reason" in data else ()
