"""The JSON Schema of the events of a log: as they are stored, without personal values, and as they are handed out."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from typing import Any

from procdef.events.declaration import EventType
from procdef.events.types import EVENT_TYPES
from procdef.events.types.step_refused import EVENT as REFUSED
from procdef.events.value_kinds import FACTS, FIELD_VALUES, Key, ValueKind
from procdef.log.envelope import AUTH, HASH, STREAMS, TIME, UUID, VIA
from procdef.log.format import FORMAT

JsonObject = dict[str, Any]

_TEXT: JsonObject = {"type": "string", "minLength": 1}
_COUNT: JsonObject = {"type": "integer", "minimum": 1}
_HASH: JsonObject = {"type": "string", "pattern": f"^{HASH}$"}
_TIME: JsonObject = {"type": "string", "pattern": f"^{TIME}$"}
_UUID: JsonObject = {"type": "string", "pattern": f"^{UUID}$"}


def _closed(properties: JsonObject, *optional: str) -> JsonObject:
    """An object with these keys and no others."""
    required = [name for name in properties if name not in optional]
    return {"type": "object", "properties": properties, "required": required, "additionalProperties": False}


_PERSON = _closed(
    {
        "id": _TEXT,
        "auth": {"enum": [*AUTH]},
        "roles": {"type": "array", "items": _TEXT, "minItems": 1, "uniqueItems": True},
        "from": _TEXT,
    },
    *("roles", "from"),
)
_ENVELOPE = _closed(
    {
        "v": {"const": FORMAT},
        "log": {"type": "string"},
        "id": _UUID,
        "stream": {"type": "string", "pattern": f"^({'|'.join(STREAMS.values())})$"},
        "n": _COUNT,
        "prev": _HASH,
        "type": {"anyOf": [{"enum": [kind.name for kind in EVENT_TYPES]}, {"type": "string", "pattern": "^x-"}]},
        "at": _TIME,
        "by": _PERSON,
        "for": _PERSON,
        "via": {"enum": [*VIA]},
        "cmd": _closed({"id": _TEXT, "i": _COUNT, "of": _COUNT}),
        "happened": _TIME,
        "definition": _closed({"id": _TEXT, "version": {"type": "integer"}, "lang": _COUNT, "sha256": _HASH}),
        "data": {"type": "object"},
        "private": {"type": "object", "minProperties": 1, "additionalProperties": _HASH},
        "ext": {"type": "object"},
    },
    *("for", "happened", "definition", "private", "ext"),
)
_SHARED = {"facts": FACTS, "values": FIELD_VALUES}
"""The kinds that many events have, by the names that they have in the schema."""


def log_schema() -> JsonObject:
    """The JSON Schema (2020-12) of one event."""
    return {
        "$schema": "https://json-schema.org/draft/2020-12/schema",
        "title": f"An event of a log of procdef, format {FORMAT}",
        "description": "An event as it is stored; personal values stand apart from it and are not in its data.",
        **_ENVELOPE,
        "allOf": [
            _with_a_definition(),
            *({"if": _has("type", kind.name), "then": {"$ref": f"#/$defs/{kind.name}"}} for kind in EVENT_TYPES),
        ],
        "$defs": {
            **{kind.name: _event(kind) for kind in EVENT_TYPES},
            **{name: _described(kind) for name, kind in _SHARED.items()},
        },
    }


def opened_event_schema() -> JsonObject:
    """The JSON Schema of an event with its personal values in place, as far as they are there. Those that were erased are
    missing, or the text that says so."""
    envelope = {**_ENVELOPE, "properties": {**_ENVELOPE["properties"], "request": _TEXT}}
    return {
        "title": "Event",
        "description": "An event of a log, with personal values in place.",
        **envelope,
        "allOf": [{"if": _has("type", kind.name), "then": {"$ref": f"#/$defs/{kind.name}"}} for kind in EVENT_TYPES],
        "$defs": {
            **{kind.name: _opened(kind) for kind in EVENT_TYPES},
            **{name: _described(kind) for name, kind in _SHARED.items()},
        },
    }


def _opened(kind: EventType) -> JsonObject:
    """What the data of an event of this type is, with what is personal."""
    return {"description": " ".join(kind.about.split()), "properties": {"data": _opened_object(kind.keys)}}


def _opened_object(keys: Iterable[Key], *, free: bool = False) -> JsonObject:
    """An object with these keys; of what is personal nothing is said but its name."""
    properties = {key.name: {} if key.private else _opened_kind(key.kind) for key in keys}
    needed = [key.name for key in keys if key.needed and not key.private]
    return {"type": "object", "properties": properties, "required": needed, "additionalProperties": free}


def _opened_kind(kind: ValueKind) -> JsonObject:
    if not kind.keys or kind in _SHARED.values():
        return _kind(kind)
    made = _opened_object(kind.keys, free=kind.free)
    return {"type": "array", "items": made, "minItems": 1} if kind.many else made


def _has(key: str, value: Any) -> JsonObject:
    return {"properties": {key: {"const": value}}, "required": [key]}


def _with_a_definition() -> JsonObject:
    """Events of deals, and refused starts, name the definition that they were judged by."""
    of_a_deal = {"properties": {"stream": {"type": "string", "pattern": "^deal:"}}, "required": ["stream"]}
    return {
        "if": {"anyOf": [of_a_deal, _has("type", REFUSED.name)]},
        "then": {"required": ["definition"]},
        "else": {"properties": {"definition": False}},
    }


def _event(kind: EventType) -> JsonObject:
    """What the envelope and the data of an event of this type are."""
    streams = "|".join(STREAMS[stream] for stream in kind.streams)
    made: JsonObject = {
        "description": " ".join(kind.about.split()),
        "properties": {
            "stream": {"type": "string", "pattern": f"^({streams})$"},
            "data": _object(kind.keys),
            "private": _private(kind),
        },
    }
    needed = [f"/{key.name}" for key in kind.keys if key.needed and key.private]
    if needed:
        made["required"] = ["private"]
        made["properties"]["private"]["required"] = needed
    conditions = [*_conditions(kind)]
    return {**made, "allOf": conditions} if conditions else made


def _private(kind: EventType) -> JsonObject | bool:
    """The pointers to what is personal: to values of fields as well, which the definition makes so."""
    under = "|".join(_places_of_values(kind.keys))
    names = [{"enum": [*kind.personal]}] if kind.personal else []
    patterns = [{"type": "string", "pattern": f"^({under})/.+$"}] if under else []
    return {"propertyNames": {"anyOf": [*names, *patterns]}} if names or patterns else False


def _places_of_values(keys: Iterable[Key], above: str = "") -> Iterator[str]:
    for key in keys:
        if key.kind is FIELD_VALUES:
            yield f"{above}/{key.name}"
        elif key.kind.free:
            yield from _places_of_values(key.kind.keys, f"{above}/{key.name}")


def _conditions(kind: EventType) -> Iterator[JsonObject]:
    """Keys of objects that are personal but for one value of another key: each stands in one place and not in the other."""
    for key in kind.keys:
        for below in key.kind.keys:
            if below.unless is None:
                continue
            name, value = below.unless
            yield {
                "if": {"properties": {"data": _has(name, value)}},
                "then": {"properties": {"private": {"properties": {f"/{key.name}/{below.name}": False}}}},
                "else": {"properties": {"data": {"properties": {key.name: {"properties": {below.name: False}}}}}},
            }


def _object(keys: Iterable[Key], *, free: bool = False) -> JsonObject:
    """An object with these keys. Those that are personal are not in it."""
    keys = tuple(keys)
    plain = [key for key in keys if not key.private or key.unless is not None]
    made = _closed({key.name: _value(key) for key in plain}, *(key.name for key in plain if not key.needed))
    if free:
        made["properties"] |= {key.name: False for key in keys if key not in plain}
        made["additionalProperties"] = True
    return made


def _value(key: Key) -> JsonObject:
    made = _kind(key.kind)
    return {**made, "description": key.note} if key.note else made


def _kind(kind: ValueKind) -> JsonObject:
    shared = next((name for name, each in _SHARED.items() if each is kind), None)
    return {"$ref": f"#/$defs/{shared}"} if shared else _described(kind)


def _described(kind: ValueKind) -> JsonObject:
    if not kind.keys:
        return {**kind.schema}
    made = _object(kind.keys, free=kind.free)
    return {"type": "array", "items": made, "minItems": 1} if kind.many else made
