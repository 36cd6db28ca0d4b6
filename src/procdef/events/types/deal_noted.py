"""What was said or done was written down."""

from __future__ import annotations

from procdef.deal import Changes, Deal
from procdef.events.declaration import DONE, LOST, OPEN, EventType
from procdef.events.opened_event import OpenedEvent
from procdef.events.value_kinds import ID, TEXT, needed, one_of, optional


def fold(deal: Deal, event: OpenedEvent) -> Changes:
    """A note of a kind tells of a contact, which may have been before the last one that is known."""
    return {"contacted": max(event.occurred, deal.contacted or "")} if "kind" in event.data else {}


EVENT = EventType(
    name="deal.noted",
    about=__doc__,
    keys=(
        optional("kind", one_of(call="call", email="email", meeting="meeting")),
        optional("objection", ID),
        needed("text", TEXT, private=True),
    ),
    modes=(OPEN, LOST, DONE),
    verbs=("note",),
    fold=fold,
    activity="note[: {kind}]",
    sentence="note[ ({kind, objection})]: {text|(erased)}",
)
