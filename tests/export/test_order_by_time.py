"""A sort by time alone gives the order in which a deal went, in every format that process mining reads."""

from __future__ import annotations

import csv
import json
import re
import sqlite3
from collections import defaultdict
from collections.abc import Callable, Iterable
from contextlib import closing
from pathlib import Path
from typing import Any

import pytest
from awkward import Exporter

from procdef.audit.export.event import Exported
from procdef.audit.export.rising_times import rising

Row = tuple[str, str, int]
"""The deal, the time and the number of an event."""


def of_csv(file: Path) -> Iterable[Row]:
    with file.open(encoding="utf-8", newline="") as lines:
        return [(row["case:concept:name"], row["time:timestamp"], int(row["n"])) for row in csv.DictReader(lines)]


def of_xes(file: Path) -> Iterable[Row]:
    found = []
    for trace in re.findall(r"<trace>.*?</trace>", file.read_text("ascii"), re.DOTALL):
        case = re.search(r'key="concept:name" value="([^"]*)"', trace)[1]  # type: ignore[index]
        for event in re.findall(r"<event>.*?</event>", trace, re.DOTALL):
            time, n = (re.search(rf'key="{key}" value="([^"]*)"', event) for key in ("time:timestamp", "n"))
            found.append((case, time[1], int(n[1])))  # type: ignore[index]
    return found


def of_ocel_json(file: Path) -> Iterable[Row]:
    for event in json.loads(file.read_bytes())["events"]:
        (deal,) = (pair["objectId"] for pair in event["relationships"] if pair["qualifier"] == "of")
        yield deal, event["time"], next(each["value"] for each in event["attributes"] if each["name"] == "n")


def of_ocel_sqlite(file: Path) -> Iterable[Row]:
    with closing(sqlite3.connect(file)) as log:
        for (table,) in log.execute("SELECT ocel_type_map FROM event_map_type").fetchall():
            rows = f'SELECT ocel_object_id, ocel_time, n FROM "event_{table}" JOIN event_object ON ocel_id = ocel_event_id'
            yield from log.execute(f"{rows} WHERE ocel_qualifier = 'of'").fetchall()


def of_parquet(file: Path) -> Iterable[Row]:
    parquet = pytest.importorskip("pyarrow.parquet")
    for row in parquet.read_table(file).to_pylist():
        yield row["case:concept:name"], row["time:timestamp"].isoformat(), row["n"]


READERS: dict[str, Callable[[Path], Iterable[Row]]] = {
    "csv": of_csv, "xes": of_xes, "ocel-json": of_ocel_json, "ocel-sqlite": of_ocel_sqlite, "parquet": of_parquet,
}  # fmt: skip


@pytest.mark.parametrize("form", READERS)
def test_a_sort_by_time_alone_gives_the_order_of_the_log(form: str, exporting: Exporter) -> None:
    deals: defaultdict[str, list[tuple[str, int]]] = defaultdict(list)
    for deal, time, n in READERS[form](exporting(form)[0]):
        deals[deal].append((time, n))
    assert sum(len({time for time, _ in events}) for events in deals.values()) > 30
    for events in deals.values():
        assert len({time for time, _ in events}) == len(events)
        assert [n for _, n in sorted(events)] == sorted(n for _, n in events)


def told(case: str, n: int, second: int, kind: str = "deal.recorded") -> Exported:
    nothing: Any = ""
    time = f"2026-03-02T08:00:{second:02}.000000Z"
    return Exported(case, kind, time, "", "", "", "", 1, kind, time, n, "", "", None, nothing, b"")


def test_an_earlier_note_keeps_its_time_and_shares_it_with_no_event() -> None:
    events = [
        told("a", 1, 5), told("a", 2, 5), told("a", 3, 7), told("a", 4, 5, "deal.noted"), told("a", 5, 7), told("b", 1, 5),
    ]  # fmt: skip
    assert [(e.case, e.n, e.time[17:-1]) for e in rising(events)] == [
        ("a", 1, "05.000000"), ("a", 2, "05.000001"), ("a", 3, "07.000000"), ("a", 4, "05.000002"), ("a", 5, "07.000001"),
        ("b", 1, "05.000000"),
    ]  # fmt: skip
