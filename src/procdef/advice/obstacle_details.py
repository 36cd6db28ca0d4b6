"""What is said of an obstacle: its message, why it is so, and what to do about it in words."""

from __future__ import annotations

from collections.abc import Callable, Mapping

from procdef.advice.candidates import named
from procdef.advice.inquiry import Inquiry
from procdef.advice.phrases import are, did_you_mean, joined
from procdef.advice.plain_numbers import fitting_forms
from procdef.advice.preconditions import (
    actions_before,
    emptied_since,
    empty_records,
    excluded_people,
    fields_of_unknown,
    lapsed,
    may_correct,
    remedy_of,
    under_another_row,
)
from procdef.advice.refusal_sentences import Explained, sentence
from procdef.advice.unknown_ids import elsewhere, not_declared
from procdef.commands import Advance, Back, Do, Finish, Lose, Start
from procdef.decide.context import Context
from procdef.decide.decision import Obstacle
from procdef.directory import gave_roles
from procdef.expression.given_values import MOST_TOLD, cell_type
from procdef.expression.types import FieldType, Kind
from procdef.model import Action


def explained(inquiry: Inquiry, context: Context, obstacle: Obstacle) -> Explained:
    """The words for an obstacle that is no criterion."""
    return _SPECIAL.get(obstacle.code, _plain)(inquiry, context, obstacle)


def _plain(inquiry: Inquiry, context: Context, obstacle: Obstacle) -> Explained:
    """The message of the code, with the obstacle's own reason or, where its cause has one, the sentence of that."""
    code, action = obstacle.code, _action(inquiry, obstacle)
    message = sentence(code, "", *map(inquiry.short, obstacle.about))
    why = obstacle.why or (sentence(code, obstacle.cause, **_of_cause(inquiry, obstacle)) if obstacle.cause else None)
    return Explained(message, why, line=action.line if action else None)


def _of_cause(inquiry: Inquiry, obstacle: Obstacle) -> dict[str, str]:
    action = inquiry.command.action if isinstance(inquiry.command, Do) else ""
    return {"person": inquiry.person.id, "fields": ", ".join(obstacle.fields), "action": action}


def _action(inquiry: Inquiry, obstacle: Obstacle) -> Action | None:
    return inquiry.definition.actions.get(obstacle.about[-1]) if obstacle.about else None


def _action_open(inquiry: Inquiry, context: Context, obstacle: Obstacle) -> Explained:
    """What the action lacks."""
    said, action = _plain(inquiry, context, obstacle), inquiry.definition.actions[obstacle.about[0]]
    emptied = emptied_since(context, action)
    if emptied:
        told = sentence("action-open", "emptied", fields=joined(emptied, "and"), are=are(emptied))
        return said._replace(message=sentence("action-open", "in addition", message=said.message, parts=told))
    before, empty = actions_before(context, action), empty_records(context, action)
    times, excluded = len(context.approvals(action)), excluded_people(context, action)
    at_least, others = context.approvers(action).at_least, under_another_row(context, action)
    over = lapsed(context, action)
    rejected = context.deal.rejected.get(action.path) if context.deal and not times else None
    parts = {
        "before": {"actions": joined(map(inquiry.short, before), "and")} if before else None,
        "empty": {"fields": joined(empty, "and"), "are": are(empty)} if empty else None,
        "times": {"at_least": at_least, "times": times} if at_least > 1 else None,
        "another row": {"people": joined(others, "and")} if others else None,
        "lapsed": {"people": joined(over, "and")} if over else None,
        "rejected": {"person": rejected} if rejected else None,
        "excluded": {"people": joined(excluded)} if excluded else None,
    }
    lacking = [sentence("action-open", part, **names) for part, names in parts.items() if names is not None]
    if not lacking:
        return said
    return said._replace(message=sentence("action-open", "in addition", message=said.message, parts="; ".join(lacking)))


def _needs_open(inquiry: Inquiry, context: Context, obstacle: Obstacle) -> Explained:
    action = inquiry.definition.actions[obstacle.about[0]]
    if inquiry.stage is None or action.stage != inquiry.stage.id:
        message = sentence("needs-open", "other stage", obstacle.about[0], home=action.stage)
        return _plain(inquiry, context, obstacle)._replace(message=message)
    if context.status(action) == "unknown":
        return _to_fill_in(inquiry, context, obstacle, _why_unknown(context, action))
    return _action_open(inquiry, context, obstacle)


def _unknown(inquiry: Inquiry, context: Context, obstacle: Obstacle) -> Explained:
    """The fields to fill in, so that it is known whether the action is needed, or who decides on it."""
    return _to_fill_in(inquiry, context, obstacle, obstacle.code)


