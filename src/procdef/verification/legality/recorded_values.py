"""Values that are recorded: which fields really change, which completions that ends, and what is due at other times then."""

from __future__ import annotations

from collections.abc import Iterable, Iterator

from procdef.deal import Deal
from procdef.model import ProcessDefinition
from procdef.verification.legality.due_times import due_when_changed
from procdef.verification.legality.event_in_context import EventInContext, Objection
from procdef.verification.legality.field_values import incomplete_rows, misfits
from procdef.verification.legality.known_fields import given_fields


def values_set(context: EventInContext) -> Iterator[Objection]:
    """What is wrong with the values, and with the fields that are told as unset and changed."""
    deal, data = context.deal, context.data
    given, gone = given_fields(context.step, context.event)
    unset = set(data["unset"])
    unknown = (given | unset) - set(context.definition.fields)
    if unknown:
        yield "declared fields", ", ".join(sorted(unknown))
        return
    yield from misfits(context.definition, data["values"])
    yield from incomplete_rows(context.definition, data["values"], context.event.get("private", ()))
    if sorted(unset) != data["unset"] or sorted({*data["changed"]}) != data["changed"]:
        yield "the fields unset and changed, sorted and each once", ", ".join((*data["unset"], *data["changed"]))
    really = {name for name in given | unset if data["values"].get(name) != deal.values.get(name)}
    unsure = gone | (context.fields.lost & (given | unset))
    if really - unsure != set(data["changed"]) - unsure:
        yield f"changed: {', '.join(sorted(really - unsure))}", ", ".join(data["changed"])
    yield from due_when_changed(context)


def voids(definition: ProcessDefinition, deal: Deal, changed: Iterable[str]) -> dict[str, list[str]]:
    """The standing completions that a change of these fields ends, each with the fields that do."""
    found = {}
    for path in deal.standing:
        by = sorted(set(changed) & set(definition.actions[path].voided_by)) if path in definition.actions else []
        if by:
            found[path] = by
    return found
