"""Steps to suggest, as data. Each works once its blanks are filled in; no value that somebody gave is repeated in one."""

from __future__ import annotations

from collections.abc import Iterable, Mapping

from procdef.advice.inquiry import Inquiry
from procdef.commands import (
    ARGUMENTS,
    Advance,
    ArgumentKind,
    Back,
    Command,
    Do,
    Finish,
    Lose,
    Note,
    Record,
    Reopen,
    Start,
    Waive,
    given,
)
from procdef.expression.types import Kind
from procdef.model import Action, ProcessDefinition, Transition
from procdef.results.suggestion import Blank, Suggestion

_REASON = Blank("reason", Kind.TEXT.value)
_NOTE = Blank("note", Kind.TEXT.value)


def do(inquiry: Inquiry, action: Action, filled: Iterable[str], decision: str = "approve") -> Suggestion:
    """Complete an action; of its ``records`` those that are not ``filled`` are asked for."""
    known = frozenset(filled)
    blanks = _values(inquiry.definition, (name for name in action.records if name not in known))
    if action.ways:
        blanks.append(_one_of("way", action.ways))
    if action.evidence != "none":
        blanks.append(Blank("evidence", action.evidence))
    arguments = {"action": action.id}
    if action.decision:
        arguments["decision"] = decision if decision == "reject" else "approve"
        blanks += [_NOTE] * (decision == "reject")
    return _suggestion(inquiry, Do.verb, arguments, blanks)


def record(inquiry: Inquiry, fields: Iterable[str], *, correct: bool = False) -> Suggestion:
    """Fill in these fields, or correct them."""
    blanks = _values(inquiry.definition, fields)
    if correct:
        return _suggestion(inquiry, Record.verb, {"correct": True}, [*blanks, _REASON])
    return _suggestion(inquiry, Record.verb, {}, blanks)


def waive(inquiry: Inquiry, criterion: str) -> Suggestion:
    """Let a criterion (``stage.id``) pass."""
    return _suggestion(inquiry, Waive.verb, {"criterion": criterion}, [_REASON])


def back(inquiry: Inquiry, stage: str) -> Suggestion:
    """Return to an earlier stage."""
    return _suggestion(inquiry, Back.verb, {"to": stage}, [_REASON])


def advance(inquiry: Inquiry, way: Transition) -> Suggestion:
    """Go forward; with a reason where that way asks for one."""
    return _suggestion(
        inquiry, Advance.verb, {"to": way.target}, [_REASON] * (way.reason_required or way.unfinished_allowed)
    )


def advance_to_one_of(inquiry: Inquiry, targets: Iterable[str]) -> Suggestion:
    """Go forward to one of these stages, which is still to be chosen; with a reason where one of them asks for it."""
    ways = {name: inquiry.stage.next[name] for name in targets} if inquiry.stage else {}
    reason = any(way.reason_required or way.unfinished_allowed for way in ways.values())
    return _suggestion(inquiry, Advance.verb, {}, [_one_of("to", ways), *[_REASON] * reason])


def lose(inquiry: Inquiry, reason: str | None = None) -> Suggestion:
    """Give the deal up, for that declared reason or for one that is still to be chosen."""
    lost = inquiry.definition.lost
    blanks = [] if reason or lost is None else [_one_of("reason", lost.reasons)]
    blanks += [_NOTE] * bool(lost and lost.note_required)
    return _suggestion(inquiry, Lose.verb, {"reason": reason} if reason else {}, blanks)


def reopen(inquiry: Inquiry) -> Suggestion:
    """Take a lost deal up again."""
    return _suggestion(inquiry, Reopen.verb, {}, [_REASON])


def finish(inquiry: Inquiry) -> Suggestion:
    """End a won deal."""
    return _suggestion(inquiry, Finish.verb, {}, [])


def note(inquiry: Inquiry, objections: Iterable[str] = ()) -> Suggestion:
    """Write something down; with one of these objections, where there are any."""
    objection = _one_of("objection", objections)
    return _suggestion(inquiry, Note.verb, {}, [_NOTE, *[objection] * bool(objection.options)])


def start(inquiry: Inquiry, command: Start, fields: Iterable[str], stages: Iterable[str] = ()) -> Suggestion:
    """Start the deal as it was asked for, with these fields to be filled in, in one of these stages if there are any."""
    named = {"process": inquiry.definition.id, "stage": command.stage, "from": command.origin}
    arguments = {name: value for name, value in named.items() if value}
    stage, values = _one_of("stage", stages), _values(inquiry.definition, fields)
    return _suggestion(inquiry, Start.verb, arguments, [*[stage] * bool(stage.options), *values])


def repeated(inquiry: Inquiry, empty: Iterable[str] = ()) -> Suggestion | None:
    """The step that was refused, once more, with a blank for all that it needs; ``empty`` are fields that it lacked."""
    command, deal = inquiry.command, inquiry.deal
    match command:
        case Start():
            return start(inquiry, command, dict.fromkeys((*command.values, *empty)))
        case Do() if inquiry.stage and deal and (action := inquiry.stage.action(command.action.rpartition(".")[2])):
            return do(inquiry, action, deal.values, command.decision or "approve")
        case Record(correct=True):
            return record(inquiry, command.values, correct=True)
        case Advance() if (way := inquiry.way(command.to)) is not None:
            return advance(inquiry, way)
        case Back():
            return back(inquiry, command.to)
        case Waive():
            return waive(inquiry, command.criterion)
        case Lose():
            return lose(inquiry, command.reason)
        case Note():
            return note(inquiry)
    return _with_its_texts(inquiry, command) if command is not None else None


def _with_its_texts(inquiry: Inquiry, command: Command) -> Suggestion | None:
    """The command as it was given, with a blank for each text; ``None`` where none could be missing."""
    arguments = ARGUMENTS[type(command)]
    blanks = [
        Blank(each.written, Kind.TEXT.value)
        for each in arguments
        if each.kind is ArgumentKind.FREE_TEXT and each.only_with is None
    ]
    named = {each.written: value for each, value in given(command) if each.kind is not ArgumentKind.FREE_TEXT}
    return _suggestion(inquiry, command.verb, named, blanks) if blanks else None


def _suggestion(inquiry: Inquiry, verb: str, arguments: Mapping[str, object], blanks: Iterable[Blank]) -> Suggestion:
    return Suggestion(verb, inquiry.name, arguments, tuple(blanks), inquiry.deal.stream if inquiry.deal else None)


def _one_of(argument: str, ids: Iterable[str]) -> Blank:
    return Blank(argument, Kind.CHOICE.value, options=tuple(ids))


def _values(definition: ProcessDefinition, names: Iterable[str]) -> list[Blank]:
    kinds = ((name, definition.fields[name].type) for name in names)
    return [Blank("values", kind.kind.value, name, kind.options, kind.many) for name, kind in kinds]
