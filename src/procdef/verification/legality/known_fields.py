"""Fields of a deal whose values were erased: they were filled until then, and what they held can no longer be compared."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any

from procdef.events.opened_event import OpenedEvent

_FILLING = frozenset(("deal.started", "deal.recorded", "deal.corrected"))


@dataclass(slots=True)
class KnownFields:
    """The fields that are ``filled`` at this place in the log, and those whose value is ``lost``, as it was erased, then or
    later. ``places`` are where the present value of a personal field stands: events and pointers."""

    filled: set[str] = field(default_factory=set)
    lost: set[str] = field(default_factory=set)
    places: dict[str, set[tuple[int, str]]] = field(default_factory=dict)

    def learn(self, step: OpenedEvent, event: Mapping[str, Any]) -> None:
        """Take in an event that is now part of the deal."""
        if step.type == "privacy.erased":
            self._empty({(n, pointer) for stream, n, pointer in step.data["leaves"] if stream == step.stream})
        if step.type == "deal.migrated":
            self._rename(step.data.get("fields", {}))
        elif step.type not in _FILLING:
            return
        self._place(step, event)
        given, gone = given_fields(step, event)
        unset = step.data.get("unset", ())
        self.filled |= given
        self.filled.difference_update(unset)
        if self.lost or gone:
            self.lost = (self.lost - given).difference(unset) | gone

    def _rename(self, names: Mapping[str, str | None]) -> None:
        """Go on under the names of another version; what was dropped is filled in no more."""
        def now(told: set[str]) -> set[str]:
            return {new for name in told if (new := names.get(name, name)) is not None}

        self.filled, self.lost = now(self.filled), now(self.lost)
        self.places = {new: held for name, held in self.places.items() if (new := names.get(name, name)) is not None}

    def _place(self, step: OpenedEvent, event: Mapping[str, Any]) -> None:
        changed = given_fields(step, event)[0] if step.type == "deal.migrated" else step.data.get("changed")
        for name in changed or ():
            self.places.pop(name, None)
        for pointer in event.get("private", ()) if changed is None or changed else ():
            _, values, name, *cell = pointer.split("/") if pointer.count("/") > 1 else ("", "", "")
            if values == "values" and not cell:
                self.places.setdefault(name, set()).add((step.n, pointer))

    def _empty(self, gone: set[tuple[int, str]]) -> None:
        """What was erased is no longer filled in from here on; a list keeps its rows."""
        for name, places in list(self.places.items()):
            places -= gone
            if not places:
                self.filled.discard(name)
                del self.places[name]


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
