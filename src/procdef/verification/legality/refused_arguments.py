"""What somebody gave with a step that was refused: its arguments and no others, and no name where an id belongs."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Mapping
from typing import Any

from procdef.log.envelope import is_stream, is_time
from procdef.log.event import NO_ID
from procdef.model import ProcessDefinition
from procdef.verification.legality.event_in_context import Objection
from procdef.verification.legality.field_values import misfits
from procdef.verification.legality.named_ids import is_id
from procdef.verification.legality.shown_text import is_person

_TAKEN: Mapping[str, frozenset[str]] = {
    "start": frozenset(("key", "process", "stage", "from", "values", "unset")),
    "record": frozenset(("values", "unset", "correct", "reason")),
    "do": frozenset(("action", "values", "unset", "way", "evidence", "decision", "note")),
    "advance": frozenset(("to", "reason")),
    "back": frozenset(("to", "reason")),
    "waive": frozenset(("criterion", "reason")),
    "lose": frozenset(("reason", "note")),
    "reopen": frozenset(("reason",)),
    "finish": frozenset(),
    "assign": frozenset(("person",)),
    "note": frozenset(("note", "kind", "objection")),
}
"""The arguments of each verb."""
_NEEDED = {"start": "process", "do": "action", "back": "to", "waive": "criterion", "assign": "person"}
"""The argument without which there is no command of that verb, and which is no personal value."""
SETTING = frozenset(("start", "record", "do"))
"""The verbs that come with values."""
_KNOWN = frozenset().union(*_TAKEN.values())
_DECLARED = ("stage", "to", "action", "criterion", "way", "objection")
_WORDS = {"decision": ("approve", "reject"), "kind": ("call", "email", "meeting")}
_FIRST = frozenset(("closed", "not-declared"))
"""What a step that names something undeclared is refused for; nothing comes before them."""
_FIRST_OF_WORDS = _FIRST | {"elsewhere", "not-yours", "bad-value"}
_plain = re.compile(r"[0-9a-f:.-]*[0-9][0-9a-f:.-]*").fullmatch
"""Numbers, dates, hashes and the like."""


def argument_objections(
    definition: ProcessDefinition, verb: str, given: Mapping[str, Any], codes: frozenset[str]
) -> Iterator[Objection]:
    """What is wrong with the arguments of a step that was refused for these codes."""
    taken = _TAKEN.get(verb, _KNOWN)
    for name in given:
        if name in _KNOWN and name not in taken:
            yield f"arguments of {verb}", name
        elif name not in _KNOWN and not _tells_nothing(definition, given[name]):
            yield f"nothing but ids, numbers and times in {name}, as free text is a personal value", "a text"
    yield from misfits(definition, given.get("values", {}))
    unset = given.get("unset", [])
    if sorted({*unset}) != unset or not set(unset) <= set(definition.fields):
        yield "declared fields to be emptied, sorted", ", ".join(map(str, unset))
    yield from _ids(definition, verb, given, codes)
    if "person" in given and not is_person(given["person"]):
        yield "the id of a person as person", "something else"
    if "from" in given and not is_stream(given["from"]):
        yield "the stream of a deal as from", str(given["from"])
    if given.get("correct", True) is not True:
        yield "correct: true, or nothing", str(given["correct"])


def lacking_objections(
    definition: ProcessDefinition, verb: str, given: Mapping[str, Any], unmet: Iterable[Mapping[str, Any]]
) -> Iterator[Objection]:
    """What is wrong with what a step is said to have named that is not declared: it named that, and all that it named is told.

    Names of fields that are not declared stand in no argument, as nothing is known of their values; and nor does a blank, which
    is no id.
    """
    told = [str(each) for item in unmet if item["code"] == "not-declared" for each in item["about"]]
    naming = [name for name in (*_DECLARED, *(("reason",) if verb == "lose" else ())) if name in _TAKEN.get(verb, _KNOWN)]
    asked = {str(given.get(name, NO_ID)) for name in naming}
    if verb in _NEEDED and _NEEDED[verb] not in given and NO_ID not in told:
        yield f"{_NEEDED[verb]}, without which there is no {verb}", "nothing"
    for each in told:
        if each not in asked and (verb not in SETTING or each in definition.fields):
            yield "what the step named, as not declared", each
    for name in ("stage", "action"):
        named = str(given.get(name, NO_ID))
        if told and named not in (NO_ID, *told, *_declared(definition, name)):
            yield f"{named} as not declared", "something else"


def _ids(
    definition: ProcessDefinition, verb: str, given: Mapping[str, Any], codes: frozenset[str]
) -> Iterator[Objection]:
    if given.get("process", definition.id) != definition.id:
        yield "an id as process", "another than that of its definition"
    for name in (*_DECLARED, "reason") if verb == "lose" else _DECLARED:
        if name not in given:
            continue
        if not is_id(definition, given[name]):
            yield f"an id as {name}", "something else"
        elif given[name] not in (NO_ID, *_declared(definition, name)) and codes.isdisjoint(_FIRST):
            yield f"a declared id as {name}, or a refusal as it is not declared", "another refusal"
    for name, words in _WORDS.items():
        if name not in given:
            continue
        if not is_id(definition, given[name]):
            yield f"an id as {name}", "something else"
        elif given[name] not in (NO_ID, *words) and codes.isdisjoint(_FIRST_OF_WORDS):
            yield f"{' or '.join(words)} as {name}, or a refusal for that", "another refusal"


def _declared(definition: ProcessDefinition, argument: str) -> Iterator[str]:
    """The ids that the definition has for an argument to name."""
    stages, actions = definition.stages.values(), definition.actions.values()
    match argument:
        case "stage" | "to":
            yield from definition.stages
        case "action":
            yield from (name for one in actions for name in (one.id, one.path))
        case "criterion":
            yield from (name for one in definition.criteria.values() for name in (one.id, one.path))
        case "way":
            yield from (way for one in actions for way in one.ways)
        case "objection":
            yield from (each for stage in stages if stage.playbook for each in stage.playbook.objections)
        case "reason":
            yield from definition.lost.reasons if definition.lost else ()


def _tells_nothing(definition: ProcessDefinition, value: Any) -> bool:
    """Whether an argument that only a later procdef knows can hold nobody's name: what may is a personal value there too."""
    if isinstance(value, dict):
        return all(_tells_nothing(definition, each) for pair in value.items() for each in pair)
    if isinstance(value, list):
        return all(_tells_nothing(definition, each) for each in value)
    if not isinstance(value, str):
        return True
    return is_id(definition, value) or is_time(value) or is_stream(value) or _plain(value) is not None
