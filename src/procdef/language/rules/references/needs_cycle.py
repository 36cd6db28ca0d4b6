"""Actions that need each other can none of them be done first. Remove one of the `needs`."""

from __future__ import annotations

from collections.abc import Iterator

from procdef.diagnostics import Finding, Severity
from procdef.graph import Reach
from procdef.language.partly_read_process import Draft
from procdef.language.rules.references.mentions import need_place
from procdef.language.rules.rule import Rule


def needs_cycle(draft: Draft) -> Iterator[Finding]:
    """Actions that need each other in a circle; each circle is reported once, at its first action."""
    needs = {action.path: action.needs for action in draft.process.actions.values()}
    needs = {path: tuple(need for need in named if need in needs) for path, named in needs.items()}
    place = {path: at for at, path in enumerate(needs)}
    circles = [sorted(circle, key=lambda path: place[path]) for circle in Reach.of(needs).groups]
    for circle in sorted(circles, key=lambda circle: place[circle[0]]):
        action = draft.process.actions[circle[0]]
        need = next(need for need in action.needs if need in circle)
        yield Finding(
            "needs-cycle",
            need_place(action, need),
            "these actions need each other, so none can be done: {actions}; remove one of the needs",
            subject=need,
            kind="action",
            details={"actions": ", ".join(circle)},
        )


RULE = Rule("needs-cycle", Severity.ERROR, "references", __doc__, needs_cycle)
