"""Which step mends an obstacle, and which roles may take it."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping
from typing import NamedTuple

from procdef.advice import suggested_commands
from procdef.advice.inquiry import Inquiry
from procdef.advice.preconditions import (
    actions_before,
    can_be_reopened,
    emptied_since,
    fields_of_unknown,
    may_correct,
    remedy_of,
)
from procdef.commands import Lose, Record, Start
from procdef.decide.approvers import to_fill_in
from procdef.decide.context import Context
from procdef.decide.decision import Obstacle
from procdef.model import Criterion
from procdef.results.suggestion import Suggestion


class Offer(NamedTuple):
    """Who can help, and with which step, if there is one to suggest."""

    who: tuple[str, ...]
    suggestion: Suggestion | None = None


def offer(inquiry: Inquiry, context: Context, obstacle: Obstacle) -> Offer:
    """What is offered against an obstacle that is no criterion."""
    return _OFFERS.get(obstacle.code, _nothing)(inquiry, context, obstacle)


def offer_for_criterion(inquiry: Inquiry, criterion: Criterion, obstacle: Obstacle, filling: Offer) -> Offer:
    """To waive a criterion, or else what ``filling`` offers."""
    return Offer(obstacle.roles, suggested_commands.waive(inquiry, criterion.path)) if obstacle.roles else filling


def offer_to_fill(inquiry: Inquiry, context: Context, criterion: Criterion, asked: frozenset[str]) -> Offer:
    """To fill in what a criterion reads, unless another suggestion asks for all that is ``asked``."""
    required = (name for name in criterion.require if name not in context.raw)
    empty = [*required, *(to_fill_in(context, criterion.check) if criterion.check else ())]
    if inquiry.stage is None or asked.issuperset(empty):
        return Offer(())
    return Offer(context.allowed(inquiry.stage.owner), suggested_commands.record(inquiry, empty))


def asked_for(context: Context, obstacles: Iterable[Obstacle]) -> frozenset[str]:
    """The fields that the suggestions for these obstacles ask for, criteria aside."""
    open_ = (context.definition.actions[each.about[0]] for each in obstacles if each.code == "action-open")
    return frozenset(name for action in open_ if not actions_before(context, action) for name in action.records)


def _nothing(inquiry: Inquiry, context: Context, obstacle: Obstacle) -> Offer:
    return Offer(obstacle.roles)


def _action(inquiry: Inquiry, context: Context, obstacle: Obstacle) -> Offer:
    """To do the action, where it is one of this stage and no other comes first."""
    action, stage = inquiry.definition.actions[obstacle.about[0]], inquiry.stage
    if stage is None or action.stage != stage.id:
        return Offer(obstacle.roles)
    if obstacle.code == "needs-open" and context.status(action) == "unknown":
        return _fields_of_unknown(inquiry, context, obstacle)
    emptied = emptied_since(context, action)
    if emptied:
        return Offer(context.allowed(stage.owner), suggested_commands.record(inquiry, emptied))
    if actions_before(context, action):
        return Offer(obstacle.roles)
    return Offer(obstacle.roles, suggested_commands.do(inquiry, action, context.raw))


def _fields_of_unknown(inquiry: Inquiry, context: Context, obstacle: Obstacle) -> Offer:
    """To fill in what tells whether the action is needed, or who decides on it."""
    empty = fields_of_unknown(context, inquiry.definition.actions[obstacle.about[0]])
    if not empty or inquiry.stage is None:
        return Offer(obstacle.roles)
    return Offer(context.allowed(inquiry.stage.owner), suggested_commands.record(inquiry, empty))


def _correct(inquiry: Inquiry, context: Context, obstacle: Obstacle) -> Offer:
    """To correct what the person may not record."""
    command, known = inquiry.command, inquiry.definition.roles
    if not isinstance(command, Record) or not known.keys() >= inquiry.person.roles or not may_correct(inquiry, context):
        return Offer(obstacle.roles)
    roles = inquiry.definition.deal.correct_by
    return Offer(roles, suggested_commands.record(inquiry, command.values, correct=True))


def _reopen(inquiry: Inquiry, context: Context, obstacle: Obstacle) -> Offer:
    lost = inquiry.definition.lost
    if lost is None or lost.reopen is None or not can_be_reopened(inquiry):
        return Offer(obstacle.roles)
    return Offer(lost.reopen.by, suggested_commands.reopen(inquiry))


def _fields_to_lose(inquiry: Inquiry, context: Context, obstacle: Obstacle) -> Offer:
    """To fill in all that a reason for losing asks for, told with the first field that is empty."""
    command, lost = inquiry.command, inquiry.definition.lost
    if not isinstance(command, Lose) or command.reason is None or lost is None:
        return Offer(obstacle.roles)
    empty = lost.empty(command.reason, context.raw)
    told = obstacle.about[0] == empty[0]
    return Offer(obstacle.roles, suggested_commands.record(inquiry, empty) if told else None)


def _past_gate(inquiry: Inquiry, context: Context, obstacle: Obstacle) -> Offer:
    """To go back, where one step leads there, or to correct the value."""
    remedy, stage = remedy_of(inquiry, obstacle), inquiry.stage
    field, path = obstacle.about
    passed = path.partition(".")[0]
    if remedy == "go_back" and stage is not None and passed in stage.back:
        return Offer(context.allowed(stage.back[passed].by or stage.owner), suggested_commands.back(inquiry, passed))
    if remedy == "correct" and obstacle.roles:
        return Offer(obstacle.roles, suggested_commands.record(inquiry, [field], correct=True))
    return Offer(())


def _one_of_several(inquiry: Inquiry, context: Context, obstacle: Obstacle) -> Offer:
    """The same step, with the stage to be named."""
    command, stages = inquiry.command, obstacle.about
    if isinstance(command, Start):
        return Offer(obstacle.roles, suggested_commands.start(inquiry, command, command.values, stages))
    return Offer(obstacle.roles, suggested_commands.advance_to_one_of(inquiry, stages))


_OFFERS: Mapping[str, Callable[[Inquiry, Context, Obstacle], Offer]] = {
    "action-open": _action,
    "approver-unknown": _fields_of_unknown,
    "closed": _reopen,
    "gate-shut": _past_gate,
    "needs-open": _action,
    "not-yours": _correct,
    "records-unset": _fields_to_lose,
    "several-targets": _one_of_several,
    "when-unknown": _fields_of_unknown,
}
"""Codes against which there is a step to suggest."""
