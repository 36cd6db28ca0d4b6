"""An offer that was sent says a price. Where the price changes afterwards and the sending still counts as done, the deal goes
on with an offer that the customer never got.

Name the fields of the price in `voided_by` of the action that sends it, so that it is to be sent again.
"""

from __future__ import annotations

from collections.abc import Iterator

from procdef.diagnostics import Finding, Place, Severity
from procdef.expression.types import Kind
from procdef.language.partly_read_process import Draft
from procdef.language.rules.references.mentions import action_route
from procdef.language.rules.rule import Rule
from procdef.model import Action, ProcessDefinition

_MOST_STEPS = 2_000_000
"""Of the walks through what each offer needs: a file of thousands of offers is not looked through."""


def offer_not_voided(draft: Draft) -> Iterator[Finding]:
    """A ``milestone: offer`` that a change of a price which it needed does not void."""
    process = draft.process
    actions = process.actions.values()
    offers = [action for action in actions if action.milestone == "offer" and action.needs]
    if len(offers) * sum(1 + len(action.needs) for action in actions) > _MOST_STEPS:
        return
    for action in offers:
        if draft.broken(*action_route(action)):
            continue
        if not process.fields.keys() >= set(action.voided_by):
            continue  # one of those is likely a missing one, misspelt
        missing = [name for name in _priced(process, action) if name not in action.voided_by]
        if missing:
            yield Finding(
                "offer-not-voided",
                Place((*action_route(action), "voided_by" if action.voided_by else "needs"), "key"),
                'the offer that "{subject}" sends still counts after {fields} changes, although it needed it; '
                "add to its `voided_by`: {fields}",
                subject=action.path,
                kind="action",
                details={"fields": ", ".join(missing)},
            )


def _priced(process: ProcessDefinition, action: Action) -> list[str]:
    """The fields of a price that an action rests on: what the actions it needs record or decide about."""
    found: dict[str, None] = {}
    waiting, seen = list(action.needs), set(action.needs)
    for path in waiting:
        needed = process.actions.get(path)
        if needed is None:
            continue
        found |= dict.fromkeys((*needed.records, *(needed.voided_by if needed.decision else ())))
        waiting += [one for one in needed.needs if one not in seen]
        seen.update(needed.needs)
    if action.path in seen:
        return []  # they need each other, which is told by itself
    kinds = {name: process.fields[name].type.kind for name in found if name in process.fields}
    return [name for name, kind in kinds.items() if kind in (Kind.MONEY, Kind.PERCENT)]


RULE = Rule("offer-not-voided", Severity.WARNING, "controls", __doc__, offer_not_voided)
