"""A deal moved forward to another stage."""

from __future__ import annotations

from procdef.deal import Changes, Deal
from procdef.events.declaration import DeclaredOverride, EventType, NamedRule, Visit
from procdef.events.opened_event import OpenedEvent
from procdef.events.types.deal_started import DUE
from procdef.events.value_kinds import EVENT_NUMBERS, FACTS, ID, SOME_IDS, TEXT, needed, optional


def fold(deal: Deal, event: OpenedEvent) -> Changes:
    """The deal has moved. What had lapsed in the stage that it leaves is gone: behind the gate stands what counted when the
    deal went through it, and does not lapse for that gate."""
    if not deal.until:
        return moved(deal, event)
    left = deal.counting_at(event.data["facts"]["now"], spared=lambda action: action.partition(".")[0] != deal.stage)
    return {**moved(deal, event), **deal.completions_of(left)}


def moved(deal: Deal, event: OpenedEvent) -> Changes:
    """The deal is in the other stage, which ends its path; waivers end."""
    target = event.data["to"]
    path = deal.path[: deal.path.index(target)] if target in deal.path else deal.path
    return {
        "stage": target,
        "path": (*path, target),
        "waivers": (),
        "entered": event.occurred,
        "visit": deal.visit + 1,
        "due": event.data.get("due"),
        "dues": event.data.get("dues", {}),
        "told": (),
        "given": {},
    }


EVENT = EventType(
    name="stage.advanced",
    about=__doc__,
    keys=(
        needed("from", ID),
        needed("to", ID),
        optional("reason", TEXT, private=True),
        optional("waivers", EVENT_NUMBERS),
        optional("unfinished", SOME_IDS),
        *DUE,
        needed("facts", FACTS),
    ),
    verbs=("advance",),
    fold=fold,
    visit=Visit(begins=True, ends="advanced", stage="to"),
    activity="advance to {to}",
    sentence="moved from {from} to {to}[: {reason}]",
    rule=NamedRule("{from} -> {to}", "taken"),
    override=DeclaredOverride("unfinished", about="unfinished", only_with="unfinished"),
)
