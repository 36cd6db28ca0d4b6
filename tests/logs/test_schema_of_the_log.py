"""The JSON Schema of the log holds for every event that was ever written, and for no other."""

from __future__ import annotations

import json
import shutil
import sqlite3
from collections.abc import Callable
from contextlib import closing
from copy import deepcopy
from pathlib import Path

import pytest
from click.testing import CliRunner
from forgery import Event, events
from jsonschema import Draft202012Validator
from sealed_story import tell_sealed

from procdef import Actor, Engine, open_store
from procdef.cli.commands.process.schema import command as schema_command
from procdef.events.json_schema import log_schema
from procdef.events.known_keys import DATA
from procdef.events.types import EVENT_TYPES
from procdef.log.format import ENVELOPE

SCHEMA = log_schema()
VALIDATOR = Draft202012Validator(SCHEMA)
WRITTEN = sorted(Path(__file__).parent.glob("*/*.sqlite"))


def refused(event: Event) -> list[str]:
    """What the schema has against an event."""
    wrong = VALIDATOR.iter_errors(event)
    return [f"{event['type']} {'/'.join(map(str, error.absolute_path))}: {error.message}" for error in wrong]


def moved(file: Path) -> list[Event]:
    """The last events of that log, once it went on elsewhere."""
    with open_store(file) as source:
        with source.transaction(write=False) as tx:
            name = tx.log
        with open_store(f"sqlite:///{file}.moved", log=name) as target:
            Engine(source).move(Engine(target), to="there", copy="0" * 32, came_from="here", by=Actor("maija"))
    with closing(sqlite3.connect(f"{file}.moved")) as log:
        return events(log)[-2:]


@pytest.fixture(scope="session")
def story(tmp_path_factory: pytest.TempPathFactory) -> dict[str, Event]:
    """By type, the last event of the story as it is written now, but for refusals, of which it is that of a loss."""
    folder = tmp_path_factory.mktemp("story")
    tell_sealed(folder)
    with closing(sqlite3.connect(folder / "sealed.sqlite")) as log:
        told = events(log)
    earlier = shutil.copy(next(file for file in WRITTEN if file.stem == "deals"), folder / "earlier.sqlite")
    open_store(f"sqlite:///{earlier}").close()
    with closing(sqlite3.connect(earlier)) as log:
        told.append(events(log)[-1])
    told += moved(folder / "sealed.sqlite")
    assert [error for event in told for error in refused(event)] == []
    found = {event["type"]: event for event in told}
    lost = next(event for event in told if event["data"].get("do") == "lose" and "reason" in event["data"]["arguments"])
    return {**found, "step.refused": lost}


def test_it_is_a_schema_that_the_command_prints() -> None:
    Draft202012Validator.check_schema(SCHEMA)
    told = CliRunner().invoke(schema_command, ["--log"])
    assert json.loads(told.output) == SCHEMA


@pytest.mark.parametrize("file", WRITTEN, ids=lambda file: f"{file.parent.name} {file.stem}")
def test_every_event_that_was_written_keeps_to_it(file: Path) -> None:
    with closing(sqlite3.connect(f"file:{file}?immutable=1", uri=True)) as log:
        told = events(log)
    assert [error for event in told for error in refused(event)] == []


def test_it_has_the_keys_that_the_format_knows() -> None:
    assert SCHEMA["properties"].keys() == ENVELOPE.keys
    for kind in EVENT_TYPES:
        plain = SCHEMA["$defs"][kind.name]["properties"]["data"]["properties"].keys()
        assert plain | {key.name for key in kind.keys if key.private} == DATA[kind.name].keys


@pytest.mark.parametrize("kind", [kind.name for kind in EVENT_TYPES if kind.written])
def test_a_key_that_only_a_later_procdef_knows_is_refused(kind: str, story: dict[str, Event]) -> None:
    event = deepcopy(story[kind])
    assert refused(event) == []
    event["data"]["weather"] = "fine"
    assert refused(event) != []


@pytest.mark.parametrize(
    ("kind", "key"),
    [(kind.name, key.name) for kind in EVENT_TYPES if kind.written for key in kind.keys if key.needed],
)
def test_a_key_that_is_needed_is_missed(kind: str, key: str, story: dict[str, Event]) -> None:
    event = deepcopy(story[kind])
    event["data"].pop(key, None)
    event.get("private", {}).pop(f"/{key}", None)
    assert refused(event) != []


@pytest.mark.parametrize(
    ("kind", "key"),
    [(kind.name, key.name) for kind in EVENT_TYPES if kind.written for key in kind.keys if key.private],
)
def test_a_personal_value_in_the_clear_is_refused(kind: str, key: str, story: dict[str, Event]) -> None:
    event = deepcopy(story[kind])
    event["data"][key] = "Anna"
    assert refused(event) != []


def no_definition(event: Event) -> None:
    del event["definition"]


def a_reason_set_apart(event: Event) -> None:
    del event["data"]["arguments"]["reason"]
    event["private"] = {"/arguments/reason": "0" * 64}


def another_step(event: Event) -> None:
    event["data"]["do"] = "reopen"


def edit(*path: str, value: object) -> Callable[[Event], None]:
    def change(event: Event) -> None:
        holder = event
        for key in path[:-1]:
            holder = holder[key]
        holder[path[-1]] = value

    return change


FORGED = {
    "another format": ("deal.noted", edit("v", value=2)),
    "a type that is not known": ("deal.noted", edit("type", value="deal.split")),
    "an event of a deal in the system's stream": ("deal.assigned", edit("stream", value="system")),
    "an event of the system in a definition's stream": ("log.created", edit("stream", value="definition:sales")),
    "a deal without a definition": ("deal.assigned", no_definition),
    "a refused start without a definition": ("step.refused", no_definition),
    "a definition where none belongs": ("log.created", edit("definition", value={"id": "a", "version": 1, "lang": 1})),
    "a time in another form": ("deal.noted", edit("at", value="2026-03-02T08:00:00Z")),
    "a decision in another word": ("action.completed", edit("data", "decision", value="approved")),
    "a note's text among the data": ("deal.noted", edit("data", "text", value="Anna called")),
    "evidence in the clear": ("action.completed", edit("data", "evidence", value={"kind": "note", "text": "Anna"})),
    "a personal value of no key": ("deal.noted", edit("private", "/mood", value="0" * 64)),
    "a commitment that is none": ("deal.noted", edit("private", "/text", value="Anna")),
    "personal values where a type has none": ("deal.won", edit("private", value={"/stage": "0" * 64})),
    "a refused loss whose reason is set apart": ("step.refused", a_reason_set_apart),
    "another refused step whose reason is in the clear": ("step.refused", another_step),
    "a refused step with a note in the clear": ("step.refused", edit("data", "arguments", "note", value="Anna")),
    "a fact that is not known": ("stage.advanced", edit("data", "facts", "moon", value="full")),
}


@pytest.mark.parametrize("what", FORGED)
def test_an_event_of_another_form_is_refused(what: str, story: dict[str, Event]) -> None:
    kind, forge = FORGED[what]
    event = deepcopy(story[kind])
    forge(event)
    assert refused(event) != []


def of_others(event: Event) -> None:
    event.update(type="x-crm.viewed", data={"page": 1}, private={"/a": "0" * 64})


@pytest.mark.parametrize("forge", [edit("ext", value={"mood": 1}), of_others], ids=["an addition", "a type"])
def test_what_belongs_to_others_is_free(forge: Callable[[Event], None], story: dict[str, Event]) -> None:
    event = deepcopy(story["deal.noted"])
    forge(event)
    assert refused(event) == []
