"""No forged event ends the check: it is a finding, and what is wrong with later streams is told too."""

from __future__ import annotations

import json
import sqlite3
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest
from forgery import Event, change, events, findings

from procdef.log.canonical import canonical_bytes
from procdef.log.chain import event_hash
from procdef.verification.authentication import Levels
from procdef.verification.bytes.stream_reading import StreamReading

OTHER = [None, True, 5, "x", [], {}, [["x"]], {"id": ["x"]}]
"""What stands where something else belongs."""


def nested(depth: int) -> Any:
    value: Any = "x"
    for _ in range(depth):
        value = [value]
    return value


def place(log: sqlite3.Connection, kind: str, which: int = 0) -> tuple[str, int]:
    return [(e["stream"], e["n"]) for e in events(log) if e["type"] == kind][which]


def plant(log: sqlite3.Connection) -> None:
    """Something wrong with the last event of the stream that is read last."""
    last = "(SELECT max(n) FROM event WHERE stream = 'system')"
    log.execute(f"UPDATE event SET id = 'planted' WHERE stream = 'system' AND n = {last}")
    log.commit()


def told(file: Path, log: sqlite3.Connection) -> set[tuple[str, str]]:
    """The findings by stream, but for the one that was planted, which has to be among them."""
    plant(log)
    found = {(wrong.stream, wrong.code) for wrong in findings(file)}
    assert ("system", "projection") in found
    return found - {("system", "projection")}


@pytest.mark.parametrize("value", OTHER)
@pytest.mark.parametrize("key", ["i", "of", "id"])
def test_a_place_in_a_command_that_is_none(key: str, value: Any, file: Path, log: sqlite3.Connection) -> None:
    stream, n = place(log, "deal.started")
    (body,) = log.execute("SELECT body FROM event WHERE stream = ? AND n = ?", (stream, n)).fetchone()
    event = json.loads(body)
    event["cmd"][key] = value
    log.execute("UPDATE event SET body = ? WHERE stream = ? AND n = ?", (canonical_bytes(event), stream, n))
    assert (stream, "hash") in told(file, log)


@pytest.mark.parametrize("value", OTHER)
@pytest.mark.parametrize("kind", ["deal.started", "deal.noted", "log.created", "x-mine"])
def test_a_definition_that_is_none(kind: str, value: Any, file: Path, log: sqlite3.Connection) -> None:
    where = place(log, "deal.noted" if kind == "x-mine" else kind)
    change(log, where, lambda event: event.update(definition=value, type=kind))
    assert {code for stream, code in told(file, log) if stream == where[0]} & {"unreadable", "illegal", "newer-log"}


@pytest.mark.parametrize("key", ["id", "version", "lang", "sha256"])
@pytest.mark.parametrize("value", [None, True, 5.0, "x", [], {}])
def test_a_definition_with_a_part_that_is_none(key: str, value: Any, file: Path, log: sqlite3.Connection) -> None:
    if key == "id" and value == "x":
        value = 7
    where = place(log, "deal.started")
    change(log, where, lambda event: event["definition"].update({key: value if value != 5.0 else -1}))
    assert {code for stream, code in told(file, log) if stream == where[0]} & {"unreadable", "newer-log", "illegal"}


@pytest.mark.parametrize("depth", [3, 300, 700])
@pytest.mark.parametrize("key", ["unmet", "arguments", "facts", "do"])
def test_what_stands_deep(key: str, depth: int, file: Path, log: sqlite3.Connection) -> None:
    where = place(log, "step.refused")

    def edit(event: Event) -> None:
        event["data"][key] = nested(depth)

    change(log, where, edit)
    assert {code for stream, code in told(file, log) if stream == where[0]} & {"unreadable", "not-canonical"}


PUBLISHED: dict[str, Callable[[Event], object]] = {
    "a number as hash": lambda event: event["data"].update(sha256=5),
    "a list as hash": lambda event: event["data"].update(sha256=["x"]),
    "a text that is no hash": lambda event: event["data"].update(sha256="x"),
    "no hash": lambda event: event["data"].pop("sha256"),
    "a number as id": lambda event: event["data"].update(id=5),
    "a text as version": lambda event: event["data"].update(version="1"),
    "true as version": lambda event: event["data"].update(version=True),
    "true as language": lambda event: event["data"].update(lang=True),
}


@pytest.mark.parametrize("cheat", PUBLISHED)
def test_a_publishing_that_is_none(cheat: str, file: Path, log: sqlite3.Connection) -> None:
    where = place(log, "definition.published")
    change(log, where, PUBLISHED[cheat])
    assert (where[0], "unreadable") in told(file, log)


