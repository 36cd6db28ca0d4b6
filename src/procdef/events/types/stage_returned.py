"""A deal went back to a stage on its path."""

from __future__ import annotations

from procdef.events.declaration import EventType, NamedRule, Visit
from procdef.events.types.deal_started import DUE
from procdef.events.types.stage_advanced import moved
from procdef.events.value_kinds import ID, TEXT, needed

EVENT = EventType(
    name="stage.returned",
    about=__doc__,
    keys=(needed("from", ID), needed("to", ID), needed("reason", TEXT, private=True), *DUE),
    verbs=("back",),
    fold=moved,
    visit=Visit(begins=True, ends="returned", stage="to"),
    activity="back to {to}",
    sentence="returned from {from} to {to}[: {reason}]",
    rule=NamedRule("{from} -> {to}", "taken"),
)
