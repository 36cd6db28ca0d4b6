"""Stored events, with their personal values in place, as the engine hands them out."""

from __future__ import annotations

import json
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from procdef.log.event import ERASED, instant, reveal
from procdef.results.result import Modelled, Result


class Event(dict[str, Any], Modelled):
    """An event as the page on the log describes it, in a copy of the caller's own: a dictionary with the keys of JSON. What
    every event has is there as a property too, typed."""

    __slots__ = ()

    def as_dict(self) -> dict[str, Any]:
        """What the command line prints of it as JSON."""
        return dict(self)

    @classmethod
    def json_schema(cls) -> dict[str, Any]:
        """What the JSON Schema says of all events, whatever their type."""
        from procdef.events.json_schema import opened_event_schema

        whole = opened_event_schema()
        return {name: whole[name] for name in ("description", "type", "properties", "required")}

    @property
    def stream(self) -> str:
        """``deal:<uuid>``, ``definition:<id>`` or ``system``."""
        stream: str = self["stream"]
        return stream

    @property
    def n(self) -> int:
        """Its number in the stream, from 1."""
        n: int = self["n"]
        return n

    @property
    def id(self) -> str:
        """Its UUID."""
        name: str = self["id"]
        return name

    @property
    def type(self) -> str:
        """What happened, as ``stage.advanced``."""
        kind: str = self["type"]
        return kind

    @property
    def at(self) -> datetime:
        """When it was recorded, in UTC."""
        return instant(self["at"])

    @property
    def happened(self) -> datetime:
        """When it happened, in UTC: when it was recorded, unless somebody said otherwise."""
        return instant(self.get("happened") or self["at"])

    @property
    def person(self) -> str:
        """The id of the person whose step it is: the one for whom it was entered, if anybody entered it for another."""
        person: str = (self.get("for") or self["by"])["id"]
        return person

    @property
    def data(self) -> Mapping[str, Any]:
        """What its type says of it."""
        data: Mapping[str, Any] = self["data"]
        return data

    @property
    def request(self) -> str | None:
        """The request key that it came from, where that was asked for."""
        return self.get("request")


@dataclass(frozen=True, slots=True)
class FeedItem(Result):
    """An event with its position in the log (from 0) and its hash. The feed goes on after an item."""

    position: int
    hash: str
    event: Event


def opened(body: bytes, values: Mapping[str, Any]) -> Event:
    """A stored event with these personal values back in its data."""
    event = Event(json.loads(body))
    event["data"] = reveal(event["data"], dict(values))
    return event


def opened_or_erased(body: bytes, values: Mapping[str, Any]) -> Event:
    """As ``opened``, for people: what was erased reads so."""
    event = Event(json.loads(body))
    gone = dict.fromkeys((pointer for pointer in event.get("private", ()) if pointer not in values), ERASED)
    event["data"] = reveal(event["data"], {**values, **gone})
    return event
