"""What was said or done was written down."""

from __future__ import annotations

from procdef.events.declaration import DONE, LOST, OPEN, EventType
from procdef.events.kinds import ID, TEXT, needed, one_of, optional

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
    activity="note[: {kind}]",
    sentence="note[ ({kind, objection})]: {text|(erased)}",
)
