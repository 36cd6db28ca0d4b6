"""What is next for a deal: every way on with what blocks it and who can help. Looking changes and logs nothing."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from transitions import Machine

from procdef.advice import suggested_commands
from procdef.advice.inquiry import Inquiry
from procdef.advice.preconditions import actions_before, emptied_since
from procdef.advice.unmet_items import unmet_items
from procdef.calendar import reminder
from procdef.commands import ARGUMENTS, COMMANDS, Actor, Advance, ArgumentKind, Back, Command, Finish, Lose, Reopen
from procdef.deal import Deal
from procdef.decide import Refusal, decide
from procdef.errors import Suggestion, Unmet
from procdef.log.event import instant, timestamp
from procdef.machine import moves, state_of
from procdef.model import Action, Lost, ProcessDefinition

_ORDER = tuple(move.verb for move in (Advance, Finish, Back, Lose, Reopen))


@dataclass(frozen=True, slots=True)
class Todo:
    """An action of the present stage. ``status``: ``done``, ``not_applicable``, ``open`` or ``unknown``; ``who`` may do it;
    ``times`` completions stand of the ``at_least`` asked; ``rejected_by`` is who last rejected a decision. ``suggestion``
    is the step that does it, where it is open and nothing else comes first. ``emptied`` are the fields for want of which
    what was done does not count."""

    action: Action
    status: str
    who: tuple[str, ...]
    times: int
    rejected_by: str | None
    suggestion: Suggestion | None
    emptied: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class Way:
    """A move that the process has from here. ``unmet`` is empty when it is open.

    ``move``: ``advance``, ``back``, ``finish``, ``lose`` or ``reopen``; only the first two have a ``target``. ``who`` may
    make it; ``suggestion`` is the step that does, where it is open.
    """

    move: str
    target: str | None
    unmet: tuple[Unmet, ...]
    who: tuple[str, ...]
    suggestion: Suggestion | None

    @property
    def open(self) -> bool:
        return not self.unmet


@dataclass(frozen=True, slots=True)
class Options:
    """Where a deal stands and what can be done with it now. ``inquiry`` is what the answer was worked out for.

    ``reminders`` are the times, in order, at which the stage's ``sla`` has people reminded of ``deal.due``.
    """

    deal: Deal
    definition: ProcessDefinition
    todo: tuple[Todo, ...]
    ways: tuple[Way, ...]
    inquiry: Inquiry
    reminders: tuple[datetime, ...] = ()


def options(
    definition: ProcessDefinition, machine: Machine, deal: Deal, by: Actor | None, now: datetime, language: str | None
) -> Options:
    """The options of ``by``, or, where nobody is named, of the process as a whole (as if one had every role).

    Raises ``CalendarUnknown`` where a reminder cannot be worked out.
    """
    now = max(now, instant(deal.latest))
    person = by.person if by else Actor("someone", frozenset(definition.roles))
    inquiry = Inquiry(definition, deal.name, deal, person, now, None, language)
    todo, ways = tuple(_todo(inquiry, deal)), tuple(_ways(machine, inquiry))
    return Options(deal, definition, todo, ways, inquiry, _reminders(definition, deal))


def _reminders(definition: ProcessDefinition, deal: Deal) -> tuple[datetime, ...]:
    sla = definition.stages[deal.stage].sla
    if sla is None or deal.due is None or deal.mode != "open":
        return ()
    since, end = instant(deal.entered), instant(deal.due)
    return tuple(sorted({reminder(definition.calendar, since, end, before) for before in sla.remind}))


def _todo(inquiry: Inquiry, deal: Deal) -> Iterator[Todo]:
    """The actions of the present stage, the required ones first."""
    context, stage = inquiry.context(), inquiry.definition.stages[deal.stage]
    for action in (*stage.required_actions.values(), *stage.optional_actions.values()):
        status, people = context.status(action), deal.standing.get(action.path, ())
        ready = deal.mode == "open" and status == "open" and not actions_before(context, action)
        emptied, rejected = emptied_since(context, action), deal.rejected.get(action.path)
        who = context.allowed(stage.owner if emptied else action.by or stage.owner)
        doing = suggested_commands.do(inquiry, action, context.raw) if ready else None
        if emptied and deal.mode == "open" and status == "open":
            doing = suggested_commands.record(inquiry, emptied)
        yield Todo(action, status, who, len(people), rejected, doing, emptied)


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
        yield Way(move, target or None, unmet_items(inquiry._replace(command=command), unmet), who, taking)


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
