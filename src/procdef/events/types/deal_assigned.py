"""A deal was handed to another owner."""

from __future__ import annotations

from procdef.deal import Changes, Deal
from procdef.events.declaration import LOST, OPEN, EventType, RelatedPerson
from procdef.events.opened_event import OpenedEvent
from procdef.events.value_kinds import ID, needed


def fold(deal: Deal, event: OpenedEvent) -> Changes:
    """Who owns it now, and who did before."""
    owner, before = event.data["to"], deal.owner
    if owner == before:
        return {}
    others = {person: fields for person, fields in deal.former.items() if person != owner}
    return {"owner": owner, "former": {**others, before: ()}}


EVENT = EventType(
    name="deal.assigned",
    about=__doc__,
    keys=(needed("to", ID),),
    modes=(OPEN, LOST),
    verbs=("assign",),
    fold=fold,
    activity="assign",
    sentence="handed to {to}",
    people=(RelatedPerson("to", "to"),),
)
