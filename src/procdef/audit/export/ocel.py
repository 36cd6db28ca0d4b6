"""What OCEL 2.0 calls things: the objects that events of deals are about, how they are related, and their attributes."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from functools import lru_cache
from typing import NamedTuple

from procdef.audit.export.event import Exported
from procdef.events.types import EVENT_TYPES, STAGE_KEYS

DEAL, PERSON, PROCESS = "deal", "person", "process version"
FIRST = "1970-01-01T00:00:00.000000Z"
"""The time from which on an attribute has the value that it began with."""

EVENT = {
    "stage": "string", "type": "string", "role": "string", "recorded": "time", "n": "integer", "hash": "string",
    "data": "string",
}  # fmt: skip
"""The attributes of every event, with their types."""

_PEOPLE = {kind.name: kind.people for kind in EVENT_TYPES if kind.people}
_MOST = 1024
"""How many names of objects are remembered."""

Change = tuple[str, str]
"""A time, and the stage that a deal is in from then on."""


Relation = tuple[str, str]
"""An object, and how something is related to it."""
OF = "of"
"""How an event is related to its deal."""


class OcelObject(NamedTuple):
    """An object. ``values`` are attributes that stay; ``stages`` are those of a deal, the first of them from ever on;
    ``related`` are other objects with a qualifier."""

    id: str
    type: str
    values: tuple[tuple[str, str | int], ...] = ()
    stages: tuple[Change, ...] = ()
    related: tuple[tuple[str, str], ...] = ()


def attributes(personal: bool) -> dict[str, dict[str, str]]:
    """The attributes of each type of object, with their types."""
    named = {"name": "string"} if personal else {}
    return {
        DEAL: {**named, "stage": "string"},
        PERSON: {"name": "string"},
        PROCESS: {"name": "string", "version": "integer"},
    }


@lru_cache(maxsize=_MOST)
def person(name: str) -> str:
    """The object that someone is."""
    return f"person:{name}"


def process(e: Exported) -> str:
    """The object that the process of an event is."""
    return _process(e.process, e.version)


@lru_cache(maxsize=_MOST)
def _process(name: str, version: int) -> str:
    return f"process:{name}:{version}"


def related(e: Exported) -> list[Relation]:
    """The objects of an event, each with how it is related: the deal, who did it, and under which process, always."""
    found = [(e.case, OF), (person(e.resource), "by"), (process(e), "under")]
    if "for" in e.event:
        found.append((person(e.event["by"]["id"]), "entered by"))
    for key, how in _PEOPLE.get(e.type, ()):
        if key in e.event["data"]:
            found.append((person(e.event["data"][key]), how))
    return found


def values(e: Exported) -> tuple[str | int, ...]:
    """The attributes of an event, in the order of ``EVENT``."""
    return e.stage, e.type, e.role, e.recorded, e.n, e.hash, e.data


class OcelObjects:
    """The objects of a stream of events, each told once: people and processes as they are met, a deal when the events
    of the next one begin."""

    def __init__(self, events: Iterable[Exported]) -> None:
        self._events = events
        self._known: set[str] = set()

    def told(self) -> Iterator[tuple[Exported | None, list[Relation], list[OcelObject]]]:
        """Each event with what it is related to, and the objects that are told with it; at the end what is left, with
        ``None``."""
        last: Exported | None = None
        stages: list[Change] = []
        for e in self._events:
            relations = related(e)
            new = self._met(e, relations)
            if last is None or last.case != e.case:
                if last is not None:
                    new.append(_deal(last, stages))
                stages = [(FIRST, e.stage)]
            key = STAGE_KEYS.get(e.type)
            if key is not None and e.event["data"][key] != stages[-1][1]:
                stages.append((e.time, e.event["data"][key]))
            last = e
            yield e, relations, new
        yield None, [], [] if last is None else [_deal(last, stages)]

    def _met(self, e: Exported, relations: list[Relation]) -> list[OcelObject]:
        new = []
        for thing, how in relations:
            if thing not in self._known and how != OF:
                self._known.add(thing)
                new.append(_thing(thing, e))
        return new


def _thing(thing: str, e: Exported) -> OcelObject:
    kind, _, name = thing.partition(":")
    if kind == "person":
        return OcelObject(thing, PERSON, (("name", name),))
    return OcelObject(thing, PROCESS, (("name", e.process), ("version", e.version)))


def _deal(e: Exported, stages: list[Change]) -> OcelObject:
    named = () if e.name is None else (("name", e.name),)
    return OcelObject(e.case, DEAL, named, tuple(stages), ((process(e), "follows"),))
