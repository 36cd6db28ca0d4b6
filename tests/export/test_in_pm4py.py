"""pm4py reads the exports unchanged, and finds the deals, events and activities that the log has.

It runs with the interpreter that ``PROCDEF_PM4PY`` names, which has pm4py (AGPL: never a dependency of ours). Where
``PROCDEF_XES_XSD`` names a copy of the schema of IEEE 1849, documents are held against that too.
"""

from __future__ import annotations

import json
import os
import shutil
import subprocess
from collections import Counter
from contextlib import closing
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import pytest
from awkward import ACTIVITIES, AWKWARD, MANAGER

from procdef import Engine, open_store
from procdef.audit.export import Exported
from procdef.audit.export.exported_events import ExportTally, Selection, exported
from procdef.audit.export.recorded_export import export
from procdef.audit.export.rising_times import rising

PYTHON, SCHEMA = os.environ.get("PROCDEF_PM4PY"), os.environ.get("PROCDEF_XES_XSD")
pytestmark = pytest.mark.skipif(not PYTHON, reason="PROCDEF_PM4PY names no interpreter that has pm4py")

READERS = ("xes", "xes-chunks", "xes-iterparse", "xes-lines", "csv", "ocel-json", "ocel-sqlite")
WHOLE = ("xes", "xes-iterparse", "csv", "ocel-json", "ocel-sqlite")
"""The readers that know character references; the other two, which are old, leave them as they are."""
SECRETS = ("anna@a.example", "SUM(A1)", "HYPERLINK", "is a friend")

Found = dict[str, Any]


@dataclass(frozen=True)
class Read:
    """What pm4py found by reader, with personal values open and without, and the events of the log as exports have them."""

    opened: Found
    closed: Found
    events: list[Exported]


@pytest.fixture(scope="session")
def read(told: Path, tmp_path_factory: pytest.TempPathFactory) -> Read:
    folder = tmp_path_factory.mktemp("pm4py")
    shutil.copy(told, folder / "deals.db")
    with closing(open_store(f"sqlite:///{folder / 'deals.db'}")) as store:
        with store.transaction(write=False) as tx:
            events = list(rising(exported(tx, Selection(personal=True), ExportTally())))
        both = [
            _found(Engine(store), folder / name, Selection(personal=name == "opened")) for name in ("opened", "closed")
        ]
    return Read(*both, events)


def _found(engine: Engine, folder: Path, selection: Selection) -> Found:
    folder.mkdir()
    given = [f"xsd={SCHEMA}"] * bool(SCHEMA)
    for reader in READERS:
        form = "xes" if reader.startswith("xes") else reader
        path = folder / f"deals.{form}"
        if not path.exists():
            export(engine, form, path, selection, (), ExportTally(), by=MANAGER)
        given.append(f"{reader}={path}")
    out, script = folder / "found.json", Path(__file__).with_name("in_pm4py.py")
    done = subprocess.run([str(PYTHON), script, out, *given], capture_output=True, text=True)
    assert done.returncode == 0, done.stderr
    found: Found = json.loads(out.read_text("utf-8"))
    return found


def test_the_log_is_one_that_readers_stumble_over(read: Read) -> None:
    """Readers take 4,096 bytes at a time: 5,000 letters of two bytes each lie across an end wherever they begin."""
    texts = [event.event["data"].get("text", "") for event in read.events]
    assert "ä" * 5000 in texts
    assert any("\n" in text for text in texts)
    assert {text[:1] for text in texts if text} & set("=+-@") == {"="}
    assert {event.name[:1] for event in read.events if event.name} > set("=+-@")


@pytest.mark.parametrize("reader", READERS)
def test_a_reader_finds_the_deals_events_and_activities_of_the_log(reader: str, read: Read) -> None:
    expected = {
        "deals": sorted({event.case for event in read.events}),
        "events": len(read.events),
        "activities": dict(Counter(event.activity for event in read.events)),
        "times": sorted(event.time.replace("Z", "+00:00") for event in read.events),
        "mined": True,
    }
    assert set(expected["activities"]) == ACTIVITIES
    assert {key: read.opened[reader][key] for key in expected} == expected
    assert {key: read.closed[reader][key] for key in expected} == expected


@pytest.mark.parametrize("reader", WHOLE)
def test_texts_arrive_as_they_were(reader: str, read: Read) -> None:
    data = sorted(event.data for event in read.events)
    # XML cannot hold U+FFFE at all.
    shown = sorted(text.replace("\ufffe", "\ufffd") for text in data) if reader.startswith("xes") else data
    assert read.opened[reader]["data"] == shown
    names = ({*AWKWARD, "(erased)"} - {AWKWARD[4]}, set(read.opened[reader]["names"]))
    plain, found = ({name.removeprefix("'") for name in of} for of in names)
    assert plain <= found


def test_without_personal_values_no_name_arrives(read: Read) -> None:
    closed, opened = json.dumps(read.closed), json.dumps(read.opened)
    assert [name in opened for name in SECRETS] == [True] * len(SECRETS)
    assert [name in closed for name in SECRETS] == [False] * len(SECRETS)


def test_the_database_is_one_as_ocel_has_it(read: Read) -> None:
    assert read.opened["ocel-sqlite"]["broken"] == []
    qualifiers = [read.opened[reader]["qualifiers"] for reader in ("ocel-json", "ocel-sqlite")]
    assert qualifiers == [["by", "entered by", "of", "to", "under"]] * 2


@pytest.mark.skipif(not SCHEMA, reason="PROCDEF_XES_XSD names no copy of the schema of IEEE 1849")
def test_the_schema_of_the_standard_has_nothing_against_a_document(read: Read) -> None:
    assert (read.opened["xsd"], read.closed["xsd"]) == ([], [])
