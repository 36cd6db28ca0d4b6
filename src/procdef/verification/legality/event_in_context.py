"""An event held against the deal as it was just before it."""

from __future__ import annotations

from collections.abc import Collection, Iterable, Mapping
from typing import Any, NamedTuple

from procdef.deal import Deal
from procdef.events.opened_event import OpenedEvent
from procdef.log.event import Data
from procdef.model import Action, ProcessDefinition
from procdef.verification.legality.known_fields import KnownFields

Objection = tuple[str, str]
"""What was expected, and what was found."""


class EventInContext(NamedTuple):
    """An event (``step`` as the fold reads it, ``event`` as it is stored, ``data`` of both) with the deal as it was just
    before it. ``completing`` is the action that its command completes, ``active`` when somebody had last acted before the
    command. ``earlier_owners``: whether those count for four eyes who owned the deal before, as in every log that says in its
    first event that it is sealed. ``after`` is the version that the deal goes over to, where it does."""

    definition: ProcessDefinition
    deal: Deal
    step: OpenedEvent
    data: Data
    event: Mapping[str, Any]
    fields: KnownFields
    completing: Action | None
    active: str | None = None
    earlier_owners: bool = True
    after: ProcessDefinition | None = None

    def sealed(self, pointer: str) -> bool:
        """Whether there is, or was, a personal value at that place."""
        return pointer in self.event.get("private", ())

    def by_a_role(self, roles: Collection[str]) -> Iterable[Objection]:
        """The person must have one of these roles; where none is named, one of the process."""
        theirs = (self.event.get("for") or self.event["by"]).get("roles", [])
        allowed = roles or self.definition.roles
        if not set(theirs).isdisjoint(allowed):
            return ()
        return [(f"a step by {' or '.join(allowed)}", ", ".join(theirs) or "no role")]


def in_no_deal(definition: ProcessDefinition, step: OpenedEvent, event: Mapping[str, Any]) -> EventInContext:
    """An event that begins a deal, or comes of none; nothing may ask for the deal."""
    nothing: Any = None
    return EventInContext(definition, nothing, step, step.data, event, KnownFields(), None)
