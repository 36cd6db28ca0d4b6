"""The questions that the machine's guards ask: is this move open to this deal and this person now?"""

from __future__ import annotations

from procdef.calendar import due
from procdef.commands import Actor
from procdef.deal import Deal
from procdef.decide.context import Sight
from procdef.decide.decision import Obstacle, Stopped
from procdef.log.event import instant
from procdef.machine import Subject, state_of
from procdef.model import ProcessDefinition, Return, Stage, Transition


class Gate(Sight):
    """A deal at one of its moves. ``state`` belongs to the machine; ``reason`` is what the person gave."""

    __slots__ = ("alone", "reason", "state", "unfinished")

    def __init__(
        self, definition: ProcessDefinition, deal: Deal, person: Actor, moment: str, reason: str | None = None
    ) -> None:
        Sight.__init__(self, definition, deal, person, moment)
        self.state = state_of(deal.stage, deal.mode)
        self.reason = reason
        self.unfinished: list[str] = []
        self.alone: Obstacle | None = None

    def admits(self, move: str, subject: Subject) -> bool:
        """Ask the question of that move; what is unmet stands in ``obstacles`` or, alone, in ``alone``."""
        try:
            _QUESTIONS[move](self, subject)
        except Stopped as stopped:
            self.alone = stopped.obstacle
            return False
        return not self.obstacles


def may_take(sight: Sight, transition: Transition | Return) -> bool:
    """Whether the person may take this way."""
    return sight.may(transition.by or sight.stage.owner)


def branch(sight: Sight, transition: Transition) -> str:
    """Whether a way's ``when`` holds: ``met``, ``unmet`` or ``unknown``; it goes into the facts."""
    truth = True if transition.when is None else sight.truth(transition.when)
    outcome = "met" if truth else "unknown" if truth is None else "unmet"
    if transition.when is not None:
        sight.branches[transition.target] = outcome
    return outcome


def _advance(gate: Gate, way: Subject) -> None:
    assert isinstance(way, Transition)
    if not may_take(gate, way):
        gate.stop("not-yours", way.target, roles=gate.allowed(way.by or gate.stage.owner))
    if way.when is not None and branch(gate, way) != "met":
        gate.block("branch-closed", way.target, why=gate.why(way.when))
    _leave(gate, way)
    for criterion in gate.definition.stages[way.target].entry_criteria.values():
        gate.hold(criterion)
    if (way.reason_required or way.unfinished_allowed) and gate.reason is None:
        gate.block("reason-missing", "advance")


def _leave(gate: Gate, way: Transition | None) -> None:
    """What must be done and hold to leave the stage; a way with ``unfinished: allowed`` notes it and passes over."""
    before, stage = len(gate.obstacles), gate.stage
    for action in stage.required_actions.values():
        status = gate.actions[action.path] = gate.status(action)
        if status == "open":
            gate.block("action-open", action.path, roles=gate.allowed(action.by or stage.owner))
        elif status == "unknown":
            assert action.when is not None
            roles = gate.allowed(action.by or stage.owner)
            gate.block("when-unknown", action.path, roles=roles, why=gate.why(action.when))
    for criterion in stage.exit_criteria.values():
        gate.hold(criterion)
    if way is not None and way.unfinished_allowed:
        gate.unfinished += [obstacle.about[0] for obstacle in gate.obstacles[before:]]
        del gate.obstacles[before:]


def _back(gate: Gate, way: Subject) -> None:
    assert isinstance(way, Return)
    assert gate.deal is not None
    if way.target not in gate.deal.passed:
        gate.stop("not-on-path", way.target)
    if not may_take(gate, way):
        gate.stop("not-yours", way.target, roles=gate.allowed(way.by or gate.stage.owner))
    if gate.reason is None:
        gate.block("reason-missing", "back")


def _lose(gate: Gate, stage: Subject) -> None:
    gate.require(gate.stage.owner, gate.stage.id)


def _reopen(gate: Gate, stage: Subject) -> None:
    lost, deal = gate.definition.lost, gate.deal
    assert lost is not None
    assert lost.reopen is not None
    assert deal is not None
    assert deal.lost is not None
    gate.require(lost.reopen.by, "reopen")
    last = due(gate.definition.calendar, instant(deal.lost), lost.reopen.within)
    if gate.now > last:
        gate.block("too-late", "reopen", why=f"it had to be reopened within {lost.reopen.within}")
    if gate.reason is None:
        gate.block("reason-missing", "reopen")


def _finish(gate: Gate, stage: Subject) -> None:
    assert gate.deal is not None
    assert isinstance(stage, Stage)
    if not gate.deal.won:
        gate.stop("not-won", stage.id)
    gate.require(stage.owner, stage.id)
    _leave(gate, None)


_QUESTIONS = {"advance": _advance, "back": _back, "lose": _lose, "reopen": _reopen, "finish": _finish}
