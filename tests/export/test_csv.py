"""CSV as spreadsheets and process mining take it."""

from __future__ import annotations

import csv
import re
from pathlib import Path

import pytest
from awkward import AWKWARD, Exporter

from procdef.audit.export.csv import cell

FIRST = ["case:concept:name", "concept:name", "time:timestamp", "org:resource", "lifecycle:transition"]


def rows(path: Path) -> list[dict[str, str]]:
    with path.open(newline="", encoding="utf-8") as file:
        return list(csv.DictReader(file))


def test_the_columns_of_process_mining_come_first(exporting: Exporter) -> None:
    path, about = exporting("csv")
    found = rows(path)
    assert list(found[0])[:5] == FIRST
    assert (list(found[0])[-1], len(found)) == ("data", about["rows"])
    assert list(rows(exporting("csv", personal=True)[0])[0])[-1] == "deal"


def test_times_have_six_digits(exporting: Exporter) -> None:
    times = {row["time:timestamp"] for row in rows(exporting("csv")[0])}
    assert [time for time in times if not re.fullmatch(r"\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d\.\d{6}Z", time)] == []


def test_no_cell_is_a_formula(exporting: Exporter) -> None:
    found = rows(exporting("csv", personal=True)[0])
    assert {cell[:1] for row in found for cell in row.values()} & set("=+-@\t\r") == set()
    assert {row["deal"] for row in found} > {"'=1+1", "'+358", "'-1", "'@SUM(A1)", "(erased)", AWKWARD[5]}
    assert {row["org:resource"] for row in found} == {"'=maija", "päällikkö"}


@pytest.mark.parametrize(
    ("expected", "given"),
    [
        ("'=1", "=1"), ("'\t1", "\t1"), ("\"'\r1\"", "\r1"), ("1=", "1="), ("", ""), ("'a", "'a"),
        ('"a,b"', "a,b"), ('"a""b"', 'a"b'), ('"a\nb"', "a\nb"),
    ],
)  # fmt: skip
def test_a_cell_that_begins_like_a_formula_is_escaped(expected: str, given: str) -> None:
    assert cell(given) == expected
