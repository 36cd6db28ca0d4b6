"""The time to remind of something that falls due had come."""

from __future__ import annotations

from procdef.deal import Changes, Deal
from procdef.events.declaration import EventType, NamedRule
from procdef.events.opened_event import OpenedEvent
from procdef.events.value_kinds import DUE, DURATION, ID, needed


def fold(deal: Deal, event: OpenedEvent) -> Changes:
    """This reminder is told, and not again in this visit."""
    return {"told": (*deal.told, (event.data["of"], "reminded", event.data["due"], event.data["before"]))}


EVENT = EventType(
    name="timer.reminded",
    about=__doc__,
    keys=(
        needed("of", ID, "the stage, or `stage.action`"),
        needed("due", DUE, "when it falls due; of an approval that lapses: when it does"),
        needed("before", DURATION, "how long before, as the definition has it"),
    ),
    fold=fold,
    timer=True,
    activity="reminder of {of}",
    sentence="reminder, {before} before {due}: {of}",
    rule=NamedRule("{of}", "reminded"),
)
