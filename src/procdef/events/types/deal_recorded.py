"""Fields of a deal were set or emptied."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from procdef.deal import Changes, Deal
from procdef.events.declaration import EventType
from procdef.events.opened_event import OpenedEvent
from procdef.events.value_kinds import FIELD_VALUES, IDS, NEW_DUE_TIME, NEW_DUE_TIMES, UNSET_FIELDS, needed, optional

KEYS = (
    needed("values", FIELD_VALUES),
    needed("unset", UNSET_FIELDS),
    needed("changed", IDS, "the fields whose value really differs now"),
    optional("due", NEW_DUE_TIME, "by when the stage is to be left now, where that follows from a changed field"),
    optional("dues", NEW_DUE_TIMES, "so of its actions"),
)


def fold(deal: Deal, event: OpenedEvent) -> Changes:
    """The values and who set them; waivers that read them end."""
    data = event.data
    changed = data["changed"]
    if not changed:
        return {}
    # A changed value that is in neither place was erased: what stood there before it does not come back.
    values = {name: value for name, value in deal.values.items() if name not in changed} | data["values"]
    changes: Changes = {
        "values": values,
        "changed_by": {**deal.changed_by, **dict.fromkeys(changed, event.person)},
        "waivers": deal.waivers_beside(changed),
        "erased": _still_erased(deal.erased, event),
        **_new_due_times(deal, data),
    }
    if not deal.former:
        return changes
    return {**changes, "former": {person: tuple(sorted({*since, *changed})) for person, since in deal.former.items()}}


def _new_due_times(deal: Deal, data: Mapping[str, Any]) -> Changes:
    changes: dict[str, Any] = {"due": data["due"]} if "due" in data else {}
    if "dues" in data:
        changes["dues"] = {path: due for path, due in {**deal.dues, **data["dues"]}.items() if due is not None}
    return changes


def _still_erased(before: tuple[str, ...], event: OpenedEvent) -> tuple[str, ...]:
    """The fields whose present value is gone after values were recorded."""
    if not before and not event.sealed:
        return ()
    values, changed = event.data["values"], event.data["changed"]
    others = [name for name in before if name not in changed]
    return tuple(sorted({*others, *(name for name in event.sealed if name in changed and name not in values)}))


EVENT = EventType(
    name="deal.recorded",
    about=__doc__,
    keys=KEYS,
    verbs=("record", "do"),
    fold=fold,
    activity="record",
    sentence="recorded {values, unset|nothing new}",
)
