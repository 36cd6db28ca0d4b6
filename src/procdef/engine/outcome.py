"""What the engine answers."""

from __future__ import annotations

import json
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any, Literal, NamedTuple

from procdef.audit.events import Written, reveal
from procdef.deal import Deal
from procdef.errors import Unmet

Event = dict[str, Any]


class Done(NamedTuple):
    """A step that was applied: the deal after it and what was written; ``replayed``: it had been applied before."""

    deal: Deal
    written: tuple[Written, ...] = ()
    replayed: bool = False

    @property
    def events(self) -> tuple[Event, ...]:
        """The events of this step as stored, with personal values in their places."""
        return tuple(opened(e.body, {path: json.loads(value) for path, _, value in e.openings}) for e in self.written)


@dataclass(frozen=True, slots=True)
class StepResult:
    """What became of one step of a file; ``line`` counts from 1."""

    line: int
    deal: str
    status: Literal["applied", "refused", "repeated", "error"]
    message: str = ""
    unmet: tuple[Unmet, ...] = ()


class FeedItem(NamedTuple):
    """An event with its position in the log (from 0): the cursor to go on after."""

    position: int
    event: Event


def opened(body: bytes, values: Mapping[str, Any]) -> Event:
    """A stored event with these personal values back in its data."""
    event: Event = json.loads(body)
    event["data"] = reveal(event["data"], dict(values))
    return event
