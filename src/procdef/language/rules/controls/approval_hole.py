"""Under an approval table every deal must have somebody who decides, and every row must be for some deal. The first row whose
`when` holds says who; so the last one has no `when`, and is for whatever no row before it is for. A row that is never reached
decides nothing, and whoever wrote it believes that it does.

Leave `when` out of the last row and of no other. Where nobody is to be asked, as up to 5 %, say so in the `when` of the action
itself: `when: discount > 5 %`. Its last row may then have a `when` too, if some row holds wherever that of the action does. Let
the rows begin with the narrowest, as `discount <= 15 %` before `discount <= 25 %`, and remove a row that can never hold.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping

from procdef.diagnostics import Finding, Place, Severity
from procdef.expression import FieldType
from procdef.language.partly_read_process import Draft
from procdef.language.rules.controls.reachable_rows import leaves_open, unreached_rows
from procdef.language.rules.references.mentions import action_route
from procdef.language.rules.rule import Rule
from procdef.model import Action


def approval_hole(draft: Draft) -> Iterator[Finding]:
    """A table whose last row has a ``when``, a row before the last without one, and rows that no deal can be under."""
    types = {name: field.type for name, field in draft.process.fields.items()}
    for action in draft.process.actions.values():
        if not action.table or draft.broken(*action_route(action), "by"):
            continue
        told = list(_without_order(action, types, draft.broken(*action_route(action), "when")))
        yield from told
        if told or draft.broken("fields"):
            continue
        for unreached in unreached_rows(action.table, types):
            when = action.table[unreached.row - 1].when
            yield Finding(
                "approval-hole",
                Place((*action_route(action), "by", unreached.row - 1, *(["when"] if when else [])), "value"),
                _NEVER[min(len(unreached.covered), 2)],
                subject=action.path,
                kind="action",
                details={"row": unreached.row, "covering": " and ".join(map(str, unreached.covered))},
            )


_NOBODY = (
    'nobody decides on "{subject}" where no row of its table holds; where somebody is to decide then, leave `when` out of the '
    "last row; where nobody is to be asked, give the action itself a `when` under which one of the rows always holds"
)
_NOBODY_BEYOND = (
    'nobody decides on "{subject}" where its own `when` holds and no row of its table does; leave `when` out of the last row, '
    "or let the `when` of the action hold only where one of the rows does"
)
_NEVER = (
    "row {row} of this table is never reached, as its `when` never holds; change it, or remove the row",
    "row {row} of this table is never reached, as row {covering} holds wherever it would; change one of them, or remove it",
    "row {row} of this table is never reached, as one of the rows {covering} holds wherever it would; "
    "change one of them, or remove it",
)
"""By how many rows before it hold where it would: none, one or several."""


def _without_order(action: Action, types: Mapping[str, FieldType], unread: bool) -> Iterator[Finding]:
    """What the rows with and without a ``when`` leave open, or close; the action has an ``unread`` one of its own."""
    *before, last = action.table
    route = (*action_route(action), "by")
    for place, row in enumerate(before):
        if row.when is None:
            yield Finding(
                "approval-hole",
                Place((*route, place), "value"),
                "row {row} of this table has no `when`, so that no row after it is ever reached; "
                "give it a `when`, or move it to the end",
                subject=action.path,
                kind="action",
                details={"row": place + 1},
            )
    if last.when is not None and not unread and leaves_open(action.table, action.when, types):
        yield Finding(
            "approval-hole",
            Place((*route, len(before), "when"), "key"),
            _NOBODY if action.when is None else _NOBODY_BEYOND,
            subject=action.path,
            kind="action",
        )


RULE = Rule("approval-hole", Severity.ERROR, "controls", __doc__, approval_hole)
