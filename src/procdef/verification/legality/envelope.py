"""What the envelope of an event says of its definition and its time, against what goes for its deal."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import Any

from procdef.model import ProcessDefinition
from procdef.verification.legality.event_in_context import EventInContext, Objection


def names(event: Mapping[str, Any], definition: ProcessDefinition) -> bool:
    """Whether the event names that definition, by numbers and not by what only equals them."""
    told = event.get("definition")
    if told != definition.reference:
        return False
    return type(told["version"]) is int and type(told["lang"]) is int


def in_time(context: EventInContext) -> Iterator[Objection]:
    """Nothing happened before the step before it, but what a note tells of, taken or refused: that was since the deal began."""
    step, deal = context.step, context.deal
    a_note = step.type == "deal.noted" or (step.type == "step.refused" and step.data["do"] == "note")
    earliest = deal.started if a_note and context.event["via"] != "import" else deal.latest
    if step.occurred < earliest:
        yield f"nothing that happened before {earliest}", step.occurred


def reported_time(context: EventInContext) -> Iterator[Objection]:
    """Imports say when something happened; of what is done now only completions and notes may."""
    step, imported = context.step, context.event["via"] == "import"
    if imported is (step.happened is not None):
        return
    if imported:
        yield "an import that says when", "none"
    elif not (
        step.type in ("action.completed", "deal.noted")
        or context.completing is not None
        or (step.type == "step.refused" and step.data["do"] in ("do", "note"))
    ):
        yield "no other time than that of recording", str(step.happened)
