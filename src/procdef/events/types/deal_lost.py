"""A deal was lost, for one of the declared reasons."""

from __future__ import annotations

from procdef.deal import Changes, Deal
from procdef.events.declaration import EventType, Visit
from procdef.events.opened_event import OpenedEvent
from procdef.events.value_kinds import TEXT, ValueKind, needed, optional

LOSS_REASON = ValueKind("id", str, {"type": "string", "minLength": 1})
"""One of the reasons that the definition declares."""
AFTER_WON = ValueKind("`true`", bool, {"const": True}, words={True: "after the win"})


def fold(deal: Deal, event: OpenedEvent) -> Changes:
    """The deal is lost; waivers end."""
    return {"mode": "lost", "lost": event.occurred, "reason": event.data["reason"], "waivers": (), "due": None, "dues": {}}


EVENT = EventType(
    name="deal.lost",
    about=__doc__,
    keys=(
        needed("reason", LOSS_REASON, "one that the definition declares"),
        optional("note", TEXT, private=True),
        optional("after_won", AFTER_WON),
    ),
    verbs=("lose",),
    fold=fold,
    visit=Visit(ends="lost"),
    activity="lost",
    sentence="lost: {reason}[: {note}][ ({after_won})]",
)
