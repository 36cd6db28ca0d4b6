"""What editors show of the schema: each definition has a name, and nothing is said of nulls that nobody writes."""

from __future__ import annotations

import json
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest

SCHEMAS = Path(__file__).parents[3] / "schemas"
READ: dict[str, dict[str, Any]] = {
    name: json.loads((SCHEMAS / f"{name}.schema.json").read_text("utf-8")) for name in ("process", "scenarios")
}
each_schema = pytest.mark.parametrize("schema", READ.values(), ids=READ.keys())


def parts(part: Any, place: str = "") -> Iterator[tuple[str, dict[str, Any]]]:
    """Every part of the schema with its place, examples aside."""
    if isinstance(part, list):
        for number, inner in enumerate(part):
            yield from parts(inner, f"{place}/{number}")
    elif isinstance(part, dict):
        yield place, part
        for key, inner in part.items():
            if key not in ("examples", "enum", "required"):
                yield from parts(inner, f"{place}/{key}")


@each_schema
def test_each_definition_has_a_title(schema: dict[str, Any]) -> None:
    assert [name for name, part in schema["$defs"].items() if not part.get("title")] == []


@each_schema
def test_each_mapping_has_a_title(schema: dict[str, Any]) -> None:
    kinds = {place: part for place, part in parts(schema) if "object" in (part.get("type") or ()) and "properties" in part}
    assert [place for place, part in kinds.items() if not part.get("title")] == []


@each_schema
def test_no_branch_is_null_alone(schema: dict[str, Any]) -> None:
    branches = [(place, one) for place, part in parts(schema) for one in part.get("anyOf", ()) if isinstance(one, dict)]
    assert [place for place, one in branches if one.get("type") == "null"] == []


@each_schema
def test_each_pattern_says_what_it_asks_for(schema: dict[str, Any]) -> None:
    found = [(place, part) for place, part in parts(schema) if isinstance(part.get("pattern"), str)]
    assert len(found) > 5
    assert [place for place, part in found if not part.get("patternErrorMessage")] == []
