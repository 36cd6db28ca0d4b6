"""What is said of an id that the process does not know, or that belongs to another stage."""

from __future__ import annotations

from procdef.advice.candidates import Candidates, fields, named, objections
from procdef.advice.inquiry import Inquiry
from procdef.advice.phrases import did_you_mean, joined
from procdef.advice.refusal_sentences import Explained, sentence
from procdef.commands import Do, Start
from procdef.decide.context import Context
from procdef.decide.decision import Obstacle
from procdef.log.event import NO_ID

_MOST = 12
"""No more ids than these are listed."""


def not_declared(inquiry: Inquiry, context: Context, obstacle: Obstacle) -> Explained:
    """What kind of thing was meant, and those that there are; fields come last, and only where they are few."""
    values, known = getattr(inquiry.command, "values", {}), inquiry.definition.fields
    others = len(obstacle.about) - sum(name not in known for name in values)
    told, there = [], []
    for place, name in enumerate(obstacle.about):
        things = named(inquiry) if place < others else fields(inquiry)
        told.append(_unknown(inquiry, name, things))
        if len(things.titles) <= _MOST and things.titles:
            there.append(things.introduced(inquiry.language))
    return Explained("; ".join(told), "; ".join(dict.fromkeys(there)) or None)


def _unknown(inquiry: Inquiry, name: str, things: Candidates) -> str:
    """A thing that is not there; what was typed and may be anybody's name is not repeated."""
    if things.kind == "objection":
        homes = [stage.id for stage in inquiry.definition.stages.values() if name in objections(stage)]
        if homes:
            return sentence("not-declared", "other stage", id=name, homes=joined(homes, "and"), of=things.of)
    if not things.titles and things.kind == "way":
        return sentence("not-declared", "no ways", of=things.of)
    if name == NO_ID:
        return sentence("not-declared", "not an id", kind=things.kind, of=things.of)
    return sentence("not-declared", id=name, kind=things.kind, of=things.of, hint=did_you_mean(name, things.titles))


def elsewhere(inquiry: Inquiry, context: Context, obstacle: Obstacle) -> Explained:
    """Where the thing belongs, and what there is here."""
    about, stage = obstacle.about, inquiry.stage
    if stage is None or isinstance(inquiry.command, Start):
        return Explained(sentence("elsewhere", "start", *about, starts=joined(inquiry.definition.starts)))
    things = named(inquiry)
    none = sentence("elsewhere", "none here", stage=stage.id, kind=things.kind)
    why = things.introduced(inquiry.language) if things.titles else none
    if not isinstance(inquiry.command, Do):
        return Explained(sentence("elsewhere", "", *about, any=joined(about), stage=stage.id), why)
    homes, ids = (joined(dict.fromkeys(path.partition(".")[part] for path in about)) for part in (0, 2))
    message = sentence("elsewhere", "action", own=ids, homes=homes, stage=stage.id)
    return Explained(message, why, line=inquiry.definition.actions[about[-1]].line)
