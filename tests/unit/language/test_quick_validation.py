"""What fits at a glance has no fault in the eyes of jsonschema, and what has none fits at a glance."""

from __future__ import annotations

import json
import random
from copy import deepcopy
from decimal import Decimal
from pathlib import Path
from typing import Any

import pytest
from holidays.registry import EntityLoader
from jsonschema import Draft202012Validator

from procdef.language.countries import COUNTRIES
from procdef.language.shape.quick_validation import fits
from procdef.language.yaml.nodes import plain
from procdef.language.yaml.reader import read

ROOT = Path(__file__).parents[3]
SCHEMA = json.loads((ROOT / "schemas" / "process.schema.json").read_text("utf-8"))
JUDGE = Draft202012Validator(SCHEMA)
FILES = sorted((*(ROOT / "processes").glob("*.yaml"), *(ROOT / "tests" / "golden" / "ok").glob("*.yaml")))
ODD = (None, True, False, 0, -1, 3, 1.5, "", "x", "fit_score", "NO SUCH", "3 days", "won", "en", [], ["a"], ["a", "a"])
ODD = (
    *ODD,
    Decimal("1.5"),
    Decimal("3.0"),
    10**9,
    {},
    {"x": None},
    {"type": "choice"},
    {"en": "Text"},
    [1, True],
    [[]],
)


def value_of(path: Path) -> Any:
    root = read(path.read_bytes(), path.name).root
    assert root is not None
    return plain(root)


def holders(value: Any) -> list[Any]:
    """Every mapping and list inside a value, itself included."""
    below = value.values() if isinstance(value, dict) else value if isinstance(value, list) else ()
    mine = [value] if isinstance(value, dict | list) and value else []
    return mine + [holder for item in below for holder in holders(item)]


def spoil(value: Any, chance: random.Random) -> None:
    """Change, add, rename or remove something somewhere in a value."""
    holder = chance.choice(holders(value))
    key = chance.choice(list(holder) if isinstance(holder, dict) else range(len(holder)))
    how = chance.randrange(4)
    if how == 0:
        del holder[key]
    elif how == 1 and isinstance(holder, dict):
        holder[chance.choice(["Bad id", "unknown", "title", "fi", "when", "min", "type"])] = chance.choice(ODD)
    elif how == 2 and isinstance(holder, list):
        holder.append(deepcopy(chance.choice([*ODD, holder[0]])))
    else:
        holder[key] = deepcopy(chance.choice(ODD))


@pytest.mark.parametrize("path", FILES, ids=lambda path: f"{path.parent.name}/{path.stem}")
def test_a_file_fits_exactly_when_jsonschema_finds_nothing(path: Path) -> None:
    value = value_of(path)
    assert JUDGE.is_valid(value) == fits(value, SCHEMA, SCHEMA)


@pytest.mark.parametrize("seed", range(8))
def test_a_spoiled_value_fits_exactly_when_jsonschema_finds_nothing(seed: int) -> None:
    chance, sound = random.Random(seed), value_of(FILES[seed % len(FILES)])
    for _ in range(60):
        value = deepcopy(sound)
        spoil(value, chance)
        assert JUDGE.is_valid(value) == fits(value, SCHEMA, SCHEMA)


@pytest.mark.parametrize("value", ["booking\n", "\nbooking", "böoking", "booking\u0663"])
def test_an_id_fits_to_its_very_end(value: str) -> None:
    assert not fits(value, SCHEMA["$defs"]["id"], SCHEMA)


def test_a_schema_with_an_unknown_keyword_is_left_to_jsonschema() -> None:
    assert not fits(3, {"multipleOf": 3}, {})


def test_the_countries_known_for_certain_have_holidays() -> None:
    assert set(EntityLoader.get_country_codes()) >= COUNTRIES
