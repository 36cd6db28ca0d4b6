"""Fields of a deal were set past the gate, as a typing error is set right."""

from __future__ import annotations

from procdef.events.declaration import DeclaredOverride, EventType
from procdef.events.types.deal_recorded import KEYS, fold
from procdef.events.value_kinds import TEXT, needed

EVENT = EventType(
    name="deal.corrected",
    about=__doc__,
    keys=(*KEYS, needed("reason", TEXT, private=True)),
    verbs=("record",),
    fold=fold,
    activity="correct",
    sentence="corrected {values, unset|nothing new}[: {reason}]",
    override=DeclaredOverride("correction", about="changed"),
)
