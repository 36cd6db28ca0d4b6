"""pm4py reads the exports unchanged, and finds the deals, events and activities that the log has.

It runs with the interpreter that ``PROCDEF_PM4PY`` names, which has pm4py (AGPL: never a dependency of ours). Where
``PROCDEF_XES_XSD`` names a copy of the schema of IEEE 1849, documents are held against that too.
"""

from __future__ import annotations

import json
import os
import subprocess
from collections import Counter
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest
from awkward import ACTIVITIES, AWKWARD, Exporter

from procdef.reports.exported import Selection, Tally, exported
from procdef.store.port import Store

PYTHON, SCHEMA = os.environ.get("PROCDEF_PM4PY"), os.environ.get("PROCDEF_XES_XSD")
pytestmark = pytest.mark.skipif(not PYTHON, reason="PROCDEF_PM4PY names no interpreter that has pm4py")

READERS = ("xes", "xes-chunks", "xes-iterparse", "xes-lines", "csv", "ocel-json", "ocel-sqlite")
WHOLE = ("xes", "xes-iterparse", "csv", "ocel-json", "ocel-sqlite")
"""The readers that know character references; the other two, which are old, leave them as they are."""

Found = dict[str, Any]


def read(folder: Path, files: dict[str, Path]) -> Found:
    """What pm4py finds in these files, by reader."""
    out = folder / "found.json"
    given = [f"xsd={SCHEMA}"] * bool(SCHEMA) + [f"{reader}={path}" for reader, path in files.items()]
    script = Path(__file__).with_name("in_pm4py.py")
    done = subprocess.run([str(PYTHON), script, out, *given], capture_output=True, text=True)
    assert done.returncode == 0, done.stderr
    found: Found = json.loads(out.read_text("utf-8"))
    return found


@pytest.fixture
def reading(exporting: Exporter, tmp_path: Path) -> Callable[..., Found]:
    """Exports that log in every format that pm4py reads, and has it read."""

    def make(**asked: Any) -> Found:
        files = {reader: exporting("xes" if reader.startswith("xes") else reader, **asked)[0] for reader in READERS}
        return read(tmp_path, files)

    return make


def test_every_reader_finds_the_same_deals_events_and_activities(reading: Callable[..., Found], store: Store) -> None:
    found = reading(personal=True)
    with store.transaction(write=False) as tx:
        events = list(exported(tx, Selection(personal=True), Tally()))
    expected = {
        "deals": sorted({event.case for event in events}),
        "events": len(events),
        "activities": dict(Counter(event.activity for event in events)),
        "times": sorted(event.time.replace("Z", "+00:00") for event in events),
        "mined": True,
    }
    assert set(expected["activities"]) == ACTIVITIES
    for reader in READERS:
        assert {key: found[reader][key] for key in expected} == expected, reader
    assert found["ocel-sqlite"]["broken"] == []
    assert (
        found["ocel-sqlite"]["qualifiers"]
        == found["ocel-json"]["qualifiers"]
        == ["by", "entered by", "of", "to", "under"]
    )
    if SCHEMA:
        assert found["xsd"] == []


def test_texts_arrive_as_they_were(reading: Callable[..., Found], store: Store) -> None:
    found = reading(personal=True)
    with store.transaction(write=False) as tx:
        data = sorted(event.data for event in exported(tx, Selection(personal=True), Tally()))
    names = {*AWKWARD, "(erased)"} - {AWKWARD[4]}
    for reader in WHOLE:
        # XML cannot hold U+FFFE at all.
        shown = sorted(text.replace("\ufffe", "\ufffd") for text in data) if reader.startswith("xes") else data
        assert found[reader]["data"] == shown, reader
        assert {name.removeprefix("'") for name in found[reader]["names"]} >= {name.removeprefix("'") for name in names}


def test_without_personal_values_the_counts_are_the_same_and_no_name_is_there(reading: Callable[..., Found]) -> None:
    closed, opened = reading(), reading(personal=True)
    for reader in READERS:
        for key in ("deals", "events", "activities", "times"):
            assert closed[reader][key] == opened[reader][key], reader
    assert not any(name in json.dumps(closed) for name in ("anna@a.example", "SUM(A1)", "HYPERLINK"))


def test_a_character_may_stand_across_any_boundary(exporting: Exporter, tmp_path: Path) -> None:
    """Readers take 4,096 bytes at a time. A note of 5,000 letters of two bytes each lies across one wherever it begins."""
    path, about = exporting("xes", personal=True)
    raw = path.read_bytes()
    assert len(raw) > 3 * 4096
    assert "ä" * 5000 in raw.replace(b"&#228;", "ä".encode()).decode()
    found = read(tmp_path, {"xes-chunks": path})["xes-chunks"]
    assert (found["events"], len(found["deals"])) == (about["rows"], about["deals"])
