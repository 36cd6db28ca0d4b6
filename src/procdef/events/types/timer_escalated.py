"""What is overdue was brought before others."""

from __future__ import annotations

from procdef.deal import Changes, Deal
from procdef.events.declaration import EventType, NamedRule
from procdef.events.opened_event import OpenedEvent
from procdef.events.value_kinds import DUE, ID, SOME_IDS, needed


def fold(deal: Deal, event: OpenedEvent) -> Changes:
    """This escalation is told, and not again in this visit."""
    return {"told": (*deal.told, (event.data["of"], "escalated", event.data["due"]))}


EVENT = EventType(
    name="timer.escalated",
    about=__doc__,
    keys=(
        needed("of", ID, "the stage, or `stage.action`"),
        needed("due", DUE),
        needed("to", SOME_IDS, "the roles before which it was brought"),
    ),
    fold=fold,
    timer=True,
    activity="escalate {of}",
    sentence="{of} was brought before {to}: it was due {due}",
    rule=NamedRule("{of}", "escalated"),
)
