"""Completions of an action ended, as a field changed that voids them."""

from __future__ import annotations

from procdef.deal import Changes, Deal
from procdef.events.declaration import EventType, NamedRule
from procdef.events.opened_event import OpenedEvent
from procdef.events.value_kinds import ID, IDS, needed


def fold(deal: Deal, event: OpenedEvent) -> Changes:
    """No completion of the action stands; waivers that read it end."""
    action = event.data["action"]
    return {**deal.without_completions(action), "waivers": deal.waivers_beside((action,))}


EVENT = EventType(
    name="action.voided",
    about=__doc__,
    keys=(needed("action", ID), needed("by_fields", IDS)),
    follows=("deal.recorded", "action.voided"),
    fold=fold,
    activity="voided: {action}",
    sentence="{action} no longer stands: {by_fields} changed",
    rule=NamedRule("{action}", "voided"),
)
