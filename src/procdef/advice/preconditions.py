"""What steps still wait for, or who may not take them: what a suggestion depends on."""

from __future__ import annotations

from procdef.advice.inquiry import Inquiry
from procdef.calendar import due
from procdef.commands import Record
from procdef.decide.approvers import to_fill_in
from procdef.decide.context import Context
from procdef.decide.decision import Obstacle, Remedy
from procdef.decide.voiding import way_past_gate
from procdef.errors import CalendarUnknown
from procdef.log.event import instant
from procdef.model import Action


def actions_before(context: Context, action: Action) -> tuple[str, ...]:
    """The paths of the actions that must be done before this one."""
    needed = [context.definition.actions[path] for path in action.needs]
    return tuple(each.path for each in needed if context.status(each) in ("open", "unknown"))


def empty_records(context: Context, action: Action) -> tuple[str, ...]:
    """The fields that the action records and that are not filled in."""
    return tuple(name for name in action.records if name not in context.raw)


def emptied_since(context: Context, action: Action) -> tuple[str, ...]:
    """The fields for want of which what was done, often enough, does not count."""
    return context.emptied(action) if context.is_completed(action) else ()


def under_another_row(context: Context, action: Action) -> tuple[str, ...]:
    """Who approved while another row of the action's table held than the one that does now."""
    if not action.table:
        return ()
    counted = context.approvals(action)
    return tuple(dict.fromkeys(one for one in context.standing.get(action.path, ()) if one not in counted))


def lapsed(context: Context, action: Action) -> tuple[str, ...]:
    """Who did an action, or approved, for a time that is over."""
    if context.deal is None or action.path not in context.deal.until:
        return ()
    people, ends = context.deal.standing.get(action.path, ()), context.deal.until[action.path]
    over = (person for person, end in zip(people, ends, strict=False) if end and end <= context.moment)
    return tuple(dict.fromkeys(over))


def fields_of_unknown(context: Context, action: Action) -> tuple[str, ...]:
    """The fields to be filled in before it is known whether an action is needed or, where it is, who decides on it."""
    if action.when is not None and context.truth(action.when) is not True:
        return to_fill_in(context, action.when)
    return context.approvers(action).fields


def excluded_people(context: Context, action: Action) -> tuple[str, ...]:
    """Who may not do an action with ``four_eyes``: the owner, who was one since what it is about changed, who changed that,
    who has done it already."""
    if not action.four_eyes or context.deal is None:
        return ()
    changed = [context.changed_by[name] for name in action.voided_by if name in context.changed_by]
    again = context.approvals(action) if context.approvers(action).at_least > 1 else ()
    before = [person for person in context.deal.former if context.deal.owned_earlier(person, action.voided_by)]
    return tuple(dict.fromkeys((context.deal.owner, *before, *changed, *again)))


def can_be_reopened(inquiry: Inquiry) -> bool:
    """Whether the deal is lost and the time for reopening it is not over, as far as the calendar tells."""
    lost, deal = inquiry.definition.lost, inquiry.deal
    if deal is None or deal.lost is None or lost is None or lost.reopen is None or deal.mode != "lost":
        return False
    within = lost.reopen.within
    try:
        return within is None or inquiry.now <= due(inquiry.definition.calendar, instant(deal.lost), within)
    except CalendarUnknown:
        return False


def may_correct(inquiry: Inquiry, context: Context) -> bool:
    """Whether the person may correct what they may not record: no completion of the present stage would be spared by it."""
    command, roles = inquiry.command, inquiry.definition.deal.correct_by
    if not isinstance(command, Record) or command.correct or inquiry.person.roles.isdisjoint(roles):
        return False
    actions = inquiry.definition.actions
    here = [actions[path] for path in context.standing if path in actions and actions[path].stage == context.stage.id]
    return not any(name in action.voided_by for action in here for name in command.values)


def remedy_of(inquiry: Inquiry, obstacle: Obstacle) -> Remedy:
    """What mends this shut gate. The log does not keep it: then it follows from where the deal is now."""
    if obstacle.remedy is not None:
        return obstacle.remedy
    if inquiry.deal is None or (isinstance(inquiry.command, Record) and inquiry.command.correct):
        return "record_again"
    return way_past_gate(inquiry.definition, inquiry.deal, inquiry.definition.actions[obstacle.about[-1]])
