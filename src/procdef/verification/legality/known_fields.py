"""Fields of a deal whose values were erased: they are filled all the same, and what they held can no longer be compared."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any

from procdef.events.opened_event import OpenedEvent

_FILLING = frozenset(("deal.started", "deal.recorded", "deal.corrected"))


@dataclass(slots=True)
class KnownFields:
    """The fields that are ``filled``, and those of them whose value is ``lost``, as it was erased."""

    filled: set[str] = field(default_factory=set)
    lost: set[str] = field(default_factory=set)

    def learn(self, step: OpenedEvent, event: Mapping[str, Any]) -> None:
        """Take in an event that is now part of the deal."""
        if step.type not in _FILLING:
            return
        given, gone = given_fields(step, event)
        unset = step.data.get("unset", ())
        self.filled |= given
        self.filled.difference_update(unset)
        if self.lost or gone:
            self.lost = (self.lost - given).difference(unset) | gone


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