def _why_unknown(context: Context, action: Action) -> str:
    """The code of what is not known of an action."""
    known = action.when is None or context.truth(action.when) is not None
    return "approver-unknown" if known else "when-unknown"


def _to_fill_in(inquiry: Inquiry, context: Context, obstacle: Obstacle, code: str) -> Explained:
    action = inquiry.definition.actions[obstacle.about[0]]
    when = action.when if code == "when-unknown" else None
    said = _plain(inquiry, context, obstacle)._replace(expression=when.text if when else None)
    empty = fields_of_unknown(context, action)
    if not empty or inquiry.stage is None:
        return said._replace(why=said.why or (context.why(when) if when else context.approvers(action).why))
    names = {"fields": joined(empty, "and"), "are": are(empty)}
    return said._replace(why=sentence(code, "why", **names), fix=sentence(code, "fix", **names))


def _when_false(inquiry: Inquiry, context: Context, obstacle: Obstacle) -> Explained:
    action = inquiry.definition.actions[obstacle.about[0]]
    return _plain(inquiry, context, obstacle)._replace(expression=action.when.text if action.when else None)


def _branch_closed(inquiry: Inquiry, context: Context, obstacle: Obstacle) -> Explained:
    said, way = _plain(inquiry, context, obstacle), inquiry.way(obstacle.about[0])
    return said if way is None or way.when is None else said._replace(expression=way.when.text, line=way.line)


def _not_yours(inquiry: Inquiry, context: Context, obstacle: Obstacle) -> Explained:
    """Who could, and what the person who asked is; a role that the process does not have is told."""
    person, known, roles = inquiry.person, inquiry.definition.roles, sorted(inquiry.person.roles)
    able = joined(obstacle.roles) or sentence("not-yours", "nobody")
    own = sentence("not-yours", "roles" if roles else "no role", roles=joined(roles, "and"))
    action = _action(inquiry, obstacle)
    message = sentence("not-yours", "", roles=able, person=person.id, own=own)
    said = Explained(message, line=action.line if action else None)
    unknown = [f'"{role}"{did_you_mean(role, known)}' for role in roles if role not in known]
    if unknown:
        told = joined((sentence("not-yours", "unknown role", role=role) for role in unknown), "and")
        names = {"process": inquiry.definition.id, "unknown": told, "roles": joined(obstacle.roles)}
        of_directory = len(unknown) == len(roles) and gave_roles(person.source)
        name = "directory roles" if of_directory else "unknown roles"
        return said._replace(fix=sentence("not-yours", name, **names))
    return said._replace(fix=sentence("not-yours", "correct") if may_correct(inquiry, context) else None)


def _closed(inquiry: Inquiry, context: Context, obstacle: Obstacle) -> Explained:
    deal = inquiry.deal
    lost = deal is not None and deal.mode == "lost"
    return Explained(sentence("closed", "lost", reason=deal.reason) if deal and lost else sentence("closed"))


def _gate_shut(inquiry: Inquiry, context: Context, obstacle: Obstacle) -> Explained:
    """Back to the stage that was passed, or past the gate by a correction."""
    field, path = obstacle.about
    remedy = remedy_of(inquiry, obstacle)
    name = "correction" if remedy == "record_again" else ""
    fix = sentence("gate-shut", remedy, home=path.partition(".")[0], action=inquiry.short(path))
    return Explained(sentence("gate-shut", name, field, inquiry.short(path)), fix=fix)


def _no_such_move(inquiry: Inquiry, context: Context, obstacle: Obstacle) -> Explained:
    stage, deal, kind = inquiry.stage, inquiry.deal, type(inquiry.command)
    if stage is None or deal is None:
        return _plain(inquiry, context, obstacle)
    if kind not in (Lose, Finish, Advance, Back):
        return Explained(sentence("no-such-move", "reopen lost" if deal.mode == "lost" else "reopen"))
    behind = [name for name in stage.back if name in deal.passed]
    ways = [f"on to {joined(stage.next)}"] * bool(stage.next) + [f"back to {joined(behind)}"] * bool(behind)
    at_end = kind is Advance and not stage.next
    name = "end" if at_end else {Lose: "lose", Finish: "finish"}.get(kind, "")
    why = sentence("no-such-move", "ways" if ways else "end", stage=stage.id, ways=joined(ways))
    message = sentence("no-such-move", name, obstacle.about[0], stage=stage.id)
    return Explained(message, None if kind is Lose or (at_end and not ways) else why)


