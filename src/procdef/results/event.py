"""Stored events, with their personal values in place, as the engine hands them out."""

from __future__ import annotations

import json
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from procdef.log.event import ERASED, reveal

Event = dict[str, Any]
"""An event as the page on the log describes it."""


@dataclass(frozen=True, slots=True)
class FeedItem:
    """An event with its position in the log (from 0): the cursor to go on after."""

    position: int
    event: Event

    def as_dict(self) -> dict[str, Any]:
        """The same, ready for JSON."""
        return {"position": self.position, "event": self.event}


def opened(body: bytes, values: Mapping[str, Any]) -> Event:
    """A stored event with these personal values back in its data."""
    event: Event = json.loads(body)
    event["data"] = reveal(event["data"], dict(values))
    return event


def opened_or_erased(body: bytes, values: Mapping[str, Any]) -> Event:
    """As ``opened``, for people: what was erased reads so."""
    event: Event = json.loads(body)
    gone = dict.fromkeys((pointer for pointer in event.get("private", ()) if pointer not in values), ERASED)
    event["data"] = reveal(event["data"], {**values, **gone})
    return event
