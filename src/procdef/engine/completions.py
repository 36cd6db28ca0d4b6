"""Who did an action, or approved, until when that counts, and what of it does not count any more."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Literal

from procdef.decide.context import Context
from procdef.model import Action
from procdef.results.options import Completion

State = Literal["counts", "lapsed", "other_row", "unknown"]
_NEVER = "~"
"""Later than any time of the log."""


def completions(context: Context, action: Action) -> tuple[Completion, ...]:
    """Those that stand in the log, in its order, also the ones that do not count now."""
    deal = context.deal
    people = deal.standing.get(action.path, ()) if deal else ()
    if deal is None or not people:
        return ()
    row = context.approvers(action).row
    ends = deal.until.get(action.path) or ("",) * len(people)
    rows = deal.rows.get(action.path) or (0,) * len(people)
    return tuple(
        Completion(person, end or None, under or None, _state(end, under, row, context.moment))
        for person, end, under in zip(people, ends, rows, strict=False)
    )


def _state(end: str, under: int, row: int | None, moment: str) -> State:
    if end and end <= moment:
        return "lapsed"
    if row is None:
        return "unknown"
    return "counts" if row in (0, under) else "other_row"  # without a table everything counts


def lapse(given: Iterable[Completion], at_least: int) -> str | None:
    """When an action that is done is done no more, as too few completions are left that count; ``None`` where that is never."""
    ends = sorted((each.until or _NEVER for each in given if each.state == "counts"), reverse=True)
    last = ends[at_least - 1] if len(ends) >= at_least else _NEVER
    return None if last == _NEVER else last