SHAPELESS: dict[str, tuple[str, Callable[[Event], object]]] = {
    "a number as action": ("action.completed", lambda event: event["data"].update(action=5)),
    "a list as stage": ("deal.started", lambda event: event["data"].update(stage=["lead"])),
    "a text as values": ("deal.recorded", lambda event: event["data"].update(values="x")),
    "a number among the changed": ("deal.recorded", lambda event: event["data"].update(changed=[5])),
    "true as the number of a waiver": ("stage.advanced", lambda event: event["data"].update(waivers=[True])),
    "no waivers at all": ("stage.advanced", lambda event: event["data"].update(waivers=[])),
    "nothing left unfinished": ("stage.advanced", lambda event: event["data"].update(unfinished=[])),
    "a lost deal that was won by a number": ("deal.lost", lambda event: event["data"].update(after_won=1)),
    "a person who is a number": ("deal.assigned", lambda event: event["data"].update(to=5)),
    "null as way": ("action.completed", lambda event: event["data"].update(way=None)),
    "null as due time": ("deal.started", lambda event: event["data"].update(due=None)),
    "facts that are a list": ("stage.advanced", lambda event: event["data"].update(facts=[])),
    "no age of the stage": ("stage.advanced", lambda event: event["data"]["facts"].pop("stage_age")),
    "true as the age of the stage": ("stage.advanced", lambda event: event["data"]["facts"].update(stage_age=True)),
    "facts about no criteria": ("stage.advanced", lambda event: event["data"]["facts"].update(criteria={})),
    "no criterion": ("criterion.waived", lambda event: event["data"].pop("criterion")),
    "a criterion without a side": ("criterion.waived", lambda event: event["data"]["criterion"].pop("side")),
    "texts as what was unmet": ("step.refused", lambda event: event["data"].update(unmet=["x"])),
    "values that were in vain as a list": ("step.refused", lambda event: event["data"]["arguments"].update(values=[])),
    "no software": ("log.created", lambda event: event["data"].clear()),
    "a number as software": ("log.created", lambda event: event["data"].update(software=5)),
}


@pytest.mark.parametrize("cheat", SHAPELESS)
def test_data_of_another_shape(cheat: str, file: Path, log: sqlite3.Connection) -> None:
    kind, edit = SHAPELESS[cheat]
    where = place(log, kind)
    change(log, where, edit)
    assert (where[0], "unreadable") in told(file, log)


def failing(*args: Any) -> Any:
    raise OverflowError("nobody thought of this")


NETS = [
    *("deal_projections.differing_deal", "deal_projections.gates_of", "deal_projections.same_gates"),
    *("deal_projections.activities_of", "deal_projections.differing_activities"),
    *("expected_gate_rows.gates_of_start", "expected_gate_rows.same_gates"),
]


@pytest.mark.parametrize("where", NETS)
def test_what_nobody_thought_of(
    where: str, file: Path, log: sqlite3.Connection, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(f"procdef.verification.projections.{where}", failing)
    assert {code for _, code in told(file, log)} == {"unreadable"}


def test_what_nobody_thought_of_in_the_midst_of_a_stream(
    file: Path, log: sqlite3.Connection, monkeypatch: pytest.MonkeyPatch
) -> None:
    real = Levels.count

    def count(levels: Levels, event: Event) -> Any:
        return failing() if event["n"] == 3 and event["stream"].startswith("deal:") else real(levels, event)

    monkeypatch.setattr(Levels, "count", count)
    assert {code for _, code in told(file, log)} == {"unreadable"}


def test_the_rows_of_a_stream_that_is_broken_off_are_no_strays(file: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    real = StreamReading.commands

    def commands(reading: StreamReading) -> Any:
        for number, command in enumerate(real(reading)):
            yield failing() if number == 2 else command

    monkeypatch.setattr(StreamReading, "commands", commands)
    assert {wrong.code for wrong in findings(file)} == {"unreadable"}


def test_a_number_that_is_only_equal_to_1(file: Path, log: sqlite3.Connection) -> None:
    stream, n = place(log, "definition.published")
    (body,) = log.execute("SELECT body FROM event WHERE stream = ? AND n = ?", (stream, n)).fetchone()
    forged = canonical_bytes({**json.loads(body), "n": True})
    digest = event_hash(forged)
    log.execute("UPDATE event SET body = ?, hash = ? WHERE stream = ? AND n = ?", (forged, digest, stream, n))
    log.execute("UPDATE leaf SET hash = ? WHERE stream = ? AND n = ?", (digest, stream, n))
    assert (stream, "unreadable") in told(file, log)
