"""One declaration for what the engine hands out: the fields of a frozen dataclass are those of the JSON of the command line,
of the JSON Schema, and of the model that Pydantic and FastAPI make of it."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import fields
from datetime import datetime
from decimal import Decimal
from enum import Enum
from functools import cache
from types import NoneType, UnionType
from typing import Any, Literal, NamedTuple, Union, get_args, get_origin, get_type_hints

from procdef.log.event import timestamp

MAIN = {"main": True}
"""Of a field: its own fields stand in its place in JSON."""


def json_key(name: str) -> dict[str, str]:
    """Of a field that has another name in JSON."""
    return {"key": name}


class Part(NamedTuple):
    """A field or property of a result: its ``key`` in JSON, the ``type`` that it is annotated with, and whether its own parts
    stand there instead (``main``)."""

    name: str
    key: str
    type: Any
    main: bool


@cache
def parts(kind: Any) -> tuple[Part, ...]:
    """The fields of a result in order, then its properties."""
    hints = get_type_hints(kind)
    own = [
        Part(each.name, each.metadata.get("key", each.name), hints[each.name], "main" in each.metadata)
        for each in fields(kind)
    ]
    found = {name: each for base in reversed(kind.__mro__) for name, each in vars(base).items() if isinstance(each, property)}
    return (*own, *(Part(name, name, get_type_hints(each.fget)["return"], False) for name, each in found.items()))


class Modelled:
    """What Pydantic and FastAPI can make a model of: only the engine makes it, and it becomes what ``as_dict`` says."""

    __slots__ = ()

    def as_dict(self) -> dict[str, Any]:
        """What the command line prints of it as JSON."""
        raise NotImplementedError

    @classmethod
    def api_name(cls) -> str:
        """How ``procdef`` calls it."""
        return cls.__qualname__

    @classmethod
    def __get_pydantic_core_schema__(cls, _source: Any, _handler: Any) -> Any:
        from pydantic_core.core_schema import is_instance_schema, plain_serializer_function_ser_schema

        # The reference makes it a schema of its own under its name, as what programs make of an OpenAPI document are called.
        told = plain_serializer_function_ser_schema(cls.as_dict)
        return is_instance_schema(cls, serialization=told, ref=f"procdef.{cls.api_name()}:{id(cls)}")

    @classmethod
    def __get_pydantic_json_schema__(cls, _schema: Any, _handler: Any) -> dict[str, Any]:
        return cls.json_schema()

    @classmethod
    def json_schema(cls) -> dict[str, Any]:
        """Its JSON Schema, which refers to no other."""
        return declared_schema(cls, lambda other: other.json_schema())


class Result(Modelled):
    """Something that the engine hands out."""

    __slots__ = ()

    def as_dict(self) -> dict[str, Any]:
        """What the command line prints of it as JSON."""
        shown: dict[str, Any] = {}
        kind: Any = type(self)
        for part in parts(kind):
            value = getattr(self, part.name)
            if part.main:
                shown |= value.as_dict()
            else:
                shown[part.key] = _plain(value)
        return shown


def _plain(value: Any) -> Any:
    """A value as JSON has it."""
    if isinstance(value, Modelled):
        return value.as_dict()
    if isinstance(value, Mapping):
        return {name: _plain(each) for name, each in value.items()}
    if isinstance(value, list | tuple):
        return [_plain(each) for each in value]
    if isinstance(value, Decimal):
        return f"{value:f}"
    return timestamp(value) if isinstance(value, datetime) else value


JsonObject = dict[str, Any]
_SIMPLE: Mapping[Any, JsonObject] = {
    str: {"type": "string"},
    int: {"type": "integer"},
    bool: {"type": "boolean"},
    float: {"type": "number"},
    Decimal: {"type": "string"},
    datetime: {"type": "string", "format": "date-time"},
    NoneType: {"type": "null"},
    Any: {},
    object: {},
}
Refer = Callable[[Any], JsonObject]


def declared_schema(kind: type, refer: Refer) -> JsonObject:
    """The JSON Schema of a result, as it is declared; ``refer`` gives that of another one in it."""
    properties = _properties(kind, refer)
    return {
        "description": " ".join((kind.__doc__ or "").replace("``", "`").split()),
        "type": "object",
        "properties": properties,
        "required": list(properties),
        "additionalProperties": False,
    }


def _properties(kind: Any, refer: Refer) -> JsonObject:
    found: JsonObject = {}
    for part in parts(kind):
        found |= _properties(part.type, refer) if part.main else {part.key: _type(part.type, refer)}
    return found


def _type(hint: Any, refer: Refer) -> JsonObject:
    """The JSON Schema of what is annotated with this."""
    origin, inner = get_origin(hint), get_args(hint)
    if origin in (Union, UnionType):
        return {"anyOf": [_type(each, refer) for each in inner]}
    if origin is Literal:
        return {"enum": list(inner)}
    if origin is tuple and inner[-1] is not Ellipsis:
        return {"type": "array", "prefixItems": [_type(each, refer) for each in inner], "items": False}
    if origin is tuple:
        return {"type": "array", "items": _type(inner[0], refer)}
    if isinstance(hint, type) and issubclass(hint, Enum):
        return {"enum": [each.value for each in hint]}
    if origin is not None and issubclass(origin, Mapping):
        return {"type": "object", "additionalProperties": _type(inner[1], refer)}
    return dict(_SIMPLE[hint]) if hint in _SIMPLE else refer(hint)