def _several_targets(inquiry: Inquiry, context: Context, obstacle: Obstacle) -> Explained:
    if not isinstance(inquiry.command, Start):
        return _plain(inquiry, context, obstacle)
    return Explained(sentence("several-targets", "start", any=joined(obstacle.about)))


def _several_criteria(inquiry: Inquiry, context: Context, obstacle: Obstacle) -> Explained:
    return Explained(sentence("several-criteria", "", *obstacle.about))


def _not_on_path(inquiry: Inquiry, context: Context, obstacle: Obstacle) -> Explained:
    came = inquiry.deal.passed if inquiry.deal else ()
    why = sentence("not-on-path", "path" if came else "no path", path=" > ".join(came))
    return _plain(inquiry, context, obstacle)._replace(why=why)


def _four_eyes(inquiry: Inquiry, context: Context, obstacle: Obstacle) -> Explained:
    fix = sentence("four-eyes", "fix", roles=joined(obstacle.roles))
    return _plain(inquiry, context, obstacle)._replace(fix=fix)


def _way_missing(inquiry: Inquiry, context: Context, obstacle: Obstacle) -> Explained:
    there = named(inquiry).listed(inquiry.language)
    return _plain(inquiry, context, obstacle)._replace(fix=sentence("way-missing", "fix", candidates=there))


def _reason_missing(inquiry: Inquiry, context: Context, obstacle: Obstacle) -> Explained:
    said = _plain(inquiry, context, obstacle)
    if not isinstance(inquiry.command, Lose) or inquiry.definition.lost is None:
        return said
    there = named(inquiry).listed(inquiry.language)
    return said._replace(fix=sentence("reason-missing", "lose", candidates=there))


def _evidence_missing(inquiry: Inquiry, context: Context, obstacle: Obstacle) -> Explained:
    said, action = _plain(inquiry, context, obstacle), _action(inquiry, obstacle)
    return said._replace(fix=sentence("evidence-missing", action.evidence)) if action else said


def _bad_value(inquiry: Inquiry, context: Context, obstacle: Obstacle) -> Explained:
    """The plain form of a number that was written as people write it, and how to name a document."""
    said, name = _plain(inquiry, context, obstacle), obstacle.about[0]
    if obstacle.cause == "no_such_file":
        return said._replace(fix=sentence("evidence-missing", "document"))
    field = inquiry.definition.fields.get(name)
    given = getattr(inquiry.command, "values", {}).get(name)
    if field is None:
        return said
    if field.type.kind is Kind.LIST:
        return said._replace(fix=_cells_to_write(field.type, given))
    forms = joined(fitting_forms(field.type, given))
    return said._replace(fix=sentence("bad-value", "number", forms=forms)) if forms else said


def _cells_to_write(of: FieldType, given: object) -> str | None:
    """The plain forms of the numbers in the rows of a list, for as many faults as are told of it."""
    rows = [row for row in given if isinstance(row, Mapping)] if isinstance(given, list | tuple) else []
    cells = ((n, name, cell) for n, row in enumerate(rows, 1) for name, cell in row.items() if name in of.columns)
    forms = ((n, name, joined(fitting_forms(cell_type(of, name), cell))) for n, name, cell in cells)
    told = [sentence("bad-value", "cell", row=n, column=name, forms=each) for n, name, each in forms if each]
    return "; ".join(told[:MOST_TOLD]) or None


def _too_late(inquiry: Inquiry, context: Context, obstacle: Obstacle) -> Explained:
    lost = inquiry.definition.lost
    within = lost.reopen.within if lost and lost.reopen else None
    return Explained(sentence("too-late"), sentence("too-late", "why", within=within))


_SPECIAL: Mapping[str, Callable[[Inquiry, Context, Obstacle], Explained]] = {
    "action-open": _action_open,
    "approver-unknown": _unknown,
    "bad-value": _bad_value,
    "branch-closed": _branch_closed,
    "closed": _closed,
    "elsewhere": elsewhere,
    "evidence-missing": _evidence_missing,
    "four-eyes": _four_eyes,
    "gate-shut": _gate_shut,
    "needs-open": _needs_open,
    "no-such-move": _no_such_move,
    "not-declared": not_declared,
    "not-on-path": _not_on_path,
    "not-yours": _not_yours,
    "reason-missing": _reason_missing,
    "several-criteria": _several_criteria,
    "several-targets": _several_targets,
    "too-late": _too_late,
    "way-missing": _way_missing,
    "when-false": _when_false,
    "when-unknown": _unknown,
}
"""Codes whose message needs more than the ids, or that have a reason or a fix."""
