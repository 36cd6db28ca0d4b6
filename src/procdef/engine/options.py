"""What is next for a deal: every way on with what blocks it and who can help. Looking changes and logs nothing."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import datetime

from transitions import Machine

from procdef.advice.inquiry import Inquiry
from procdef.advice.refusal_messages import unmet_items
from procdef.calendar import reminder
from procdef.commands import Actor, Advance, Back, Command, Finish, Lose, Reopen
from procdef.deal import Deal
from procdef.decide import Refusal, decide
from procdef.errors import Unmet
from procdef.log.event import instant, timestamp
from procdef.machine import moves, state_of
from procdef.model import Action, ProcessDefinition

_ORDER = ("advance", "finish", "back", "lose", "reopen")


@dataclass(frozen=True, slots=True)
class Todo:
    """An action of the present stage. ``status``: ``done``, ``not_applicable``, ``open`` or ``unknown``; ``who`` may do it;
    ``times`` completions stand of the ``at_least`` asked; ``rejected_by`` is who last rejected a decision."""

    action: Action
    status: str
    who: tuple[str, ...]
    times: int
    rejected_by: str | None


@dataclass(frozen=True, slots=True)
class Way:
    """A move that the process has from here. ``unmet`` is empty when it is open.

    ``move``: ``advance``, ``back``, ``finish``, ``lose`` or ``reopen``; only the first two have a ``target``.
    """

    move: str
    target: str | None
    unmet: tuple[Unmet, ...]

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
    stage = definition.stages[deal.stage]
    inquiry = Inquiry(definition, deal.name, deal, person, now, None, language)
    context = inquiry.context()
    todo = []
    for action in (*stage.required_actions.values(), *stage.optional_actions.values()):
        people = deal.standing.get(action.path, ())
        who = context.allowed(action.by or stage.owner)
        todo.append(Todo(action, context.status(action), who, len(people), deal.rejected.get(action.path)))
    return Options(deal, definition, tuple(todo), tuple(_ways(machine, inquiry)), inquiry, _reminders(definition, deal))


def _reminders(definition: ProcessDefinition, deal: Deal) -> tuple[datetime, ...]:
    sla = definition.stages[deal.stage].sla
    if sla is None or deal.due is None or deal.mode != "open":
        return ()
    since, end = instant(deal.entered), instant(deal.due)
    return tuple(sorted({reminder(definition.calendar, since, end, before) for before in sla.remind}))


def _ways(machine: Machine, inquiry: Inquiry) -> Iterator[Way]:
    """The moves from here, those forward first and in the order of the file."""
    definition, deal = inquiry.definition, inquiry.deal
    assert deal is not None
    places = list(definition.stages[deal.stage].next)
    found = [event.partition(":")[::2] for event in moves(machine, state_of(deal.stage, deal.mode))]
    reasons = definition.lost.reasons if definition.lost else ()
    for move, target in sorted(
        found, key=lambda way: (_ORDER.index(way[0]), way[0] == "advance" and places.index(way[1]))
    ):
        if move == "back" and target not in deal.passed:
            continue
        commands: dict[str, Command] = {
            "advance": Advance(target, "..."),
            "back": Back(target, "..."),
            "finish": Finish(),
            "lose": Lose(next(iter(reasons), None), "..."),
            "reopen": Reopen("..."),
        }
        verdict = decide(definition, machine, deal, commands[move], inquiry.person, timestamp(inquiry.now))
        unmet = verdict.obstacles if isinstance(verdict, Refusal) else ()
        yield Way(move, target or None, unmet_items(inquiry._replace(command=commands[move]), unmet))
