"""The JSON Schema of results: what the engine hands out and the command line prints is as it says."""

from __future__ import annotations

import json
import subprocess
import sys
from typing import TYPE_CHECKING, Any

import jsonschema
import pytest
from test_results import NAMES, results

import procdef
from procdef import Actor, Engine, open_store
from procdef.cli import run
from procdef.results.schema import RESULTS, api_schema

if TYPE_CHECKING:
    from conftest import Desk

in_memory = pytest.mark.parametrize("desk", ["memory:"], indirect=True)
SCHEMA = api_schema()


def holds(name: str, shown: Any) -> None:
    """Raises where something is not as the schema of that name says."""
    schema = {"$ref": f"#/$defs/{name}", "$defs": SCHEMA["$defs"]}
    jsonschema.Draft202012Validator(schema).validate(json.loads(json.dumps(shown)))


def test_it_is_a_schema_and_what_the_command_prints(capsys: pytest.CaptureFixture[str]) -> None:
    jsonschema.Draft202012Validator.check_schema(SCHEMA)
    assert run(["schema", "--api"]) == 0
    assert json.loads(capsys.readouterr().out) == SCHEMA
    assert run(["schema", "--api", "--log"]) == 2


def test_it_has_all_that_the_engine_hands_out() -> None:
    assert {*RESULTS} == {*NAMES, "Event", "Diagnostic", "Related"}
    assert all(getattr(procdef, name) is kind for name, kind in RESULTS.items() if name != "Related")


def test_a_finding_is_as_the_schema_says() -> None:
    found = procdef.check("procdef: 1\nid: Sales\nid: sales\n")
    assert any(each.related for each in found)
    for each in found:
        holds("Diagnostic", each.as_dict())
    with pytest.raises(procdef.DefinitionInvalid) as told:
        procdef.load("procdef: 1\nid: Sales\n")
    holds("Error", told.value.as_dict())


@in_memory
def test_a_refusal_is_as_the_schema_says(desk: Desk) -> None:
    desk.offered(discount="20", amount="50")
    with pytest.raises(procdef.StepRefused) as told:
        desk.engine.advance("D", by=desk.seller)
    for name in ("StepRefused", "Error"):
        holds(name, told.value.as_dict())


@in_memory
@pytest.mark.parametrize("name", NAMES)
def test_a_result_is_as_the_schema_says(desk: Desk, name: str) -> None:
    shown = results(desk)[name].as_dict()
    holds(name, shown)
    kind: Any = RESULTS[name]
    jsonschema.Draft202012Validator(kind.json_schema()).validate(shown)
    lacking = dict(list(shown.items())[1:])
    with pytest.raises(jsonschema.ValidationError):
        holds(name, lacking)
    with pytest.raises(jsonschema.ValidationError):
        holds(name, {**shown, "colour": "red"})


def story(monkeypatch: pytest.MonkeyPatch) -> Engine:
    """An engine whose log has every kind of event that there is, some of them with erased values."""
    from pathlib import Path

    monkeypatch.syspath_prepend(str(Path(__file__).parents[2] / "logs"))
    from story import tell

    store = open_store("memory:")
    tell(store)
    return Engine(store)


def test_every_event_and_every_deal_of_a_long_story_is_as_the_schema_says(monkeypatch: pytest.MonkeyPatch) -> None:
    engine, types = story(monkeypatch), set()
    for item in engine.feed():
        holds("FeedItem", item.as_dict())
    everybody = Actor("eve", roles={role for each in engine.definitions() for role in each.roles})
    for row in engine.deals():
        holds("DealRow", row.as_dict())
        holds("Deal", engine.deal(row.name).as_dict())
        holds("Options", engine.options(row.name, by=everybody).as_dict())
        for event in engine.events(row.name):
            holds("Event", event.as_dict())
            types.add(event.type)
    assert len(types) > 10


def test_an_event_has_typed_properties(monkeypatch: pytest.MonkeyPatch) -> None:
    engine = story(monkeypatch)
    event = engine.events(next(engine.deals()).name)[0]
    assert (event.type, event.n, event.stream) == (event["type"], 1, event["stream"])
    assert event.at.utcoffset() is not None
    assert event.happened <= event.at
    assert (event.person, event.data) == ((event.get("for") or event["by"])["id"], event["data"])
    assert json.loads(json.dumps(event)) == event == event.as_dict()


@in_memory
@pytest.mark.parametrize("name", [*NAMES, "Event"])
def test_pydantic_makes_a_model_of_it(desk: Desk, name: str) -> None:
    pydantic = pytest.importorskip("pydantic")
    kind = RESULTS[name]
    result = results(desk)["FeedItem"].event if name == "Event" else results(desk)[name]
    adapter = pydantic.TypeAdapter(kind)
    assert adapter.dump_python(result, mode="json") == result.as_dict()
    schema = adapter.json_schema(mode="serialization")
    jsonschema.Draft202012Validator(schema).validate(result.as_dict())
    assert "$ref" not in json.dumps(schema)
    with pytest.raises(pydantic.ValidationError):
        adapter.validate_python({})


def test_pydantic_is_not_imported_for_it() -> None:
    code = "import sys, procdef.results.schema; print('pydantic' in sys.modules)"
    told = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True)
    assert told.stdout == "False\n"
