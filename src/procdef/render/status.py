"""The screen a seller lives in: where a deal stands, what is done, what is missing for each way on, and who can help."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import replace
from datetime import datetime, tzinfo
from typing import NamedTuple

from procdef.advice import suggested_commands
from procdef.advice.inquiry import Inquiry
from procdef.advice.phrases import are, joined
from procdef.advice.preconditions import actions_before, excluded_people, fields_of_unknown
from procdef.commands import Advance, Finish, Lose, Reopen
from procdef.decide.approvers import to_fill_in
from procdef.decide.context import Context
from procdef.expression.evaluation.scores import Points, number
from procdef.log.event import ERASED, timestamp
from procdef.model import Action, Lost, ProcessDefinition, Stage
from procdef.render.placeholders import choices, field_row, legend
from procdef.render.playbook import guidance
from procdef.render.refusal import item_lines, with_roles
from procdef.render.text_layout import WIDTH, columns, moment, span, wrapped
from procdef.render.values import deal_heading, shown
from procdef.results.options import Completion, Options, Todo, Way

_MARKS = {"done": "[x]", "open": "[ ]", "unknown": "[?]", "not_applicable": "[-]"}
_AWAY = {Finish.verb: "finish the deal", Lose.verb: "give it up", Reopen.verb: "take it up again"}


class Memory(NamedTuple):
    """What the log remembers beside the deal: by action the note of a standing rejection, by stream the names of deals."""

    rejections: Mapping[str, str] = {}
    deals: Mapping[str, str] = {}
    changed: Mapping[str, frozenset[str]] = {}
    """By action the fields that changed since it was rejected."""


_FORGOTTEN = Memory()


class _Screen(NamedTuple):
    """What all parts of the screen look at; ``you`` are the roles of who reads it."""

    options: Options
    inquiry: Inquiry
    context: Context
    you: frozenset[str]
    width: int
    memory: Memory

    @property
    def stage(self) -> Stage:
        return self.inquiry.definition.stages[self.options.deal.stage]

    def action(self, todo: Todo) -> Action:
        return self.inquiry.definition.actions[f"{self.stage.id}.{todo.action}"]


def status_text(options: Options, you: Iterable[str] = (), width: int = WIDTH, memory: Memory = _FORGOTTEN) -> str:
    """The whole screen, in the language that the options were asked for in; every command on it works once filled in."""
    inquiry: Inquiry = options.inquiry
    screen = _Screen(options, inquiry, inquiry.context(), frozenset(you), width, memory)
    lines = _head(screen)
    if options.deal.mode == "open" and options.todo:
        lines += ["", "To do here", *(line for todo in options.todo for line in _todo(screen, todo))]
    if options.ways:
        lines += ["", "Ways on", *(line for way in options.ways for line in _way(screen, way))]
    lines += [*_scores(screen), *_known(screen)]
    playbook = screen.stage.playbook
    if playbook is not None and options.deal.mode == "open":
        noting = suggested_commands.note(inquiry, playbook.objections)
        lines += ["", "Playbook", *guidance(playbook, inquiry.language, noting.command, width)[1:]]
    return "\n".join(lines)


def _head(screen: _Screen) -> list[str]:
    deal, definition, language = screen.options.deal, screen.inquiry.definition, screen.inquiry.language
    zone = definition.calendar.zone
    rows = [
        ("stage", f"{screen.stage.title.in_language(language)} ({deal.stage})"),
        ("since", f"{moment(deal.entered, zone)} {zone}"),
    ]
    if deal.due and deal.mode == "open":
        rows.append(("due", _due(deal.due, definition, screen.context.now)))
        coming = [moment(timestamp(at), zone) for at in screen.options.reminders if at >= screen.context.now]
        if coming:
            rows.append(("reminders", ", ".join(coming)))
    rows += [("outcome", _outcome(screen)), ("owner", deal.owner)]
    if deal.origin:
        rows.append(("grew from", screen.memory.deals.get(deal.origin, deal.origin)))
    if len(deal.path) > 1:
        rows.append(("came by", " > ".join(_titles(definition, deal.path, language))))
    if deal.waivers:
        rows.append(("waived", ", ".join(waiver.criterion for waiver in deal.waivers)))
    name = deal_heading(deal.name, deal.title)
    return [
        f"{name}  {definition.title.in_language(language)} ({definition.name})",
        *columns(rows, "  ", screen.width),
    ]


def _due(due: str, definition: ProcessDefinition, now: datetime) -> str:
    left = datetime.fromisoformat(due) - now
    at = f"{moment(due, definition.calendar.zone)} {definition.calendar.zone}"
    return f"{at}, in {span(left)}" if left.total_seconds() >= 0 else f"OVERDUE by {span(left)}, it was due {at}"


def _outcome(screen: _Screen) -> str:
    deal, definition = screen.options.deal, screen.inquiry.definition
    if deal.mode == "lost" and definition.lost is not None and deal.reason is not None:
        title = definition.lost.reasons[deal.reason].in_language(screen.inquiry.language)
        return f"lost: {title} ({deal.reason})"
    return f"{deal.outcome}, finished" if deal.mode == "done" else deal.outcome


def _titles(definition: ProcessDefinition, stages: Iterable[str], language: str | None) -> list[str]:
    return [definition.stages[name].title.in_language(language) for name in stages]


def _todo(screen: _Screen, todo: Todo) -> list[str]:
    action, inquiry, context = screen.action(todo), screen.inquiry, screen.context
    line = f"  {_MARKS[todo.status]} {action.title.in_language(inquiry.language)} ({action.id}){_aside(screen, todo)}"
    if todo.status == "unknown":
        empty, decided = fields_of_unknown(context, action), action.when is None or context.truth(action.when) is not None
        unset = f"{joined(empty, 'and')}, which {are(empty)} not filled in"
        why = context.approvers(action).why if decided or action.when is None else context.why(action.when)
        lines = [line, f"        {'who decides depends' if decided else 'depends'} on {unset if empty else why}"]
        if empty:
            owners = context.allowed(screen.stage.owner)
            filling = suggested_commands.record(inquiry, empty)
            lines.append(f"        {with_roles(owners, filling, screen.you, inquiry.able(owners))}")
            lines += columns([field_row(inquiry, blank) for blank in filling.blanks], "          ", screen.width)
        return lines
    doing, approvals = todo.suggestion, _approvals(screen, todo)
    if todo.status != "open" or doing is None:
        return [line, *approvals]
    if todo.emptied:
        rows = columns([field_row(inquiry, blank) for blank in doing.blanks], "          ", screen.width)
        return [line, *approvals, f"        {with_roles(todo.who, doing, screen.you, todo.people)}", *rows]
    rows = columns(legend(inquiry, action, doing), "          ", screen.width)
    others = excluded_people(context, action)
    but = [f"        by somebody other than {joined(others)}"] * bool(others)
    doers = f"        {with_roles(todo.who, doing, screen.you, todo.people)}"
    return [line, *approvals, doers, *but, *rows, *_after_rejection(screen, todo)]


def _until(screen: _Screen, todo: Todo) -> str:
    """When what is done is done no more."""
    if todo.until is None:
        return ""
    left = span(datetime.fromisoformat(todo.until) - screen.context.now)
    return f", until {moment(todo.until, screen.inquiry.definition.calendar.zone)}, in {left}"


def _approvals(screen: _Screen, todo: Todo) -> list[str]:
    """Of a decision that is open who has approved and who is still needed; of any action what of it does not count any more."""
    action, zone = screen.action(todo), screen.inquiry.definition.calendar.zone
    given = "approved" if action.decision else "done"
    told = [f"{given} by {each.by}{_counting(each, zone)}" for each in todo.completions if _is_told(action, todo, each)]
    if action.decision and todo.missing and (todo.at_least > 1 or todo.row or todo.suggestion is None):
        row = f" (row {todo.row} of its table)" if todo.row else ""
        people = f": {joined(todo.people)}" if todo.people else ""
        told.append(f"still needed: {todo.missing}, by {joined(todo.who)}{row}{people}")
    return [line for each in told for line in wrapped(each, screen.width, "        ", "          ")]


def _is_told(action: Action, todo: Todo, each: Completion) -> bool:
    """Whether a completion has a line of its own: where it is one of several, and where it does not count."""
    alone = len(todo.completions) == 1 or each.until is None
    return each.state != "counts" or (todo.status != "done" and not todo.emptied) or not alone


def _counting(each: Completion, zone: tzinfo) -> str:
    """Until when a completion counts, or why it does not."""
    until = moment(each.until, zone) if each.until else ""
    if each.state == "lapsed":
        return f", which lapsed {until}"
    if each.state == "other_row":
        return f", by row {each.row} of its table, which does not hold any more" if each.row else ", before it had this table"
    return f", until {until}" if until else ""


def _after_rejection(screen: _Screen, todo: Todo) -> list[str]:
    """What leads on where a decision was rejected: another offer, or to ask again."""
    if not todo.rejected_by:
        return []
    fields = screen.action(todo).voided_by
    changed = [name for name in fields if name in screen.memory.changed.get(screen.action(todo).path, ())]
    if changed:
        told = f"{joined(changed, 'and')} changed since: it is for {joined(todo.who)} to decide again"
        return wrapped(told, screen.width, "        ", "          ")
    change = f"change {joined(fields)}, then ask again" if fields else "ask again"
    lines = wrapped(f"rejected: {change} ({joined(todo.who)} decides)", screen.width, "        ", "          ")
    if fields:
        owners = screen.context.allowed(screen.stage.owner)
        recording = suggested_commands.record(screen.inquiry, fields)
        lines.append(f"        {with_roles(owners, recording, screen.you, screen.inquiry.able(owners))}")
    return lines


def _aside(screen: _Screen, todo: Todo) -> str:
    """What is to be said of an action in the same line."""
    action, context = screen.action(todo), screen.context
    parts = [] if action.required else ["optional"]
    if todo.status == "not_applicable" and action.when is not None:
        parts.append(f"not needed: only when {action.when.text}")
    if action.at_least > 1:
        parts.append(f"{todo.times} of {action.at_least} times")
    people = joined(dict.fromkeys(context.approvals(action)), "and")
    if todo.status == "done":
        parts.append(f"by {people}{_until(screen, todo)}")
    if todo.status == "open" and todo.emptied:
        emptied = f"{joined(todo.emptied, 'and')} {are(todo.emptied)}"
        parts.append(f"done by {people}, but does not count while {emptied} not filled in")
    if todo.rejected_by:
        note = screen.memory.rejections.get(action.path)
        parts.append(f"rejected by {todo.rejected_by}" + (f": {' '.join(note.split())}" if note else ""))
    parts += _deadline(screen, todo)
    waiting = actions_before(context, action) if todo.status == "open" else ()
    if waiting:
        parts.append(f"after {joined(map(screen.inquiry.short, waiting), 'and')}")
    return f": {'; '.join(parts)}" if parts else ""


def _deadline(screen: _Screen, todo: Todo) -> list[str]:
    """By when an action is to be done, or should have been."""
    if todo.due is None or todo.status == "not_applicable" or screen.options.deal.mode != "open":
        return []
    if todo.status == "done":
        return [f"done too late, it was due {moment(todo.due, screen.inquiry.definition.calendar.zone)}"] if todo.late else []
    told = _due(todo.due, screen.inquiry.definition, screen.context.now)
    return [told if todo.overdue else f"due {told}"]


def _way(screen: _Screen, way: Way) -> list[str]:
    name = f"  {_named(screen, way)}"
    if way.suggestion is not None:
        lines = [f"{name}: open", f"      {with_roles(way.who, way.suggestion, screen.you, way.people)}"]
        lost = screen.inquiry.definition.lost
        if way.move == Lose.verb and lost is not None:
            reasons = choices(lost.reasons, screen.inquiry.language)
            lines = [lines[1].replace("      ", f"{name}: ", 1), *columns([("", reasons)], "      ", screen.width)]
            lines += [line for reason in lost.records for line in _reason(screen, lost, reason)]
        return lines
    if all(item.code in ("not-won", "too-late") for item in way.unmet):
        return [f"{name}: no, {way.unmet[0].message}"]
    told = [replace(item, suggestion=None) if item.code == "action-open" else item for item in way.unmet]
    return [f"{name}: {len(told)} missing", *item_lines(told, "    ", screen.you)]


def _reason(screen: _Screen, lost: Lost, reason: str) -> list[str]:
    """What a reason for losing still asks for, and who fills it in."""
    empty = lost.empty(reason, screen.context.raw)
    if not empty:
        return []
    owners = screen.context.allowed(screen.stage.owner)
    recording = suggested_commands.record(screen.inquiry, empty)
    lacking = f"      {reason}: {joined(empty, 'and')} {are(empty)} not filled in"
    return [lacking, f"        {with_roles(owners, recording, screen.you, screen.inquiry.able(owners))}"]


def _named(screen: _Screen, way: Way) -> str:
    if way.target is None:
        return _AWAY[way.move]
    definition, language = screen.inquiry.definition, screen.inquiry.language
    title = definition.stages[way.target].title.in_language(language)
    own = screen.stage.next.get(way.target) if way.move == Advance.verb else screen.stage.back.get(way.target)
    why = f", {own.title.in_language(language)}" if own and own.title else ""
    return f"{'on' if way.move == Advance.verb else 'back'} to {title} ({way.target}){why}"


def _scores(screen: _Screen) -> list[str]:
    """What made each score, and what could still be won."""
    context, language = screen.context, screen.inquiry.language
    rows: list[tuple[str, str]] = []
    for score in screen.inquiry.definition.scores.values():
        breakdown = context.score(score.rule)
        rows.append((score.id, f"{number(breakdown)}, {score.title.in_language(language)}"))
        for label, points in (("has", breakdown.gained), ("could have", breakdown.open), ("lacks", breakdown.missed)):
            for each in points:
                title = f" ({score.titles[each.id].in_language(language)})" if each.id in score.titles else ""
                rows.append(("", f"  {label} {each.points}: {each.id}{title}{_open_for(context, each)}"))
    return ["", "Scores", *columns(rows, "  ", screen.width)] if rows else []


def _open_for(context: Context, points: Points) -> str:
    """What must be filled in before it is known whether points count."""
    empty = to_fill_in(context, points.when)
    if not empty or points.when.evaluate(context) is not None:
        return ""
    return f", once {joined(empty, 'and')} {are(empty)} filled in"


def _known(screen: _Screen) -> list[str]:
    """The deal's values, in the order of the process's fields."""
    values, definition, language = screen.options.deal.values, screen.inquiry.definition, screen.inquiry.language
    rows = []
    for name, field in definition.fields.items():
        if name in screen.options.deal.erased:
            rows.append((name, ERASED))
        elif name in values:
            text = shown(definition, name, values[name])
            chosen = values[name] if field.type.many else [text]
            titles = [(option, field.titles.get(option)) for option in chosen]
            told = (f"{option} ({title.in_language(language)})" if title else option for option, title in titles)
            rows.append((name, ", ".join(told)))
    return ["", "Known", *columns(rows, "  ", screen.width)] if rows else []

