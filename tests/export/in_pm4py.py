"""Read exports with pm4py, as its users do, and write down what it found as JSON.

pm4py is under the AGPL, so it is no dependency of this project: this file is run by an interpreter that has it, which need
not have procdef. Nothing is imported from the tests.
"""

from __future__ import annotations

import json
import sys
from collections import Counter
from pathlib import Path
from typing import Any

import pandas
import pm4py

CASE, NAME, TIME, WHO = "case:concept:name", "concept:name", "time:timestamp", "org:resource"


def of_a_table(table: Any) -> dict[str, Any]:
    """Deals, events and activities of an event log, and what its texts came to."""
    return {
        "deals": sorted(table[CASE].unique()),
        "events": len(table),
        "activities": dict(Counter(table[NAME])),
        "times": [moment.isoformat() for moment in sorted(table[TIME])],
        "people": sorted(table[WHO].unique()),
        "data": sorted(table["data"]),
        "names": sorted(set(table[next((c for c in ("case:deal", "deal") if c in table), CASE)].dropna())),
        "mined": len(pm4py.discover_dfg(table)[0]) > 0,
    }


def of_objects(log: Any) -> dict[str, Any]:
    """The same of an object-centric log."""
    flat = pm4py.ocel_flattening(log, "deal")
    return {
        "deals": sorted(flat[CASE].unique()),
        "events": len(log.events),
        "activities": dict(Counter(log.events["ocel:activity"])),
        "times": [moment.isoformat() for moment in sorted(log.events["ocel:timestamp"])],
        "people": sorted(log.objects[log.objects["ocel:type"] == "person"]["ocel:oid"]),
        "data": sorted(log.events["data"]),
        "names": sorted(set(log.objects["name"].dropna())) if "name" in log.objects else [],
        "mined": len(flat) == len(log.events),
        "qualifiers": sorted(log.relations["ocel:qualifier"].unique()),
        "changes": len(log.object_changes),
    }


def _csv(path: str) -> dict[str, Any]:
    table = pandas.read_csv(path, keep_default_na=False)
    return of_a_table(pm4py.format_dataframe(table, case_id=CASE, activity_key=NAME, timestamp_key=TIME))


def _database(path: str) -> dict[str, Any]:
    from pm4py.objects.ocel.validation import ocel20_rel_validation

    _, broken = ocel20_rel_validation.apply(path)
    return of_objects(pm4py.read_ocel2_sqlite(path)) | {"broken": list(broken)}


def _schema(path: str, xsd: str) -> list[str]:
    """What the standard's schema has against a document. The schema names no space of its own, so it is taken into one."""
    from lxml import etree

    space = "http://www.xes-standard.org/"
    around = (
        f'<xs:schema xmlns:xs="http://www.w3.org/2001/XMLSchema" xmlns="{space}" targetNamespace="{space}" '
        f'elementFormDefault="qualified"><xs:include schemaLocation="{xsd}"/></xs:schema>'
    )
    schema = etree.XMLSchema(etree.fromstring(around))
    schema.validate(etree.parse(path))
    return [str(error) for error in schema.error_log]


READERS = {
    "xes": lambda path: of_a_table(pm4py.read_xes(path)),
    "xes-chunks": lambda path: of_a_table(pm4py.read_xes(path, variant="chunk_regex")),
    "xes-iterparse": lambda path: of_a_table(pm4py.read_xes(path, variant="iterparse")),
    "xes-lines": lambda path: of_a_table(pm4py.read_xes(path, variant="line_by_line")),
    "csv": _csv,
    "ocel-json": lambda path: of_objects(pm4py.read_ocel2_json(path)),
    "ocel-sqlite": _database,
}


def main() -> None:
    """``OUT READER=PATH ...``, and ``xsd=PATH`` before the documents that it is to judge."""
    found: dict[str, Any] = {}
    xsd = None
    for argument in sys.argv[2:]:
        reader, _, path = argument.partition("=")
        if reader == "xsd":
            xsd = path
            continue
        found[reader] = READERS[reader](path)
        if reader == "xes" and xsd:
            found["xsd"] = _schema(path, xsd)
    Path(sys.argv[1]).write_text(json.dumps(found), encoding="utf-8")


if __name__ == "__main__":
    main()
