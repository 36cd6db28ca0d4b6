"""A stored event as the fold reads it: opened, with its personal values in their places."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from typing import Any, NamedTuple

from procdef.log.event import Data


class OpenedEvent(NamedTuple):
    """An event as the fold reads it: its data with personal values in place, and what it needs of the envelope. ``sealed``
    are the fields whose values it sealed; those that ``data`` lacks were erased since."""

    type: str
    data: Data
    stream: str
    n: int
    hash: str
    at: str
    happened: str | None
    person: str
    definition: Data | None = None
    sealed: tuple[str, ...] = ()

    @property
    def occurred(self) -> str:
        """When it is said to have happened, else when it was recorded."""
        return self.happened or self.at


def open_known_event(event: Mapping[str, Any], digest: str) -> OpenedEvent:
    """A stored event of which everything is known, as the fold reads it. ``digest`` is its hash."""
    person = event.get("for") or event["by"]
    return OpenedEvent(
        event["type"],
        event["data"],
        event["stream"],
        event["n"],
        digest,
        event["at"],
        event.get("happened"),
        person["id"],
        event.get("definition"),
        _sealed_fields(event["private"]) if "private" in event else (),
    )


def _sealed_fields(pointers: Iterable[str]) -> tuple[str, ...]:
    return tuple([pointer.split("/")[2] for pointer in pointers if pointer.startswith("/values/")])
