"""OCEL 2.0, as JSON and as a database: the same events, objects and relationships in both."""

from __future__ import annotations

import json
import sqlite3
from contextlib import closing
from pathlib import Path
from typing import Any

import pytest
from awkward import ACTIVITIES, AWKWARD, Exporter

from procdef.audit.export import Exported, Source
from procdef.audit.export.ocel_sqlite import write_ocel_sqlite


@pytest.fixture
def document(exporting: Exporter) -> dict[str, Any]:
    found: dict[str, Any] = json.loads(exporting("ocel-json", personal=True)[0].read_bytes())
    return found


@pytest.fixture
def database(exporting: Exporter) -> Any:
    with closing(sqlite3.connect(exporting("ocel-sqlite", personal=True)[0])) as connection:
        yield connection


def test_every_event_is_related_to_a_deal_a_person_and_a_process(document: dict[str, Any]) -> None:
    kinds = {thing["id"]: thing["type"] for thing in document["objects"]}
    for event in document["events"]:
        found = {(kinds[pair["objectId"]], pair["qualifier"]) for pair in event["relationships"]}
        assert found >= {("deal", "of"), ("person", "by"), ("process version", "under")}


def test_types_are_declared_with_the_attributes_that_are_used(document: dict[str, Any]) -> None:
    assert {kind["name"] for kind in document["eventTypes"]} == ACTIVITIES
    for one, many in (("eventTypes", "events"), ("objectTypes", "objects")):
        declared = {kind["name"]: {a["name"] for a in kind["attributes"]} for kind in document[one]}
        for thing in document[many]:
            assert {a["name"] for a in thing["attributes"]} <= declared[thing["type"]]


def test_an_object_is_told_once(document: dict[str, Any]) -> None:
    ids = [thing["id"] for thing in document["objects"]]
    assert len(ids) == len(set(ids))
    people = {thing["id"] for thing in document["objects"] if thing["type"] == "person"}
    assert people == {"person:=maija", "person:päällikkö", "person:@matti", "person:typist"}
    deals = [thing for thing in document["objects"] if thing["type"] == "deal"]
    assert {a["value"] for deal in deals for a in deal["attributes"] if a["name"] == "name"} > {"(erased)", AWKWARD[5]}


def test_a_deals_stage_changes_with_time(document: dict[str, Any]) -> None:
    stages = [
        [a["value"] for a in thing["attributes"] if a["name"] == "stage"]
        for thing in document["objects"]
        if thing["type"] == "deal"
    ]
    assert ["lead", "offer", "lead", "offer", "delivery"] in stages


def test_the_database_says_the_same_as_the_document(document: dict[str, Any], database: sqlite3.Connection) -> None:
    events = {(event["id"], event["type"]) for event in document["events"]}
    assert set(database.execute("SELECT * FROM event")) == events
    assert set(database.execute("SELECT * FROM object")) == {(o["id"], o["type"]) for o in document["objects"]}
    pairs = {(e["id"], r["objectId"], r["qualifier"]) for e in document["events"] for r in e["relationships"]}
    assert set(database.execute("SELECT * FROM event_object")) == pairs
    told = {}
    for (table,) in database.execute("SELECT 'event_' || ocel_type_map FROM event_map_type").fetchall():
        told |= {row[0]: row[1:] for row in database.execute(f'SELECT * FROM "{table}"')}
    assert told == {e["id"]: (e["time"], *(a["value"] for a in e["attributes"])) for e in document["events"]}
    changes = database.execute("SELECT count(*) FROM object_deal WHERE ocel_changed_field = 'stage'").fetchone()
    assert changes == (4,)


def test_the_database_is_sound(database: sqlite3.Connection) -> None:
    assert database.execute("PRAGMA foreign_key_check").fetchall() == []
    assert database.execute("PRAGMA integrity_check").fetchall() == [("ok",)]


def _event(number: int, activity: str) -> Exported:
    event = {"by": {"id": "m"}, "data": {}}
    return Exported(
        "deal:x", activity, "t", "m", "", "s", "p", 1, "x-a", "t", number, str(number), "", None, event, b""
    )


def test_activities_that_look_alike_have_tables_of_their_own(tmp_path: Path) -> None:
    names = ["object", "map.type", "x-A", "x-a", "x.a", "é", "event"]
    write_ocel_sqlite(map(_event, range(7), names), Source("log", 0, "00", False), tmp_path / "x")
    with closing(sqlite3.connect(tmp_path / "x")) as found:
        tables = dict(found.execute("SELECT * FROM event_map_type"))
        assert list(tables) == names
        counts = [found.execute(f'SELECT count(*) FROM "event_{table}"').fetchone() for table in tables.values()]
    assert counts == [(1,)] * 7


def test_a_log_without_deals_is_a_document_without_events(exporting: Exporter) -> None:
    path, about = exporting("ocel-json", since="2030-01-01T00:00:00.000000Z")
    found = json.loads(path.read_bytes())
    assert (about["rows"], found["events"], found["objects"], found["eventTypes"]) == (0, [], [], [])
