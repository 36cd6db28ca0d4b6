"""An approval holds for what was approved. Where a field that calls for it changes later, the old approval would stand.

Name every field of `when` in `voided_by`.
"""

from __future__ import annotations

from collections.abc import Iterator

from procdef.diagnostics import Finding, Place, Severity
from procdef.language.partly_read_process import Draft
from procdef.language.rules.references.mentions import action_route
from procdef.language.rules.rule import Rule


def approval_not_voided(draft: Draft) -> Iterator[Finding]:
    """A decision whose ``when`` reads fields that its ``voided_by`` does not name."""
    for action in draft.process.actions.values():
        if not action.decision or action.when is None or draft.broken(*action_route(action)):
            continue
        if not draft.process.fields.keys() >= set(action.voided_by):
            continue  # one of those is likely a missing one, misspelt
        missing = sorted(action.when.fields - set(action.voided_by))
        if missing:
            yield Finding(
                "approval-not-voided",
                Place((*action_route(action), "voided_by" if action.voided_by else "when"), "key"),
                'the decision "{subject}" still counts after {fields} changes, although its `when` reads it; '
                "add to its `voided_by`: {fields}",
                subject=action.path,
                kind="action",
                details={"fields": ", ".join(missing)},
            )


RULE = Rule("approval-not-voided", Severity.WARNING, "controls", __doc__, approval_not_voided)
