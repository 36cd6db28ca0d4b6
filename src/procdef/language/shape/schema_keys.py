"""The keys of the language, from its schema: which of them belong to one mapping."""

from __future__ import annotations

import json
from collections.abc import Collection, Iterator
from functools import cache
from typing import Any

from procdef.diagnostics import Route
from procdef.resources import shipped


@cache
def schema_file() -> dict[str, Any]:
    """The JSON Schema of the language."""
    text = (shipped("schemas") / "process.schema.json").read_text(encoding="utf-8")
    found: dict[str, Any] = json.loads(text)
    return found


@cache
def groups() -> tuple[frozenset[str], ...]:
    """The keys of each mapping of the language that has keys of its own."""
    return tuple(dict.fromkeys(_groups(schema_file())))


def belongs(key: str, beside: Collection[str]) -> bool:
    """Whether a key may stand in one mapping with the others."""
    return any(key in group and not group.isdisjoint(beside) for group in groups())


def takes(route: Route, key: str) -> bool:
    """Whether the mapping at a route takes a key of the language."""
    part: Any = schema_file()
    for step in route:
        part = _resolved(part)
        part = part.get("properties", {}).get(step, part.get("additionalProperties"))
        if not isinstance(part, dict):
            return False
    return key in _resolved(part).get("properties", ())


def _resolved(part: dict[str, Any]) -> dict[str, Any]:
    found: dict[str, Any] = part
    if "$ref" in part:
        found = schema_file()["$defs"][part["$ref"].rpartition("/")[2]]
    objects = (_resolved(one) for one in found.get("anyOf", ()) if "$ref" in one or one.get("type") == "object")
    return next(objects, found) if "anyOf" in found else found


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
