"""The questions that the machine's guards ask: is this move open to this deal and this person now?"""

from __future__ import annotations

from procdef.calendar import due
from procdef.commands import Actor, Advance, Back, Finish, Lose, Reopen
from procdef.deal import Deal
from procdef.decide.context import Context
from procdef.decide.decision import Obstacle, Stopped
from procdef.log.event import instant
from procdef.machine import Subject, state_of
from procdef.model import ProcessDefinition, Return, Stage, Transition


class MoveContext(Context):
    """A deal at one of its moves. ``state`` belongs to the machine."""

    __slots__ = ("alone", "state", "unfinished")

    def __init__(self, definition: ProcessDefinition, deal: Deal, person: Actor, moment: str) -> None:
        Context.__init__(self, definition, deal, person, moment)
        self.state = state_of(deal.stage, deal.mode)
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


def may_take(context: Context, transition: Transition | Return) -> bool:
    """Whether the person may take this way."""
    return context.may(transition.by or context.stage.owner)


def branch(context: Context, transition: Transition) -> str:
    """Whether a way's ``when`` holds: ``met``, ``unmet`` or ``unknown``; it goes into the facts."""
    truth = True if transition.when is None else context.truth(transition.when)
    outcome = "met" if truth else "unknown" if truth is None else "unmet"
    if transition.when is not None:
        context.branches[transition.target] = outcome
    return outcome


def _advance(move: MoveContext, way: Subject) -> None:
    assert isinstance(way, Transition)
    if not may_take(move, way):
        move.stop("not-yours", way.target, roles=move.allowed(way.by or move.stage.owner))
    if way.when is not None and branch(move, way) != "met":
        move.block("branch-closed", way.target, why=move.why(way.when))
    _leave(move, way)
    for criterion in move.definition.stages[way.target].entry_criteria.values():
        move.hold(criterion)
    if (way.reason_required or way.unfinished_allowed) and move.reason is None:
        move.block("reason-missing", Advance.verb)


def _leave(move: MoveContext, way: Transition | None) -> None:
    """What must be done and hold to leave the stage; a way with ``unfinished: allowed`` notes it and passes over."""
    before, stage = len(move.obstacles), move.stage
    for action in stage.required_actions.values():
        status = move.actions[action.path] = move.status(action)
        if status == "open":
            move.block("action-open", action.path, roles=move.approvers(action).roles)
        elif status == "unknown" and action.when is not None and move.truth(action.when) is None:
            move.block("when-unknown", action.path, roles=move.approvers(action).roles, why=move.why(action.when))
        elif status == "unknown":
            move.approver_known(action)
    for criterion in stage.exit_criteria.values():
        move.hold(criterion)
    if way is not None and way.unfinished_allowed:
        move.unfinished += [obstacle.about[0] for obstacle in move.obstacles[before:]]
        del move.obstacles[before:]


def _back(move: MoveContext, way: Subject) -> None:
    assert isinstance(way, Return)
    assert move.deal is not None
    if way.target not in move.deal.passed:
        move.stop("not-on-path", way.target)
    if not may_take(move, way):
        move.stop("not-yours", way.target, roles=move.allowed(way.by or move.stage.owner))
    if move.reason is None:
        move.block("reason-missing", Back.verb)


def _lose(move: MoveContext, stage: Subject) -> None:
    move.require(move.stage.owner, move.stage.id)


def _reopen(move: MoveContext, stage: Subject) -> None:
    lost, deal = move.definition.lost, move.deal
    assert lost is not None
    assert lost.reopen is not None
    assert deal is not None
    assert deal.lost is not None
    move.require(lost.reopen.by, Reopen.verb)
    within = lost.reopen.within
    if within is not None and move.now > due(move.definition.calendar, instant(deal.lost), within):
        move.block("too-late", Reopen.verb)
    if move.reason is None:
        move.block("reason-missing", Reopen.verb)


def _finish(move: MoveContext, stage: Subject) -> None:
    assert move.deal is not None
    assert isinstance(stage, Stage)
    if not move.deal.won:
        move.stop("not-won", stage.id)
    move.require(stage.owner, stage.id)
    _leave(move, None)


_QUESTIONS = {
    Advance.verb: _advance,
    Back.verb: _back,
    Lose.verb: _lose,
    Reopen.verb: _reopen,
    Finish.verb: _finish,
}
