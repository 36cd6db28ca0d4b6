"""An event held against the deal as it was just before it."""

from __future__ import annotations

from collections.abc import Collection, Iterable, Mapping
from dataclasses import dataclass, field
from typing import Any, NamedTuple

from procdef.deal import Deal
from procdef.events.opened_event import OpenedEvent
from procdef.log.envelope import is_time
from procdef.log.event import Data
from procdef.model import Action, ProcessDefinition

Objection = tuple[str, str]
"""What was expected, and what was found."""


_FILLING = frozenset(("deal.started", "deal.recorded", "deal.corrected"))


@dataclass(slots=True)
class Known:
    """What the fold does not tell of a deal: which fields are filled though their value was erased, and which values
    can no longer be compared."""

    filled: set[str] = field(default_factory=set)
    lost: set[str] = field(default_factory=set)

    def learn(self, step: OpenedEvent, event: Mapping[str, Any]) -> None:
        """Take in an event that is now part of the deal."""
        if step.type not in _FILLING:
            return
        given, gone = given_fields(step, event)
        unset = step.data.get("unset", ())
        self.filled = (self.filled | given).difference(unset)
        if self.lost or gone:
            self.lost = (self.lost - given).difference(unset) | gone


class EventInContext(NamedTuple):
    """An event with the deal as it was just before it. ``completing`` is the action that its command completes."""

    definition: ProcessDefinition
    deal: Deal
    step: OpenedEvent
    event: Mapping[str, Any]
    known: Known
    completing: Action | None

    @property
    def data(self) -> Data:
        return self.step.data

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

    def due_where_asked(self, stage: str) -> Iterable[Objection]:
        """A stage that must be left by some time says by when, and no other."""
        due = self.data.get("due")
        if ("due" in self.data) == (self.definition.stages[stage].sla is not None):
            if "due" not in self.data or (is_time(due) and str(due) >= self.step.occurred):
                return ()
            return [(f"a due time from {self.step.occurred} on", str(due))]
        return [(f"a due time if {stage} has one", str(self.data.get("due")))]


def given_fields(step: OpenedEvent, event: Mapping[str, Any]) -> tuple[set[str], set[str]]:
    """The fields that an event sets, and those of them of which something was erased."""
    values = step.data["values"]
    given, gone = set(values), set()
    for pointer in event.get("private", ()):
        parts = pointer.split("/")
        if parts[1] == "values":
            given.add(parts[2])
            if not _present(values, parts[2:]):
                gone.add(parts[2])
    return given, gone


def _present(values: Any, path: list[str]) -> bool:
    for key in path:
        if isinstance(values, list):
            values = values[int(key)]
        elif key in values:
            values = values[key]
        else:
            return False
    return True
