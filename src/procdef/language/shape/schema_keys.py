"""The keys of a language, from its schema: which of them belong to one mapping.

Processes are written in one language, and what stands beside them in others. All are read and held against their schema in
the same way; which it is, is said once, around the whole of the reading.
"""

from __future__ import annotations

import json
from collections.abc import Callable, Collection, Iterator
from contextlib import contextmanager
from contextvars import ContextVar
from functools import cache
from typing import Any

from procdef.diagnostics import Route
from procdef.language.file_kinds import PROCESS, FileKind
from procdef.resources import shipped

_kind: ContextVar[FileKind] = ContextVar("the kind of file that is read", default=PROCESS)


@contextmanager
def reading(kind: FileKind) -> Iterator[None]:
    """Read files of that kind in this block."""
    token = _kind.set(kind)
    try:
        yield
    finally:
        _kind.reset(token)


def file_kind() -> FileKind:
    """The kind of file that is read."""
    return _kind.get()


def schema_file() -> dict[str, Any]:
    """The JSON Schema of the kind of file that is read."""
    return _schema(_kind.get().schema)


@cache
def _schema(name: str) -> dict[str, Any]:
    text = (shipped("schemas") / f"{name}.schema.json").read_text(encoding="utf-8")
    found: dict[str, Any] = json.loads(text)
    return found


def groups() -> tuple[frozenset[str], ...]:
    """The keys of each mapping of the language that has keys of its own."""
    return _groups_of(_kind.get().schema)


@cache
def _groups_of(schema: str) -> tuple[frozenset[str], ...]:
    return tuple(dict.fromkeys(_groups(_schema(schema))))


def belongs(key: str, beside: Collection[str]) -> bool:
    """Whether a key may stand in one mapping with the others."""
    return any(key in group and not group.isdisjoint(beside) for group in groups())


def takes(route: Route, key: str) -> bool:
    """Whether the mapping at a route takes a key of the language."""
    return any(key in part.get("properties", ()) for part in _parts(route))


def takes_list(route: Route) -> bool:
    """Whether a list may stand at a route: of ids, texts, durations or hours."""
    return any(part.get("type") == "array" for part in _parts(route))


def takes_mapping(route: Route) -> bool:
    """Whether entries with ids may stand at a route."""
    return any(map(_has_entries, _parts(route)))


def list_keys() -> frozenset[str]:
    """The keys of the language that take a list somewhere."""
    return frozenset(_keys(schema_file(), lambda part: part.get("type") == "array"))


def entry_keys() -> frozenset[str]:
    """The keys of the language below which entries with ids stand."""
    return frozenset(_keys(schema_file(), _has_entries))


def _has_entries(part: dict[str, Any]) -> bool:
    return "propertyNames" in part and part["propertyNames"].get("$ref") != "#/$defs/language"


def _keys(part: Any, fits: Callable[[dict[str, Any]], bool]) -> Iterator[str]:
    """The keys whose value may fit a part of the schema that is asked for."""
    if isinstance(part, dict):
        yield from (key for key, inner in part.get("properties", {}).items() if any(map(fits, _branches(inner))))
        part = [inner for key, inner in part.items() if key not in ("examples", "description")]
    for inner in part if isinstance(part, list) else ():
        yield from _keys(inner, fits)


def _parts(route: Route) -> list[dict[str, Any]]:
    """The parts of the schema that a value at a route may fit."""
    parts = list(_branches(schema_file()))
    for step in route:
        inner = [part.get("items") if isinstance(step, int) else _below(part, step) for part in parts]
        parts = [branch for one in inner if isinstance(one, dict) for branch in _branches(one)]
    return parts


def _below(part: dict[str, Any], key: str) -> Any:
    return part.get("properties", {}).get(key, part.get("additionalProperties"))


def is_needed(route: Route) -> bool:
    """Whether a file cannot do without the key at a route, where the mapping that it belongs to stands."""
    if not route:
        return False
    key, mappings = route[-1], [part for part in _parts(route[:-1]) if "properties" in part]
    return any(key in part["properties"] and key in part.get("required", ()) for part in mappings)


def empty_said(route: Route) -> str:
    """The sentence on a list, a mapping or a text at a route that is empty: what is needed there can only be filled in."""
    return "{where} is empty; fill it in" + ("" if is_needed(route) else " or remove it")


def keys_at(route: Route) -> tuple[str, ...] | None:
    """The keys of the mapping at a route: none where they are ids of the author, None where no mapping stands there."""
    mappings = [part for part in _parts(route) if "object" in (part.get("type") or ())]
    return tuple(mappings[0].get("properties", ())) if mappings else None


def _branches(part: dict[str, Any]) -> Iterator[dict[str, Any]]:
    if "$ref" in part:
        yield from _branches(schema_file()["$defs"][part["$ref"].rpartition("/")[2]])
    for branch in part.get("anyOf", ()):
        yield from _branches(branch)
    yield part


def _groups(part: Any) -> Iterator[frozenset[str]]:
    if isinstance(part, list):
        for item in part:
            yield from _groups(item)
    elif isinstance(part, dict):
        if part.get("additionalProperties") is False:
            yield frozenset(part.get("properties", ()))
        for key, item in part.items():
            if key not in ("examples", "description"):
                yield from _groups(item)
