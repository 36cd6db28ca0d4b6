"""Tells quickly whether a value fits a JSON Schema, so that ``jsonschema`` is imported for faulty files only.

Importing ``jsonschema`` takes longer than reading a whole file. This says yes only where ``jsonschema`` finds nothing (the
tests compare the two), and no wherever it meets a keyword that it does not know.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Mapping, Sized
from decimal import Decimal
from functools import cache
from typing import Any

_Schema = Mapping[str, Any]
_Check = Callable[[Any, Any, _Schema, _Schema], bool]
_SILENT = frozenset(["description", "examples", "title", "$comment", "$schema", "$defs", "then", "patternErrorMessage"])
"""Keywords that ask for nothing by themselves."""
_FEW = 100
"""So many items are held against each other."""


def fits(value: Any, schema: _Schema | bool, root: _Schema) -> bool:
    """Whether a value surely fits a schema, a part of ``root``. ``False`` may also mean that a keyword is not known."""
    if isinstance(schema, bool):
        return schema
    for keyword, due in schema.items():
        if keyword in _SILENT:
            continue
        check = _CHECKS.get(keyword)
        if check is None or not check(value, due, schema, root):
            return False
    return True


@cache
def searcher(pattern: str) -> Callable[[str], object]:
    """The search for a pattern, in which ``$`` is the very end of a text, as in the patterns of JSON Schema."""
    ends = pattern.endswith("$") and not pattern.endswith(r"\$")
    return re.compile(pattern[:-1] + r"\Z" if ends else pattern).search


def _type(value: Any, due: Any, _schema: _Schema, _root: _Schema) -> bool:
    names = due if isinstance(due, list) else [due]
    return any(_is(value, name) for name in names)


def _is(value: Any, name: str) -> bool:
    if isinstance(value, bool) or value is None:
        return name == ("null" if value is None else "boolean")
    return name in _NAMES.get(type(value), ())


_NAMES = {
    str: ("string",),
    int: ("integer", "number"),
    Decimal: ("number",),
    dict: ("object",),
    list: ("array",),
}


def _ref(value: Any, due: str, _schema: _Schema, root: _Schema) -> bool:
    target: Any = root
    for step in due.removeprefix("#/").split("/"):
        target = target[step]
    return fits(value, target, root)


def _any_of(value: Any, due: list[_Schema], _schema: _Schema, root: _Schema) -> bool:
    return any(fits(value, branch, root) for branch in due)


def _all_of(value: Any, due: list[_Schema], _schema: _Schema, root: _Schema) -> bool:
    return all(fits(value, part, root) for part in due)


def _if(value: Any, due: _Schema, schema: _Schema, root: _Schema) -> bool:
    return not fits(value, due, root) or fits(value, schema.get("then", True), root)


def _const(value: Any, due: Any, _schema: _Schema, _root: _Schema) -> bool:
    return isinstance(value, bool) == isinstance(due, bool) and bool(value == due)


def _enum(value: Any, due: list[Any], schema: _Schema, root: _Schema) -> bool:
    return any(_const(value, word, schema, root) for word in due)


def _pattern(value: Any, due: str, _schema: _Schema, _root: _Schema) -> bool:
    return not isinstance(value, str) or searcher(due)(value) is not None


def _properties(value: Any, due: Mapping[str, _Schema], _schema: _Schema, root: _Schema) -> bool:
    return not isinstance(value, dict) or all(
        fits(value[name], schema, root) for name, schema in due.items() if name in value
    )


def _other_properties(value: Any, due: _Schema | bool, schema: _Schema, root: _Schema) -> bool:
    known = schema.get("properties", {})
    return not isinstance(value, dict) or all(fits(value[name], due, root) for name in value if name not in known)


def _property_names(value: Any, due: _Schema, _schema: _Schema, root: _Schema) -> bool:
    return not isinstance(value, dict) or all(fits(name, due, root) for name in value)


def _items(value: Any, due: _Schema, _schema: _Schema, root: _Schema) -> bool:
    return not isinstance(value, list) or all(fits(item, due, root) for item in value)


def _required(value: Any, due: list[str], _schema: _Schema, _root: _Schema) -> bool:
    return not isinstance(value, dict) or all(name in value for name in due)


def _unique(value: Any, due: bool, _schema: _Schema, _root: _Schema) -> bool:
    if not due or not isinstance(value, list):
        return True
    if all(isinstance(item, str) for item in value):
        return len(set(value)) == len(value)
    return len(value) <= _FEW and all(item not in value[:place] for place, item in enumerate(value))


def _at_least(kind: type[Sized]) -> _Check:
    return lambda value, due, _schema, _root: not isinstance(value, kind) or len(value) >= due


def _number(value: Any) -> bool:
    return isinstance(value, int | Decimal) and not isinstance(value, bool)


_CHECKS: Mapping[str, _Check] = {
    "type": _type,
    "$ref": _ref,
    "anyOf": _any_of,
    "allOf": _all_of,
    "if": _if,
    "const": _const,
    "enum": _enum,
    "pattern": _pattern,
    "properties": _properties,
    "additionalProperties": _other_properties,
    "propertyNames": _property_names,
    "items": _items,
    "required": _required,
    "uniqueItems": _unique,
    "minItems": _at_least(list),
    "minLength": _at_least(str),
    "minProperties": _at_least(dict),
    "maxProperties": lambda value, due, _schema, _root: not isinstance(value, dict) or len(value) <= due,
    "minimum": lambda value, due, _schema, _root: not _number(value) or value >= due,
    "maximum": lambda value, due, _schema, _root: not _number(value) or value <= due,
}
