"""An approval holds for what was approved. Where a field that calls for it, or that says who decides, changes later, the old
approval would stand, or count again once the field has its old value.

Name every field of `when`, and of the rows of a table in `by`, in `voided_by`.
"""

from __future__ import annotations

from collections.abc import Iterator

from procdef.diagnostics import Finding, Place, Severity
from procdef.language.partly_read_process import Draft
from procdef.language.rules.references.mentions import action_route
from procdef.language.rules.rule import Rule


def approval_not_voided(draft: Draft) -> Iterator[Finding]:
    """A decision whose ``when``, or whose table, reads fields that its ``voided_by`` does not name."""
    for action in draft.process.actions.values():
        whens = [when for when in (action.when, *(row.when for row in action.table)) if when]
        if not action.decision or not whens or draft.broken(*action_route(action)):
            continue
        if not draft.process.fields.keys() >= set(action.voided_by):
            continue  # one of those is likely a missing one, misspelt
        missing = sorted(frozenset[str]().union(*(when.fields for when in whens)) - set(action.voided_by))
        key = "when" if action.when is not None and not action.when.fields.isdisjoint(missing) else "by"
        if missing:
            yield Finding(
                "approval-not-voided",
                Place((*action_route(action), "voided_by" if action.voided_by else key), "key"),
                'the decision "{subject}" still counts after {fields} changes, although its `when` reads it; '
                "add to its `voided_by`: {fields}"
                if key == "when"
                else 'the decision "{subject}" counts again once {fields} is as it was, although who decides turns on it; '
                "add to its `voided_by`: {fields}",
                subject=action.path,
                kind="action",
                details={"fields": ", ".join(missing)},
            )


RULE = Rule("approval-not-voided", Severity.WARNING, "controls", __doc__, approval_not_voided)
