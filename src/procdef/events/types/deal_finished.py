"""A won deal came to the end of its process."""

from __future__ import annotations

from procdef.deal import Changes, Deal
from procdef.events.declaration import EventType, Visit
from procdef.events.opened_event import OpenedEvent
from procdef.events.value_kinds import EVENT_NUMBERS, FACTS, needed, optional


def fold(deal: Deal, event: OpenedEvent) -> Changes:
    """The deal is done; waivers end."""
    return {"mode": "done", "finished": event.occurred, "waivers": (), "due": None, "dues": {}}


EVENT = EventType(
    name="deal.finished",
    about=__doc__,
    keys=(optional("waivers", EVENT_NUMBERS), needed("facts", FACTS)),
    verbs=("finish",),
    fold=fold,
    visit=Visit(ends="finished"),
    activity="finish",
    sentence="finished",
)
