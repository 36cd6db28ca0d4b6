"""OCEL 2.0 as JSON. Objects are kept aside, in a file without a name, until the last event is written."""

from __future__ import annotations

from collections.abc import Iterable
from shutil import copyfileobj
from tempfile import SpooledTemporaryFile
from typing import IO, Any

from procdef.audit.canonical import encode
from procdef.audit.export.event import Exported, Source
from procdef.audit.export.ocel import EVENT, FIRST, Thing, Things, attributes, related, values

_ASIDE = 1 << 20
"""Bytes of objects that are kept in memory."""


def write_ocel_json(events: Iterable[Exported], source: Source, file: IO[bytes]) -> None:
    """Write the document: events, objects, then the types of both, which are known only then."""
    types: dict[str, None] = {}
    with SpooledTemporaryFile(_ASIDE) as aside:
        file.write(b'{"events":[')
        between = b"\n"
        for e, things in Things(events).told():
            for thing in things:
                aside.write((b",\n" if aside.tell() else b"\n") + encode(_object(thing)))
            if e is not None:
                types[e.activity] = None
                file.write(between + encode(_event(e)))
                between = b",\n"
        file.write(b'\n],"objects":[')
        aside.seek(0)
        copyfileobj(aside, file)
    objects = [_type(name, known) for name, known in attributes(source.personal).items()]
    file.write(b'\n],"objectTypes":' + encode(objects))
    file.write(b',\n"eventTypes":' + encode([_type(name, EVENT) for name in types]) + b"}\n")


def _type(name: str, known: dict[str, str]) -> dict[str, Any]:
    return {"name": name, "attributes": [{"name": key, "type": kind} for key, kind in known.items()]}


def _event(e: Exported) -> dict[str, Any]:
    return {
        "id": e.id,
        "type": e.activity,
        "time": e.time,
        "attributes": [{"name": key, "value": value} for key, value in zip(EVENT, values(e), strict=True)],
        "relationships": _relationships(related(e)),
    }


def _object(thing: Thing) -> dict[str, Any]:
    kept = [{"name": key, "time": FIRST, "value": value} for key, value in thing.values]
    changing = [{"name": "stage", "time": time, "value": stage} for time, stage in thing.stages]
    found: dict[str, Any] = {"id": thing.id, "type": thing.type, "attributes": kept + changing}
    return found | ({"relationships": _relationships(thing.related)} if thing.related else {})


def _relationships(pairs: Iterable[tuple[str, str]]) -> list[dict[str, str]]:
    return [{"objectId": thing, "qualifier": how} for thing, how in pairs]
