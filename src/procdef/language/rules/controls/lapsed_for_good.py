"""What was done lapses after its `valid_for`, wherever the deal is by then. Where a later stage asks that it is still done, and
no way leads back to where it can be done again, the deal is stuck there for good.

Add a `back` to the stage of the action, ask for it where it can be renewed, or let the criterion be waived.
"""

from __future__ import annotations

from collections.abc import Iterator

from procdef.diagnostics import Finding, Severity
from procdef.language.partly_read_process import Draft
from procdef.language.rules.controls.waiting_deals import deals_after_a_lapse
from procdef.language.rules.rule import Rule


def lapsed_for_good(draft: Draft) -> Iterator[Finding]:
    """What asks in a later stage for an action that may have lapsed by then, and cannot be done again from there."""
    if draft.broken("stages"):
        return
    for wait, stage in deals_after_a_lapse(draft.process):
        action = draft.process.actions[wait.needed]
        yield Finding(
            "lapsed-for-good",
            wait.place,
            '"{by}" asks for "{subject}", which counts for {time} only: once it has lapsed, a deal in "{stage}" is stuck, as '
            'no way leads back to "{there}"; add a `back`, or ask for it where it can be done again',
            subject=wait.needed,
            kind="action",
            details={"by": wait.by, "time": str(action.valid_for), "stage": stage, "there": action.stage},
        )


RULE = Rule("lapsed-for-good", Severity.WARNING, "controls", __doc__, lapsed_for_good)
