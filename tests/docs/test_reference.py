"""The reference of the language is what the schema says, and the schema's examples keep to the schema."""

from __future__ import annotations

import json
import runpy
from collections.abc import Iterator
from typing import Any

import pytest
from jsonschema import Draft202012Validator
from pages import ROOT

from procdef.expression import Kind
from procdef.language.shape.beyond_schema import RESERVED

SCHEMA = json.loads((ROOT / "schemas" / "process.schema.json").read_text("utf-8"))


def described(part: Any, path: str = "") -> Iterator[tuple[str, dict[str, Any]]]:
    """Every part of the schema that has examples, by its path."""
    if isinstance(part, dict):
        if isinstance(part.get("examples"), list):
            yield path, part
        for name, inner in part.items():
            yield from described(inner, f"{path}/{name}")


EXAMPLES = [(path, example, part) for path, part in described(SCHEMA) for example in part["examples"]]


def test_the_tables_are_up_to_date(request: pytest.FixtureRequest) -> None:
    maker = runpy.run_path(str(ROOT / "tools" / "make_reference.py"))
    if request.config.getoption("--update-golden"):
        maker["main"]()
    for page in maker["PAGES"]:
        assert maker["page"](page) == (ROOT / page).read_text("utf-8"), "run `python tools/make_reference.py`"


@pytest.mark.parametrize("word", ["unfinished", "escalate_to", "milestone", "reopen", "four_eyes", "materials"])
def test_a_key_of_the_schema_stands_in_the_tables(word: str) -> None:
    assert f"\n| `{word}` |" in (ROOT / "docs" / "language.md").read_text("utf-8")


@pytest.mark.parametrize("kind", Kind)
def test_a_type_of_field_stands_in_the_schema_and_in_the_table_of_values(kind: Kind) -> None:
    definitions = SCHEMA["$defs"]
    assert kind in definitions["field"]["properties"]["type"]["enum"]
    assert (kind in definitions["column"]["properties"]["type"]["enum"]) is (kind is not Kind.LIST)
    values = (
        (ROOT / "docs" / "language.md").read_text("utf-8").partition("### Values of fields")[2].partition("\n## ")[0]
    )
    assert f"`{kind}`" in values


def test_the_reference_names_every_reserved_word() -> None:
    page = (ROOT / "docs" / "language.md").read_text("utf-8")
    assert sorted(word for word in RESERVED if f"`{word}`" not in page) == []


def test_examples_of_the_schema_keep_to_it() -> None:
    parts = ((path, example, part | {"$defs": SCHEMA["$defs"]}) for path, example, part in EXAMPLES)
    assert [(path, example) for path, example, part in parts if not Draft202012Validator(part).is_valid(example)] == []
    assert len(EXAMPLES) > 100
