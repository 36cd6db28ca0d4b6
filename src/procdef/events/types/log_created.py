"""The log began."""

from __future__ import annotations

from procdef.events.declaration import OF_SYSTEM, EventType
from procdef.events.value_kinds import TEXT, ValueKind, needed, optional

SIMULATOR = "procdef-simulate"
"""The id under which a simulation takes its steps, and nobody else."""
SEALED = ValueKind("`true`", bool, {"const": True})

EVENT = EventType(
    name="log.created",
    about=__doc__,
    keys=(
        needed("software", TEXT),
        optional("sealed", SEALED, "every event of this log is in its [tree](#tree), from this one on"),
        optional("simulated", SEALED, "no deal of this log was ever worked on: a simulation made it up"),
    ),
    note="the first event of `system`",
    streams=(OF_SYSTEM,),
    modes=(),
    sentence="log created by {software}",
)
