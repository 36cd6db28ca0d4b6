"""Who does an action now: the roles that it names, or those of the row of its approval table that holds."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from typing import Any, NamedTuple, Protocol

from procdef.errors import CalendarUnknown
from procdef.expression import Condition, Expression
from procdef.model import Action, ApproverRow, ProcessDefinition


class Sight(Protocol):
    """What is looked at to know who does an action: a deal under its definition, as ``Context`` has it."""

    definition: ProcessDefinition
    raw: Mapping[str, Any]

    def allowed(self, roles: Iterable[str]) -> tuple[str, ...]:
        """The roles that may: those named, or any of the process where none is."""

    def truth(self, expression: Expression) -> bool | None:
        """What an expression comes to now; ``None`` is unknown."""

    def why(self, expression: Expression, *, in_full: bool = False) -> str:
        """Why an expression is not true, with the values it saw."""

    def approvers(self, action: Action) -> Approvers:
        """Who does an action, and which row of its table holds."""


class Approvers(NamedTuple):
    """``row`` is that of the action's table, from 1: 0 where it has no table, ``None`` while it is not known which one holds.

    ``roles`` may do it, ``at_least`` so many times: while the row is not known, what holds of the rows that it may be. ``why``
    tells people why it is not known, and ``fields`` are those to be filled in for it.
    """

    row: int | None
    roles: tuple[str, ...]
    at_least: int
    why: str | None = None
    fields: tuple[str, ...] = ()


def approvers(context: Sight, action: Action) -> Approvers:
    """Who does an action on this deal. The first row whose ``when`` is true says it, once every row before it is false."""
    if not action.table:
        owner = context.definition.stages[action.stage].owner
        return Approvers(0, context.allowed(action.by or owner), action.at_least)
    possible = list(_possible(context, action))
    (number, first, holds), *others = possible or [(0, action.table[-1], False)]
    if holds and not others:
        return Approvers(number, first.roles, first.at_least)
    rows = [row for _, row, _ in possible] or action.table
    open_rows = [row.when for _, row, holds in possible if not holds and row.when is not None]
    fields = {name for when in open_rows for name in to_fill_in(context, when)}
    why = context.why(open_rows[0], in_full=True) if open_rows else None
    return Approvers(None, roles_named(rows), min(row.at_least for row in rows), why, tuple(sorted(fields)))


def to_fill_in(context: Sight, expression: Condition) -> tuple[str, ...]:
    """The fields that are empty, of those that an expression turns on: that it reads, or that would tell who decides on an
    action of which it asks whether that is done."""
    empty = {name for name in expression.fields if name not in context.raw}
    actions = context.definition.actions
    asked = (actions[path] for path in expression.actions)
    return tuple(sorted(empty.union(*(context.approvers(action).fields for action in asked if action.table))))


def unknown(action: Action) -> Approvers:
    """What is known of the approvers while nothing is looked at: anybody of the table."""
    return Approvers(None, roles_named(action.table), min(row.at_least for row in action.table))


def doers(context: Sight, action: Action) -> tuple[str, ...]:
    """The roles that do an action which is not the stage's owner's: anybody of its table where no calendar tells which row
    holds."""
    if not action.roles:
        return ()
    try:
        return context.approvers(action).roles
    except CalendarUnknown:
        return unknown(action).roles


def roles_named(rows: tuple[ApproverRow, ...] | list[ApproverRow]) -> tuple[str, ...]:
    """The roles of these rows, each once."""
    return tuple(dict.fromkeys(role for row in rows for role in row.roles))


def _possible(context: Sight, action: Action) -> Iterator[tuple[int, ApproverRow, bool]]:
    """The rows that may be the one that holds, with their numbers, and whether each is known to: the last of them at most."""
    for number, row in enumerate(action.table, 1):
        truth = True if row.when is None else context.truth(row.when)
        if truth is not False:
            yield number, row, bool(truth)
        if truth:
            return
