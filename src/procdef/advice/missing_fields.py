"""Which fields would have to be filled in before something no longer stands in the way."""

from __future__ import annotations

from collections.abc import Iterator

from procdef.advice.inquiry import Inquiry
from procdef.advice.preconditions import fields_of_unknown
from procdef.decide.approvers import to_fill_in
from procdef.decide.context import Context
from procdef.decide.decision import Obstacle

_CODES = frozenset((
    "action-open", "when-unknown", "approver-unknown", "needs-open", "criterion-unmet", "criterion-unknown", "records-unset",
    "branch-closed",
))  # fmt: skip
"""The codes that an empty field can be the cause of."""


def missing_fields(inquiry: Inquiry, context: Context, obstacle: Obstacle) -> tuple[str, ...]:
    """The fields that are not filled in, of those that this obstacle turns on."""
    if obstacle.code not in _CODES:
        return ()
    fields = inquiry.definition.fields
    turns_on = dict.fromkeys((*obstacle.fields, *_read(inquiry, context, obstacle)))
    return tuple(name for name in turns_on if name in fields and name not in context.raw)


def _read(inquiry: Inquiry, context: Context, obstacle: Obstacle) -> Iterator[str]:
    definition = inquiry.definition
    for name in obstacle.about:
        if obstacle.code == "records-unset":
            yield name
        elif action := definition.actions.get(name):
            yield from fields_of_unknown(context, action) if context.status(action) == "unknown" else action.records
        elif criterion := definition.criteria.get(name):
            yield from to_fill_in(context, criterion.check) if criterion.check else criterion.require
        elif inquiry.stage is not None and (way := inquiry.stage.next.get(name)) and way.when is not None:
            yield from to_fill_in(context, way.when)
