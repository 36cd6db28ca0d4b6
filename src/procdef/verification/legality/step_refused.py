"""What a refusal may say: the shape of its items, its codes, its facts, and no personal value in clear."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import Any

from procdef.deal import Deal
from procdef.events.opened_event import OpenedEvent
from procdef.events.types.step_refused import UNMET_CODES
from procdef.log.envelope import is_name, is_names, is_stream
from procdef.model import ProcessDefinition
from procdef.verification.legality.event_in_context import EventInContext, Objection
from procdef.verification.legality.event_rule import EventRule, leaves
from procdef.verification.legality.facts import outcomes, scored, times
from procdef.verification.legality.field_values import misfits

_VERBS = frozenset((
    "start", "record", "do", "advance", "back", "waive", "lose", "reopen", "finish", "assign", "note",
))  # fmt: skip
"""The verbs of all commands."""
_IDS = ("process", "stage", "to", "action", "criterion", "way", "decision", "kind", "objection", "person")


def of_a_deal(context: EventInContext) -> Iterator[Objection]:
    """What is wrong with a refusal of a step on a deal."""
    return objections(context.definition, context.step, context.event, context.deal)


def objections(
    definition: ProcessDefinition, step: OpenedEvent, event: Mapping[str, Any], deal: Deal | None
) -> Iterator[Objection]:
    """What is wrong with a refusal of a step on the deal (``None``: of a start)."""
    data = step.data
    if data["do"] not in _VERBS or not data["unmet"] or (deal is None) is not (data["do"] == "start"):
        yield "a command and what it lacked", str(data["do"])
    for item in data["unmet"]:
        yield from _unmet(item)
    yield from times(step, event, deal)
    yield from outcomes(definition, data["facts"], deal)
    yield from _public(definition, data["facts"].get("values", {}))
    yield from _arguments(definition, data["arguments"])


def _unmet(item: Mapping[str, Any]) -> Iterator[Objection]:
    if item["code"] not in UNMET_CODES:
        yield "a code of what can be unmet", str(item["code"])
    if type(item["about"]) is not list or not all(map(is_name, item["about"])):
        yield "a list of the ids that it is about", str(item["about"])
    if "roles" in item and not is_names(item["roles"]):
        yield "the roles that could, sorted", str(item["roles"])


def _public(definition: ProcessDefinition, values: Mapping[str, Any]) -> Iterator[Objection]:
    scores = {name: told for name, told in values.items() if name in definition.scores}
    for name, told in scores.items():
        yield from scored(definition, name, told)
    yield from misfits(definition, {name: value for name, value in values.items() if name not in scores})
    for name in values:
        field = definition.fields.get(name)
        cells = {column for row in values[name] for column in row} if field and field.type.columns else ()
        if field and (field.type.private or any(field.type.columns[cell].private for cell in cells)):
            yield "no personal value", f"{name} in the facts"


def _arguments(definition: ProcessDefinition, given: Mapping[str, Any]) -> Iterator[Objection]:
    yield from misfits(definition, given.get("values", {}))
    unset = given.get("unset", [])
    if sorted({*unset}) != unset or not set(unset) <= set(definition.fields):
        yield "declared fields to be emptied, sorted", ", ".join(map(str, unset))
    for name in _IDS:
        if name in given and not is_name(given[name]):
            yield f"an id as {name}", type(given[name]).__name__
    if "from" in given and not is_stream(given["from"]):
        yield "the stream of a deal as from", str(given["from"])
    if given.get("correct", True) is not True:
        yield "correct: true, or nothing", str(given["correct"])


RULE = EventRule(
    of_a_deal,
    modes=("open", "lost", "done"),
    personal=leaves("/arguments/key", "/arguments/reason", "/arguments/note", "/arguments/evidence"),
    values=("arguments", "values"),
)
