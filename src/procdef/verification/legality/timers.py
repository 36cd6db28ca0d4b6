"""What goes for all that timers tell: of what, when, and once. No calendar is asked."""

from __future__ import annotations

from collections.abc import Iterator

from procdef.model import Action, Sla
from procdef.verification.legality.event_in_context import EventInContext, Objection


def by_itself(context: EventInContext) -> Iterator[Objection]:
    """A timer is told by a worker, and of the present."""
    if context.event["via"] != "worker":
        yield "a timer told by a worker", context.event["via"]
    if context.step.happened is not None:
        yield "a timer told when it is recorded", str(context.step.happened)


def deadline_of(context: EventInContext, of: str) -> Sla | None:
    """The deadline of the present stage or of an action in it, by the name that an event has for it."""
    stage = context.definition.stages[context.deal.stage]
    if of == stage.id:
        return stage.sla
    action = _action(context, of)
    return action.sla if action is not None else None


def _action(context: EventInContext, of: str) -> Action | None:
    action = context.definition.actions.get(of)
    return action if action is not None and action.stage == context.deal.stage else None


def lapse_of(context: EventInContext, of: str, due: str) -> bool:
    """Whether an approval of that action lapses then."""
    return _action(context, of) is not None and due in context.deal.until.get(of, ())


def running(
    context: EventInContext, sla: Sla | None, wanted: str = "a deadline of the present stage or an action in it"
) -> Iterator[Objection]:
    """What is told of has a deadline, which is the one that runs, and is not done."""
    of, deal = context.data["of"], context.deal
    if sla is None:
        yield wanted, of
        return
    due = deal.due if of == deal.stage else deal.dues.get(of)
    if context.data["due"] != due:
        yield f"{of} due {due or 'at no time'}", context.data["due"]
    action = _action(context, of)
    if action is not None and _is_done(context, action):
        yield f"{of} still to be done", "done"


def _is_done(context: EventInContext, action: Action) -> bool:
    """Whether the action is surely done; how many must do one with a table of approvers only its conditions tell."""
    people = context.deal.standing_at(context.event["at"]).get(action.path, ())
    if action.path in context.deal.rows or len(people) < action.at_least:
        return False
    return all(name in context.fields.filled or name in context.deal.erased for name in action.records)


def not_before_due(context: EventInContext) -> Iterator[Objection]:
    """What is overdue was due."""
    if context.event["at"] < context.data["due"]:
        yield f"nothing overdue before {context.data['due']}", context.event["at"]


def told_once(context: EventInContext, kind: str, *more: str) -> Iterator[Objection]:
    """It was not told before in this visit to the stage."""
    if (context.data["of"], kind, context.data["due"], *more) in context.deal.told:
        yield "a timer told once", "told again"
