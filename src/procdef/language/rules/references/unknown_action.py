"""An action that needs one which does not exist can never be done. Correct the id; write `stage.action` for another stage's."""

from __future__ import annotations

from collections.abc import Iterator
from difflib import get_close_matches

from procdef.diagnostics import Finding, Place, Severity
from procdef.language.draft import Draft
from procdef.language.rules.rule import Rule


def unknown_action(draft: Draft) -> Iterator[Finding]:
    """A ``needs`` that names no action of the process."""
    actions = draft.process.actions
    for action in actions.values():
        side = "required_actions" if action.required else "optional_actions"
        for need in action.needs:
            if need not in actions:
                near = get_close_matches(need, [path for path in actions if path != action.path], 1)
                hint = f'did you mean "{near[0]}"?' if near else "write `action`, or `stage.action` for another stage's"
                message = f'unknown action "{need}" in `needs` of action "{action.path}" ({hint})'
                place = Place(("stages", action.stage, side, action.id, "needs"))
                yield Finding("unknown-action", place, message)


RULE = Rule("unknown-action", Severity.ERROR, "references", __doc__, unknown_action)
