"""What a refusal says, as far as that can be checked: its shape, its codes, its ids, its facts, and that nothing personal
stands in it."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import Any

from procdef.deal import Deal
from procdef.events.opened_event import OpenedEvent
from procdef.events.types.step_refused import UNMET_CODES
from procdef.log.envelope import is_names
from procdef.model import ProcessDefinition
from procdef.verification.legality.event_in_context import EventInContext, Objection
from procdef.verification.legality.event_rule import EventRule, leaves
from procdef.verification.legality.facts import Given, contradictions
from procdef.verification.legality.named_ids import VERBS, is_about
from procdef.verification.legality.refused_arguments import SETTING, argument_objections, lacking_objections


def of_a_deal(context: EventInContext) -> Iterator[Objection]:
    """What is wrong with a refusal of a step on a deal."""
    return objections(context.definition, context.step, context.event, context.deal, context.fields.filled)


def objections(
    definition: ProcessDefinition,
    step: OpenedEvent,
    event: Mapping[str, Any],
    deal: Deal | None,
    filled: set[str] | None = None,
) -> Iterator[Objection]:
    """What is wrong with a refusal of a step on the deal (``None``: of a start), whose ``filled`` fields hold a value."""
    data = step.data
    verb, arguments = data["do"], data["arguments"]
    if verb not in VERBS or not data["unmet"] or (deal is None) is not (verb == "start"):
        yield "a command and what it lacked", str(verb)
    for item in data["unmet"]:
        yield from _unmet(definition, item)
    given = _given(verb, arguments, event.get("private", ()))
    if deal is None:
        yield from contradictions(definition, step, event, None, given.fields, given=given)
    else:
        yield from contradictions(definition, step, event, deal, filled or set(), given=given)
    yield from _waived(data["facts"], deal)
    codes = frozenset(str(item["code"]) for item in data["unmet"])
    yield from argument_objections(definition, verb, arguments, codes)
    yield from lacking_objections(definition, verb, arguments, data["unmet"])


def _given(verb: str, arguments: Mapping[str, Any], private: Any) -> Given:
    """The values that came with the step. Of those that were erased since, the commitments tell which fields they were of."""
    if verb not in SETTING:
        return Given({})
    values = arguments.get("values", {})
    erased = [pointer.split("/")[3] for pointer in private if pointer.startswith("/arguments/values/")]
    return Given(values, {*values, *arguments.get("unset", ()), *erased})


def _waived(facts: Mapping[str, Any], deal: Deal | None) -> Iterator[Objection]:
    standing = {waiver.criterion for waiver in deal.counting_at(facts["now"]).waivers} if deal else set()
    for path, told in facts.get("criteria", {}).items():
        if told == "waived" and path not in standing:
            yield f"a waiver of {path} that stands", "none"


def _unmet(definition: ProcessDefinition, item: Mapping[str, Any]) -> Iterator[Objection]:
    if item["code"] not in UNMET_CODES:
        yield "a code of what can be unmet", str(item["code"])
    about = item["about"]
    if type(about) is not list or not all(is_about(definition, item["code"], each) for each in about):
        yield "a list of the ids that it is about", "something else"
    elif item["code"] != "not-declared" and len({*about}) < len(about):
        yield "each id that it is about once", "one twice"
    if "roles" in item and not (is_names(item["roles"]) and definition.roles.keys() >= {*item["roles"]}):
        yield "the roles that could, sorted, as they are declared", "something else"


RULE = EventRule(
    of_a_deal,
    modes=("open", "lost", "done"),
    personal=leaves("/arguments/key", "/arguments/reason", "/arguments/note", "/arguments/evidence"),
    values=("arguments", "values"),
)
