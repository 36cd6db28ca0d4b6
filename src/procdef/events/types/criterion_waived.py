"""A criterion was let pass for the next move."""

from __future__ import annotations

from typing import Any

from procdef.deal import Changes, Deal, Waiver
from procdef.events.declaration import DeclaredOverride, EventType, NamedRule
from procdef.events.opened_event import OpenedEvent
from procdef.events.value_kinds import ID, IDS, TEXT, ValueKind, needed, one_of


def _is_criterion(value: Any) -> bool:
    return type(value) is dict and all(type(value.get(key)) is str for key in ("stage", "side", "id"))


def path_of(criterion: Any) -> str:
    """``stage.id`` of a criterion as the event names it."""
    return f"{criterion['stage']}.{criterion['id']}"


CRITERION = ValueKind(
    "criterion",
    _is_criterion,
    keys=(needed("stage", ID), needed("side", one_of(entry="entry", exit="exit")), needed("id", ID)),
    said=path_of,
)


def fold(deal: Deal, event: OpenedEvent) -> Changes:
    """The waiver stands, in place of one of the same criterion."""
    path = path_of(event.data["criterion"])
    others = tuple(waiver for waiver in deal.waivers if waiver.criterion != path)
    return {"waivers": (*others, Waiver(path, event.n, tuple(event.data["reads"]), event.occurred))}


EVENT = EventType(
    name="criterion.waived",
    about=__doc__,
    keys=(
        needed("criterion", CRITERION, "`{stage, side, id}`"),
        needed("reads", IDS, "the fields and actions whose change ends the waiver"),
        needed("reason", TEXT, private=True),
    ),
    verbs=("waive",),
    fold=fold,
    activity="waive {criterion}",
    sentence="waived {criterion}: {reason|(erased)}",
    rule=NamedRule("{criterion}", "waived"),
    override=DeclaredOverride("waiver", about="criterion"),
)
