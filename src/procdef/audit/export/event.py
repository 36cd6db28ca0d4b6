"""What every format is made from: a stream of events of deals, each with what process mining asks of it."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any, NamedTuple

from procdef.log.canonical import encoded

COMPLETE = "complete"
"""The lifecycle transition of every event: what the log tells of took no time that it knows."""


class Source(NamedTuple):
    """Where an export comes from: the log's UUID, its size and the root of its Merkle tree (hex) as it was read.

    ``personal``: whether personal values are open.
    """

    log: str
    size: int
    root: str
    personal: bool


class Exported(NamedTuple):
    """An event. ``stage`` is the one in which the step was taken, ``time`` when it happened; ``name`` is what people call
    the deal, ``None`` where personal values are left out. ``event`` is the whole of it, with personal values in their
    places where they are open; ``body`` are its bytes as stored."""

    case: str
    activity: str
    time: str
    resource: str
    role: str
    stage: str
    process: str
    version: int
    type: str
    recorded: str
    n: int
    id: str
    hash: str
    name: str | None
    event: Mapping[str, Any]
    body: bytes

    @property
    def data(self) -> str:
        """What happened, as JSON."""
        return encoded(self.event["data"])
