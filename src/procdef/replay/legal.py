"""What a definition allows of the events of a deal: who, in which stage, after what.

No expression is evaluated and no calendar asked: what a condition came to stands in the event's facts, which are held
against the state of the deal as far as that tells.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator, Mapping
from functools import lru_cache
from typing import Any

from procdef.commands import VERBS
from procdef.deal import Happening
from procdef.model import ProcessDefinition
from procdef.replay import moves, work
from procdef.replay.case import Case, Known, Objection
from procdef.replay.facts import contradictions

_LETTERS = {
    "deal.recorded": "r",
    "deal.corrected": "k",
    "action.voided": "v",
    "action.completed": "c",
    "stage.advanced": "a",
    "deal.won": "w",
}
_ORDER = re.compile(r"rv*c?|k|c|aw?|[.]")
"""The events of one command: recorded, voided, completed; a win after its advance; anything else alone."""

_ON_CLOSED = ("deal.noted", "step.refused", "privacy.erased")
_ON_LOST = (*_ON_CLOSED, "deal.assigned", "deal.reopened")


@lru_cache(maxsize=256)
def ordered(types: tuple[str, ...]) -> bool:
    """Whether these events, in this order, can come from one command."""
    return _ORDER.fullmatch("".join(_LETTERS.get(kind, ".") for kind in types)) is not None


def started(definition: ProcessDefinition, step: Happening, event: Mapping[str, Any]) -> Iterator[Objection]:
    """What is wrong with the first event of a deal."""
    data = step.data
    if step.type != "deal.started" or data.get("stage") not in definition.starts or data["process"] != definition.id:
        yield "a start in a start stage", f"{step.type} {data.get('stage')}"
        return
    stage = definition.stages[data["stage"]]
    known = Known()
    known.learn(step, event)
    nothing: Any = None  # there is no deal yet; nothing below asks for it
    case = Case(definition, nothing, step, event, known, None)
    yield from case.by_a_role(stage.owner)
    yield from case.due_where_asked(stage.id)
    yield from work.private(case)
    yield from contradictions(definition, step, event, None, known.filled)
    yield from moves.criteria(stage.entry_criteria.values(), data, {})
    if not case.sealed("/key"):
        yield "the deal's name as a personal value", "none"


def objections(case: Case) -> Iterator[Objection]:
    """What the definition does not allow of an event after the first."""
    deal, step, event = case.deal, case.step, case.event
    pinned = {"id": deal.process, "version": deal.version, "sha256": deal.definition, "lang": case.definition.lang}
    if event.get("definition") != pinned:
        yield "the definition that the deal is pinned to", str(event.get("definition"))
    if step.occurred < deal.latest:
        yield f"nothing that happened before {deal.latest}", step.occurred
    on_closed = _ON_LOST if deal.mode == "lost" else _ON_CLOSED
    if deal.mode != "open" and step.type not in on_closed and not step.type.startswith("x-"):
        yield "an open deal", deal.mode
    if step.type == "deal.reopened" and deal.mode != "lost":
        yield "a lost deal", deal.mode
    rule = RULES.get(step.type)
    if rule is not None:
        yield from rule(case)
    elif not step.type.startswith("x-"):
        yield "an event of a deal", step.type
    if "facts" in step.data and step.type != "step.refused":
        yield from contradictions(case.definition, step, event, deal, case.known.filled)


def aside(step: Happening) -> Iterator[Objection]:
    """What may not stand in a stream that is no deal's: the log's own events and refused starts belong there."""
    if step.stream != "system":
        return
    if step.type == "step.refused":
        yield from _command(step)
        if step.data["do"] != "start":
            yield "a refused start", step.data["do"]
    elif not step.type.startswith(("log.", "privacy.", "x-")):
        yield "an event of the log as a whole", step.type


def _command(step: Happening) -> Iterator[Objection]:
    if step.data["do"] not in VERBS.values() or not step.data["unmet"]:
        yield "a command and what it lacked", str(step.data["do"])


def _refused(case: Case) -> Iterator[Objection]:
    yield from _command(case.step)


def _erased(case: Case) -> Iterator[Objection]:
    return iter(())


RULES: Mapping[str, Callable[[Case], Iterator[Objection]]] = {
    "deal.recorded": work.recorded,
    "deal.corrected": work.corrected,
    "action.voided": work.voided,
    "action.completed": work.completed,
    "criterion.waived": work.waived,
    "stage.advanced": moves.advanced,
    "stage.returned": moves.returned,
    "deal.won": moves.won,
    "deal.lost": moves.lost,
    "deal.reopened": moves.reopened,
    "deal.finished": moves.finished,
    "deal.assigned": work.assigned,
    "deal.noted": work.noted,
    "step.refused": _refused,
    "privacy.erased": _erased,
}
