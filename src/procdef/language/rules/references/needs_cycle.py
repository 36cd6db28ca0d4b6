"""Actions that need each other can none of them be done first. Remove one of the `needs`."""

from __future__ import annotations

from collections.abc import Iterator

from procdef.diagnostics import Finding, Severity
from procdef.graph import reachable
from procdef.language.draft import Draft
from procdef.language.rules.references.mentions import need_place
from procdef.language.rules.rule import Rule


def needs_cycle(draft: Draft) -> Iterator[Finding]:
    """Actions that need each other in a circle; each circle is reported once, at its first action."""
    needs = {action.path: action.needs for action in draft.process.actions.values()}
    seen: set[str] = set()
    for action in draft.process.actions.values():
        if action.path in seen or action.path not in reachable(needs, action.path):
            continue
        circle = [other for other in needs if other in reachable(needs, action.path)]
        circle = [other for other in circle if action.path in reachable(needs, other)]
        seen.update(circle)
        message = f"these actions need each other, so none can be done: {', '.join(circle)}; remove one of the needs"
        need = next(need for need in action.needs if need in circle)
        yield Finding("needs-cycle", need_place(action, need), message)


RULE = Rule("needs-cycle", Severity.ERROR, "references", __doc__, needs_cycle)
