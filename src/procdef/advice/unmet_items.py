"""What a refusal says to people: the fault, the subject, the remedy, who can help, and the line of the definition.

The definition's own texts come in the language asked for. Only values that are not personal are named.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import replace

from procdef.advice import suggested_commands
from procdef.advice.inquiry import Inquiry
from procdef.advice.missing_fields import missing_fields
from procdef.advice.obstacle_details import explained
from procdef.advice.phrases import are
from procdef.advice.preconditions import excluded_people
from procdef.advice.refusal_sentences import REFUSAL_CODES, Explained, sentence
from procdef.advice.remedies import Offer, asked_for, offer, offer_for_criterion, offer_to_fill
from procdef.commands import Lose, Start
from procdef.decide.context import Context, public
from procdef.decide.decision import Obstacle
from procdef.model import Criterion
from procdef.results.refusal import Unmet
from procdef.results.suggestion import Suggestion

_CRITERIA = ("criterion-unmet", "criterion-unknown")


def unmet_items(
    inquiry: Inquiry,
    obstacles: Sequence[Obstacle],
    values: Mapping[str, object] | None = None,
    present: Sequence[Obstacle] | None = None,
) -> tuple[Unmet, ...]:
    """What to show of each obstacle to the person who met it; ``values`` are those the rules saw and may be told.

    ``present`` are the obstacles of now, where the others are of an earlier refusal: only against them a step is
    suggested, as the deal may have moved on.
    """
    context = inquiry.context()
    now = {_named(each): each for each in (obstacles if present is None else present)}
    asked = asked_for(context, now.values())
    items = [_item(inquiry, context, each, now.get(_named(each)), values, asked) for each in obstacles]
    again = _again(inquiry, obstacles) if now.keys() == {*map(_named, obstacles)} else None
    if items and again is not None:
        items[-1] = replace(items[-1], suggestion=again)
    return tuple(items)


def _named(obstacle: Obstacle) -> tuple[str, tuple[str, ...]]:
    return obstacle.code, obstacle.about


def _again(inquiry: Inquiry, obstacles: Sequence[Obstacle]) -> Suggestion | None:
    """The step itself, where all that it lacks can be given with it."""
    if isinstance(inquiry.command, Start) and all(each.code in _CRITERIA for each in obstacles):
        reads = (name for each in obstacles for name in _criterion(inquiry, each).reads)
        return suggested_commands.repeated(inquiry, [name for name in reads if name in inquiry.definition.fields])
    if isinstance(inquiry.command, Lose) and any(each.code == "records-unset" for each in obstacles):
        return None  # a step that loses a deal takes no values
    if all(REFUSAL_CODES[each.code].repeat for each in obstacles):
        return suggested_commands.repeated(inquiry)
    return None


def _item(
    inquiry: Inquiry,
    context: Context,
    obstacle: Obstacle,
    present: Obstacle | None,
    values: Mapping[str, object] | None,
    asked: frozenset[str],
) -> Unmet:
    seen: Mapping[str, object] = {}
    who, suggestion = obstacle.roles, None
    filling = Offer(())
    if present is not None:
        obstacle = present._replace(why=obstacle.why)  # which tells of the values that were seen then
    if obstacle.code in _CRITERIA:
        criterion = _criterion(inquiry, obstacle)
        seen = _values(inquiry, context, criterion, values)
        said = _of_criterion(inquiry, obstacle, criterion, seen)
        if present is not None:
            filling = offer_to_fill(inquiry, context, criterion, asked)
            who, suggestion = offer_for_criterion(inquiry, criterion, present, filling)
            filling = filling if suggestion != filling.suggestion else Offer(())
    else:
        said = explained(inquiry, context, obstacle)
        if present is not None:
            who, suggestion = offer(inquiry, context, present)
    return Unmet(
        obstacle.code,
        obstacle.about,
        said.message,
        fields=() if present is None else missing_fields(inquiry, context, obstacle),
        expression=said.expression,
        why=said.why,
        values=seen,
        fix=said.fix,
        who=who,
        suggestion=suggestion,
        filling=filling.suggestion,
        filled_by=filling.who if filling.suggestion else (),
        place=None if said.line is None else f"{inquiry.definition.name}, line {said.line}",
        people=inquiry.able(who, _excluded(inquiry, context, obstacle)),
    )


def _excluded(inquiry: Inquiry, context: Context, obstacle: Obstacle) -> tuple[str, ...]:
    """Who may not do what an obstacle is about, whichever role they have."""
    action = inquiry.definition.actions.get(obstacle.about[0]) if obstacle.about and inquiry.deal else None
    return excluded_people(context, action) if action is not None else ()


def _of_criterion(inquiry: Inquiry, obstacle: Obstacle, criterion: Criterion, seen: Mapping[str, object]) -> Explained:
    """The definition's own message and fix; without a message, the reason stands in its place."""
    text = criterion.check.text if criterion.check else None
    why = obstacle.why or _from_log(text, seen)
    if why is None and obstacle.fields:
        why = sentence(obstacle.code, "empty", fields=", ".join(obstacle.fields), are=are(obstacle.fields))
    fix = criterion.fix.in_language(inquiry.language) if criterion.fix else None
    if fix is not None and inquiry.deal is None and criterion.waivable_by:
        fix = sentence(obstacle.code, "at a start", fix=fix)
    if criterion.message is not None:
        return Explained(criterion.message.in_language(inquiry.language), why, fix, text, criterion.line)
    return Explained(why or sentence(obstacle.code, "", criterion.path), None, fix, text, criterion.line)


def _criterion(inquiry: Inquiry, obstacle: Obstacle) -> Criterion:
    stage, _, name = obstacle.about[0].partition(".")
    criterion = inquiry.definition.stages[stage].criterion(name)
    assert criterion is not None
    return criterion


def _values(
    inquiry: Inquiry, context: Context, criterion: Criterion, values: Mapping[str, object] | None
) -> dict[str, object]:
    """The values that a criterion saw, but for personal ones."""
    fields, scores = inquiry.definition.fields, criterion.check.scores if criterion.check else ()
    if values is not None:
        return {name: values[name] for name in (*criterion.reads, *(rule.id for rule in scores)) if name in values}
    known = {name: fields[name].type for name in criterion.reads if name in context.raw}
    seen = {name: public(kind, context.raw[name]) for name, kind in known.items() if not kind.private}
    totals = {rule.id: context.score(rule).total for rule in scores if not rule.private}
    return seen | {name: total for name, total in totals.items() if total is not None}


def _from_log(text: str | None, seen: Mapping[str, object]) -> str | None:
    """Why a criterion did not hold, of a refusal that the log remembers: its expression and what it saw."""
    if text is None:
        return None
    words = {name: _in_words(value) for name, value in seen.items()}
    return ", and ".join([text, *(f"{name} is {value}" for name, value in words.items() if value is not None)])


def _in_words(value: object) -> str | None:
    """A value or a set of options; nothing for the rows of a list, which are not repeated."""
    if isinstance(value, list):
        return ", ".join(value) if all(isinstance(each, str) for each in value) else None
    return str(value)
