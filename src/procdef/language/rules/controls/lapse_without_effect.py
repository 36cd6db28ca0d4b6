"""What is done counts no longer than its `valid_for`. Where nothing asks whether an optional action is done, no step of a deal
depends on that, and people would be reminded of it for nothing.

Make the action a required one, name it in the `needs` of what must not go on without it or in a condition, as
`stage.action is done`, or leave `valid_for` out.
"""

from __future__ import annotations

from collections.abc import Iterator

from procdef.diagnostics import Finding, Place, Severity
from procdef.language.partly_read_process import Draft
from procdef.language.rules.references.mentions import action_route, asking
from procdef.language.rules.rule import Rule


def lapse_without_effect(draft: Draft) -> Iterator[Finding]:
    """An optional action with ``valid_for`` that nothing reads."""
    if draft.broken("stages") or draft.broken("scores"):
        return
    actions = draft.process.actions.values()
    lapsing = [action for action in actions if action.valid_for and not action.required]
    if not lapsing:
        return
    asked = {need for action in actions for need in action.needs}.union(*(one.actions for one in asking(draft.process)))
    for action in lapsing:
        if action.path not in asked:
            yield Finding(
                "lapse-without-effect",
                Place((*action_route(action), "valid_for"), "key"),
                'nothing asks whether the optional action "{subject}" is done, so nothing changes when it lapses; '
                "make it required, name it in `needs` or in a condition, or leave `valid_for` out",
                subject=action.path,
                kind="action",
            )


RULE = Rule("lapse-without-effect", Severity.WARNING, "controls", __doc__, lapse_without_effect)
