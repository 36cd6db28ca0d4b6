"""The rows of ``activity``: what figures ask of many deals, told once when it happens, so that no event is read for it.

| kind | item | detail |
|---|---|---|
| ``done`` | the action, ``stage.action`` | what was decided (``approve``, ``reject``), else the way |
| ``overdue`` | an action that was done after it was due | by when it was due |
| ``note`` | the kind of contact, or nothing | the objection |
| ``value`` ``close`` | the field that the definition names so | its value from then on; none where it was emptied |
| ``lost`` | the reason | |
| ``waived`` | the criterion, ``stage.criterion`` | who waived it |
| ``assigned`` | who owns the deal from then on | who owned it before |
| ``late`` | when the step was recorded that had happened before | |

Nothing personal stands there: a field of personal values has no rows, and free text is left out.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from typing import Any, NamedTuple

from procdef.events.types import EVENT_TYPES, step_refused
from procdef.events.types.action_completed import missed
from procdef.model import ProcessDefinition
from procdef.store.rows import ActivityRow

Item = tuple[str, str, str | None]
"""Kind, item and detail of a row."""
Data = Mapping[str, Any]

_IMPORTED = "import"
_STEPS = frozenset((*(kind.name for kind in EVENT_TYPES if kind.applied), step_refused.EVENT.name))


class Teller(NamedTuple):
    """Who took a step, and whose the deal was before it; ``fields`` are the kind (``value``, ``close``) and the name of the
    fields that are followed, ``dues`` by when its actions were due before it, ``occurred`` is when it happened."""

    fields: Sequence[tuple[str, str]]
    person: str
    owner: str
    dues: Mapping[str, str]
    occurred: str


def followed(definition: ProcessDefinition) -> tuple[tuple[str, str], ...]:
    """The fields whose values get rows, each with the kind of these: what the deal is worth, and when it is to be closed."""
    names = (("value", definition.deal.value), ("close", definition.deal.close))
    return tuple([(kind, name) for kind, name in names if name is not None and name not in definition.personal])


def _started(data: Data, by: Teller) -> list[Item]:
    values = data["values"]
    return [(kind, name, values[name]) for kind, name in by.fields if name in values]


def _recorded(data: Data, by: Teller) -> list[Item]:
    values, changed = data["values"], data["changed"]
    return [(kind, name, values.get(name)) for kind, name in by.fields if name in changed]


def _completed(data: Data, by: Teller) -> list[Item]:
    due, done = missed(data, by.dues, by.occurred), ("done", data["action"], data.get("decision") or data.get("way"))
    return [done] if due is None else [done, ("overdue", data["action"], due)]


def _noted(data: Data, by: Teller) -> list[Item]:
    return [("note", data.get("kind", ""), data.get("objection"))]


def _lost(data: Data, by: Teller) -> list[Item]:
    return [("lost", data["reason"], None)]


def _waived(data: Data, by: Teller) -> list[Item]:
    criterion = data["criterion"]
    return [("waived", f"{criterion['stage']}.{criterion['id']}", by.person)]


def _assigned(data: Data, by: Teller) -> list[Item]:
    return [("assigned", data["to"], by.owner)]


_ITEMS: Mapping[str, Callable[[Data, Teller], list[Item]]] = {
    "deal.started": _started,
    "deal.recorded": _recorded,
    "deal.corrected": _recorded,
    "action.completed": _completed,
    "deal.noted": _noted,
    "deal.lost": _lost,
    "criterion.waived": _waived,
    "deal.assigned": _assigned,
}
TOLD = frozenset(_ITEMS)
"""The types of events that may have rows however they came in."""


def items_of(kind: str, data: Data, by: Teller) -> list[Item]:
    """What an event of that type has rows of."""
    make = _ITEMS.get(kind)
    return make(data, by) if make is not None else []


def late_items(kind: str, at: str, happened: str | None, via: str, i: int) -> list[Item]:
    """The row of a step that was recorded after it had happened, which its first event (``i`` is 1) has. An import brings in
    what another system knew in time, so it is not late."""
    late = happened is not None and happened < at and via != _IMPORTED and i == 1 and kind in _STEPS
    return [("late", at, None)] if late else []


def rows_of(items: Sequence[Item], place: tuple[str, int, str, int, str, str]) -> list[ActivityRow]:
    """One row for each item. ``place``: stream, n, process, version, stage, occurred."""
    stream, n, process, version, stage, occurred = place
    return [
        ActivityRow(stream, n, k, process, version, stage, occurred, kind, item, detail)
        for k, (kind, item, detail) in enumerate(items, 1)
    ]
