"""The JSON Schema of what the engine hands out, made from how it is declared."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from datetime import datetime
from types import NoneType, UnionType
from typing import Any, Literal, Union, get_args, get_origin

from procdef.events.json_schema import JsonObject, opened_event_schema
from procdef.results.deal_view import DealView, StandingWaiver
from procdef.results.done import Done
from procdef.results.event import Event, FeedItem
from procdef.results.listed_deal import ListedDeal
from procdef.results.options import Options, ScoreSum, Todo, Way
from procdef.results.refusal import Unmet
from procdef.results.result import Modelled, parts
from procdef.results.step_result import StepResult
from procdef.results.suggestion import Blank, Suggestion

RESULTS: Mapping[str, type[Modelled]] = {
    "Done": Done,
    "Deal": DealView,
    "DealRow": ListedDeal,
    "StandingWaiver": StandingWaiver,
    "Options": Options,
    "Todo": Todo,
    "Way": Way,
    "ScoreSum": ScoreSum,
    "Unmet": Unmet,
    "Suggestion": Suggestion,
    "Blank": Blank,
    "StepResult": StepResult,
    "FeedItem": FeedItem,
    "Event": Event,
}
"""What the engine hands out, by the names that ``procdef`` has for it."""
_NAMES = {kind: name for name, kind in RESULTS.items()}

_SIMPLE: Mapping[Any, JsonObject] = {
    str: {"type": "string"},
    int: {"type": "integer"},
    bool: {"type": "boolean"},
    datetime: {"type": "string", "format": "date-time"},
    NoneType: {"type": "null"},
    Any: {},
    object: {},
}
_Refer = Callable[[Any], JsonObject]


def api_schema() -> JsonObject:
    """The JSON Schema (2020-12) of all results; each is under ``$defs``, by its name in ``procdef``."""
    event = opened_event_schema()
    own = {name: _schema(kind, _by_name) for name, kind in RESULTS.items() if kind is not Event}
    return {
        "$schema": "https://json-schema.org/draft/2020-12/schema",
        "title": "What the engine of procdef hands out",
        "description": "What as_dict() of each result gives, and the command line prints with --format json.",
        "anyOf": [{"$ref": f"#/$defs/{name}"} for name in RESULTS],
        "$defs": {**own, "Event": {name: part for name, part in event.items() if name != "$defs"}, **event["$defs"]},
    }


def whole_schema(kind: type[Modelled]) -> JsonObject:
    """The JSON Schema of one result, which refers to no other; of an event it says what all have."""
    if issubclass(kind, Event):
        event = opened_event_schema()
        return {"title": "Event", "type": "object", "properties": event["properties"], "required": event["required"]}
    return _schema(kind, whole_schema)


def _by_name(kind: type[Modelled]) -> JsonObject:
    return {"$ref": f"#/$defs/{_NAMES[kind]}"}


def _schema(kind: type[Modelled], refer: _Refer) -> JsonObject:
    properties = _properties(kind, refer)
    return {
        "title": _NAMES[kind],
        "description": " ".join((kind.__doc__ or "").replace("``", "`").split()),
        "type": "object",
        "properties": properties,
        "required": list(properties),
        "additionalProperties": False,
    }


def _properties(kind: Any, refer: _Refer) -> JsonObject:
    found: JsonObject = {}
    for part in parts(kind):
        found |= _properties(part.type, refer) if part.main else {part.key: _type(part.type, refer)}
    return found


def _type(hint: Any, refer: _Refer) -> JsonObject:
    """The JSON Schema of what is annotated with this."""
    origin, inner = get_origin(hint), get_args(hint)
    if origin in (Union, UnionType):
        return {"anyOf": [_type(each, refer) for each in inner]}
    if origin is Literal:
        return {"enum": list(inner)}
    if origin is tuple:
        return {"type": "array", "items": _type(inner[0], refer)}
    if origin is not None and issubclass(origin, Mapping):
        return {"type": "object", "additionalProperties": _type(inner[1], refer)}
    return dict(_SIMPLE[hint]) if hint in _SIMPLE else refer(hint)
