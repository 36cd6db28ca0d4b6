"""What a definition allows of the events of a deal: who, in which stage, after what.

No expression is evaluated and no calendar asked: what a condition came to stands in the event's facts, which are held
against the state of the deal as far as that tells.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping
from typing import Any

from procdef.events.declaration import DONE, LOST, OPEN
from procdef.events.opened_event import OpenedEvent
from procdef.events.types import EVENT_TYPES
from procdef.model import ProcessDefinition
from procdef.verification.meaning import moves, within_stage
from procdef.verification.meaning.erasures import erased
from procdef.verification.meaning.event_in_context import EventInContext, Known, Objection
from procdef.verification.meaning.facts import contradictions
from procdef.verification.meaning.field_values import misfits
from procdef.verification.meaning.personal_values import apart
from procdef.verification.meaning.refusals import refused

_TAKING = {mode: frozenset(kind.name for kind in EVENT_TYPES if mode in kind.modes) for mode in (OPEN, LOST, DONE)}
"""The types of events that a deal of that mode takes, as far as their form tells."""
_OF_LOST_ONLY = frozenset(kind.name for kind in EVENT_TYPES if kind.modes == (LOST,))


def started(definition: ProcessDefinition, step: OpenedEvent, event: Mapping[str, Any]) -> Iterator[Objection]:
    """What is wrong with the first event of a deal."""
    data = step.data
    if not _names(event, definition):
        yield "the definition as it was published", str(event.get("definition"))
    if step.type != "deal.started" or data.get("stage") not in definition.starts or data["process"] != definition.id:
        yield "a start in a start stage", f"{step.type} {data.get('stage')}"
        return
    stage = definition.stages[data["stage"]]
    known = Known()
    known.learn(step, event)
    nothing: Any = None  # there is no deal yet; nothing below asks for it
    case = EventInContext(definition, nothing, step, event, known, None)
    yield from case.by_a_role(stage.owner)
    yield from case.due_where_asked(stage.id)
    yield from _times(case)
    yield from apart(definition, step.type, data, event.get("private", {}))
    yield from misfits(definition, data["values"])
    yield from contradictions(definition, step, event, None, known.filled)
    yield from moves.criteria(stage.entry_criteria.values(), data, {})
    if not case.sealed("/key"):
        yield "the deal's name as a personal value", "none"


def objections(case: EventInContext) -> Iterator[Objection]:
    """What the definition does not allow of an event after the first."""
    deal, step, event = case.deal, case.step, case.event
    if not _names(event, case.definition):
        yield "the definition that the deal is pinned to", str(event.get("definition"))
    if step.occurred < deal.latest:
        yield f"nothing that happened before {deal.latest}", step.occurred
    if deal.mode != OPEN and step.type not in _TAKING[deal.mode] and not step.type.startswith("x-"):
        yield "an open deal", deal.mode
    if step.type in _OF_LOST_ONLY and deal.mode != LOST:
        yield "a lost deal", deal.mode
    if step.type != "privacy.erased" and not step.type.startswith("x-"):
        if (event["via"] == "import") is (step.happened is None):
            yield from _times(case)
        yield from apart(case.definition, step.type, step.data, event.get("private", ()))
    rule = RULES.get(step.type)
    if rule is not None:
        yield from rule(case)
    elif not step.type.startswith("x-"):
        yield "an event of a deal", step.type
    if "facts" in step.data and step.type != "step.refused":
        yield from contradictions(case.definition, step, event, deal, case.known.filled)


def _names(event: Mapping[str, Any], definition: ProcessDefinition) -> bool:
    """Whether the event names that definition, by numbers and not by what only equals them."""
    told = event.get("definition")
    if told != definition.reference:
        return False
    return type(told["version"]) is int and type(told["lang"]) is int


def _times(case: EventInContext) -> Iterator[Objection]:
    """Imports say when something happened; of what is done now only completions and notes may."""
    step, imported = case.step, case.event["via"] == "import"
    if imported is (step.happened is not None):
        return
    if imported:
        yield "an import that says when", "none"
    elif not (
        step.type in ("action.completed", "deal.noted")
        or case.completing is not None
        or (step.type == "step.refused" and step.data["do"] in ("do", "note"))
    ):
        yield "no other time than that of recording", str(step.happened)


def aside(step: OpenedEvent, event: Mapping[str, Any], library: Mapping[str, ProcessDefinition]) -> Iterator[Objection]:
    """What may not stand in a stream that is no deal's: the log's own events and refused starts belong there."""
    definition = None
    if step.type == "step.refused":
        definition = library.get((step.definition or {}).get("sha256", ""))
    elif "definition" in event:
        yield "no definition", str(event["definition"])
    yield from apart(definition, step.type, step.data, event.get("private", {}))
    if step.stream != "system":
        return
    if (step.type == "log.created") is not (step.n == 1):
        yield "log.created as the first event, and nowhere else", f"{step.type} as event {step.n}"
    if step.type == "privacy.erased":
        yield from erased(step)
    if step.type == "step.refused" and definition is not None:
        if not _names(event, definition):
            yield "the definition as it was published", str(event["definition"])
        nothing: Any = None
        yield from _times(EventInContext(definition, nothing, step, event, Known(), None))
        yield from refused(definition, step, event, None)
    elif not step.type.startswith(("step.refused", "log.", "privacy.", "x-")):
        yield "an event of the log as a whole", step.type


def _refused(case: EventInContext) -> Iterator[Objection]:
    yield from refused(case.definition, case.step, case.event, case.deal)


def _erased(case: EventInContext) -> Iterator[Objection]:
    return erased(case.step)


RULES: Mapping[str, Callable[[EventInContext], Iterator[Objection]]] = {
    "deal.recorded": within_stage.recorded,
    "deal.corrected": within_stage.corrected,
    "action.voided": within_stage.voided,
    "action.completed": within_stage.completed,
    "criterion.waived": within_stage.waived,
    "stage.advanced": moves.advanced,
    "stage.returned": moves.returned,
    "deal.won": moves.won,
    "deal.lost": moves.lost,
    "deal.reopened": moves.reopened,
    "deal.finished": moves.finished,
    "deal.assigned": within_stage.assigned,
    "deal.noted": within_stage.noted,
    "step.refused": _refused,
    "privacy.erased": _erased,
}
