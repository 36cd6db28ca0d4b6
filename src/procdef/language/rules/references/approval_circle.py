"""Who decides cannot depend on whether the same decision was made, nor can two tables ask about each other's decisions: each
would wait for the other to say who may decide. Let a row ask for something that comes before.
"""

from __future__ import annotations

from collections.abc import Iterator

from procdef.diagnostics import Finding, Place, Severity
from procdef.graph import Reach
from procdef.language.partly_read_process import Draft
from procdef.language.rules.references.mentions import action_route
from procdef.language.rules.rule import Rule


def approval_circle(draft: Draft) -> Iterator[Finding]:
    """Tables whose rows ask whether their own decision `is done`, or that of a table that asks for theirs."""
    actions = draft.process.actions
    asks = {
        action.path: tuple(
            dict.fromkeys(
                other
                for row in action.table
                for other in sorted(row.when.actions if row.when else ())
                if other in actions and actions[other].table
            )
        )
        for action in actions.values()
        if action.table
    }
    place = {path: at for at, path in enumerate(asks)}
    for circle in sorted(Reach.of(asks).groups, key=lambda each: min(place[path] for path in each)):
        first, *others = sorted(circle, key=lambda path: place[path])
        action = actions[first]
        rows = enumerate(row.when.actions & circle if row.when else frozenset() for row in action.table)
        row = next(number for number, asked in rows if asked)
        yield Finding(
            "approval-circle",
            Place((*action_route(action), "by", row, "when")),
            "who decides on these depends on whether they are done: {actions}; let the row ask for something that comes before"
            if others
            else 'who decides on "{subject}" depends on whether it is done; let the row ask for something that comes before',
            subject=first,
            kind="action",
            details={"actions": ", ".join((first, *others))},
        )


RULE = Rule("approval-circle", Severity.ERROR, "references", __doc__, approval_circle)
