"""A deal was won, on entering the stage that wins it."""

from __future__ import annotations

from procdef.deal import Changes, Deal
from procdef.events.declaration import EventType
from procdef.events.opened_event import OpenedEvent
from procdef.events.value_kinds import ID, needed


def fold(deal: Deal, event: OpenedEvent) -> Changes:
    """When it was won."""
    return {"won": event.occurred}


EVENT = EventType(
    name="deal.won",
    about=__doc__,
    keys=(needed("stage", ID),),
    note="follows the advance that won",
    follows=("stage.advanced",),
    fold=fold,
    activity="won",
    sentence="WON",
)
