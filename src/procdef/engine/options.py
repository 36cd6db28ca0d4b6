"""What is next for a deal: every way on with what blocks it and who can help. Looking changes and logs nothing."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import suppress
from datetime import datetime
from typing import Any, cast

from transitions import Machine

from procdef.advice import suggested_commands
from procdef.advice.inquiry import Inquiry
from procdef.advice.preconditions import actions_before, emptied_since, excluded_people
from procdef.advice.unmet_items import unmet_items
from procdef.calendar import reminder
from procdef.commands import ARGUMENTS, COMMANDS, Actor, Advance, ArgumentKind, Back, Command, Finish, Lose, Reopen
from procdef.deal import Deal
from procdef.decide import Refusal, decide
from procdef.decide.timers import deadlines
from procdef.directory import Directory
from procdef.engine.completions import completions, lapse
from procdef.errors import CalendarUnknown
from procdef.expression.evaluation.scores import Breakdown
from procdef.log.event import instant, timestamp
from procdef.machine import moves, state_of
from procdef.model import Lost, ProcessDefinition, Sla
from procdef.results.deal_view import view_of
from procdef.results.options import Options, ScoreSum, Todo, Way, answered
from procdef.results.suggestion import Suggestion

_ORDER = tuple(move.verb for move in (Advance, Finish, Back, Lose, Reopen))


def options(
    definition: ProcessDefinition, machine: Machine, deal: Deal, by: Actor | None, now: datetime, language: str | None,
    directory: Directory | None = None,
) -> Options:  # fmt: skip
    """The options of ``by``, or, where nobody is named, of the process as a whole (as if one had every role)."""
    now = max(now, instant(deal.latest))
    person = by.person if by else Actor("someone", frozenset(definition.roles))
    inquiry = Inquiry(definition, deal.name, deal, person, now, None, language, directory)
    todo, ways = tuple(_todo(inquiry, deal)), tuple(_ways(machine, inquiry))
    counting = deal.counting_at(timestamp(now))
    view, reminders, scores = view_of(counting, definition), _stage_reminders(definition, deal), _scores(inquiry, definition)
    deadline = deadlines(definition, deal, timestamp(now)).deadline
    return answered(inquiry, view, todo, ways, reminders, scores, deadline)


def _scores(inquiry: Inquiry, definition: ProcessDefinition) -> dict[str, ScoreSum]:
    context = inquiry.context()
    return {name: _sum(context.score(score.rule)) for name, score in definition.scores.items()}


def _sum(score: Breakdown) -> ScoreSum:
    gained, still_open, missed = (
        {each.id: each.points for each in points} for points in (score.gained, score.open, score.missed)
    )
    return ScoreSum(score.total, min(score.possible), max(score.possible), gained, still_open, missed)


def _stage_reminders(definition: ProcessDefinition, deal: Deal) -> tuple[datetime, ...]:
    return _reminders(definition, deal, definition.stages[deal.stage].sla, deal.due)


def _reminders(definition: ProcessDefinition, deal: Deal, sla: Sla | None, due: str | None) -> tuple[datetime, ...]:
    """When people are reminded of what is due then; of a time that the calendar does not reach nobody is told before."""
    if sla is None or due is None or deal.mode != "open":
        return ()
    since, end, found = instant(deal.entered), instant(due), set[datetime]()
    for before in sla.remind if since < end else ():
        with suppress(CalendarUnknown):
            found.add(reminder(definition.calendar, since, end, before))
    return tuple(sorted(found))


def _todo(inquiry: Inquiry, deal: Deal) -> Iterator[Todo]:
    """The actions of the present stage, the required ones first."""
    context, stage = inquiry.context(), inquiry.definition.stages[deal.stage]
    for action in stage.actions:
        status, people, approvers = context.status(action), context.approvals(action), context.approvers(action)
        ready = deal.mode == "open" and status == "open" and not actions_before(context, action)
        emptied, rejected = emptied_since(context, action), deal.rejected.get(action.path)
        who = context.allowed(stage.owner) if emptied else approvers.roles
        doing = suggested_commands.do(inquiry, action, context.raw) if ready else None
        if emptied and deal.mode == "open" and status == "open":
            doing = suggested_commands.record(inquiry, emptied)
        title, times = action.title.in_language(inquiry.language), len(people)
        required, least, row = action.required, approvers.at_least, approvers.row or None
        due, moment, running = deal.dues.get(action.path), timestamp(inquiry.now), status in ("open", "unknown")
        counting = deal.counting_at(moment)
        done_at = counting.done_at(action.path, least, row or 0) if due is not None and status == "done" else None
        given, lacking = completions(context, action), running and not emptied
        yield Todo(
            action.id, title, cast(Any, status), required, emptied, times, least, rejected, who, doing, row, due,
            overdue=due is not None and running and due < moment,
            late=due is not None and done_at is not None and due < done_at,
            reminders=_reminders(inquiry.definition, deal, action.sla, due) if running else (),
            completions=given,
            missing=max(0, least - times) if lacking else 0,
            excluded=excluded_people(context, action) if lacking else (),
            until=lapse(given, least) if status == "done" else None,
            people=inquiry.able(who, () if emptied else excluded_people(context, action)) if running else (),
        )  # fmt: skip


def _ways(machine: Machine, inquiry: Inquiry) -> Iterator[Way]:
    """The moves from here, those forward first and in the order of the file."""
    definition, deal = inquiry.definition, inquiry.deal
    assert deal is not None
    places = list(definition.stages[deal.stage].next)
    found = [event.partition(":")[::2] for event in moves(machine, state_of(deal.stage, deal.mode))]
    for move, target in sorted(
        found, key=lambda way: (_ORDER.index(way[0]), way[0] == Advance.verb and places.index(way[1]))
    ):
        if move == Back.verb and target not in deal.passed:
            continue
        command = _tried(definition, deal, move, target)
        verdict = decide(definition, machine, deal, command, inquiry.person, timestamp(inquiry.now))
        unmet = verdict.obstacles if isinstance(verdict, Refusal) else ()
        who, taking = _who(definition, deal, move, target), None if unmet else _taking(inquiry, deal, move, target)
        items, reasons = unmet_items(inquiry._replace(command=command), unmet), _reasons(definition, deal, move)
        yield Way(cast(Any, move), target or None, items, who, taking, reasons, inquiry.able(who))


def _reasons(definition: ProcessDefinition, deal: Deal, move: str) -> dict[str, tuple[str, ...]] | None:
    """Of giving up: by reason the fields that are still to be filled in."""
    lost = definition.lost
    if move != Lose.verb or lost is None:
        return None
    return {reason: tuple(lost.empty(reason, deal.values)) for reason in lost.reasons}


def _tried(definition: ProcessDefinition, deal: Deal, move: str, target: str) -> Command:
    """The move as a step that lacks no text, so that only what stands in its way is told."""
    kind: Any = COMMANDS[move]
    stage, reason = target or None, _nearest_reason(definition.lost, deal)
    given = {ArgumentKind.NEXT_STAGE: stage, ArgumentKind.EARLIER_STAGE: stage, ArgumentKind.LOSS_REASON: reason}
    command: Command = kind(**{argument.name: given.get(argument.kind, "...") for argument in ARGUMENTS[kind]})
    return command


def _nearest_reason(lost: Lost | None, deal: Deal) -> str | None:
    """The first reason for which the deal could be lost as it is, or else the first of all."""
    reasons = list(lost.reasons) if lost else []
    ready = [reason for reason in reasons if lost and not lost.empty(reason, deal.values)]
    return next(iter(ready or reasons), None)


def _taking(inquiry: Inquiry, deal: Deal, move: str, target: str) -> Suggestion:
    """The step that makes an open move."""
    match move:
        case Advance.verb:
            return suggested_commands.advance(inquiry, inquiry.definition.stages[deal.stage].next[target])
        case Back.verb:
            return suggested_commands.back(inquiry, target)
        case Lose.verb:
            return suggested_commands.lose(inquiry)
        case Reopen.verb:
            return suggested_commands.reopen(inquiry)
    return suggested_commands.finish(inquiry)


def _who(definition: ProcessDefinition, deal: Deal, move: str, target: str) -> tuple[str, ...]:
    """The roles that may make a move."""
    stage, lost = definition.stages[deal.stage], definition.lost
    own: tuple[str, ...] = ()
    if move in (Advance.verb, Back.verb):
        own = (stage.next if move == Advance.verb else stage.back)[target].by
    elif move == Reopen.verb and lost is not None and lost.reopen is not None:
        own = lost.reopen.by
    return own or stage.owner or tuple(definition.roles)
