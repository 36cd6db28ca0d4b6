"""An action that needs one which does not exist can never be done. Correct the id; write `stage.action` for another stage's."""

from __future__ import annotations

from collections.abc import Iterator

from procdef.diagnostics import Finding, Severity, nearest
from procdef.language.partly_read_process import Draft
from procdef.language.rules.references.mentions import need_place
from procdef.language.rules.rule import Rule

_MANY = 500


def unknown_action(draft: Draft) -> Iterator[Finding]:
    """A ``needs`` that names no action of a stage; of a stage that is not there, ``unknown-stage`` tells."""
    actions = draft.process.actions
    for action in actions.values():
        for need in action.needs:
            stage = need.partition(".")[0]
            if need not in actions and stage in draft.process.stages:
                near = nearest(need, actions.keys() - {action.path, *action.needs} if len(actions) < _MANY else ())
                if draft.faulty.names(need) or (near and draft.faulty.names(near)):
                    continue
                yield Finding(
                    "unknown-action",
                    need_place(action, need),
                    'unknown action "{subject}" in `needs` of action "{by}"{hint}'
                    if near
                    else 'unknown action "{subject}" in `needs` of action "{by}" '
                    "(write `action`, or `stage.action` for another stage's)",
                    fix=near,
                    subject=need,
                    kind="action",
                    candidates=(near,) if near else (),
                    details={"by": action.path},
                )


RULE = Rule("unknown-action", Severity.ERROR, "references", __doc__, unknown_action)
