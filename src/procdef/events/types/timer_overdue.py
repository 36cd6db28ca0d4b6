"""What was to be done by some time was not done then."""

from __future__ import annotations

from procdef.deal import Changes, Deal
from procdef.events.declaration import EventType, NamedRule
from procdef.events.opened_event import OpenedEvent
from procdef.events.value_kinds import DUE, ID, needed


def fold(deal: Deal, event: OpenedEvent) -> Changes:
    """It is told that this is overdue, and not again in this visit."""
    return {"told": (*deal.told, (event.data["of"], "overdue", event.data["due"]))}


EVENT = EventType(
    name="timer.overdue",
    about=__doc__,
    keys=(needed("of", ID, "the stage, or `stage.action`"), needed("due", DUE)),
    fold=fold,
    timer=True,
    activity="overdue: {of}",
    sentence="{of} is overdue: it was due {due}",
    rule=NamedRule("{of}", "overdue"),
)
