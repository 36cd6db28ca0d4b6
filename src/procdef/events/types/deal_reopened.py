"""A lost deal was taken up again, in the stage in which it was lost."""

from __future__ import annotations

from procdef.deal import Changes, Deal
from procdef.events.declaration import LOST, DeclaredOverride, EventType, Visit
from procdef.events.opened_event import OpenedEvent
from procdef.events.types.deal_started import DUE
from procdef.events.value_kinds import TEXT, needed


def fold(deal: Deal, event: OpenedEvent) -> Changes:
    """The deal is open, and enters its stage anew."""
    return {
        "mode": "open",
        "lost": None,
        "reason": None,
        "entered": event.occurred,
        "visit": deal.visit + 1,
        "due": event.data.get("due"),
        "dues": event.data.get("dues", {}),
        "told": (),
        "given": {},
    }


EVENT = EventType(
    name="deal.reopened",
    about=__doc__,
    keys=(needed("reason", TEXT, private=True), *DUE),
    modes=(LOST,),
    verbs=("reopen",),
    fold=fold,
    visit=Visit(begins=True),
    activity="reopen",
    sentence="reopened: {reason|(erased)}",
    override=DeclaredOverride("reopening"),
)
